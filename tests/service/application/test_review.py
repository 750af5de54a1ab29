"""Questions for stewards: opened by what is so, closed by what changes it, one between two entities."""

from __future__ import annotations

from datetime import datetime

import pytest

from matching.records import RecordRef
from service.application.submissions import Submission
from service.storage.base import TaskKind, TaskRow, Verdict
from tests.pupils import NOON, School, gone, said

A, B, C, D, E = (RecordRef("clinic", name) for name in "ABCDE")


def tasks(school: School) -> list[TaskRow]:
    with school.store.read() as snapshot:
        return [task for _, task, _ in snapshot.tasks.open("pupil", 1_000)]


def questions(school: School) -> set[tuple[TaskKind, str, str]]:
    """Kind and the record ids asked about."""
    return {(task.kind, task.first.record_id, task.second.record_id) for task in tasks(school) if task.second}


def twin(ref: RecordRef, code: str = "", phone: str = "r", at: datetime = NOON) -> Submission:
    """Name and town in common weigh in the review band; a phone more makes a link."""
    values = {"name": "Cy", "town": "y", **({"code": code} if code else {}), **({"phone": phone} if phone else {})}
    return said(ref, at, **values)


def test_a_weight_between_the_thresholds_is_asked_about_and_left_apart(school: School) -> None:
    school.tell(said(A, name="Bo", town="y"), said(B, name="Bo", town="y"))
    assert questions(school) == {(TaskKind.REVIEW_PAIR, "A", "B")}
    assert school.entity_id(A) != school.entity_id(B)
    assert tasks(school)[0].weight is not None


def test_two_entities_are_asked_about_once_by_their_heaviest_pair(school: School) -> None:
    same = {"name": "Bo", "code": "11"}
    school.tell(said(A, **same, town="x"), said(B, **same, town="x"))
    assert school.entity_id(A) == school.entity_id(B)
    school.tell(said(C, name="Bo", town="x"), said(D, name="Bo", town="x", code="7"))
    pairs = questions(school)
    assert len([two for two in pairs if two[2] == "C"]) == 1
    assert (TaskKind.REVIEW_PAIR, "A", "C") in pairs


def test_two_valid_identifiers_that_part_a_link_are_asked_about_once_however_many_records_say_it(
    school: School,
) -> None:
    school.tell(twin(A, "33"), twin(B, "44"))
    assert questions(school) == {(TaskKind.IDENTIFIER_CONFLICT, "A", "B")}
    school.tell(twin(C, "44", phone=""))
    assert school.entity_id(B) == school.entity_id(C)
    assert questions(school) == {(TaskKind.IDENTIFIER_CONFLICT, "A", "B")}


def test_the_question_about_two_identifiers_takes_the_place_of_the_one_about_a_lesser_pair(school: School) -> None:
    school.tell(twin(A, "33"), twin(B, "44", phone=""), twin(C, "44"))
    assert school.entity_id(B) == school.entity_id(C)
    assert questions(school) == {(TaskKind.IDENTIFIER_CONFLICT, "A", "C")}


def test_a_question_closes_when_a_correction_answers_it(school: School) -> None:
    school.tell(twin(A, "33"), twin(B, "44"))
    school.tell(twin(B, "33"))
    assert questions(school) == set()
    assert school.entity_id(A) == school.entity_id(B)


def test_a_question_closes_with_its_record_and_opens_again_with_it(school: School) -> None:
    school.tell(twin(A, "33"), twin(B, "44"))
    school.tell(gone(A))
    assert questions(school) == set()
    school.tell(twin(A, "33"))
    assert questions(school) == {(TaskKind.IDENTIFIER_CONFLICT, "A", "B")}


def test_a_question_closes_when_both_its_records_go_at_once(school: School) -> None:
    school.tell(twin(A, "33"), twin(B, "44"))
    school.tell(gone(A), gone(B))
    assert questions(school) == set()


def test_a_question_that_stays_open_keeps_its_number_and_when_it_opened(school: School) -> None:
    school.tell(twin(A, "33"), twin(B, "44"))
    with school.store.read() as snapshot:
        before = snapshot.tasks.open("pupil", 9)
    school.tell(twin(A, "33", at=NOON.replace(hour=13)), said(E, name="Di"))
    with school.store.read() as snapshot:
        assert snapshot.tasks.open("pupil", 9) == before


def test_every_verdict_answers_the_question_and_its_revocation_asks_it_again(school: School) -> None:
    for verdict in (Verdict.NON_MATCH, Verdict.UNSURE):
        school.tell(twin(A, "33"), twin(B, "44"))
        decision = school.steward.decide(A, B, verdict, "lisi", "")
        assert questions(school) == set()
        school.steward.revoke(decision.decision, "lisi")
        assert questions(school) == {(TaskKind.IDENTIFIER_CONFLICT, "A", "B")}


def two_entities_with_several_questions(school: School) -> None:
    """A and B are one, C and D another; A-C, A-D, B-C and B-D weigh between the thresholds."""
    school.tell(*(said(ref, name="Bo", town="x", phone="p") for ref in (A, B)))
    school.tell(*(said(ref, name="Bo", town="x", code="22") for ref in (C, D)))
    assert school.entity_id(A) == school.entity_id(B) != school.entity_id(C) == school.entity_id(D)


@pytest.mark.parametrize("verdict", [Verdict.NON_MATCH, Verdict.UNSURE])
@pytest.mark.parametrize("pair", [(A, C), (B, D)], ids=["the pair asked about", "another pair"])
def test_one_decision_answers_the_question_between_two_entities(
    school: School, verdict: Verdict, pair: tuple[RecordRef, RecordRef]
) -> None:
    two_entities_with_several_questions(school)
    assert questions(school) == {(TaskKind.REVIEW_PAIR, "A", "C")}
    decision = school.steward.decide(*pair, verdict, "lisi", "")
    assert questions(school) == set()
    school.tell(said(A, NOON.replace(hour=13), name="Bo", town="x", phone="p"))
    assert questions(school) == set()
    school.steward.revoke(decision.decision, "lisi")
    assert questions(school) == {(TaskKind.REVIEW_PAIR, "A", "C")}


def test_the_question_between_two_entities_comes_back_when_the_record_decided_on_leaves_them(school: School) -> None:
    two_entities_with_several_questions(school)
    school.steward.decide(B, D, Verdict.NON_MATCH, "lisi", "")
    school.tell(said(D, name="Di", town="y"))
    assert questions(school) == {(TaskKind.REVIEW_PAIR, "A", "C")}
    school.tell(said(D, name="Bo", town="x", code="22"))
    assert questions(school) == set()
    school.tell(gone(B))
    assert questions(school) == {(TaskKind.REVIEW_PAIR, "A", "C")}


def test_a_match_of_two_identifiers_is_followed_and_stays_on_the_list(school: School) -> None:
    school.tell(twin(A, "33"), twin(B, "44"))
    school.steward.decide(A, B, Verdict.MATCH, "lisi", "seen both")
    assert school.entity_id(A) == school.entity_id(B)
    assert [(task.kind, task.detail) for task in tasks(school)] == [
        (TaskKind.DECISION_CONTRADICTED, "different_identifiers")
    ]


def test_a_match_against_all_evidence_says_so(school: School) -> None:
    school.tell(said(A, name="An", town="x", phone="p"), said(B, name="Bo", town="y", phone="q"))
    school.steward.decide(A, B, Verdict.MATCH, "lisi", "")
    assert [(task.kind, task.detail) for task in tasks(school)] == [(TaskKind.DECISION_CONTRADICTED, "low_weight")]


def test_decisions_that_contradict_one_another_say_so(school: School) -> None:
    school.tell(said(A, name="An"), said(B, name="Bo"), said(C, name="Cy"))
    for two in ((A, B), (B, C)):
        school.steward.decide(*two, Verdict.MATCH, "lisi", "")
    school.steward.decide(A, C, Verdict.NON_MATCH, "wangwu", "")
    assert (TaskKind.DECISION_CONTRADICTED, "B", "C") in questions(school)
    assert school.entity_id(A) == school.entity_id(B) != school.entity_id(C)


def test_the_last_word_about_a_pair_counts_whichever_record_it_names_first(school: School) -> None:
    school.tell(said(A, name="An"), said(B, name="Bo"))
    school.steward.decide(A, B, Verdict.MATCH, "lisi", "")
    last = school.steward.decide(B, A, Verdict.NON_MATCH, "wangwu", "")
    assert school.entity_id(A) != school.entity_id(B)
    school.steward.revoke(last.decision, "wangwu")
    assert school.entity_id(A) == school.entity_id(B)


def test_a_non_match_of_one_identifier_stays_on_the_list_whatever_changes_beside_it(school: School) -> None:
    """B is no neighbour of A's: nothing links them. What happens to A's entity must not close their question."""
    school.tell(said(A, name="An", code="11", phone="p", town="x"), said(B, name="Bo", code="11", phone="q", town="y"))
    assert school.entity_id(A) != school.entity_id(B)
    school.steward.decide(A, B, Verdict.NON_MATCH, "lisi", "")
    expected = {(TaskKind.DECISION_CONTRADICTED, "A", "B")}
    assert questions(school) == expected
    school.tell(said(C, name="An", code="11", phone="p", town="x"))
    assert school.entity_id(A) == school.entity_id(C)
    assert expected <= questions(school)
    school.tell(gone(C))
    assert expected <= questions(school)


def test_questions_about_records_whose_ids_look_alike_are_two_questions(school: School) -> None:
    one, other = RecordRef("clinic", "x:clinic/y"), RecordRef("clinic", "z")
    third, fourth = RecordRef("clinic", "x"), RecordRef("clinic", "y:clinic/z")
    school.tell(
        said(one, name="Bo", town="x"),
        said(other, name="Bo", town="x"),
        said(third, name="Bo", town="y"),
        said(fourth, name="Bo", town="y"),
    )
    assert {(task.first, task.second) for task in tasks(school)} == {(one, other), (third, fourth)}
