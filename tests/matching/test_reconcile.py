"""Linking a whole population at once: the same edges as comparing one by one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import reconcile
from matching.blocking import block_keys
from matching.errors import ModelMismatch
from matching.reconcile import link_all
from matching.records import FeatureRow
from matching.schema import EntityType
from tests.pupils import pupil, pupil_features, pupil_model, pupil_scorer

PHONES = st.lists(st.sampled_from("pqrs"), min_size=1, max_size=3)
ROWS = st.lists(
    st.builds(
        lambda values: pupil_features(**values),
        st.fixed_dictionaries(
            {},
            optional={
                "name": st.sampled_from(["An", "Bo", "Cy"]),
                "code": st.sampled_from(["11", "22", "7"]),
                "phone": PHONES,
                "town": st.sampled_from("xy"),
            },
        ),
    ),
    max_size=25,
)
Edges = list[tuple[int, int, float]]


def found(rows: Sequence[FeatureRow], floor: float) -> Edges:
    return list(link_all(pupil(), pupil_model(), rows, floor))


def brute_force(rows: Sequence[FeatureRow], floor: float) -> Edges:
    """Blocks counted by hand, pairs weighed by the scorer."""
    blocks: dict[tuple[int, str], list[int]] = {}
    for number, row in enumerate(rows):
        for key in block_keys(pupil(), row):
            blocks.setdefault(key, []).append(number)
    compared = {
        pair
        for (rule, _), members in blocks.items()
        if len(members) <= pupil().rules[rule].cap
        for pair in combinations(members, 2)
    }
    pairs = sorted(compared)
    weights = pupil_scorer().weigh(rows, pairs)
    return [(a, b, weight) for (a, b), weight in zip(pairs, weights, strict=True) if weight >= floor]


@settings(max_examples=settings().max_examples // 6)
@given(rows=ROWS, floor=st.sampled_from([-30.0, -1.0, 0.0, 2.0]))
def test_edges_are_those_of_weighing_every_pair_that_shares_a_block(rows: list[FeatureRow], floor: float) -> None:
    assert found(rows, floor) == brute_force(rows, floor)


def population(count: int) -> list[FeatureRow]:
    random_ = random.Random(5)
    return [
        pupil_features(
            name=f"N{random_.randrange(count // 3)}",
            town=random_.choice("xyz"),
            phone=random_.choices([f"p{n}" for n in range(count // 4)], k=2),
            code=f"{random_.randrange(100):02}",
        )
        for _ in range(count)
    ]


def test_a_larger_population_than_one_portion_gives_the_same_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = population(700)
    expected = brute_force(rows, -5.0)
    assert len(expected) > 100
    assert found(rows, -5.0) == expected
    monkeypatch.setattr(reconcile, "CHUNK", 64)
    assert found(rows, -5.0) == expected


def test_the_order_of_rows_plays_no_part() -> None:
    rows = population(200)
    order = random.Random(1).sample(range(len(rows)), len(rows))
    straight = {frozenset((a, b)): weight for a, b, weight in found(rows, -5.0)}
    shuffled = found([rows[number] for number in order], -5.0)
    assert {frozenset((order[a], order[b])): weight for a, b, weight in shuffled} == straight


def test_a_weight_that_just_reaches_the_floor_makes_an_edge() -> None:
    rows = population(60)
    weights = sorted({weight for _, _, weight in found(rows, -30.0)})
    floor = weights[len(weights) // 2]
    assert found(rows, floor) == [edge for edge in found(rows, -30.0) if edge[2] >= floor]
    assert floor in {weight for _, _, weight in found(rows, floor)}


@pytest.mark.parametrize(("members", "pairs"), [(3, 3), (4, 0)])
def test_a_block_with_more_members_than_its_cap_makes_no_pairs(members: int, pairs: int) -> None:
    assert pupil().rules[2].features == ("phones",)
    assert pupil().rules[2].cap == 3
    assert len(found([pupil_features(phone="p")] * members, -30.0)) == pairs


def test_a_record_in_a_common_block_is_still_compared_in_its_others() -> None:
    rows = [pupil_features(phone="p")] * 4 + [pupil_features(phone=["p", "q"])] * 2
    assert [(a, b) for a, b, _ in found(rows, -30.0)] == [(4, 5)]


@pytest.mark.parametrize("rows", [[], [pupil_features(name="An", town="x")]], ids=["nobody", "one"])
def test_nobody_to_compare_with_is_no_edge(rows: list[FeatureRow]) -> None:
    assert found(rows, -30.0) == []


def test_records_that_say_nothing_are_compared_with_nobody() -> None:
    assert found([pupil_features()] * 5, -30.0) == []


def test_a_model_of_another_configuration_is_refused() -> None:
    other = EntityType.model_validate({**pupil().model_dump(by_alias=True), "name": "teacher"})
    with pytest.raises(ModelMismatch, match="train again"):
        list(link_all(other, pupil_model(), [], 0))
