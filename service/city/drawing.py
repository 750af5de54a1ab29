"""Drawing from weighted tables, the same in every process for the same seed.

Every part of the city draws from a stream of its own, so that a change in one part does not shift the others.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

__all__ = ["Weighted", "day_between", "digits", "pick", "stream"]

T = TypeVar("T")


def stream(seed: int, part: str) -> Random:
    """The random numbers of one part of one city. Seeding by text does not depend on PYTHONHASHSEED."""
    return Random(f"yishu city {seed} {part}")


class Weighted(Generic[T]):
    """Items that are drawn in proportion to their weights, in O(log n)."""

    __slots__ = ("_cumulative", "_items", "_total")

    def __init__(self, items: Iterable[tuple[T, float]]) -> None:
        pairs = list(items)
        self._items = [item for item, _ in pairs]
        self._cumulative = list(accumulate(weight for _, weight in pairs))
        self._total = self._cumulative[-1]

    def draw(self, rng: Random) -> T:
        """One item."""
        return self._items[bisect(self._cumulative, rng.random() * self._total)]


def pick(rng: Random, items: Sequence[T]) -> T:
    """One item, all equally likely. Several times faster than Random.choice."""
    return items[int(rng.random() * len(items))]


def digits(rng: Random, count: int) -> str:
    """So many decimal digits."""
    return f"{int(rng.random() * 10**count):0{count}d}"


def day_between(rng: Random, first: date, last: date) -> date:
    """A day from first to last, both included; `first` where last is earlier."""
    return first + timedelta(days=int(rng.random() * max(1, (last - first).days + 1)))
