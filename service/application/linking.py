"""Changed records to changed edges, through the store's block keys.

Always true when `link` returns: for every pair of current records, an edge is stored if and only if blocking compares
the two, or a decision in force is about them, and their weight reaches the type's keep weight (a decided pair's edge
is kept at any weight). That is what linking everything from scratch stores; see `matching.blocking` for what is
compared. A block whose size crosses its cap changes the pairs of all its members, so they are paired anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from matching.blocking import BlockKey, block_keys
from service.application.types_in_force import TypeInForce
from service.storage.base import CurrentRecord, EdgeRow, UnitOfWork

__all__ = ["link", "relink_pairs"]

Pair = tuple[int, int]
"""Two records by handle, the lesser first unless said otherwise."""


def link(work: UnitOfWork, kind: TypeInForce, changed: Mapping[int, CurrentRecord | None]) -> set[int]:
    """Brings block keys and edges up to date after records changed (None: were withdrawn).

    Returns the records whose connected neighbourhood may have changed: the changed ones, those that were or are
    linked with them, and the members of blocks that became, or ceased to be, too common.
    """
    if not changed:
        return set()
    current = {record: row for record, row in changed.items() if row is not None}
    work.records.put_current(current.values())
    pairing = _Pairing(work, kind, current)
    repaired = set(changed) | _replace_keys(pairing, changed)
    before = work.edges.of(repaired)
    work.edges.replace_of(repaired, pairing.edges(repaired))
    linked = {end for edge in before for end in (edge.first, edge.second)}
    return repaired | linked


def relink_pairs(work: UnitOfWork, kind: TypeInForce, records: Iterable[int]) -> set[int]:
    """Brings the edges of records up to date after decisions about them changed; returns as `link`."""
    wanted = set(records)
    before = work.edges.of(wanted)
    work.edges.replace_of(wanted, _Pairing(work, kind, {}).edges(wanted))
    return wanted | {end for edge in before for end in (edge.first, edge.second)}


def _replace_keys(pairing: _Pairing, changed: Mapping[int, CurrentRecord | None]) -> set[int]:
    """Stores the changed records' keys; gives the members of blocks whose size crossed the cap by that."""
    work, kind = pairing.work, pairing.kind
    old = work.block_keys.of(kind.name, changed)
    new = {record: block_keys(kind.entity_type, row.features) if row else set() for record, row in changed.items()}
    work.block_keys.replace(kind.name, {record: keys for record, keys in new.items() if keys != old[record]})
    pairing.keys.update(new)
    growth: dict[BlockKey, list[int]] = {}
    for record in changed:
        for key in new[record] - old[record]:
            growth.setdefault(key, [0, 0])[0] += 1
        for key in old[record] - new[record]:
            growth.setdefault(key, [0, 0])[1] += 1
    most_added = max((added for added, _ in growth.values()), default=0)
    pairing.look_up(growth, most_added)
    crossed: set[int] = set()
    for key, (added, gone) in growth.items():
        members, cap = pairing.members[key], kind.entity_type.rules[key[0]].cap
        before = len(members) - added + gone
        if (before > cap) != (len(members) > cap):
            crossed.update(members)
    return crossed


@dataclass(slots=True)
class _Pairing:
    """Which records are compared with which, and what the pairs weigh."""

    work: UnitOfWork
    kind: TypeInForce
    rows: dict[int, CurrentRecord]
    keys: dict[int, set[BlockKey]] = field(default_factory=dict)
    members: dict[BlockKey, list[int]] = field(default_factory=dict)
    """Blocks that were looked up: at least one member more than the cap where there are more."""

    def look_up(self, keys: Iterable[BlockKey], beyond: int = 0) -> None:
        """Reads the blocks not read yet; `beyond` members more than are needed to see that they are too common."""
        by_rule: dict[int, list[BlockKey]] = {}
        for key in keys:
            if key not in self.members:
                by_rule.setdefault(key[0], []).append(key)
        for rule, wanted in by_rule.items():
            limit = self.kind.entity_type.rules[rule].cap + beyond + 1
            self.members.update(self.work.block_keys.members_of(self.kind.name, wanted, limit))

    def edges(self, records: set[int]) -> list[EdgeRow]:
        """Every edge that these records should have."""
        pairs = self._compared(records)
        self._load({record for pair in pairs for record in pair} | records)
        decided = self._decided(records)
        wanted = sorted(self._ordered(pair) for pair in pairs | decided)
        return self._weighed(wanted, decided)

    def _compared(self, records: set[int]) -> set[Pair]:
        missing = records - self.keys.keys()
        if missing:
            self.keys.update(self.work.block_keys.of(self.kind.name, missing))
        self.look_up({key for record in records for key in self.keys[record]})
        rules, pairs = self.kind.entity_type.rules, set[Pair]()
        for record in records:
            for key in self.keys[record]:
                members = self.members[key]
                if 1 < len(members) <= rules[key[0]].cap:
                    pairs.update([_pair(record, other) for other in members if other != record])
        return pairs

    def _decided(self, records: set[int]) -> set[Pair]:
        """The pairs of current records that decisions in force are about."""
        refs = {self.rows[record].ref: record for record in records if record in self.rows}
        decisions = self.work.decisions.of(self.kind.name, refs)
        if not decisions:
            return set()
        ends = {ref for decision in decisions for ref in (decision.first, decision.second)}
        handles = {ref: known[0] for ref, known in self.work.records.handles(ends).items() if not known[3]}
        self._load(handles.values())
        return {
            _pair(handles[decision.first], handles[decision.second])
            for decision in decisions
            if decision.first in handles and decision.second in handles
        }

    def _load(self, records: Iterable[int]) -> None:
        missing = [record for record in records if record not in self.rows]
        if missing:
            self.rows.update(self.work.records.current(missing))

    def _ordered(self, pair: Pair) -> Pair:
        """The lesser RecordRef first."""
        one, other = pair
        return (one, other) if self.rows[one].ref < self.rows[other].ref else (other, one)

    def _weighed(self, pairs: list[Pair], decided: set[Pair]) -> list[EdgeRow]:
        nodes = sorted({record for pair in pairs for record in pair})
        place = {record: number for number, record in enumerate(nodes)}
        weights = self.kind.weigh(
            [self.rows[record].features for record in nodes],
            [(place[first], place[second]) for first, second in pairs],
        )
        if weights is None:
            return []
        least = self.kind.keep_weight
        return [
            EdgeRow(first, second, weight, self.kind.model)
            for (first, second), weight in zip(pairs, weights, strict=True)
            if weight >= least or _pair(first, second) in decided
        ]


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
