"""`yishu get`, `search`, `explain` and `verify` on a running service: what they show, and how they fail."""

from __future__ import annotations

import json

import pytest

from service.city.identifiers import organisation_code, uscc
from tests.service.cli.conftest import BORN, NAME, NUMBER, Town, Yishu

pytestmark = pytest.mark.xdist_group("cli")


def line_of(text: str, beginning: str) -> str:
    """The first line that begins so, its columns one space apart."""
    return next(" ".join(line.split()) for line in text.splitlines() if line.startswith(beginning))


def test_get_shows_the_golden_record(yishu: Yishu, town: Town) -> None:
    said = yishu("get", town.entity_id)
    assert line_of(said, "person").startswith(f"person {town.entity_id} version 3")
    assert line_of(said, "name") == f"name {NAME} AUTHORITATIVE"
    assert line_of(said, "birth_date") == f"birth_date {BORN} AUTHORITATIVE"


@pytest.mark.parametrize(
    "key", [("--record", "health/H1"), ("--identifier", "person.resident_id=330203 19841207 0017")]
)
def test_get_finds_an_entity_by_record_and_by_identifier(yishu: Yishu, town: Town, key: tuple[str, str]) -> None:
    assert town.entity_id in yishu("get", *key)


def test_lineage_names_the_record_of_each_value_and_the_values_that_lost(yishu: Yishu, town: Town) -> None:
    lines = [" ".join(line.split()) for line in yishu("get", town.entity_id, "--lineage").splitlines()]
    golden = next(number for number, line in enumerate(lines) if line.startswith("birth_date"))
    assert lines[golden].startswith(f"birth_date {BORN} AUTHORITATIVE, AUTHORITY public_security/P1")
    assert lines[golden + 1].startswith("≠ 1984/12/8 REPAIRED health/H1")
    assert "records: civil_affairs/C1, health/H1, public_security/P1" in lines


def test_get_shows_every_version_and_what_was_then(yishu: Yishu, town: Town) -> None:
    versions = json.loads(yishu("get", town.entity_id, "--versions", "--json"))["versions"]
    assert [int(one["entity"]["version"]) for one in versions] == [3, 2, 1]
    assert versions[-1]["reason"] == "created"
    first = versions[-1]["entity"]["updated_at"]
    then = json.loads(yishu("get", town.entity_id, "--as-of", first, "--json"))["entities"][0]
    assert int(then["version"]) == 1
    assert line_of(yishu("get", "--record", "health/H1", "--versions"), "      1").split()[-3:] == ["ACTIVE", "1", "1"]


def test_get_asks_for_one_key(yishu: Yishu, town: Town) -> None:
    assert "one of" in yishu.run("get", town.entity_id, "--record", "health/H1", code=2).output
    assert "one of" in yishu.run("get", code=2).output
    assert "SOURCE/RECORD_ID" in yishu.run("get", "--record", "H1", code=2).output
    assert "TYPE.ATTRIBUTE=VALUE" in yishu.run("get", "--identifier", "resident_id", code=2).output


def test_what_does_not_exist_is_said_in_words(yishu: Yishu) -> None:
    result = yishu.run("get", "no-such-entity", code=1)
    assert result.stderr.startswith("NOT_FOUND NOT_FOUND: ")
    assert "Traceback" not in result.output


def test_a_service_that_is_not_there_is_said_in_words(yishu: Yishu) -> None:
    result = yishu.run("get", "any", "--server", "127.0.0.1:9", code=1)
    assert result.stderr.startswith("UNAVAILABLE: ")


def test_search_finds_who_fits_best_first(yishu: Yishu, town: Town) -> None:
    found = line_of(yishu("search", "person", f"name={NAME}", f"birth_date={BORN}"), town.entity_id)
    assert f"public_security/P1 {NAME}, {NUMBER}, {BORN}" in found
    [best, *_] = json.loads(yishu("search", "person", f"name={NAME}", f"birth_date={BORN}", "--json"))["matches"]
    assert best["entity"]["entity_id"] == town.entity_id
    assert best["match_probability"] > 0.99


def test_search_says_when_nothing_fits_and_which_attributes_are_wrong(yishu: Yishu) -> None:
    assert "nothing fits" in yishu("search", "person", "name=诸葛不见", "birth_date=1911-11-11")
    assert "values.nose" in yishu.run("search", "person", "nose=long", code=1).stderr
    assert "ATTRIBUTE=VALUE" in yishu.run("search", "person", "王", code=2).output


def test_explain_shows_the_weakest_link_with_its_evidence(yishu: Yishu, town: Town) -> None:
    said = yishu("explain", town.entity_id)
    assert f"{town.entity_id}: 3 links" in said
    assert said.count("weakest") == 2, "in the list of links, and above the evidence"
    answer = json.loads(yishu("explain", town.entity_id, "--json"))
    weakest = answer["links"][answer.get("weakest_link", 0)]
    parts = weakest["comparisons"]
    total = sum(part.get("match_weight", 0) + part.get("term_frequency_weight", 0) for part in parts)
    assert total + weakest["prior_weight"] == pytest.approx(weakest["match_weight"])
    assert said.count("prior") == 1
    assert yishu("explain", town.entity_id, "--every-link").count("prior") == 3


@pytest.mark.parametrize(
    ("claim", "result"),
    [
        (("--id", NUMBER, "--name", NAME, "--birth-date", "1984年12月7日", "--sex", "男"), "MATCH"),
        (("--id", NUMBER, "--name", "欧阳思近"), "MISMATCH"),
        (("--id", "11010119900307002X", "--name", NAME), "NOT_FOUND"),
    ],
)
def test_verify_prints_the_result_and_field_by_field_why(yishu: Yishu, claim: tuple[str, ...], result: str) -> None:
    said = yishu("verify", "person", *claim, "--purpose", "test", "--case", "2026-1")
    assert said.split()[0] == result
    answer = json.loads(yishu("verify", "person", *claim, "--purpose", "test", "--request-id", "mine", "--json"))
    assert answer["result"] == f"VERIFICATION_RESULT_{result}"
    assert answer["request_id"] == "mine"
    assert ("name" in said) == bool(answer.get("fields"))


def test_a_malformed_claim_names_each_field(yishu: Yishu) -> None:
    wrong = ("verify", "person", "--id", "330203198412070018", "--phone", "12", "--purpose", "test")
    result = yishu.run(*wrong, code=1)
    assert "claim.resident_id: CHECKSUM" in result.stderr
    assert "claim.phone: " in result.stderr


def test_an_answer_that_is_too_old_is_a_failure_that_says_so(yishu: Yishu) -> None:
    wrong = ("verify", "person", "--id", NUMBER, "--purpose", "test", "--max-staleness", "0")
    assert "FAILED_PRECONDITION STALE_ANSWER" in yishu.run(*wrong, code=1).stderr


def test_every_kind_of_claim_can_be_asked(yishu: Yishu) -> None:
    organisation = ("organisation", "--uscc", uscc("9", "1", "330203", organisation_code("MA2AGXK3")))
    licence = ("licence", "--type-code", "JY", "--number", "JY13302030000001")
    for claim in (organisation, licence):
        assert yishu("verify", *claim, "--purpose", "test").split() == ["NOT_FOUND"]


def test_health_is_told_and_is_the_exit_code(yishu: Yishu, monkeypatch: pytest.MonkeyPatch) -> None:
    assert yishu("health").count(": serving at ") == 2
    monkeypatch.setenv("YISHU_VERIFIER__PORT", "9")
    assert "verifier: not serving at 127.0.0.1:9" in yishu.run("health", code=1).stdout
