"""Clusters to stable entity ids.

Always true of `assign`: the outcome is a function of its arguments; every cluster gets exactly one entity; no entity
goes to two clusters; an entity that gets no cluster either redirects to the one that holds the most of it, or, where
none of its records is left, retires.

The rule: an entity's claim goes to the cluster that holds the most of its records (ties: the cluster whose first
record is least). Of the entities that claim one cluster, the one created first keeps it, and the others redirect to
it for ever. A cluster that nobody claims is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.clustering import Cluster
from matching.records import RecordRef

__all__ = ["Assignment", "assign"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is who after re-clustering. `kept` has one entry for each cluster, in their order: an entity or None (new).

    `merged` maps an entity to its survivor, `split_from` a new cluster's number to the entity most of it came from,
    `retired` lists the entities of which nothing is left.
    """

    kept: tuple[int | None, ...]
    merged: Mapping[int, int]
    split_from: Mapping[int, int]
    retired: tuple[int, ...]


def assign(clusters: Sequence[Cluster], before: Mapping[RecordRef, int], retirable: Sequence[int] = ()) -> Assignment:
    """Gives clusters their entities.

    Args:
        clusters: the new clusters, each in order.
        before: the entity of each record that had one. Entity handles are compared by size: the least is the oldest.
        retirable: entities that were touched and may have no record left.
    """
    overlaps = _overlaps(clusters, before)
    claims: dict[int, list[int]] = {}
    for entity, counts in overlaps.items():
        number = min(counts, key=lambda n: (-counts[n], clusters[n][0]))
        claims.setdefault(number, []).append(entity)
    kept = tuple(min(claims[n]) if n in claims else None for n in range(len(clusters)))
    merged = {e: min(claimants) for claimants in claims.values() for e in sorted(claimants) if e != min(claimants)}
    split_from = {n: _origin(n, overlaps) for n, entity in enumerate(kept) if entity is None}
    return Assignment(
        kept=kept,
        merged=merged,
        split_from={n: origin for n, origin in split_from.items() if origin is not None},
        retired=tuple(sorted(set(retirable) - overlaps.keys())),
    )


def _overlaps(clusters: Sequence[Cluster], before: Mapping[RecordRef, int]) -> dict[int, dict[int, int]]:
    """Entity to {cluster number: how many of the entity's records it holds}."""
    overlaps: dict[int, dict[int, int]] = {}
    for number, members in enumerate(clusters):
        for record in members:
            entity = before.get(record)
            if entity is not None:
                counts = overlaps.setdefault(entity, {})
                counts[number] = counts.get(number, 0) + 1
    return overlaps


def _origin(number: int, overlaps: Mapping[int, Mapping[int, int]]) -> int | None:
    """The entity that gave most records to a cluster, the oldest of equals."""
    givers = [(-counts[number], entity) for entity, counts in overlaps.items() if number in counts]
    return min(givers)[1] if givers else None
