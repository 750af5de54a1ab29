"""What an entity hangs on."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from matching.clustering import connected
from matching.explain import Pair, Tie, bridges, strength, weakest_of_strongest_tree
from matching.records import RecordRef

A, B, C, D, E = (RecordRef("s", letter) for letter in "abcde")

refs = st.sampled_from([RecordRef("s", str(number)) for number in range(7)])
ties = st.builds(Tie, refs, refs, st.one_of(st.none(), st.sampled_from([1.0, 2.0, 3.0]))).filter(
    lambda tie: tie.first != tie.second
)
graphs = st.lists(ties, max_size=14, unique_by=lambda tie: tie.pair)


def test_every_link_of_a_chain_is_a_bridge_and_none_of_a_ring() -> None:
    chain: list[Pair] = [(A, B), (B, C), (C, D)]
    assert bridges(chain) == set(chain)
    assert bridges([*chain, (A, D)]) == frozenset()


def test_the_one_link_between_two_groups_is_the_bridge() -> None:
    assert bridges([(A, B), (B, C), (A, C), (C, D), (D, E)]) == {(C, D), (D, E)}


def test_a_chain_of_ten_thousand_records_is_no_deeper_than_one_of_two() -> None:
    chain = [RecordRef("s", f"{number:05}") for number in range(10_000)]
    assert len(bridges(pairwise(chain))) == 9_999


def test_the_weakest_link_is_the_one_that_joined_the_entity_last_not_the_lightest_of_all() -> None:
    """a-c is lighter than b-c, but a, b and c are joined without it."""
    assert weakest_of_strongest_tree([Tie(A, B, 9.0), Tie(B, C, 5.0), Tie(A, C, 1.0)]) == (B, C)


def test_a_decision_is_stronger_than_any_weight() -> None:
    assert weakest_of_strongest_tree([Tie(A, B, None), Tie(B, C, 90.0)]) == (B, C)
    assert sorted([Tie(A, B, 90.0), Tie(B, C, None)], key=strength)[0].pair == (B, C)


def test_equal_weights_are_told_apart_by_their_records() -> None:
    assert weakest_of_strongest_tree([Tie(A, B, 2.0), Tie(B, C, 2.0), Tie(A, C, 2.0)]) == (A, C)


def test_nothing_tied_has_neither() -> None:
    assert weakest_of_strongest_tree([]) is None
    assert bridges([]) == frozenset()


@given(graphs)
def test_a_bridge_is_what_records_fall_apart_without(graph: list[Tie]) -> None:
    pairs = [tie.pair for tie in graph]
    nodes = {end for pair in pairs for end in pair}
    parts = len(connected(nodes, pairs))
    expected = {pair for pair in pairs if len(connected(nodes, [p for p in pairs if p != pair])) > parts}
    assert bridges(pairs) == expected


@given(graphs)
def test_what_is_as_strong_as_the_weakest_link_joins_all_and_what_is_stronger_does_not(graph: list[Tie]) -> None:
    nodes = {end for tie in graph for end in tie.pair}
    weakest = weakest_of_strongest_tree(graph)
    assert (weakest is None) == (not graph)
    if weakest is not None:
        ordered = [tie.pair for tie in sorted(graph, key=strength)]
        place = ordered.index(weakest)
        whole = len(connected(nodes, ordered))
        assert len(connected(nodes, ordered[: place + 1])) == whole
        assert len(connected(nodes, ordered[:place])) > whole


@given(graphs)
def test_neither_depends_on_the_order_of_links_or_of_their_ends(graph: list[Tie]) -> None:
    turned = [Tie(tie.second, tie.first, tie.weight) for tie in reversed(graph)]
    assert weakest_of_strongest_tree(turned) == weakest_of_strongest_tree(graph)
    assert bridges((tie.first, tie.second) for tie in turned) == bridges(tie.pair for tie in graph)
