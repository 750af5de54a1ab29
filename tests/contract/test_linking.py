"""What a store promises of block keys, edges and models."""

from itertools import pairwise

import pytest

from service.errors import StoreConflict
from service.storage.base import EdgeRow, Store
from tests.contract.rows import HEALTH, NOON, POLICE, SCHOOL, added, many_refs

# -- block keys


def test_block_keys_are_replaced_record_by_record(store: Store) -> None:
    one, two = added(store, POLICE, HEALTH)
    with store.write() as unit:
        unit.block_keys.replace("person", {one: [(0, "王"), (1, "a")], two: [(0, "王")]})
        unit.commit()
    with store.write() as unit:
        unit.block_keys.replace("person", {one: [(1, "a"), (2, "b")]})
        assert unit.block_keys.of("person", [one]) == {one: {(1, "a"), (2, "b")}}
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.block_keys.of("person", [one, two]) == {one: {(1, "a"), (2, "b")}, two: {(0, "王")}}
        assert snapshot.block_keys.members("person", (0, "王"), 10) == [two]
        assert snapshot.block_keys.members("person", (1, "a"), 10) == [one]


def test_no_keys_leave_a_record_without_any(store: Store) -> None:
    (one,) = added(store, POLICE)
    for keys in ([(0, "a")], []):
        with store.write() as unit:
            unit.block_keys.replace("person", {one: keys})
            unit.commit()
    with store.read() as snapshot:
        assert snapshot.block_keys.of("person", [one]) == {one: set()}
        assert snapshot.block_keys.members("person", (0, "a"), 10) == []


def test_a_key_given_twice_is_one_key(store: Store) -> None:
    (one,) = added(store, POLICE)
    with store.write() as unit:
        unit.block_keys.replace("person", {one: iter([(0, "a"), (0, "a")])})
        assert unit.block_keys.members("person", (0, "a"), 10) == [one]


def test_every_record_asked_for_has_an_answer(store: Store) -> None:
    (one,) = added(store, POLICE)
    with store.read() as snapshot:
        assert snapshot.block_keys.of("person", [one, 404]) == {one: set(), 404: set()}
        assert snapshot.block_keys.of("person", []) == {}


def test_entity_types_and_rules_do_not_share_keys(store: Store) -> None:
    person, other = added(store, POLICE, HEALTH)
    (licence,) = added(store, SCHOOL, entity_type="licence")
    with store.write() as unit:
        unit.block_keys.replace("person", {person: [(0, "a")], other: [(1, "a")]})
        unit.block_keys.replace("licence", {licence: [(0, "a")]})
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.block_keys.members("person", (0, "a"), 10) == [person]
        assert snapshot.block_keys.members("person", (1, "a"), 10) == [other]
        assert snapshot.block_keys.members("licence", (0, "a"), 10) == [licence]
        assert snapshot.block_keys.members("unknown", (0, "a"), 10) == []
        assert snapshot.block_keys.of("person", [licence]) == {licence: set()}


def test_keys_are_compared_exactly(store: Store) -> None:
    keys = ["a", "A", "a ", "", "é", "e\u0301", "𠮷", "a\0", "a\0b"]
    records = added(store, *many_refs(len(keys)))
    with store.write() as unit:
        unit.block_keys.replace("person", {record: [(0, key)] for record, key in zip(records, keys, strict=True)})
        unit.commit()
    with store.read() as snapshot:
        expected = {(0, key): [record] for record, key in zip(records, keys, strict=True)}
        assert {key: snapshot.block_keys.members("person", key, 10) for key in expected} == expected
        assert snapshot.block_keys.members_of("person", expected, 10) == expected


def test_members_come_by_handle_and_no_more_than_the_limit(store: Store) -> None:
    records = added(store, *many_refs(120))
    with store.write() as unit:
        for record in reversed(records):
            unit.block_keys.replace("person", {record: [(0, "common")]})
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.block_keys.members("person", (0, "common"), 100) == records[:100]
        assert snapshot.block_keys.members("person", (0, "common"), 1_000) == records
        assert snapshot.block_keys.members("person", (0, "common"), 0) == []


def test_members_of_many_keys_are_those_of_each(store: Store) -> None:
    records = added(store, *many_refs(3_000))
    with store.write() as unit:
        unit.block_keys.replace(
            "person", {record: [(0, str(record % 7)), (1, str(record % 1_000))] for record in records}
        )
        unit.commit()
    keys = [(0, str(number)) for number in range(9)] + [(1, str(number)) for number in range(1_001)] + [(2, "0")]
    with store.read() as snapshot:
        assert snapshot.block_keys.members_of("person", iter(keys), 20) == {
            key: snapshot.block_keys.members("person", key, 20) for key in keys
        }
        assert snapshot.block_keys.members_of("unknown", keys[:1], 20) == {keys[0]: []}
        assert snapshot.block_keys.members_of("person", [], 20) == {}


# -- edges


def test_edges_of_records_are_those_with_either_end_among_them_once_each(store: Store) -> None:
    a, b, c, d = added(store, *many_refs(4))
    edges = [EdgeRow(a, b, 7.25, 1), EdgeRow(c, b, -0.1, 2), EdgeRow(c, d, 1e-300, 1)]
    with store.write() as unit:
        unit.edges.replace_of([a, b, c, d], edges)
        assert set(unit.edges.of([a, b])) == set(edges[:2])
        unit.commit()
    with store.read() as snapshot:
        assert set(snapshot.edges.of([a, b, c, d])) == set(edges)
        assert len(snapshot.edges.of([a, b, c, d])) == 3
        assert snapshot.edges.of([a]) == edges[:1]
        assert set(snapshot.edges.of([b])) == set(edges[:2])
        assert snapshot.edges.of([404]) == []
        assert snapshot.edges.of([]) == []


def test_replacing_the_edges_of_records_touches_no_others(store: Store) -> None:
    a, b, c, d = added(store, *many_refs(4))
    with store.write() as unit:
        unit.edges.replace_of([a, b, c, d], [EdgeRow(a, b, 1, 1), EdgeRow(b, c, 2, 1), EdgeRow(c, d, 3, 1)])
        unit.commit()
    with store.write() as unit:
        unit.edges.replace_of([b], [EdgeRow(b, c, 2.5, 2), EdgeRow(b, d, 4, 2)])
        unit.commit()
    with store.read() as snapshot:
        assert set(snapshot.edges.of([a, b, c, d])) == {
            EdgeRow(b, c, 2.5, 2),
            EdgeRow(b, d, 4, 2),
            EdgeRow(c, d, 3, 1),
        }


def test_a_pair_has_one_edge(store: Store) -> None:
    a, b = added(store, POLICE, HEALTH)
    for weight in (1.0, 2.0):
        with store.write() as unit:
            unit.edges.replace_of([a], iter([EdgeRow(a, b, weight, 1)]))
            unit.commit()
    with store.read() as snapshot:
        assert snapshot.edges.of([a, b]) == [EdgeRow(a, b, 2.0, 1)]


def test_replacing_edges_by_none_removes_them(store: Store) -> None:
    a, b = added(store, POLICE, HEALTH)
    for edges in ([EdgeRow(a, b, 1.0, 1)], []):
        with store.write() as unit:
            unit.edges.replace_of(iter([b]), edges)
            unit.commit()
    with store.read() as snapshot:
        assert snapshot.edges.of([a, b]) == []


def test_all_edges_of_a_type_are_replaced_and_no_others(store: Store) -> None:
    a, b, c = added(store, *many_refs(3))
    x, y = added(store, *many_refs(2, "licences"), entity_type="licence")
    with store.write() as unit:
        unit.edges.replace_of([a, x], [EdgeRow(a, b, 1, 1), EdgeRow(x, y, 1, 1)])
        unit.commit()
    with store.write() as unit:
        unit.edges.replace_all("person", iter([EdgeRow(b, c, 5, 2)]))
        unit.commit()
    with store.read() as snapshot:
        assert set(snapshot.edges.of([a, b, c, x, y])) == {EdgeRow(b, c, 5, 2), EdgeRow(x, y, 1, 1)}


def test_edges_of_thousands_of_records(store: Store) -> None:
    records = added(store, *many_refs(4_000))
    edges = {EdgeRow(first, second, 1.5, 1) for first, second in pairwise(records)}
    with store.write() as unit:
        unit.edges.replace_of(records, edges)
        unit.commit()
    with store.read() as snapshot:
        assert set(snapshot.edges.of(iter(records))) == edges


# -- models


def test_models_are_numbered_by_type_and_kept(store: Store) -> None:
    with store.write() as unit:
        first = unit.models.add("person", "digest 1", b"\0body", "note 一", NOON)
        second = unit.models.add("person", "digest 2", b"", "", NOON)
        other = unit.models.add("licence", "digest 1", b"x", "", NOON)
        unit.commit()
    assert [(model.entity_type, model.version) for model in (first, second, other)] == [
        ("person", 1),
        ("person", 2),
        ("licence", 1),
    ]
    with store.read() as snapshot:
        assert snapshot.models.list("person") == [first, second]
        assert snapshot.models.list("licence") == [other]
        assert snapshot.models.list("unknown") == []
        assert snapshot.models.get(second.model) == second
        assert snapshot.models.get(404) is None


def test_one_model_of_a_type_is_published(store: Store) -> None:
    with store.write() as unit:
        first = unit.models.add("person", "1", b"", "", NOON)
        second = unit.models.add("person", "2", b"", "", NOON)
        assert unit.models.published("person") is None
        unit.commit()
    for model in (first, second, first):
        with store.write() as unit:
            unit.models.publish("person", model.model)
            unit.commit()
        with store.read() as snapshot:
            assert snapshot.models.published("person") == model
            assert snapshot.models.published("licence") is None


def test_only_a_model_of_the_type_can_be_published(store: Store) -> None:
    with store.write() as unit:
        model = unit.models.add("person", "1", b"", "", NOON)
        with pytest.raises(StoreConflict):
            unit.models.publish("licence", model.model)
        with pytest.raises(StoreConflict):
            unit.models.publish("person", 404)
