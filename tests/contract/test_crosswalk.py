"""What a store promises of membership over time, of golden keys and of relations."""

from datetime import timedelta

import pytest

from service.errors import StoreConflict
from service.storage.base import RelationRow, Store
from tests.contract.rows import HEALTH, NOON, POLICE, added, entities, many_refs

# -- membership


def test_a_record_belongs_to_the_entity_it_was_last_assigned_to(store: Store) -> None:
    a, b, c = added(store, *many_refs(3))
    one, two = entities(store, "one", "two")
    with store.write() as unit:
        unit.membership.assign({c: one, a: one, b: two})
        assert unit.membership.of([a, b, c]) == {a: one, b: two, c: one}
        unit.commit()
    with store.write() as unit:
        unit.membership.assign({a: two, c: None})
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.membership.of([a, b, c, 404]) == {a: two, b: two}
        assert snapshot.membership.members([one, two, 404]) == {one: [], two: [a, b], 404: []}
        assert snapshot.membership.of([]) == {}
        assert snapshot.membership.members([]) == {}


def test_membership_as_of_a_time_is_what_it_was_then(store: Store) -> None:
    (record,) = added(store, POLICE)
    one, two = entities(store, "one", "two")
    times = []
    story = [one, two, None, two, one]
    for entity in story:
        with store.write() as unit:
            unit.membership.assign({record: entity})
            times.append(unit.at)
            unit.commit()
    with store.read() as snapshot:
        assert [snapshot.membership.as_of(record, at) for at in times] == story
        just_before = [snapshot.membership.as_of(record, at - timedelta(microseconds=1)) for at in times]
        assert just_before == [None, *story[:-1]]
        assert snapshot.membership.as_of(record, times[-1] + timedelta(days=1)) == one
        assert snapshot.membership.as_of(404, times[-1]) is None


def test_only_what_a_commit_left_is_remembered(store: Store) -> None:
    (record,) = added(store, POLICE)
    one, two = entities(store, "one", "two")
    with store.write() as unit:
        unit.membership.assign({record: two})
        unit.membership.assign({record: None})
        unit.membership.assign({record: one})
        first = unit.at
        unit.commit()
    with store.write() as unit:
        unit.membership.assign({record: two})
        unit.membership.assign({record: one})
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.membership.of([record]) == {record: one}
        assert snapshot.membership.as_of(record, first) == one
        assert snapshot.membership.as_of(record, first + timedelta(days=1)) == one


def test_assigning_what_is_so_already_changes_nothing(store: Store) -> None:
    a, b = added(store, POLICE, HEALTH)
    (one,) = entities(store, "one")
    with store.write() as unit:
        unit.membership.assign({a: one, b: None})
        number = unit.commit()
    with store.write() as unit:
        unit.membership.assign({a: one, b: None})
        assert unit.commit() == number


def test_a_record_belongs_only_to_an_entity_that_exists(store: Store) -> None:
    (record,) = added(store, POLICE)
    with store.write() as unit, pytest.raises(StoreConflict):
        unit.membership.assign({record: 404})


def test_thousands_of_moves_in_one_call(store: Store) -> None:
    records = added(store, *many_refs(4_000))
    one, two = entities(store, "one", "two")
    for moves in (dict.fromkeys(records, one), dict.fromkeys(records[::2], two)):
        with store.write() as unit:
            unit.membership.assign(moves)
            unit.commit()
    with store.read() as snapshot:
        assert snapshot.membership.members([one, two]) == {one: records[1::2], two: records[::2]}
        assert len(snapshot.membership.of(iter(records))) == 4_000


# -- golden keys


def test_entities_are_found_by_their_golden_values(store: Store) -> None:
    one, two = entities(store, "one", "two")
    (licence,) = entities(store, "three", entity_type="licence")
    with store.write() as unit:
        unit.golden_keys.replace("person", {two: [("name", "王小明"), ("id", "1")], one: [("name", "王小明")]})
        unit.golden_keys.replace("licence", {licence: [("name", "王小明")]})
        unit.commit()
    with store.read() as snapshot:
        keys = snapshot.golden_keys
        assert keys.find("person", "name", "王小明", 10) == sorted([one, two])
        assert keys.find("person", "name", "王小明", 1) == [min(one, two)]
        assert keys.find("person", "id", "1", 10) == [two]
        assert keys.find("person", "id", "王小明", 10) == []
        assert keys.find("licence", "name", "王小明", 10) == [licence]
        assert keys.find("person", "unknown", "1", 10) == []
        assert keys.find("unknown", "name", "王小明", 10) == []
        assert keys.of([one, two, 404]) == {
            one: {("name", "王小明")},
            two: {("name", "王小明"), ("id", "1")},
            404: set(),
        }
        assert keys.of([]) == {}


def test_golden_keys_are_replaced_entity_by_entity(store: Store) -> None:
    one, two = entities(store, "one", "two")
    with store.write() as unit:
        unit.golden_keys.replace("person", {one: [("name", "a"), ("id", "1")], two: [("name", "a")]})
        unit.commit()
    with store.write() as unit:
        unit.golden_keys.replace("person", {one: iter([("id", "1"), ("id", "2"), ("id", "2")])})
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.golden_keys.find("person", "name", "a", 10) == [two]
        assert snapshot.golden_keys.of([one]) == {one: {("id", "1"), ("id", "2")}}
    with store.write() as unit:
        unit.golden_keys.replace("person", {one: []})
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.golden_keys.find("person", "id", "1", 10) == []
        assert snapshot.golden_keys.of([one]) == {one: set()}


# -- relations


def test_relations_are_found_from_both_ends(store: Store) -> None:
    licence, other, holder = entities(store, "licence", "other", "holder")
    rows = [RelationRow(licence, "holder", holder, "code"), RelationRow(licence, "issuer", None, "none_fits")]
    with store.write() as unit:
        unit.relations.put([*rows, RelationRow(other, "holder", holder, "name")])
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.relations.of(licence) == rows
        assert snapshot.relations.to(holder) == [rows[0], RelationRow(other, "holder", holder, "name")]
        assert snapshot.relations.of(holder) == []
        assert snapshot.relations.to(licence) == []


def test_a_relation_leads_to_one_place(store: Store) -> None:
    licence, first, second = entities(store, "licence", "first", "second")
    for target, by in ((first, "code"), (None, "several_fit"), (second, "name")):
        with store.write() as unit:
            unit.relations.put(iter([RelationRow(licence, "holder", target, by)]))
            unit.commit()
        with store.read() as snapshot:
            assert snapshot.relations.of(licence) == [RelationRow(licence, "holder", target, by)]
    with store.read() as snapshot:
        assert snapshot.relations.to(first) == []
        assert len(snapshot.relations.to(second)) == 1


def test_dropped_relations_are_gone(store: Store) -> None:
    licence, other, holder = entities(store, "licence", "other", "holder")
    with store.write() as unit:
        unit.relations.put([RelationRow(entity, "holder", holder, "code") for entity in (licence, other)])
        unit.relations.drop([licence])
        unit.relations.drop([])
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.relations.of(licence) == []
        assert [row.entity for row in snapshot.relations.to(holder)] == [other]


def test_a_time_before_the_first_commit_knows_no_membership(store: Store) -> None:
    with store.read() as snapshot:
        assert snapshot.membership.as_of(1, NOON) is None
