"""The connected neighbourhood of records, from the store: everything that clustering them can depend on.

Always true of what `gather` returns: it holds every record that links or MATCH decisions connect with the records
asked for, however far, and every record of the entities they belong to; so clustering it gives what clustering
everything would give for these records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matching.clustering import Link, Neighbourhood
from matching.records import RecordRef
from service.application.types_in_force import TypeInForce
from service.storage.base import CurrentRecord, Decision, EdgeRow, Snapshot, Verdict

__all__ = ["Gathered", "gather", "neighbourhood_of"]

Pair = tuple[RecordRef, RecordRef]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Records with all their edges and the decisions about them; edges and decisions may lead outside."""

    rows: dict[int, CurrentRecord]
    edges: list[EdgeRow]
    decisions: list[Decision]
    before: dict[int, int]
    """The entity of each record that had one, the withdrawn among those asked for included."""

    def neighbourhood(self, kind: TypeInForce) -> Neighbourhood:
        """As clustering takes it."""
        return neighbourhood_of(kind, list(self.rows.values()), self.edges, self.decisions)


def gather(snapshot: Snapshot, kind: TypeInForce, seeds: set[int]) -> Gathered:
    """The connected neighbourhood of `seeds`; see the module's promise."""
    rows: dict[int, CurrentRecord] = {}
    edges: dict[tuple[int, int], EdgeRow] = {}
    decisions: dict[int, Decision] = {}
    before: dict[int, int] = {}
    frontier, seen = seeds, set(seeds)
    while frontier:
        found = snapshot.records.current(frontier)
        rows.update(found)
        before.update(snapshot.membership.of(frontier))
        reached = _across_edges(snapshot, kind, found, edges)
        reached |= _across_decisions(snapshot, kind, found, decisions)
        entities = snapshot.membership.members({before[record] for record in frontier if record in before})
        reached.update(member for members in entities.values() for member in members)
        frontier = reached - seen
        seen |= frontier
    return Gathered(rows, list(edges.values()), list(decisions.values()), before)


def _across_edges(
    snapshot: Snapshot, kind: TypeInForce, found: Iterable[int], edges: dict[tuple[int, int], EdgeRow]
) -> set[int]:
    """The ends of the links of these records; all their edges go to `edges`."""
    reached = set()
    for edge in snapshot.edges.of(found):
        edges[(edge.first, edge.second)] = edge
        if edge.weight >= kind.link_weight:
            reached |= {edge.first, edge.second}
    return reached


def _across_decisions(
    snapshot: Snapshot, kind: TypeInForce, found: dict[int, CurrentRecord], decisions: dict[int, Decision]
) -> set[int]:
    """The current records that MATCH decisions tie to these; all decisions about them go to `decisions`."""
    new = snapshot.decisions.of(kind.name, (row.ref for row in found.values()))
    decisions.update((decision.decision, decision) for decision in new)
    ends = {end for d in new if d.verdict is Verdict.MATCH for end in (d.first, d.second)}
    handles = snapshot.records.handles(ends) if ends else {}
    return {known[0] for known in handles.values() if not known[3]}


def neighbourhood_of(
    kind: TypeInForce, rows: Sequence[CurrentRecord], edges: Iterable[EdgeRow], decisions: Iterable[Decision]
) -> Neighbourhood:
    """Rows, edges and decisions as clustering takes them: links only, and of each pair's decisions the last."""
    refs = {row.record: row.ref for row in rows}
    present = frozenset(refs.values())
    links = [
        Link(refs[edge.first], refs[edge.second], edge.weight)
        for edge in edges
        if edge.weight >= kind.link_weight and edge.first in refs and edge.second in refs
    ]
    verdicts: dict[Pair, Verdict] = {}
    for decision in sorted(decisions, key=lambda d: d.decision):
        verdicts[(decision.first, decision.second)] = decision.verdict
    inside = {pair: v for pair, v in verdicts.items() if pair[0] in present and pair[1] in present}
    return Neighbourhood(
        records=present,
        links=links,
        identifiers={row.ref: _identifiers(kind, row) for row in rows},
        together=[pair for pair, verdict in inside.items() if verdict is Verdict.MATCH],
        apart=[pair for pair, verdict in inside.items() if verdict is Verdict.NON_MATCH],
    )


def _identifiers(kind: TypeInForce, row: CurrentRecord) -> dict[str, str]:
    held = {}
    for feature in kind.entity_type.identifiers:
        value = row.features[feature]
        if isinstance(value, str) and value:
            held[feature] = value
    return held
