"""Clusters to entities: each cluster has one, ids are kept by a rule, and none is given twice."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from matching.clustering import Cluster
from matching.crosswalk import Assignment, assign
from matching.records import RecordRef

LETTERS = "abcdefghij"


def ref(name: str) -> RecordRef:
    return RecordRef("s", name)


def cluster_of(names: str) -> Cluster:
    return tuple(map(ref, sorted(names)))


def assigned(clusters: str, before: dict[str, int], retirable: tuple[int, ...] = ()) -> Assignment:
    """Clusters as words of letters; `before` from words of letters to their entity."""
    entities = {ref(name): entity for names, entity in before.items() for name in names}
    return assign([cluster_of(names) for names in clusters.split()], entities, retirable)


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Cluster], dict[RecordRef, int], list[int]]:
    """A partition, and the entities that some of its records had before."""
    numbers = draw(st.lists(st.integers(0, 4), min_size=1, max_size=len(LETTERS)))
    groups: dict[int, list[RecordRef]] = {}
    for name, number in zip(LETTERS, numbers, strict=False):
        groups.setdefault(number, []).append(ref(name))
    records = [record for group in groups.values() for record in group]
    entities = st.none() | st.integers(1, 5)
    before = {record: entity for record in records if (entity := draw(entities)) is not None}
    gone = draw(st.lists(st.integers(1, 7), unique=True, max_size=3))
    return sorted(tuple(group) for group in groups.values()), before, sorted({*before.values(), *gone})


SITUATIONS = situations()


@given(situation=SITUATIONS, order=st.randoms(use_true_random=False))
def test_the_order_of_clusters_and_records_plays_no_part(
    situation: tuple[list[Cluster], dict[RecordRef, int], list[int]], order: random.Random
) -> None:
    clusters, before, touched = situation
    mine = assign(clusters, before, touched)
    numbers = order.sample(range(len(clusters)), len(clusters))
    theirs = assign(
        [clusters[number] for number in numbers],
        dict(order.sample(list(before.items()), len(before))),
        order.sample(touched, len(touched)),
    )
    assert [theirs.kept[numbers.index(number)] for number in range(len(clusters))] == list(mine.kept)
    assert theirs.merged == mine.merged
    assert theirs.retired == mine.retired
    assert {numbers[number]: entity for number, entity in theirs.split_from.items()} == mine.split_from


@given(situation=SITUATIONS)
def test_no_entity_goes_to_two_clusters_and_everyone_ends_somewhere(
    situation: tuple[list[Cluster], dict[RecordRef, int], list[int]],
) -> None:
    clusters, before, touched = situation
    found = assign(clusters, before, touched)
    kept = [entity for entity in found.kept if entity is not None]
    assert len(found.kept) == len(clusters)
    assert len(set(kept)) == len(kept)
    assert sorted([*kept, *found.merged, *found.retired]) == touched
    assert set(found.merged.values()) <= set(kept)
    assert set(found.retired).isdisjoint(before.values())


@given(situation=SITUATIONS)
def test_an_entity_stays_with_or_redirects_to_the_cluster_that_holds_the_most_of_it(
    situation: tuple[list[Cluster], dict[RecordRef, int], list[int]],
) -> None:
    clusters, before, touched = situation
    found = assign(clusters, before, touched)
    for entity in set(before.values()):
        end = found.merged.get(entity, entity)
        held = Counter(n for n, members in enumerate(clusters) for record in members if before.get(record) == entity)
        assert held[found.kept.index(end)] == max(held.values())
        assert end <= entity


@given(situation=SITUATIONS)
def test_assigning_again_changes_nothing(
    situation: tuple[list[Cluster], dict[RecordRef, int], list[int]],
) -> None:
    clusters, before, touched = situation
    found = assign(clusters, before, touched)
    handles = [entity if entity is not None else 100 + number for number, entity in enumerate(found.kept)]
    after = {record: handles[number] for number, members in enumerate(clusters) for record in members}
    again = assign(clusters, after, sorted(set(after.values())))
    assert again == Assignment(tuple(handles), {}, {}, ())


def test_a_cluster_of_new_records_is_new() -> None:
    assert assigned("ab c", {}) == Assignment((None, None), {}, {}, ())


def test_of_entities_that_become_one_the_oldest_stays_however_small() -> None:
    assert assigned("abcd", {"a": 3, "bcd": 7}) == Assignment((3,), {7: 3}, {}, ())


def test_a_split_leaves_the_id_with_the_largest_part() -> None:
    assert assigned("a bc", {"abc": 3}) == Assignment((None, 3), {}, {0: 3}, ())


def test_of_equal_parts_the_one_with_the_least_record_keeps_the_id() -> None:
    assert assigned("ad bc", {"abcd": 3}) == Assignment((3, None), {}, {1: 3}, ())


def test_a_record_that_moves_takes_no_id_along() -> None:
    assert assigned("ab cde", {"abc": 3, "de": 7}) == Assignment((3, 7), {}, {}, ())


def test_an_entity_that_is_torn_apart_redirects_to_where_most_of_it_went() -> None:
    assert assigned("abef cd", {"ab": 3, "cd": 4, "ef": 7}) == Assignment((3, 4), {7: 3}, {}, ())


def test_an_entity_of_which_nothing_is_left_retires() -> None:
    assert assigned("ab", {"ab": 3}, (3, 9)) == Assignment((3,), {}, {}, (9,))


def test_nothing_left_at_all() -> None:
    assert assigned("", {}, (9, 3)) == Assignment((), {}, {}, (3, 9))
