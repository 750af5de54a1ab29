"""How good a partition is, against a truth: pairwise, B-cubed and whole clusters.

Always true: measures are between 0 and 1; what has nothing to be wrong about is 1 (no pairs claimed: precision 1).

Pairwise measures count pairs of records in one cluster (Christen, Data Matching, 2012, ch. 7); B-cubed averages over
records (Bagga and Baldwin, 1998); `exact_clusters` is the share of true clusters that came out whole and alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = ["Measures", "measure"]

_Record = TypeVar("_Record", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Measures:
    """What `measure` found."""

    precision: float
    recall: float
    f1: float
    bcubed_precision: float
    bcubed_recall: float
    exact_clusters: float
    true_pairs: int
    claimed_pairs: int
    right_pairs: int


def measure(found: Mapping[_Record, Hashable], truth: Mapping[_Record, Hashable]) -> Measures:
    """Compares partitions given as record to cluster. Records that only one of them has are left out."""
    records = found.keys() & truth.keys()
    both = Counter((found[record], truth[record]) for record in records)
    claimed = Counter(found[record] for record in records)
    true = Counter(truth[record] for record in records)
    right, claims, truths = _pairs(both), _pairs(claimed), _pairs(true)
    precision, recall = _share(right, claims), _share(right, truths)
    return Measures(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        bcubed_precision=_share(sum(n * n / claimed[cluster] for (cluster, _), n in both.items()), len(records)),
        bcubed_recall=_share(sum(n * n / true[thing] for (_, thing), n in both.items()), len(records)),
        exact_clusters=_share(sum(n == claimed[c] == true[t] for (c, t), n in both.items()), len(true)),
        true_pairs=truths,
        claimed_pairs=claims,
        right_pairs=right,
    )


def _pairs(sizes: Mapping[Any, int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
