"""Features to block keys, and which pairs of records a set of keys makes.

Always true: two records are compared if and only if they share a block key whose block is not too common, that is,
has at most its rule's `cap` members. The online index and the batch join both follow from `block_keys`; the order in
which records came plays no part.
"""

from __future__ import annotations

from itertools import product

from matching.records import FeatureRow
from matching.schema import BlockingRule, EntityType

__all__ = ["SEPARATOR", "BlockKey", "block_keys", "rule_keys"]

BlockKey = tuple[int, str]
"""The number of a blocking rule, and its features' values joined by `SEPARATOR`."""

SEPARATOR = "\x1f"
"""Joins the features of a key; standardising removes it from every value."""


def block_keys(entity_type: EntityType, features: FeatureRow) -> set[BlockKey]:
    """Every key of a record; a rule gives none where one of its features is missing."""
    return {(number, key) for number, rule in enumerate(entity_type.rules) for key in rule_keys(rule, features)}


def rule_keys(rule: BlockingRule, features: FeatureRow) -> set[str]:
    """The keys one rule gives a record: one, or for list features one for each combination of elements."""
    choices: list[tuple[str, ...]] = []
    for name in rule.features:
        value = features[name]
        if not value:
            return set()
        choices.append((value,) if isinstance(value, str) else value)
    if all(len(choice) == 1 for choice in choices):
        return {SEPARATOR.join(choice[0] for choice in choices)}
    return {SEPARATOR.join(combination) for combination in product(*choices)}
