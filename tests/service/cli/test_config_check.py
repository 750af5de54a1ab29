"""`yishu config check`: a wrong file is refused with its path, the line or key, and what was expected."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from service.settings import default_configs
from tests.service.cli.conftest import Yishu


@pytest.fixture
def configs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the configuration to break."""
    monkeypatch.delenv("YISHU_STORE__PATH", raising=False)
    return Path(shutil.copytree(default_configs(), tmp_path / "configs"))


def test_what_ships_is_in_order(configs: Path) -> None:
    said = Yishu()("--configs", str(configs), "config", "check")
    assert "12 sources" in said
    assert "person: 10 attributes" in said


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("types/person.toml", "[thresholds]", "[thresholds", ["is not TOML", "line"]),
        ("types/person.toml", "match = 9.0", 'match = "high"', ["thresholds.match", "number"]),
        ("types/person.toml", "review = 2.0", "review = 20.0", ["thresholds", "expected at most match"]),
        ("types/person.toml", 'semantic = "sex"', 'semantic = "gender"', ["attributes.sex", "unknown type 'gender'"]),
        ("types/person.toml", 'from = ["sex.known"', 'from = ["sex.nose"', ["features.sex.from", "expected a part"]),
        ("types/person.toml", 'identifiers = ["id_number"]', 'identifiers = ["number"]', ["identifiers", "number"]),
        ("types/person.toml", "max_length = 10 ", "max_lenght = 10 ", ["attributes.sex.max_lenght", "not permitted"]),
        (
            "types/person.toml",
            'authorities = ["public_security", "civil_affairs"]\n',
            'authorities = ["public_security", "civil_afairs"]\n',
            ["authorities: no source ['civil_afairs'] in sources.toml", "expected some of: public_security, civil_aff"],
        ),
        (
            "types/organisation.toml",
            'authorities = ["taxation"]',
            'authorities = ["tax"]',
            ["attributes.phone.authorities: no source ['tax']", "taxation"],
        ),
        (
            "types/licence.toml",
            'not_current = ["SUSPENDED"',
            'not_current = ["SUSPENDET"',
            ["status.not_current: ['SUSPENDET']", "standard codes of status; expected some of ['CANCELLED'"],
        ),
        (
            "types/person.toml",
            'not_current = ["DECEASED"]',
            'not_current = ["deceased"]',
            ["status.not_current: ['deceased']", "['ALIVE', 'DECEASED']"],
        ),
        ("sources.toml", 'XM = "name"', 'XM = "nickname"', ["public_security.types.person.columns", "nickname"]),
        ("sources.toml", 'required = ["name"]', "required = 1", ["sources.public_security.types.person.required"]),
        ("service.toml", "port = 50051", "port = 700000", ["resolver.port", "65535"]),
        ("service.toml", "processes = 2", "proceses = 2", ["verifier.proceses"]),
    ],
)
def test_a_wrong_file_is_named_with_the_key_and_what_was_expected(
    configs: Path, file: str, old: str, new: str, told: list[str]
) -> None:
    path = configs / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = Yishu().run("--configs", str(configs), "config", "check", code=1)
    assert str(path) in result.stderr
    for words in told:
        assert words in result.stderr
    assert "Traceback" not in result.output


def test_the_service_does_not_start_on_a_wrong_file(configs: Path) -> None:
    (configs / "sources.toml").write_text("", encoding="utf-8")
    result = Yishu().run("--configs", str(configs), "serve", code=1)
    assert str(configs / "sources.toml") in result.stderr


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = Yishu().run("--configs", str(tmp_path / "none"), "config", "check", code=1)
    assert str(tmp_path / "none") in result.stderr


def test_a_wrong_environment_variable_is_named(configs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YISHU_VERIFIER__PROCESSES", "many")
    result = Yishu().run("--configs", str(configs), "config", "check", code=1)
    assert "verifier.processes" in result.stderr
    assert "YISHU_" in result.stderr
