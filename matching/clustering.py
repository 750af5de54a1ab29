"""Edges, decisions and identifiers to clusters: deterministic, constrained.

Always true of `cluster`:
- the outcome is a function of the neighbourhood's content: the order of nodes, edges and decisions plays no part;
- it is local: a connected part (by links and MATCH decisions) comes out the same whatever else is in the neighbourhood;
- records that a NON_MATCH decision parts are never in one cluster;
- records with different values of one strong identifier are in one cluster only where MATCH decisions say that those
  values are one thing's.

The method is agglomeration in the order of evidence: MATCH decisions first, then links from the heaviest down, ties
by the records' own order; a link joins two clusters unless a constraint forbids it (Kruskal's order with constraints,
as in constrained agglomerative clustering, Davidson & Ravi 2005). A forbidden link is returned as a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from matching.records import RecordRef

__all__ = ["Cluster", "Conflict", "Link", "Neighbourhood", "Outcome", "Parting", "cluster", "connected"]

Pair = tuple[RecordRef, RecordRef]
Cluster = tuple[RecordRef, ...]
"""Its records, in order."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two records whose match weight (log2) is at or above the match threshold; first < second."""

    first: RecordRef
    second: RecordRef
    weight: float


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What clustering looks at: records, the links between them, their strong identifiers and decisions.

    `identifiers` holds for a record each of its strong identifiers that is valid: feature to value. Links and
    decisions with an end outside `records` are not allowed, but for NON_MATCH decisions, which are ignored there.
    """

    records: frozenset[RecordRef]
    links: Sequence[Link]
    identifiers: Mapping[RecordRef, Mapping[str, str]] = field(default_factory=dict)
    together: Sequence[Pair] = ()
    """MATCH decisions."""
    apart: Sequence[Pair] = ()
    """NON_MATCH decisions."""


class Parting(StrEnum):
    """Why a link or a MATCH decision was not followed."""

    DECISION = "DECISION"
    IDENTIFIER = "IDENTIFIER"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Evidence for one cluster that a constraint overruled; `weight` is None where the evidence was a decision."""

    first: RecordRef
    second: RecordRef
    weight: float | None
    parted_by: Parting


@dataclass(frozen=True, slots=True)
class Outcome:
    """Every record in exactly one cluster, clusters ordered by their first record; and what was overruled."""

    clusters: tuple[Cluster, ...]
    conflicts: tuple[Conflict, ...]


def cluster(neighbourhood: Neighbourhood) -> Outcome:
    """Clusters a neighbourhood, one connected part at a time; see the module's promises."""
    parts = _connected_parts(neighbourhood)
    outcomes = [_Agglomeration(part).run() for part in parts]
    return Outcome(
        tuple(sorted(found for outcome in outcomes for found in outcome.clusters)),
        tuple(conflict for outcome in outcomes for conflict in outcome.conflicts),
    )


def connected(records: Iterable[RecordRef], pairs: Iterable[Pair]) -> list[list[RecordRef]]:
    """The connected components of a graph, each in order, ordered by their first record."""
    forest = _Forest(records)
    for first, second in pairs:
        forest.join(first, second)
    components: dict[RecordRef, list[RecordRef]] = {}
    for record in forest.parents:
        components.setdefault(forest.root(record), []).append(record)
    return sorted(sorted(component) for component in components.values())


class _Forest:
    """Disjoint sets of records (Tarjan); the root says nothing about the order of joining that callers may use."""

    def __init__(self, records: Iterable[RecordRef]) -> None:
        self.parents = {record: record for record in records}
        self._sizes = dict.fromkeys(self.parents, 1)

    def root(self, record: RecordRef) -> RecordRef:
        parents = self.parents
        while parents[record] is not record:
            parents[record] = parents[parents[record]]
            record = parents[record]
        return record

    def join(self, first: RecordRef, second: RecordRef) -> tuple[RecordRef, RecordRef]:
        """Joins their sets; gives the root kept and the root absorbed (the same where they were one)."""
        kept, absorbed = self.root(first), self.root(second)
        if kept is absorbed:
            return kept, absorbed
        if self._sizes[kept] < self._sizes[absorbed]:
            kept, absorbed = absorbed, kept
        self.parents[absorbed] = kept
        self._sizes[kept] += self._sizes[absorbed]
        return kept, absorbed


class _Agglomeration:
    """Clusters one connected part."""

    def __init__(self, part: Neighbourhood) -> None:
        self._part = part
        self._forest = _Forest(part.records)
        self._values: dict[RecordRef, dict[str, str]] = {}
        self._foes: dict[RecordRef, set[RecordRef]] = {}
        for first, second in part.apart:
            self._foes.setdefault(first, set()).add(second)
            self._foes.setdefault(second, set()).add(first)

    def run(self) -> Outcome:
        if len(self._part.records) == 1:
            return Outcome((tuple(self._part.records),), ())
        conflicts = self._follow_decisions()
        self._values = self._values_of_sets()
        conflicts += self._follow_links()
        return Outcome(self._clusters(), tuple(conflicts))

    def _follow_decisions(self) -> list[Conflict]:
        """Joins what stewards joined, whatever the identifiers; two decisions that contradict are a conflict."""
        conflicts = []
        for first, second in sorted(self._part.together):
            left, right = self._forest.root(first), self._forest.root(second)
            if self._are_foes(left, right):
                conflicts.append(Conflict(first, second, None, Parting.DECISION))
            else:
                self._unite(left, right)
        return conflicts

    def _follow_links(self) -> list[Conflict]:
        conflicts = []
        for link in sorted(self._part.links, key=lambda link: (-link.weight, link.first, link.second)):
            left, right = self._forest.root(link.first), self._forest.root(link.second)
            parted_by = self._parted(left, right)
            if parted_by:
                conflicts.append(Conflict(link.first, link.second, link.weight, parted_by))
            else:
                self._unite(left, right)
        return conflicts

    def _values_of_sets(self) -> dict[RecordRef, dict[str, str]]:
        """Root to its identifiers, values that decisions made one thing's replaced by the least of them."""
        held: dict[RecordRef, dict[str, set[str]]] = {}
        for record in self._part.records:
            values = held.setdefault(self._forest.root(record), {})
            for name, value in self._part.identifiers.get(record, {}).items():
                values.setdefault(name, set()).add(value)
        alias = _aliases(held.values())
        return {
            root: {name: alias[(name, min(values))] for name, values in found.items()} for root, found in held.items()
        }

    def _parted(self, left: RecordRef, right: RecordRef) -> Parting | None:
        if left is right:
            return None
        if self._are_foes(left, right):
            return Parting.DECISION
        theirs = self._values[right]
        if any(theirs.get(name, value) != value for name, value in self._values[left].items()):
            return Parting.IDENTIFIER
        return None

    def _are_foes(self, left: RecordRef, right: RecordRef) -> bool:
        return any(self._forest.root(foe) is right for foe in self._foes.get(left, ()))

    def _unite(self, left: RecordRef, right: RecordRef) -> None:
        kept, absorbed = self._forest.join(left, right)
        if kept is absorbed:
            return
        if self._values:
            self._values[kept].update(self._values.pop(absorbed))
        if absorbed in self._foes:
            self._foes.setdefault(kept, set()).update(self._foes.pop(absorbed))

    def _clusters(self) -> tuple[Cluster, ...]:
        members: dict[RecordRef, list[RecordRef]] = {}
        for record in sorted(self._part.records):
            members.setdefault(self._forest.root(record), []).append(record)
        return tuple(sorted(tuple(found) for found in members.values()))


def _connected_parts(whole: Neighbourhood) -> list[Neighbourhood]:
    """The neighbourhood's connected parts by links and MATCH decisions."""
    pairs: list[Pair] = [(link.first, link.second) for link in whole.links]
    components = connected(whole.records, [*pairs, *whole.together])
    if len(components) == 1:
        inside = [pair for pair in whole.apart if pair[0] in whole.records and pair[1] in whole.records]
        return [Neighbourhood(whole.records, whole.links, whole.identifiers, whole.together, inside)]
    number = {record: n for n, component in enumerate(components) for record in component}
    links: list[list[Link]] = [[] for _ in components]
    together: list[list[Pair]] = [[] for _ in components]
    apart: list[list[Pair]] = [[] for _ in components]
    for link in whole.links:
        links[number[link.first]].append(link)
    for pair in whole.together:
        together[number[pair[0]]].append(pair)
    for first, second in whole.apart:
        if first in number and number[first] == number.get(second):
            apart[number[first]].append((first, second))
    return [
        Neighbourhood(frozenset(component), links[n], whole.identifiers, together[n], apart[n])
        for n, component in enumerate(components)
    ]


def _aliases(held: Iterable[Mapping[str, set[str]]]) -> dict[tuple[str, str], str]:
    """(identifier, value) to the least of the values that are held together with it, directly or through others."""
    groups: dict[tuple[str, str], set[str]] = {}
    for found in held:
        for name, values in found.items():
            group = set(values).union(*(groups.get((name, value), ()) for value in values))
            for value in group:
                groups[(name, value)] = group
    return {(name, value): min(group) for (name, value), group in groups.items()}
