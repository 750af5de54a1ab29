"""One batch: every submission answered, what is wrong in one harming no other, everything in one commit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matching.errors import EngineError
from matching.records import RecordRef
from service.application.answers import Rejected
from service.application.submissions import Submission
from service.application.types_in_force import TypeInForce
from tests.pupils import NOON, School, accepted, gone, said

A, B, C = (RecordRef("clinic", name) for name in "ABC")


def like_a(ref: RecordRef, **more: str) -> Submission:
    """Two of these are linked."""
    return said(ref, NOON, **{"name": "Cy", "code": "11", "town": "x", **more})


def quarantined(school: School) -> list[tuple[str, list[str]]]:
    with school.store.read() as snapshot:
        return [
            (row.record_id, [reason for _, reason, _ in row.violations])
            for row in snapshot.quarantine.list("clinic", 99)
        ]


def test_answers_come_in_the_order_of_the_batch_each_with_its_request_id(school: School) -> None:
    batch = [replace(like_a(ref), request_id=f"to {ref.record_id}") for ref in (C, A, B)]
    answers = accepted(school.tell(*batch))
    assert [(answer.request_id, answer.ref) for answer in answers] == [("to C", C), ("to A", A), ("to B", B)]
    assert {answer.entity_id for answer in answers} == {school.entity_id(A)}
    assert [answer.outcome for answer in answers] == ["CREATED"] * 3


def test_an_answer_shows_how_each_value_was_read(school: School) -> None:
    (answer,) = accepted(school.tell(said(A, name=" Ａn ", code="7")))
    assert [(v.raw, v.standard, v.mark) for v in answer.standard["name"]] == [(" Ａn ", "An", "VALID")]
    assert answer.standard["code"][0].mark == "INVALID"


def test_a_refused_submission_harms_no_other_and_is_kept_in_quarantine(school: School) -> None:
    first, second, third = school.tell(like_a(A), said(B, code="11"), like_a(C))
    assert isinstance(second, Rejected)
    assert second.quarantine > 0
    assert len({answer.entity_id for answer in accepted([first, third])}) == 1
    assert quarantined(school) == [("B", ["REQUIRED"])]


@pytest.mark.parametrize(
    "bad",
    [
        said(B, name="\ud800"),
        said(B, **{"name": "Cy", "x\udfff": "\udfff"}),
        said(RecordRef("clinic", "\ud800"), name="Cy"),
        replace(like_a(B), request_id="\ud800"),
        replace(like_a(B), entity_type="\ud800"),
        replace(like_a(B), source="\ud800"),
        said(RecordRef("clinic", "x" * 5_000), name="Cy"),
        replace(like_a(B), columns=(("y" * 5_000, "z" * 50_000),) * 600),
    ],
    ids=["value", "column", "record id", "request id", "type", "source", "long id", "huge"],
)
def test_text_that_no_store_can_hold_harms_only_its_own_submission(school: School, bad: Submission) -> None:
    """Half a character cannot be written as UTF-8; it must not take the batch down."""
    refused, good = school.tell(bad, like_a(A))
    assert isinstance(refused, Rejected)
    assert accepted([good])[0].entity_id == school.entity_id(A)


def test_what_is_put_right_in_the_same_batch_leaves_nothing_in_quarantine(school: School) -> None:
    school.tell(said(A, code="11"), like_a(A))
    assert quarantined(school) == []


def test_what_is_put_right_by_what_was_there_before_leaves_nothing_in_quarantine(school: School) -> None:
    school.tell(like_a(A))
    school.tell(said(A, code="11"))
    assert quarantined(school) == [("A", ["REQUIRED"])]
    assert accepted(school.tell(like_a(A)))[0].outcome == "UNCHANGED"
    assert quarantined(school) == []


def test_what_goes_wrong_after_it_was_right_stays_in_quarantine(school: School) -> None:
    school.tell(like_a(A), said(A, code="11"))
    assert quarantined(school) == [("A", ["REQUIRED"])]


def test_a_refused_submission_of_an_unknown_source_is_answered_and_not_kept(school: School) -> None:
    (refused,) = school.tell(replace(like_a(A), source="nobody"))
    assert isinstance(refused, Rejected)
    assert refused.quarantine == 0


def test_a_withdrawal_of_a_record_that_never_was_is_refused(school: School) -> None:
    (refused,) = school.tell(gone(A))
    assert isinstance(refused, Rejected)
    assert [(v.field, v.reason) for v in refused.violations] == [("record_id", "NOT_FOUND")]


def test_a_record_may_come_go_and_come_again_in_one_batch(school: School) -> None:
    answers = accepted(school.tell(like_a(A), gone(A), like_a(A, town="y"), like_a(B, town="y")))
    assert [(answer.version, answer.outcome) for answer in answers] == [
        (1, "CREATED"),
        (2, "WITHDRAWN"),
        (3, "UPDATED"),
        (1, "CREATED"),
    ]
    assert school.entity_id(A) == school.entity_id(B) != ""


def test_a_record_may_come_and_go_in_one_batch_and_leaves_nothing(school: School) -> None:
    school.tell(like_a(A), like_a(B), gone(B))
    assert school.entity_id(B) == ""
    with school.store.read() as snapshot:
        assert [row.ref for row in snapshot.records.all_current("pupil")] == [A]
        assert snapshot.entities.count("pupil") == 1


def test_a_withdrawn_record_leaves_its_entity_and_an_empty_entity_retires(school: School) -> None:
    school.tell(like_a(A), like_a(B))
    entity_id = school.entity_id(A)
    (answer,) = accepted(school.tell(gone(A)))
    assert (answer.entity_id, answer.outcome) == ("", "WITHDRAWN")
    assert school.entity_id(B) == entity_id
    school.tell(gone(B))
    with school.store.read() as snapshot:
        row = snapshot.entities.by_id(entity_id)
        assert row is not None
        assert row.state == "RETIRED"
        assert snapshot.entities.count("pupil") == 0


def test_a_withdrawal_sent_again_changes_nothing(school: School) -> None:
    school.tell(like_a(A))
    school.tell(gone(A))
    before = school.commits()
    assert accepted(school.tell(gone(A)))[0].outcome == "UNCHANGED"
    assert school.commits() == before


def test_an_empty_batch_changes_nothing(school: School) -> None:
    school.tell(like_a(A))
    before = school.commits()
    assert school.tell() == []
    assert school.commits() == before


def test_when_the_engine_fails_nothing_of_the_batch_is_kept_and_the_next_batch_goes_through(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.tell(like_a(A))
    before = school.commits()
    with monkeypatch.context() as patched:

        def fails(*_: object) -> None:
            raise EngineError("the engine failed twice")

        patched.setattr(TypeInForce, "weigh", fails)
        with pytest.raises(EngineError):
            school.tell(like_a(B), like_a(C))
    assert school.commits() == before
    with school.store.read() as snapshot:
        assert snapshot.records.handles([B, C]) == {}
    assert {answer.entity_id for answer in accepted(school.tell(like_a(B)))} == {school.entity_id(A)}
