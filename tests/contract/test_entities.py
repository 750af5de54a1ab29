"""What a store promises of entities, their versions and the change log."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matching.records import RecordRef
from service.errors import StoreConflict
from service.storage.base import Change, ChangeKind, EntityRow, EntityState, Store
from tests.contract.rows import HEALTH, POLICE, entities, entity_version, new_entity


def test_a_new_entity_is_active_at_version_0(store: Store) -> None:
    with store.write() as unit:
        entity = unit.entities.create("e-1", "person")
        expected = EntityRow(entity, "e-1", "person", EntityState.ACTIVE, None, 0, created=unit.commit_number)
        assert unit.entities.rows([entity]) == {entity: expected}
        assert unit.entities.latest(entity) is None
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.entities.by_id("e-1") == expected
        assert snapshot.entities.by_id("e-2") is None
        assert snapshot.entities.rows([404]) == {}
        assert snapshot.entities.rows([]) == {}
        assert snapshot.entities.versions(entity) == []


@pytest.mark.parametrize("entity_type", ["person", "licence"])
def test_an_entity_id_is_never_used_again(store: Store, entity_type: str) -> None:
    (entity,) = entities(store, "e-1")
    with store.write() as unit:
        unit.entities.add_version(entity_version(entity, 2, state=EntityState.RETIRED))
        unit.commit()
    with store.write() as unit, pytest.raises(StoreConflict, match="used"):
        unit.entities.create("e-1", entity_type)


def test_a_handle_is_never_used_again(store: Store) -> None:
    handles = []
    for number in range(5):
        handles += entities(store, f"e-{number}")
        with store.write() as unit:
            unit.entities.add_version(entity_version(handles[-1], 2, state=EntityState.RETIRED))
            unit.commit()
    assert len(set(handles)) == 5


def test_an_entity_version_comes_back_as_it_was_stored_with_the_commit_and_its_time(store: Store) -> None:
    members = ((HEALTH, 3), (POLICE, 1), (RecordRef("公安局", "编号 𠮷"), 2))
    with store.write() as unit:
        entity = unit.entities.create("e-1", "person")
        given = replace(entity_version(entity, members=members), golden=bytes(range(256)), reason="新建", model=None)
        unit.entities.add_version(given)
        expected = replace(given, commit=unit.commit_number, at=unit.at)
        assert unit.entities.latest(entity) == expected
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.entities.latest(entity) == expected
        assert snapshot.entities.versions(entity) == [expected]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_only_the_next_version_of_an_entity_is_taken(store: Store, number: int) -> None:
    (entity,) = entities(store, "e-1")
    with store.write() as unit, pytest.raises(StoreConflict, match="next"):
        unit.entities.add_version(entity_version(entity, number))


def test_an_entity_that_does_not_exist_has_no_next_version(store: Store) -> None:
    with store.write() as unit, pytest.raises(StoreConflict):
        unit.entities.add_version(entity_version(404))


def test_an_entity_is_what_its_latest_version_says(store: Store) -> None:
    kept, merged, retired = entities(store, "kept", "merged", "retired")
    with store.write() as unit:
        unit.entities.add_version(entity_version(merged, 2, state=EntityState.MERGED, merged_into=kept))
        unit.entities.add_version(entity_version(retired, 2, state=EntityState.RETIRED))
        unit.commit()
    with store.read() as snapshot:
        rows = snapshot.entities.rows([kept, merged, retired])
        assert rows[kept] == EntityRow(kept, "kept", "person", EntityState.ACTIVE, None, 1, 1)
        assert rows[merged] == EntityRow(merged, "merged", "person", EntityState.MERGED, kept, 2, 1)
        assert rows[retired] == EntityRow(retired, "retired", "person", EntityState.RETIRED, None, 2, 1)
        assert snapshot.entities.latest(merged) == snapshot.entities.versions(merged)[-1]
        assert [version.version for version in snapshot.entities.versions(merged)] == [1, 2]
        assert [version.state for version in snapshot.entities.versions(retired)] == ["ACTIVE", "RETIRED"]


def test_an_entity_can_come_back(store: Store) -> None:
    (entity,) = entities(store, "e-1")
    for number, state in ((2, EntityState.RETIRED), (3, EntityState.ACTIVE)):
        with store.write() as unit:
            unit.entities.add_version(entity_version(entity, number, state=state))
            unit.commit()
    with store.read() as snapshot:
        assert snapshot.entities.rows([entity])[entity].state is EntityState.ACTIVE
        assert snapshot.entities.count("person") == 1


def test_active_entities_are_counted_by_type(store: Store) -> None:
    first, second, _ = entities(store, "a", "b", "c")
    entities(store, "d", entity_type="licence")
    with store.write() as unit:
        unit.entities.add_version(entity_version(first, 2, state=EntityState.MERGED, merged_into=second))
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.entities.count("person") == 2
        assert snapshot.entities.count("licence") == 1
        assert snapshot.entities.count("unknown") == 0


def test_a_read_as_of_a_time_gives_what_was_latest_then(store: Store) -> None:
    times = []
    with store.write() as unit:
        entity = new_entity(unit, "e-1")
        times.append(unit.at)
        unit.commit()
    for number in (2, 3):
        with store.write() as unit:
            unit.entities.add_version(entity_version(entity, number))
            times.append(unit.at)
            unit.commit()
    with store.read() as snapshot:
        for number, at in enumerate(times, start=1):
            found = snapshot.entities.as_of(entity, at)
            assert found is not None
            assert (found.version, found.at, found.golden) == (number, at, f"golden {number}".encode())
            just_before = snapshot.entities.as_of(entity, at - timedelta(microseconds=1))
            assert (just_before.version if just_before else 0) == number - 1
        later = snapshot.entities.as_of(entity, times[-1] + timedelta(days=1))
        assert later is not None
        assert later.version == 3
        assert snapshot.entities.as_of(404, times[-1]) is None


def test_thousands_of_entities_in_one_call(store: Store) -> None:
    handles = entities(store, *(f"e-{number}" for number in range(4_000)))
    with store.read() as snapshot:
        assert snapshot.entities.rows(iter(handles)).keys() == set(handles)
        assert snapshot.entities.count("person") == 4_000


# -- changes


def test_the_change_log_is_numbered_without_gaps_in_the_order_of_commits(store: Store) -> None:
    expected: list[Change] = []
    for round_ in range(6):
        with store.write() as unit:
            for kind, entity_id, other_id in (
                (ChangeKind.CREATED, f"e-{round_}", ""),
                (ChangeKind.MERGED, "e-0", f"e-{round_}"),
            ):
                unit.changes.append(kind, entity_id, other_id)
                if round_ % 2 == 0:
                    expected.append(Change(len(expected) + 1, unit.commit_number, unit.at, kind, entity_id, other_id))
            if round_ % 2 == 0:
                unit.commit()
    with store.read() as snapshot:
        assert snapshot.changes.since(0, 100) == expected
        assert [change.sequence for change in expected] == [1, 2, 3, 4, 5, 6]


def test_the_change_log_is_read_in_portions(store: Store) -> None:
    with store.write() as unit:
        for number in range(10):
            unit.changes.append(ChangeKind.UPDATED, f"e-{number}")
        unit.commit()
    with store.read() as snapshot:
        assert [change.sequence for change in snapshot.changes.since(0, 4)] == [1, 2, 3, 4]
        assert [change.sequence for change in snapshot.changes.since(4, 4)] == [5, 6, 7, 8]
        assert [change.sequence for change in snapshot.changes.since(8, 4)] == [9, 10]
        assert snapshot.changes.since(10, 4) == []
