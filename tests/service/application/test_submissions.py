"""What departments may send: everything else is refused with every field, a reason, and none of the values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matching.errors import FieldViolation, RecordRejected
from matching.records import RecordRef
from service.application.submissions import (
    CLOCK_SKEW,
    LONGEST_ID,
    LONGEST_REQUEST_ID,
    MOST_VALUES,
    AcceptedSubmission,
    Intake,
    Submission,
    Withdrawal,
)
from tests.pupils import NOON, pupil, pupil_sources, said

INTAKE = Intake(pupil_sources(), {"pupil": pupil()})
NOW = NOON + timedelta(days=1)
SECRET = "机密110101199001011234"
GOOD = said(RecordRef("clinic", "1"), NOON, name="An", code="11", phone=["p", "q"])


def accepted(submission: Submission) -> AcceptedSubmission:
    return INTAKE.accept(submission, NOW)


def refused(submission: Submission) -> Sequence[FieldViolation]:
    with pytest.raises(RecordRejected) as rejected:
        accepted(submission)
    assert SECRET not in str(rejected.value)
    assert all(violation.description for violation in rejected.value.violations)
    return rejected.value.violations


def reasons(submission: Submission) -> list[tuple[str, str]]:
    return [(violation.field, violation.reason) for violation in refused(submission)]


def with_columns(*columns: tuple[str, str]) -> Submission:
    return replace(GOOD, columns=columns)


def test_a_record_that_keeps_its_contract_is_accepted_with_its_values_standardised() -> None:
    found = accepted(GOOD)
    assert found.ref == RecordRef("clinic", "1")
    assert found.values == {"name": ("An",), "code": ("11",), "phone": ("p", "q")}
    assert [value.standard for value in found.standard["phone"]] == ["p", "q"]
    assert found.observed_at == NOON


def test_an_attribute_may_come_under_the_sources_own_column_or_its_name() -> None:
    for column in ("CODE", "code"):
        assert accepted(with_columns(("name", "An"), (column, "11"))).values["code"] == ("11",)


BAD_HEADINGS = {
    "no record id": ({"record_id": ""}, ("record_id", "REQUIRED")),
    "a blank record id": ({"record_id": " \t"}, ("record_id", "REQUIRED")),
    "a record id that is too long": ({"record_id": SECRET * LONGEST_ID}, ("record_id", "TOO_LONG")),
    "a null in the record id": ({"record_id": SECRET + "\0"}, ("record_id", "CONTROL_CHARACTERS")),
    "a new line in the record id": ({"record_id": SECRET + "\n"}, ("record_id", "CONTROL_CHARACTERS")),
    "half a character in the record id": ({"record_id": SECRET + "\udc80"}, ("record_id", "CONTROL_CHARACTERS")),
    "a record id that was misread": ({"record_id": SECRET + "\ufffd"}, ("record_id", "WRONG_ENCODING")),
    "an unknown source": ({"source": SECRET}, ("source", "UNKNOWN_SOURCE")),
    "no source": ({"source": ""}, ("source", "UNKNOWN_SOURCE")),
    "an unknown type": ({"entity_type": SECRET}, ("entity_type", "UNKNOWN_TYPE")),
    "no type": ({"entity_type": ""}, ("entity_type", "UNKNOWN_TYPE")),
    "a request id that is too long": ({"request_id": "r" * (LONGEST_REQUEST_ID + 1)}, ("request_id", "TOO_LONG")),
    "half a character in the request id": ({"request_id": "\ud800"}, ("request_id", "WRONG_ENCODING")),
    "a null in the request id": ({"request_id": "r\0"}, ("request_id", "CONTROL_CHARACTERS")),
    "a time to come": ({"observed_at": NOW + CLOCK_SKEW + timedelta(seconds=1)}, ("observed_at", "IN_THE_FUTURE")),
    "a year to come": ({"observed_at": datetime(2190, 1, 1, tzinfo=UTC)}, ("observed_at", "IN_THE_FUTURE")),
    "a time long ago": ({"observed_at": datetime(1899, 12, 31, tzinfo=UTC)}, ("observed_at", "TOO_EARLY")),
    "too many values": (
        {"columns": (*GOOD.columns, *[("phone", SECRET)] * MOST_VALUES)},
        ("values", "TOO_MANY_VALUES"),
    ),
    "a thousand attributes": (
        {"columns": tuple((f"attribute{n}", SECRET) for n in range(1_000))},
        ("values", "TOO_MANY_VALUES"),
    ),
}


@pytest.mark.parametrize(("changes", "expected"), BAD_HEADINGS.values(), ids=BAD_HEADINGS.keys())
def test_a_bad_heading_is_refused_by_field_and_reason(changes: dict[str, object], expected: tuple[str, str]) -> None:
    assert reasons(replace(GOOD, **changes)) == [expected]  # type: ignore[arg-type]


def test_what_the_wire_misread_is_refused_with_it() -> None:
    misread = FieldViolation("observed_at", "OUT_OF_RANGE", "send a time")
    assert refused(replace(GOOD, misread=(misread,))) == (misread,)


BAD_VALUES = {
    "no such attribute": (("mail", SECRET), ("mail", "UNKNOWN_ATTRIBUTE")),
    "too long": (("name", SECRET * 3), ("name", "TOO_LONG")),
    "too long under another column": (("CODE", SECRET * 50), ("CODE", "TOO_LONG")),
    "a null": (("town", SECRET + "\0"), ("town", "CONTROL_CHARACTERS")),
    "an escape": (("town", "\x1b[2J" + SECRET), ("town", "CONTROL_CHARACTERS")),
    "a next line": (("town", SECRET + "\x85"), ("town", "CONTROL_CHARACTERS")),
    "misread": (("town", SECRET + "\ufffd"), ("town", "WRONG_ENCODING")),
    "half a character": (("town", SECRET + "\ud83d"), ("town", "WRONG_ENCODING")),
}


@pytest.mark.parametrize(("column", "expected"), BAD_VALUES.values(), ids=BAD_VALUES.keys())
def test_a_bad_value_is_refused_by_field_and_reason(column: tuple[str, str], expected: tuple[str, str]) -> None:
    assert reasons(replace(GOOD, columns=(*GOOD.columns, column))) == [expected]


def test_too_many_values_of_one_attribute_are_refused() -> None:
    assert reasons(replace(GOOD, columns=(*GOOD.columns, ("phone", "r"), ("phone", SECRET)))) == [
        ("phone", "TOO_MANY_VALUES")
    ]


@pytest.mark.parametrize("value", [None, "", "  ", "不详", "N/A", "--"])
def test_a_required_attribute_that_is_missing_or_a_filler_is_refused(value: str | None) -> None:
    columns = [("code", "11")] if value is None else [("code", "11"), ("name", value)]
    assert reasons(with_columns(*columns)) == [("name", "REQUIRED")]


def test_a_record_that_says_nothing_is_refused_and_told_to_withdraw() -> None:
    found = refused(with_columns())
    assert ("values", "REQUIRED") in [(violation.field, violation.reason) for violation in found]
    assert "withdraw" in found[0].description


def test_tabs_and_new_lines_in_a_value_are_no_reason_to_refuse_it() -> None:
    assert accepted(with_columns(("name", "An\tBo\r\n"))).standard["name"][0].standard == "An Bo"


def test_a_columns_name_is_shown_only_as_it_can_be_printed() -> None:
    (field,) = {
        violation.field for violation in refused(replace(GOOD, columns=(*GOOD.columns, ("x\x1b\ud800" * 99, "1"))))
    }
    assert field == ("x??" * 99)[:100]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    bad = Submission(
        "r" * 101,
        "clinic",
        "\0",
        "pupil",
        (("phone", "\0"), ("mail", SECRET), ("CODE", "1" * 501)),
        NOW + timedelta(days=1),
    )
    assert reasons(bad) == [
        ("record_id", "CONTROL_CHARACTERS"),
        ("request_id", "TOO_LONG"),
        ("observed_at", "IN_THE_FUTURE"),
        ("phone", "CONTROL_CHARACTERS"),
        ("mail", "UNKNOWN_ATTRIBUTE"),
        ("CODE", "TOO_LONG"),
        ("name", "REQUIRED"),
    ]


def test_a_required_value_that_is_too_long_was_sent_and_is_not_called_missing() -> None:
    assert reasons(with_columns(("name", "n" * 41))) == [("name", "TOO_LONG")]


def test_a_value_that_is_wrong_but_of_the_contract_is_accepted_and_marked() -> None:
    (code,) = accepted(with_columns(("name", "An"), ("code", "七"))).standard["code"]
    assert (code.mark, code.reason) == ("INVALID", "characters")


@pytest.mark.parametrize(
    ("withdrawal", "expected"),
    [
        (Withdrawal("w", RecordRef("clinic", "")), ("record_id", "REQUIRED")),
        (Withdrawal("w", RecordRef("clinic", "\0")), ("record_id", "CONTROL_CHARACTERS")),
        (Withdrawal("w", RecordRef(SECRET, "1")), ("source", "UNKNOWN_SOURCE")),
        (Withdrawal("w" * 101, RecordRef("clinic", "1")), ("request_id", "TOO_LONG")),
        (Withdrawal("\ud800", RecordRef("clinic", "1")), ("request_id", "WRONG_ENCODING")),
    ],
)
def test_a_withdrawal_of_what_no_record_can_be_is_refused(withdrawal: Withdrawal, expected: tuple[str, str]) -> None:
    with pytest.raises(RecordRejected) as rejected:
        INTAKE.check_withdrawal(withdrawal)
    assert [(violation.field, violation.reason) for violation in rejected.value.violations] == [expected]
    assert SECRET not in str(rejected.value)
