"""Where the commands look for the services."""

from __future__ import annotations

import pytest

from service.cli import context, serving
from service.cli.context import CliContext, listens_at
from service.settings import ResolverSettings, VerifierSettings, default_configs
from tests.service.cli.conftest import Yishu


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("127.0.0.1", "127.0.0.1:1"),
        ("yishu.local", "yishu.local:1"),
        ("::1", "[::1]:1"),
        ("2001:db8::7", "[2001:db8::7]:1"),
    ],
)
def test_an_ipv6_address_is_told_in_brackets(host: str, place: str) -> None:
    assert listens_at(ResolverSettings(host=host, port=1)) == place
    assert listens_at(VerifierSettings(host=host, port=1)) == place


@pytest.fixture
def on_ipv6(monkeypatch: pytest.MonkeyPatch) -> None:
    for section in ("RESOLVER", "VERIFIER"):
        monkeypatch.setenv(f"YISHU_{section}__HOST", "::1")


@pytest.mark.usefixtures("on_ipv6")
def test_clients_go_where_the_settings_say_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "YishuClient", str)
    asked = CliContext(default_configs())
    assert str(asked.resolver("")) == "[::1]:50051"
    assert str(asked.verifier("")) == "[::1]:50052"
    assert str(asked.resolver("there:7")) == "there:7"


@pytest.mark.usefixtures("on_ipv6")
def test_health_is_asked_where_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answering(place: str) -> bool:
        asked.append(place)
        return True

    monkeypatch.setattr(serving, "is_serving", answering)
    assert "resolver: serving at [::1]:50051" in Yishu()("--configs", str(default_configs()), "health")
    assert asked == ["[::1]:50051", "[::1]:50052"]
