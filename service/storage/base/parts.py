"""The parts of a store, as small Protocols. Nothing (an empty iterable) may be asked for or given everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from matching.records import RecordRef
from service.storage.base.rows import (
    Change,
    ChangeKind,
    CurrentRecord,
    Decision,
    EdgeRow,
    EntityRow,
    EntityVersion,
    ModelRow,
    QuarantineRow,
    RecordVersion,
    RelationRow,
    TaskKind,
    TaskRow,
)

__all__ = [
    "BlockKeys",
    "Changes",
    "Decisions",
    "Edges",
    "Entities",
    "GoldenKeys",
    "Membership",
    "Models",
    "Quarantine",
    "Records",
    "Relations",
    "ReviewTasks",
]


class Records(Protocol):
    """Records and their versions."""

    def handles(self, refs: Iterable[RecordRef]) -> dict[RecordRef, tuple[int, str, int, bool]]:
        """For the refs ever seen: handle, entity type, latest version, withdrawn."""

    def latest(self, ref: RecordRef) -> RecordVersion | None:
        """The latest version, a withdrawal included."""

    def versions(self, ref: RecordRef) -> list[RecordVersion]:
        """Every version, oldest first."""

    def add_version(self, version: RecordVersion) -> int:
        """Stores the next version of a record (1 for a new one) and returns its handle.

        Raises:
            StoreConflict: the version is not the next, or the ref belongs to another entity type.
        """

    def put_current(self, rows: Iterable[CurrentRecord]) -> None:
        """What linking works on: replaces the current form of these records."""

    def drop_current(self, records: Iterable[int]) -> None:
        """These records are withdrawn."""

    def current(self, records: Iterable[int]) -> dict[int, CurrentRecord]:
        """The current form of those that have one."""

    def all_current(self, entity_type: str) -> Iterator[CurrentRecord]:
        """Every current record of a type, ordered by RecordRef."""


class BlockKeys(Protocol):
    """Which current records have which block keys. A key is (rule number, text); types do not share keys."""

    def replace(self, entity_type: str, keys: Mapping[int, Iterable[tuple[int, str]]]) -> None:
        """The records' keys are now these; an empty iterable for none."""

    def of(self, entity_type: str, records: Iterable[int]) -> dict[int, set[tuple[int, str]]]:
        """The records' keys; every record asked for is in the answer."""

    def members(self, entity_type: str, key: tuple[int, str], limit: int) -> list[int]:
        """Up to `limit` records with the key, in the order of their handles."""

    def members_of(
        self, entity_type: str, keys: Iterable[tuple[int, str]], limit: int
    ) -> dict[tuple[int, str], list[int]]:
        """The same for many keys at once, which is faster; every key asked for is in the answer."""


class Edges(Protocol):
    """Weighed pairs that are kept. A pair has at most one edge."""

    def replace_of(self, records: Iterable[int], edges: Iterable[EdgeRow]) -> None:
        """All edges of these records go; these come."""

    def of(self, records: Iterable[int]) -> list[EdgeRow]:
        """Every edge with at least one end among these records, once each."""

    def replace_all(self, entity_type: str, edges: Iterable[EdgeRow]) -> None:
        """All edges between records of a type go; these come."""


class Entities(Protocol):
    """Entities, their versions, and which record belongs to which."""

    def create(self, entity_id: str, entity_type: str) -> int:
        """A new ACTIVE entity at version 0, and its handle.

        Raises:
            StoreConflict: the id was used before.
        """

    def rows(self, entities: Iterable[int]) -> dict[int, EntityRow]: ...

    def by_id(self, entity_id: str) -> EntityRow | None: ...

    def add_version(self, version: EntityVersion) -> None:
        """Stores the next version and makes the entity's state, redirect and version what it says.

        Raises:
            StoreConflict: the version is not the next one.
        """

    def latest(self, entity: int) -> EntityVersion | None: ...

    def versions(self, entity: int) -> list[EntityVersion]:
        """Oldest first."""

    def as_of(self, entity: int, at: datetime) -> EntityVersion | None:
        """The version that was latest at a time, or None before the first."""

    def count(self, entity_type: str) -> int:
        """ACTIVE entities of a type."""


class Membership(Protocol):
    """The crosswalk: record to entity, over time."""

    def assign(self, moves: Mapping[int, int | None]) -> None:
        """These records belong to these entities from this commit on (None: to none)."""

    def of(self, records: Iterable[int]) -> dict[int, int]:
        """The entity of those records that have one."""

    def members(self, entities: Iterable[int]) -> dict[int, list[int]]:
        """The records of each entity asked for, in the order of their handles."""

    def as_of(self, record: int, at: datetime) -> int | None:
        """The entity a record belonged to at a time."""


class GoldenKeys(Protocol):
    """Golden values that entities can be found by: (attribute, standard form) of ACTIVE entities."""

    def replace(self, entity_type: str, keys: Mapping[int, Iterable[tuple[str, str]]]) -> None:
        """The entities' keys are now these."""

    def of(self, entities: Iterable[int]) -> dict[int, set[tuple[str, str]]]: ...

    def find(self, entity_type: str, attribute: str, value: str, limit: int) -> list[int]:
        """Up to `limit` entities whose golden value is this, in the order of their handles."""


class Relations(Protocol):
    """Where entities' relations lead."""

    def put(self, rows: Iterable[RelationRow]) -> None: ...

    def drop(self, entities: Iterable[int]) -> None: ...

    def of(self, entity: int) -> list[RelationRow]: ...

    def to(self, target: int) -> list[RelationRow]: ...


class Decisions(Protocol):
    """Stewards' decisions."""

    def add(self, decision: Decision) -> Decision:
        """Stores it with a number of its own (the one passed in is ignored)."""

    def get(self, decision: int) -> Decision | None: ...

    def revoke(self, decision: int, by: str, at: datetime) -> None:
        """
        Raises:
            StoreConflict: there is none, or it is revoked already.
        """

    def of(self, entity_type: str, refs: Iterable[RecordRef]) -> list[Decision]:
        """Decisions in force with at least one end among these records, oldest first."""

    def all_in_force(self, entity_type: str) -> list[Decision]:
        """Oldest first."""


class ReviewTasks(Protocol):
    """Questions for stewards. A task is open or closed; closing keeps it."""

    def reconcile(
        self, entity_type: str, kinds: Sequence[TaskKind], touched: Iterable[RecordRef], open_now: Iterable[TaskRow]
    ) -> None:
        """Of these kinds and with an end among `touched`, exactly `open_now` are open from now on: those that were
        open and are not among them close, new ones open, and those that were open already keep their number and when
        they were opened. A question is told by its kind and subject."""

    def open(self, entity_type: str, limit: int, after: int = 0) -> list[tuple[int, TaskRow, datetime]]:
        """Open tasks with their number and when they opened, by number, from `after` on (exclusive)."""

    def count_open(self, entity_type: str) -> dict[TaskKind, int]: ...


class Quarantine(Protocol):
    """Refused submissions, kept for the department to list and correct."""

    def add(self, row: QuarantineRow) -> int:
        """Stores it under a number of its own (the one passed in is ignored) and returns it."""

    def list(self, source: str, limit: int, after: int = 0) -> list[QuarantineRow]: ...

    def count(self) -> dict[str, int]:
        """By source."""

    def resolve(self, ref: RecordRef) -> None:
        """The record was accepted later: its quarantined submissions are no longer listed or counted."""


class Changes(Protocol):
    """The change log."""

    def append(self, kind: ChangeKind, entity_id: str, other_id: str = "") -> None: ...

    def since(self, sequence: int, limit: int) -> list[Change]:
        """Changes after a sequence number, in order."""


class Models(Protocol):
    """Trained models and which is published. Models are never changed or removed."""

    def add(self, entity_type: str, digest: str, body: bytes, note: str, created_at: datetime) -> ModelRow: ...

    def get(self, model: int) -> ModelRow | None: ...

    def list(self, entity_type: str) -> list[ModelRow]:
        """Oldest first."""

    def publish(self, entity_type: str, model: int | None) -> None:
        """The type's model from now on (None: it has none).

        Raises:
            StoreConflict: there is no such model of the type.
        """

    def published(self, entity_type: str) -> ModelRow | None: ...
