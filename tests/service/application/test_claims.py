"""Claims that are malformed: every wrong field is named with its reason, and no value is repeated."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.application.verification import Context
from service.errors import InvalidRequest
from tests.town import ASKING, Town, resident_id

ZHANG = resident_id("33020319900101001")
WRONG_CHECK = ZHANG[:-1] + ("0" if ZHANG[-1] != "0" else "1")


def refused(town: Town, claim: dict[str, str], context: Context = ASKING) -> set[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as error:
        town.verifier.verify_person(context, claim)
    said = str(error.value) + "".join(v.description for v in error.value.violations)
    assert not any(value in said for value in claim.values() if len(value) > 1)
    return {(violation.field, violation.reason) for violation in error.value.violations}


@pytest.mark.parametrize(
    ("claim", "field", "reason"),
    [
        ({"resident_id": WRONG_CHECK}, "claim.resident_id", "CHECKSUM"),
        ({"resident_id": ZHANG[:-1]}, "claim.resident_id", "LENGTH"),
        ({"resident_id": "111111111111111111"}, "claim.resident_id", "FILLER"),
        ({"resident_id": "无"}, "claim.resident_id", "ABSENT"),
        ({"resident_id": "  "}, "claim.resident_id", "ABSENT"),
        ({"resident_id": "1" * 41}, "claim.resident_id", "TOO_LONG"),
        ({"resident_id": "1" * 100_000}, "claim.resident_id", "TOO_LONG"),
        ({}, "claim.resident_id", "REQUIRED"),
        ({"name": "张伟国"}, "claim.resident_id", "REQUIRED"),
        ({"resident_id": ""}, "claim.resident_id", "REQUIRED"),
        ({"resident_id": ZHANG, "name": "张\x00伟"}, "claim.name", "CONTROL_CHARACTERS"),
        ({"resident_id": ZHANG, "name": "张\ufffd伟"}, "claim.name", "WRONG_ENCODING"),
        ({"resident_id": ZHANG, "birth_date": "1990-02-30"}, "claim.birth_date", "IMPOSSIBLE"),
        ({"resident_id": ZHANG, "birth_date": "1990"}, "claim.birth_date", "PARTIAL"),
        ({"resident_id": ZHANG, "sex": "男女"}, "claim.sex", "NOT_IN_LIST"),
        ({"resident_id": ZHANG, "salary": "12345"}, "claim", "UNKNOWN_FIELD"),
    ],
)
def test_a_malformed_field_is_named_with_its_reason(town: Town, claim: dict[str, str], field: str, reason: str) -> None:
    assert refused(town, claim) == {(field, reason)}


def test_every_wrong_field_of_claim_and_context_is_named_at_once(town: Town) -> None:
    context = Context(request_id="", purpose=" ", case_number="c" * 101, max_staleness=timedelta(seconds=-1))
    assert refused(town, {"resident_id": WRONG_CHECK, "birth_date": "1990-13-01", "name": ""}, context) == {
        ("context.request_id", "REQUIRED"),
        ("context.purpose", "REQUIRED"),
        ("context.case_number", "TOO_LONG"),
        ("context.max_staleness", "NEGATIVE"),
        ("claim.resident_id", "CHECKSUM"),
        ("claim.birth_date", "IMPOSSIBLE"),
    }


def test_request_id_and_purpose_are_as_long_as_promised_and_no_longer(town: Town) -> None:
    town.verifier.verify_person(replace(ASKING, request_id="r" * 100, purpose="批" * 200), {"resident_id": ZHANG})
    context = replace(ASKING, request_id="r" * 101, purpose="批" * 201)
    expected = {("context.request_id", "TOO_LONG"), ("context.purpose", "TOO_LONG")}
    assert refused(town, {"resident_id": ZHANG}, context) == expected
    control = replace(ASKING, request_id="r\x07", purpose="p\x1b")
    assert {reason for _, reason in refused(town, {"resident_id": ZHANG}, control)} == {"CONTROL_CHARACTERS"}


def test_half_a_licence_s_key_names_the_half_that_is_missing(town: Town) -> None:
    for given, missing in (("type_code", "number"), ("number", "type_code")):
        with pytest.raises(InvalidRequest) as error:
            town.verifier.verify_licence(ASKING, {given: "JY1"})
        assert [(v.field, v.reason) for v in error.value.violations] == [(f"claim.{missing}", "REQUIRED")]


def test_a_malformed_claim_is_refused_though_nobody_holds_its_key(town: Town) -> None:
    assert refused(town, {"resident_id": ZHANG, "birth_date": "1990-02-30"}) == {("claim.birth_date", "IMPOSSIBLE")}
