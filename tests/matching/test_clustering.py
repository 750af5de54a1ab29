"""Clusters: a function of the evidence alone, local, and never against a decision or two identifiers."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import combinations
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.clustering import Conflict, Link, Neighbourhood, Outcome, Parting, cluster, connected
from matching.records import RecordRef

Pair = tuple[RecordRef, RecordRef]
T = TypeVar("T")


def ref(name: str) -> RecordRef:
    return RecordRef(name[0], name)


def pair(one: str, other: str) -> Pair:
    first, second = sorted((ref(one), ref(other)))
    return first, second


def clusters(outcome: Outcome) -> list[str]:
    return ["".join(member.record_id for member in found) for found in outcome.clusters]


def neighbourhood(
    records: str,
    links: dict[str, float],
    identifiers: dict[str, dict[str, str]] | None = None,
    together: str = "",
    apart: str = "",
) -> Neighbourhood:
    """`links` by two letters; `together` and `apart` as words of two letters."""
    return Neighbourhood(
        frozenset(map(ref, records)),
        [Link(*pair(*two), weight) for two, weight in links.items()],
        {ref(name): held for name, held in (identifiers or {}).items()},
        [pair(*two) for two in together.split()],
        [pair(*two) for two in apart.split()],
    )


LETTERS = "abcdefgh"
PAIRS = st.sampled_from([pair(*two) for two in combinations(LETTERS, 2)])


@st.composite
def neighbourhoods(draw: st.DrawFn, letters: str = LETTERS) -> Neighbourhood:
    records = frozenset(map(ref, draw(st.sets(st.sampled_from(letters), min_size=1))))
    inside = list(combinations(sorted(records), 2))
    some = st.lists(st.sampled_from(inside), unique=True, max_size=12) if inside else st.just([])
    weights = st.sampled_from([9.0, 10.0, 11.0, 12.5])
    identifiers = st.dictionaries(st.sampled_from(["uscc", "code"]), st.sampled_from("123"), max_size=2)
    together = draw(some)
    return Neighbourhood(
        records,
        [Link(*two, draw(weights)) for two in draw(some)],
        {record: draw(identifiers) for record in sorted(records)},
        together[:3],
        [two for two in draw(some)[:3] if two not in together[:3]],
    )


def as_told(whole: Neighbourhood, order: random.Random) -> Neighbourhood:
    """The same content in another order."""

    def shuffled(items: Iterable[T]) -> list[T]:
        found = list(items)
        order.shuffle(found)
        return found

    return Neighbourhood(
        frozenset(shuffled(whole.records)),
        shuffled(whole.links),
        dict(shuffled(whole.identifiers.items())),
        shuffled(whole.together),
        shuffled(whole.apart),
    )


@given(whole=neighbourhoods(), order=st.randoms(use_true_random=False))
def test_the_order_in_which_evidence_is_told_plays_no_part(whole: Neighbourhood, order: random.Random) -> None:
    mine, theirs = cluster(whole), cluster(as_told(whole, order))
    assert mine == theirs


@given(whole=neighbourhoods())
def test_every_record_is_in_one_cluster_and_clusters_are_in_order(whole: Neighbourhood) -> None:
    found = cluster(whole).clusters
    assert sorted(record for members in found for record in members) == sorted(whole.records)
    assert list(found) == sorted(found)
    assert all(list(members) == sorted(members) for members in found)


def part_of(whole: Neighbourhood, records: frozenset[RecordRef]) -> Neighbourhood:
    return Neighbourhood(
        records,
        [link for link in whole.links if link.first in records],
        whole.identifiers,
        [two for two in whole.together if two[0] in records],
        whole.apart,
    )


@given(whole=neighbourhoods())
def test_a_connected_part_clusters_the_same_alone_as_among_others(whole: Neighbourhood) -> None:
    pairs = [*((link.first, link.second) for link in whole.links), *whole.together]
    alone = [cluster(part_of(whole, frozenset(part))) for part in connected(whole.records, pairs)]
    together = cluster(whole)
    assert sorted(members for outcome in alone for members in outcome.clusters) == list(together.clusters)
    assert {c for outcome in alone for c in outcome.conflicts} == set(together.conflicts)


@given(whole=neighbourhoods())
def test_records_that_a_decision_parts_are_never_together(whole: Neighbourhood) -> None:
    for members in cluster(whole).clusters:
        assert not any(set(two) <= set(members) for two in whole.apart)


@given(whole=neighbourhoods())
def test_different_identifiers_are_together_only_where_decisions_say_that_they_are_one_things(
    whole: Neighbourhood,
) -> None:
    decided = cluster(Neighbourhood(whole.records, [], {}, whole.together, whole.apart)).clusters
    same = {
        (name, value): {value}
        for held in whole.identifiers.values()
        for name, value in held.items()
    }  # fmt: skip
    for _ in whole.records:
        for members in decided:
            for name in ("uscc", "code"):
                values = {whole.identifiers[record][name] for record in members if name in whole.identifiers[record]}
                union = set().union(*(same[(name, value)] for value in values))
                same.update({(name, value): union for value in union})
    for members in cluster(whole).clusters:
        for one, other in combinations(members, 2):
            for name in whole.identifiers[one].keys() & whole.identifiers[other].keys():
                assert whole.identifiers[other][name] in same[(name, whole.identifiers[one][name])]


@given(whole=neighbourhoods())
def test_every_piece_of_evidence_is_followed_or_reported_as_a_conflict(whole: Neighbourhood) -> None:
    outcome = cluster(whole)
    place = {record: number for number, members in enumerate(outcome.clusters) for record in members}
    overruled = {(c.first, c.second, c.weight) for c in outcome.conflicts}
    for link in whole.links:
        apart = place[link.first] != place[link.second]
        assert apart == ((link.first, link.second, link.weight) in overruled)
    for first, second in whole.together:
        assert (place[first] != place[second]) == ((first, second, None) in overruled)


@given(whole=neighbourhoods())
def test_without_constraints_clusters_are_the_connected_components(whole: Neighbourhood) -> None:
    free = Neighbourhood(whole.records, whole.links)
    components = connected(whole.records, [(link.first, link.second) for link in whole.links])
    assert [list(members) for members in cluster(free).clusters] == components
    assert cluster(free).conflicts == ()


def test_links_that_are_equal_follow_the_records_own_order() -> None:
    found = cluster(neighbourhood("abc", {"ab": 9, "bc": 9}, {"a": {"code": "1"}, "c": {"code": "2"}}))
    assert clusters(found) == ["ab", "c"]
    assert found.conflicts == (Conflict(ref("b"), ref("c"), 9, Parting.IDENTIFIER),)


def test_the_heavier_link_wins_a_record_that_two_identifiers_want() -> None:
    found = cluster(neighbourhood("abc", {"ab": 9, "bc": 12}, {"a": {"code": "1"}, "c": {"code": "2"}}))
    assert clusters(found) == ["a", "bc"]
    assert found.conflicts == (Conflict(ref("a"), ref("b"), 9, Parting.IDENTIFIER),)


def test_a_match_decision_wins_over_two_identifiers() -> None:
    found = cluster(neighbourhood("ab", {}, {"a": {"code": "1"}, "b": {"code": "2"}}, together="ab"))
    assert clusters(found) == ["ab"]
    assert found.conflicts == ()


def test_what_a_decision_says_of_two_identifiers_holds_for_the_others_that_have_them() -> None:
    held = {"a": {"code": "1"}, "b": {"code": "2"}, "c": {"code": "1"}, "d": {"code": "2"}}
    found = cluster(neighbourhood("abcd", {"bc": 9, "ad": 9}, held, together="ab"))
    assert clusters(found) == ["abcd"]


def test_it_says_nothing_of_a_third_identifier() -> None:
    held = {"a": {"code": "1"}, "b": {"code": "2"}, "c": {"code": "3"}}
    found = cluster(neighbourhood("abc", {"bc": 9}, held, together="ab"))
    assert clusters(found) == ["ab", "c"]


def test_an_identifier_of_another_kind_parts_nobody() -> None:
    found = cluster(neighbourhood("ab", {"ab": 9}, {"a": {"code": "1"}, "b": {"uscc": "2"}}))
    assert clusters(found) == ["ab"]


def test_a_non_match_decision_parts_what_others_connect() -> None:
    found = cluster(neighbourhood("abc", {"ab": 9, "bc": 8}, apart="ac"))
    assert clusters(found) == ["ab", "c"]
    assert found.conflicts == (Conflict(ref("b"), ref("c"), 8, Parting.DECISION),)


def test_decisions_that_contradict_one_another_are_reported() -> None:
    found = cluster(neighbourhood("abc", {}, together="ab bc", apart="ac"))
    assert clusters(found) == ["ab", "c"]
    assert found.conflicts == (Conflict(ref("b"), ref("c"), None, Parting.DECISION),)


def test_a_non_match_decision_about_a_record_that_is_elsewhere_is_ignored() -> None:
    assert clusters(cluster(neighbourhood("ab", {"ab": 9}, apart="az"))) == ["ab"]


@pytest.mark.parametrize("records", ["", "a", "abc"])
def test_records_without_evidence_are_clusters_of_their_own(records: str) -> None:
    assert clusters(cluster(neighbourhood(records, {}))) == list(records)


def test_a_hub_of_a_thousand_records_is_one_cluster_in_no_time() -> None:
    spokes = [RecordRef("s", f"{number:04}") for number in range(1_000)]
    hub = RecordRef("h", "hub")
    found = cluster(Neighbourhood(frozenset([hub, *spokes]), [Link(hub, spoke, 9.0) for spoke in spokes]))
    assert len(found.clusters) == 1
