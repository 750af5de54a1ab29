"""Which records are compared: those that share a key."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from matching.blocking import SEPARATOR, block_keys, rule_keys
from matching.schema import BlockingRule
from tests.pupils import pupil, pupil_features

WORD = st.sampled_from(["a", "b", "c"])
LISTS = st.none() | st.lists(WORD, min_size=1, max_size=3, unique=True).map(lambda words: tuple(sorted(words)))
ROWS = st.fixed_dictionaries({"one": st.none() | WORD, "two": st.none() | WORD, "many": LISTS, "more": LISTS})
RULES = st.lists(st.sampled_from(["one", "two", "many", "more"]), min_size=1, max_size=4, unique=True).map(
    lambda names: BlockingRule(features=tuple(names))
)


def agree(rule: BlockingRule, left: dict[str, object], right: dict[str, object]) -> bool:
    """The rule as a person would say it: equal features, of a list at least one element in common."""
    for name in rule.features:
        one, other = left[name], right[name]
        mine = {one} if isinstance(one, str) else set(one or ())  # type: ignore[call-overload]
        theirs = {other} if isinstance(other, str) else set(other or ())  # type: ignore[call-overload]
        if not mine & theirs:
            return False
    return True


@given(rule=RULES, left=ROWS, right=ROWS)
def test_two_records_share_a_key_exactly_where_the_rules_features_agree(
    rule: BlockingRule, left: dict[str, object], right: dict[str, object]
) -> None:
    shared = rule_keys(rule, left) & rule_keys(rule, right)  # type: ignore[arg-type]
    assert bool(shared) == agree(rule, left, right)


def test_a_rule_gives_no_key_where_a_feature_is_missing() -> None:
    rule = BlockingRule(features=("name", "town"))
    assert rule_keys(rule, pupil_features(name="An")) == set()


def test_lists_give_a_key_for_each_combination() -> None:
    rule = BlockingRule(features=("many", "one", "more"))
    keys = rule_keys(rule, {"many": ("a", "b"), "one": "x", "more": ("c", "d")})
    assert keys == {SEPARATOR.join(words) for words in product("ab", "x", "cd")}


def test_joined_values_cannot_be_taken_for_others() -> None:
    rule = BlockingRule(features=("one", "two"))
    assert rule_keys(rule, {"one": "a", "two": "bc"}) != rule_keys(rule, {"one": "ab", "two": "c"})


def test_each_rule_has_keys_of_its_own() -> None:
    keys = block_keys(pupil(), pupil_features(name="An", town="x", code="11", phone=["p", "q"]))
    assert keys == {
        (0, "11"),
        (1, SEPARATOR.join(("an", "x"))),
        (2, "p"),
        (2, "q"),
        (3, SEPARATOR.join(("p", "an"))),
        (3, SEPARATOR.join(("q", "an"))),
    }
