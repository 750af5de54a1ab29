"""What a steward's decision may say, and that a wrong one is refused with the field and changes nothing."""

from __future__ import annotations

import pytest

from matching.records import RecordRef
from service.errors import InvalidRequest, NotFound
from service.storage.base import Verdict
from tests.pupils import School, said

A, B = RecordRef("clinic", "A"), RecordRef("clinic", "B")
PERSON = [
    ("", "REQUIRED"),
    (" \u3000", "REQUIRED"),
    ("x" * 201, "TOO_LONG"),
    ("li\x00si", "CONTROL_CHARACTERS"),
    ("lisi\nwangwu", "CONTROL_CHARACTERS"),
    ("lisi\ud800", "WRONG_ENCODING"),
    ("lisi\ufffd", "WRONG_ENCODING"),
]
REASON = [
    ("x" * 2_001, "TOO_LONG"),
    ("seen\x1b[2J", "CONTROL_CHARACTERS"),
    ("seen\udfff", "WRONG_ENCODING"),
]


def refused(error: pytest.ExceptionInfo[InvalidRequest]) -> list[tuple[str, str]]:
    return [(violation.field, violation.reason) for violation in error.value.violations]


@pytest.mark.parametrize(("author", "reason"), PERSON)
def test_an_author_that_cannot_be_kept_is_refused(school: School, author: str, reason: str) -> None:
    school.tell(said(A, name="An"), said(B, name="Bo"))
    before = school.commits()
    with pytest.raises(InvalidRequest) as error:
        school.steward.decide(A, B, Verdict.MATCH, author, "")
    assert refused(error) == [("author", reason)]
    assert school.commits() == before


@pytest.mark.parametrize(("text", "reason"), REASON)
def test_a_reason_that_cannot_be_kept_is_refused(school: School, text: str, reason: str) -> None:
    school.tell(said(A, name="An"), said(B, name="Bo"))
    with pytest.raises(InvalidRequest) as error:
        school.steward.decide(A, B, Verdict.MATCH, "lisi", text)
    assert refused(error) == [("reason", reason)]


@pytest.mark.parametrize(("by", "reason"), PERSON)
def test_a_revocation_by_what_cannot_be_kept_is_refused(school: School, by: str, reason: str) -> None:
    school.tell(said(A, name="An"), said(B, name="Bo"))
    decision = school.steward.decide(A, B, Verdict.MATCH, "lisi", "")
    with pytest.raises(InvalidRequest) as error:
        school.steward.revoke(decision.decision, by)
    assert refused(error) == [("by", reason)]
    assert school.entity_id(A) == school.entity_id(B)


def test_everything_that_is_wrong_is_told_at_once(school: School) -> None:
    with pytest.raises(InvalidRequest) as error:
        school.steward.decide(A, A, Verdict.MATCH, "", "x" * 2_001)
    assert refused(error) == [("second", "SAME_RECORD"), ("author", "REQUIRED"), ("reason", "TOO_LONG")]


def test_the_longest_that_can_be_kept_is_kept(school: School) -> None:
    school.tell(said(A, name="An"), said(B, name="Bo"))
    decision = school.steward.decide(A, B, Verdict.UNSURE, "李" * 200, "第一行\n第二行" + "x" * 1_993)
    with school.store.read() as snapshot:
        assert snapshot.decisions.get(decision.decision) == decision


def test_a_decision_about_a_record_that_never_came_is_refused(school: School) -> None:
    school.tell(said(A, name="An"))
    with pytest.raises(NotFound):
        school.steward.decide(A, B, Verdict.MATCH, "lisi", "")
