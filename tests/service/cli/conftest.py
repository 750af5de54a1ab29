"""A running service with somebody in it, and the commands that speak to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from typer.testing import CliRunner, Result

from service.cli.app import app
from service.cli.context import console
from service.client.submissions import submission_message
from service.demo.installation import Installation, installed
from service.settings import default_configs

NAME, NUMBER, BORN = "欧阳思远", "330203198412070017", "1984-12-07"
RECORDS = {
    ("public_security", "P1"): {"XM": NAME, "GMSFHM": NUMBER, "CSRQ": "19841207", "XB": "男", "LXDH": "13857401234"},
    ("civil_affairs", "C1"): {"姓名": "歐陽思遠", "身份证件号码": NUMBER, "联系电话": "13857401234"},
    ("health", "H1"): {"HZXM": NAME, "SFZJHM": "330203841207001", "CSNYR": "1984/12/8", "SJHM": "13857405678"},
}
"""Three departments' records of one person, each in its own words."""


@dataclass(frozen=True, slots=True)
class Town:
    """Where the service listens, and the person it knows."""

    service: Installation
    entity_id: str


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with installed(default_configs(), tmp_path_factory.mktemp("town"), verifiers=1) as service:
        service.wait_until_serving()
        with service.resolver_client() as client:
            for (source, record_id), columns in RECORDS.items():
                message = submission_message("", source, record_id, "person", columns.items(), None)
                entity_id = client.submit(message.record).entity_id
        yield Town(service, entity_id)


@pytest.fixture
def yishu(town: Town, monkeypatch: pytest.MonkeyPatch) -> Yishu:
    """Runs `yishu` on the town's service."""
    for name, value in town.service.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(console, "width", 160)
    return Yishu()


class Yishu:
    """The command."""

    def run(self, *arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
        return result

    def __call__(self, *arguments: str) -> str:
        """What it prints when it succeeds."""
        return self.run(*arguments).stdout
