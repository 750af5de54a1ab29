"""Clusters to entities in the store: stable ids, memberships, golden records, versions, changes.

Always true: an entity gets a new version if and only if its records, their versions or its golden record changed;
every change of membership, redirect and retirement is a version and a line of the change log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from ulid import ULID

from matching.clustering import Outcome, cluster
from matching.crosswalk import Assignment, assign
from matching.records import RecordRef
from matching.survivorship import SourcedRecord, survive
from service.application.golden import encode_golden, golden_keys
from service.application.neighbourhoods import Gathered
from service.application.review import review
from service.application.types_in_force import TypeInForce
from service.storage.base import ChangeKind, CurrentRecord, EntityState, EntityVersion, UnitOfWork

__all__ = ["GoldenKey", "Settled", "settle"]
GoldenKey = tuple[str, str]
"""(attribute, standard form) of a golden value that entities are found by."""


@dataclass(slots=True)
class Settled:
    """What settling a batch changed in one entity type."""

    keys: set[GoldenKey] = field(default_factory=set)
    """Golden keys that came to, or went from, its entities."""
    entities: set[int] = field(default_factory=set)
    """Its entities that may have a new version."""
    records: set[RecordRef] = field(default_factory=set)
    """Their records, those that were withdrawn included."""


@dataclass(slots=True)
class _Versions:
    """New versions of entities, with what follows from each."""

    work: UnitOfWork
    kind: TypeInForce
    keys: dict[int, set[GoldenKey]] = field(default_factory=dict)

    def active(self, entity: int, rows: Sequence[CurrentRecord], reason: str, new: bool) -> bool:
        """The entity (`new` in this commit) consists of these records now; False where its last version says so."""
        golden = survive(self.kind.entity_type, [_sourced(row) for row in rows])
        members = tuple((row.ref, row.version) for row in rows)
        latest = None if new else self.work.entities.latest(entity)
        encoded = encode_golden(golden)
        # Even where nothing else is new: what entities are found by may be configured otherwise.
        self.keys[entity] = golden_keys(self.kind.entity_type, golden)
        if latest and (latest.members, latest.golden) == (members, encoded):
            return False
        version = self._next(entity, latest, EntityState.ACTIVE, reason)
        self.work.entities.add_version(replace(version, members=members, golden=encoded))
        return True

    def closed(self, entity: int, merged_into: int | None) -> None:
        """The entity is merged into another, or (None) retired."""
        latest = self.work.entities.latest(entity)
        if merged_into is None:
            version = self._next(entity, latest, EntityState.RETIRED, "retired")
        else:
            version = replace(self._next(entity, latest, EntityState.MERGED, "merged"), merged_into=merged_into)
        self.work.entities.add_version(version)
        self.keys[entity] = set()

    def _next(self, entity: int, latest: EntityVersion | None, state: EntityState, reason: str) -> EntityVersion:
        """The version after `latest`, without members or golden record."""
        return EntityVersion(
            entity=entity,
            version=latest.version + 1 if latest else 1,
            commit=self.work.commit_number,
            at=self.work.at,
            state=state,
            merged_into=None,
            members=(),
            golden=b"",
            reason=reason,
            model=self.kind.model or None,
        )


def settle(work: UnitOfWork, kind: TypeInForce, gathered: Gathered, withdrawn: Set[RecordRef] = frozenset()) -> Settled:
    """Clusters what was gathered and makes the store say so; `withdrawn` are the records that were taken out."""
    by_ref = {row.ref: row for row in gathered.rows.values()}
    outcome = cluster(gathered.neighbourhood(kind))
    before = {row.ref: gathered.before[record] for record, row in gathered.rows.items() if record in gathered.before}
    assignment = assign(outcome.clusters, before, tuple(set(gathered.before.values())))
    entities = _entities(work, kind, assignment)
    _move(work, gathered, outcome, entities, by_ref)
    keys = _write_versions(work, kind, outcome, assignment, entities, by_ref)
    review(work, kind, gathered, outcome, withdrawn)
    return Settled(keys, {*entities, *gathered.before.values()}, {*by_ref, *withdrawn})


def _entities(work: UnitOfWork, kind: TypeInForce, assignment: Assignment) -> list[int]:
    """The entity of each cluster, new ones created."""
    return [kept if kept is not None else work.entities.create(str(ULID()), kind.name) for kept in assignment.kept]


def _move(
    work: UnitOfWork,
    gathered: Gathered,
    outcome: Outcome,
    entities: Sequence[int],
    by_ref: Mapping[RecordRef, CurrentRecord],
) -> None:
    moves: dict[int, int | None] = {record: None for record in gathered.before if record not in gathered.rows}
    for members, entity in zip(outcome.clusters, entities, strict=True):
        for ref in members:
            record = by_ref[ref].record
            if gathered.before.get(record) != entity:
                moves[record] = entity
    work.membership.assign(moves)


def _write_versions(
    work: UnitOfWork,
    kind: TypeInForce,
    outcome: Outcome,
    assignment: Assignment,
    entities: Sequence[int],
    by_ref: Mapping[RecordRef, CurrentRecord],
) -> set[GoldenKey]:
    versions = _Versions(work, kind)
    named = {*entities, *assignment.merged, *assignment.retired, *assignment.split_from.values()}
    ids = {entity: row.id for entity, row in work.entities.rows(named).items()}
    survivors = set(assignment.merged.values())
    for number, entity in enumerate(entities):
        rows = [by_ref[ref] for ref in outcome.clusters[number]]
        change, other = _change(number, assignment)
        reason = "others merged into it" if entity in survivors else _REASONS[change]
        if versions.active(entity, rows, reason, new=assignment.kept[number] is None):
            work.changes.append(change, ids[entity], ids[other] if other is not None else "")
    for entity, survivor in sorted(assignment.merged.items()):
        versions.closed(entity, survivor)
        work.changes.append(ChangeKind.MERGED, ids[entity], ids[survivor])
    for entity in assignment.retired:
        versions.closed(entity, None)
        work.changes.append(ChangeKind.RETIRED, ids[entity])
    old_keys = work.golden_keys.of(versions.keys)
    work.golden_keys.replace(kind.name, versions.keys)
    return {key for entity, keys in versions.keys.items() for key in keys ^ old_keys.get(entity, set())}


_REASONS = {
    ChangeKind.CREATED: "created",
    ChangeKind.SPLIT: "split off",
    ChangeKind.UPDATED: "records changed",
}


def _change(number: int, assignment: Assignment) -> tuple[ChangeKind, int | None]:
    if assignment.kept[number] is not None:
        return ChangeKind.UPDATED, None
    origin = assignment.split_from.get(number)
    return (ChangeKind.CREATED, None) if origin is None else (ChangeKind.SPLIT, origin)


def _sourced(row: CurrentRecord) -> SourcedRecord:
    return SourcedRecord(row.ref, row.version, row.observed_at, row.received_at, row.values)
