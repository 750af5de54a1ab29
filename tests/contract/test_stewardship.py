"""What a store promises of decisions, review tasks and quarantine."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matching.records import RecordRef
from service.errors import StoreConflict
from service.storage.base import Decision, Store, TaskKind, TaskRow, Verdict
from tests.contract.rows import HEALTH, NOON, POLICE, SCHOOL, added, decision, many_refs, refused, task

PAIR = [TaskKind.REVIEW_PAIR]


def decided(store: Store, *decisions: Decision) -> list[Decision]:
    with store.write() as unit:
        stored = [unit.decisions.add(one) for one in decisions]
        unit.commit()
    return stored


# -- decisions


def test_a_decision_comes_back_as_it_was_made_with_a_number_of_its_own(store: Store) -> None:
    given = [decision(), replace(decision(verdict=Verdict.UNSURE), decision=99)]
    stored = decided(store, *given)
    assert len({one.decision for one in stored}) == 2
    with store.read() as snapshot:
        for one, was in zip(stored, given, strict=True):
            assert snapshot.decisions.get(one.decision) == one == replace(was, decision=one.decision)
        assert snapshot.decisions.get(404) is None


def test_decisions_may_be_about_records_that_were_never_submitted(store: Store) -> None:
    (made,) = decided(store, decision(RecordRef("从未", "1"), RecordRef("从未", "2")))
    with store.read() as snapshot:
        assert snapshot.decisions.of("person", [RecordRef("从未", "2")]) == [made]


def test_decisions_of_records_are_those_in_force_with_either_end_among_them_oldest_first(store: Store) -> None:
    made = decided(
        store,
        decision(HEALTH, POLICE),
        decision(POLICE, SCHOOL, Verdict.NON_MATCH),
        decision(HEALTH, SCHOOL, Verdict.UNSURE),
        decision(HEALTH, POLICE, entity_type="licence"),
    )
    with store.read() as snapshot:
        assert snapshot.decisions.of("person", [POLICE]) == made[:2]
        assert snapshot.decisions.of("person", [SCHOOL]) == made[1:3]
        assert snapshot.decisions.of("person", iter([SCHOOL, POLICE, HEALTH])) == made[:3]
        assert snapshot.decisions.of("licence", [POLICE]) == made[3:]
        assert snapshot.decisions.of("person", []) == []
        assert snapshot.decisions.of("person", [RecordRef("police", "2"), RecordRef("nobody", "1")]) == []
        assert snapshot.decisions.of("unknown", [POLICE]) == []
        assert snapshot.decisions.all_in_force("person") == made[:3]
        assert snapshot.decisions.all_in_force("unknown") == []


def test_a_revoked_decision_is_kept_but_no_longer_in_force(store: Store) -> None:
    first, second = decided(store, decision(HEALTH, POLICE), decision(POLICE, SCHOOL))
    later = NOON + timedelta(hours=1)
    with store.write() as unit:
        unit.decisions.revoke(first.decision, "张三", later)
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.decisions.of("person", [POLICE]) == [second]
        assert snapshot.decisions.all_in_force("person") == [second]
        assert snapshot.decisions.get(first.decision) == replace(first, revoked_at=later, revoked_by="张三")


def test_a_decision_is_revoked_once(store: Store) -> None:
    (made,) = decided(store, decision())
    with store.write() as unit:
        unit.decisions.revoke(made.decision, "a", NOON)
        unit.commit()
    for number in (made.decision, 404):
        with store.write() as unit, pytest.raises(StoreConflict):
            unit.decisions.revoke(number, "b", NOON)


def test_a_decision_survives_corrections_and_withdrawals_of_its_records(store: Store) -> None:
    handles = added(store, POLICE, HEALTH)
    (made,) = decided(store, decision(HEALTH, POLICE))
    with store.write() as unit:
        unit.records.drop_current(handles)
        unit.membership.assign(dict.fromkeys(handles))
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.decisions.of("person", [HEALTH]) == [made]


# -- review tasks


def reconciled(store: Store, touched: list[RecordRef], open_now: list[TaskRow], kinds: list[TaskKind] = PAIR) -> None:
    with store.write() as unit:
        unit.tasks.reconcile("person", kinds, touched, open_now)
        unit.commit()


def open_tasks(store: Store) -> dict[int, TaskRow]:
    with store.read() as snapshot:
        return {number: row for number, row, _ in snapshot.tasks.open("person", 1_000)}


def test_an_open_task_comes_back_as_it_was_given_with_when_it_opened(store: Store) -> None:
    rows = [
        task("一", RecordRef("卫生", "1")),
        task("2", second=None, weight=None, kind=TaskKind.RELATION_UNRESOLVED),
    ]
    with store.write() as unit:
        unit.tasks.reconcile("person", list(TaskKind), [], rows)
        opened = unit.at
        unit.commit()
    with store.read() as snapshot:
        found = snapshot.tasks.open("person", 10)
        assert sorted(row.subject for _, row, _ in found) == sorted(row.subject for row in rows)
        assert {(row, at) for _, row, at in found} == {(row, opened) for row in rows}
        assert snapshot.tasks.open("unknown", 10) == []


def test_a_question_asked_again_stays_the_same_task_and_keeps_when_it_opened(store: Store) -> None:
    reconciled(store, [HEALTH], [task("q", weight=3.0)])
    with store.read() as snapshot:
        ((number, _, opened),) = snapshot.tasks.open("person", 10)
    reconciled(store, [HEALTH], [task("q", weight=4.0)])
    with store.read() as snapshot:
        assert snapshot.tasks.open("person", 10) == [(number, task("q", weight=4.0), opened)]


def test_a_question_that_is_not_asked_any_more_closes(store: Store) -> None:
    reconciled(store, [HEALTH], [task("stays"), task("goes")])
    reconciled(store, [POLICE], [task("stays")])
    assert [row.subject for row in open_tasks(store).values()] == ["stays"]


def test_tasks_without_an_end_among_the_touched_records_stay_as_they_are(store: Store) -> None:
    reconciled(store, [], [task("q", HEALTH, POLICE), task("r", HEALTH, None)])
    reconciled(store, [SCHOOL, RecordRef("nobody", "1")], [])
    assert {row.subject for row in open_tasks(store).values()} == {"q", "r"}
    reconciled(store, [POLICE], [])
    assert {row.subject for row in open_tasks(store).values()} == {"r"}


def test_tasks_of_other_kinds_and_types_stay_as_they_are(store: Store) -> None:
    reconciled(store, [], [task("q"), task("q", kind=TaskKind.IDENTIFIER_CONFLICT)], list(TaskKind))
    with store.write() as unit:
        unit.tasks.reconcile("licence", PAIR, [], [replace(task("q"), entity_type="licence")])
        unit.tasks.reconcile("person", PAIR, [HEALTH], [])
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.tasks.count_open("person") == {TaskKind.IDENTIFIER_CONFLICT: 1}
        assert snapshot.tasks.count_open("licence") == {TaskKind.REVIEW_PAIR: 1}
        assert snapshot.tasks.count_open("unknown") == {}


def test_a_question_asked_again_after_it_closed_is_a_new_task(store: Store) -> None:
    reconciled(store, [HEALTH], [task("q")])
    (before,) = open_tasks(store)
    reconciled(store, [HEALTH], [])
    reconciled(store, [HEALTH], [task("q")])
    (after,) = open_tasks(store)
    assert after > before


def test_a_question_is_never_open_twice(store: Store) -> None:
    reconciled(store, [HEALTH], [task("q"), task("q")])
    reconciled(store, [SCHOOL], [task("q", SCHOOL, POLICE)])
    assert list(open_tasks(store).values()) == [task("q", SCHOOL, POLICE)]


def test_reconciling_what_is_so_already_changes_nothing(store: Store) -> None:
    reconciled(store, [HEALTH], [task("q", weight=None), task("r")])
    with store.write() as unit:
        unit.tasks.reconcile("person", PAIR, [HEALTH], [task("q", weight=None), task("r")])
        assert unit.commit() == 1


def test_open_tasks_are_listed_in_portions(store: Store) -> None:
    reconciled(store, [], [task(f"{number:02}") for number in range(10)])
    numbers = []
    after = 0
    with store.read() as snapshot:
        while portion := snapshot.tasks.open("person", 4, after):
            after = portion[-1][0]
            numbers += [number for number, _, _ in portion]
    assert len(numbers) == 10
    assert numbers == sorted(set(numbers))


def test_tasks_of_thousands_of_records(store: Store) -> None:
    refs = many_refs(3_000)
    rows = [task(ref.record_id, ref, None) for ref in refs]
    reconciled(store, refs, rows)
    reconciled(store, refs, rows[::2])
    assert len(open_tasks(store)) == 1_000
    with store.read() as snapshot:
        assert snapshot.tasks.count_open("person") == {TaskKind.REVIEW_PAIR: 1_500}


# -- quarantine


def test_a_refused_submission_comes_back_as_it_came(store: Store) -> None:
    given = refused("未知来源", "编号\0")
    with store.write() as unit:
        number = unit.quarantine.add(given)
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.quarantine.list("未知来源", 10) == [replace(given, quarantine=number)]
        assert snapshot.quarantine.list("police", 10) == []
        assert snapshot.quarantine.count() == {"未知来源": 1}


def test_refused_submissions_are_listed_in_portions_oldest_first(store: Store) -> None:
    with store.write() as unit:
        numbers = [unit.quarantine.add(refused(record_id=str(number))) for number in range(5)]
        unit.quarantine.add(refused("health"))
        unit.commit()
    with store.read() as snapshot:
        assert [row.quarantine for row in snapshot.quarantine.list("police", 3)] == numbers[:3]
        assert [row.quarantine for row in snapshot.quarantine.list("police", 3, numbers[2])] == numbers[3:]
        assert snapshot.quarantine.count() == {"police": 5, "health": 1}


def test_a_record_accepted_later_leaves_quarantine_and_no_other_does(store: Store) -> None:
    with store.write() as unit:
        for row in (refused(), refused(), refused(record_id="2"), refused("health")):
            unit.quarantine.add(row)
        unit.commit()
    with store.write() as unit:
        unit.quarantine.resolve(RecordRef("police", "1"))
        unit.quarantine.resolve(RecordRef("nobody", "1"))
        unit.commit()
    with store.read() as snapshot:
        assert [row.record_id for row in snapshot.quarantine.list("police", 10)] == ["2"]
        assert snapshot.quarantine.count() == {"police": 1, "health": 1}


def test_a_record_refused_again_is_in_quarantine_again(store: Store) -> None:
    with store.write() as unit:
        unit.quarantine.add(refused(request_id="first"))
        unit.quarantine.resolve(RecordRef("police", "1"))
        unit.quarantine.add(refused(request_id="second"))
        unit.commit()
    with store.read() as snapshot:
        assert [row.request_id for row in snapshot.quarantine.list("police", 10)] == ["second"]
