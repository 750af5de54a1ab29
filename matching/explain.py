"""Why an entity is one entity: which links hold it together, and which of them it hangs on. Pure.

Always true: the outcome is a function of the links; their order plays no part, nor which end a link names first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from matching.records import RecordRef

__all__ = ["Pair", "Tie", "bridges", "strength", "weakest_of_strongest_tree"]

Pair = tuple[RecordRef, RecordRef]


@dataclass(frozen=True, slots=True)
class Tie:
    """Two records that a link ties, and its match weight (log2); None where a steward's decision does."""

    first: RecordRef
    second: RecordRef
    weight: float | None

    @property
    def pair(self) -> Pair:
        """Its two ends, the lesser first."""
        return (self.first, self.second) if self.first < self.second else (self.second, self.first)


def strength(tie: Tie) -> tuple[float, Pair]:
    """Sorts ties from the strongest down, as clustering follows them: decisions, then the heaviest, then by records."""
    return (-math.inf if tie.weight is None else -tie.weight, tie.pair)


def weakest_of_strongest_tree(ties: Iterable[Tie]) -> Pair | None:
    """The weakest link of the maximum spanning tree of the records tied; None where nothing is tied.

    It is what clustering joined last (Kruskal 1956): below its weight the entity would be two.
    """
    tree_of: dict[RecordRef, list[RecordRef]] = {}
    last = None
    for tie in sorted(ties, key=strength):
        first, second = (tree_of.setdefault(end, [end]) for end in tie.pair)
        if first is second:
            continue
        first, second = (first, second) if len(first) >= len(second) else (second, first)
        first += second
        tree_of.update(dict.fromkeys(second, first))
        last = tie.pair
    return last


def bridges(pairs: Iterable[Pair]) -> frozenset[Pair]:
    """The pairs, lesser record first, without which the records they connect would fall apart (Tarjan 1974).

    A pair that is given twice counts once.
    """
    neighbours: dict[RecordRef, set[RecordRef]] = {}
    for first, second in pairs:
        if first != second:
            neighbours.setdefault(first, set()).add(second)
            neighbours.setdefault(second, set()).add(first)
    found: set[Pair] = set()
    numbers: dict[RecordRef, int] = {}
    for record in neighbours:
        if record not in numbers:
            found.update(_bridges_below(record, neighbours, numbers))
    return frozenset(found)


def _bridges_below(
    root: RecordRef, neighbours: Mapping[RecordRef, Iterable[RecordRef]], numbers: dict[RecordRef, int]
) -> Iterator[Pair]:
    """One depth-first search: a tree edge is a bridge where nothing below it reaches above it.

    Numbers the records it visits in the order it does. It keeps its own stack: entities can be long chains.
    """
    numbers[root] = len(numbers)
    reach = dict(numbers)
    path: list[tuple[RecordRef, RecordRef | None, Iterator[RecordRef]]] = [(root, None, iter(neighbours[root]))]
    while path:
        record, parent, rest = path[-1]
        other = next(rest, None)
        if other is None:
            path.pop()
            if parent is not None:
                reach[parent] = min(reach[parent], reach[record])
                if reach[record] > numbers[parent]:
                    yield (parent, record) if parent < record else (record, parent)
        elif other not in numbers:
            numbers[other] = reach[other] = len(numbers)
            path.append((other, record, iter(neighbours[other])))
        elif other != parent:
            reach[record] = min(reach[record], numbers[other])
