"""The rows that pass through a store. Frozen; times are UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from matching.records import FeatureRow, RecordRef, Values
from matching.standardise.value import StandardValue

__all__ = [
    "Change",
    "ChangeKind",
    "CurrentRecord",
    "Decision",
    "EdgeRow",
    "EntityRow",
    "EntityState",
    "EntityVersion",
    "ModelRow",
    "QuarantineRow",
    "RecordVersion",
    "RelationRow",
    "TaskKind",
    "TaskRow",
    "Verdict",
]


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """One version of a record as it was sent. A withdrawal is a version without values."""

    ref: RecordRef
    entity_type: str
    version: int
    values: Values
    observed_at: datetime
    observed_given: bool
    """False: the source gave no time, and `observed_at` is when this content was first received."""
    received_at: datetime
    withdrawn: bool
    request_id: str = ""


class CurrentRecord(msgspec.Struct, frozen=True, gc=False):
    """The latest version of a record that is not withdrawn, standardised."""

    record: int
    ref: RecordRef
    entity_type: str
    version: int
    values: Mapping[str, tuple[StandardValue, ...]]
    """As stored: without the values' `parts`, which only features need."""
    features: FeatureRow
    observed_at: datetime
    received_at: datetime


class EdgeRow(NamedTuple):
    """Two records, first < second by RecordRef, their match weight (log2) and the model that weighed them."""

    first: int
    second: int
    weight: float
    model: int


class EntityState(StrEnum):
    ACTIVE = "ACTIVE"
    MERGED = "MERGED"
    RETIRED = "RETIRED"


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity: its id for ever, and where that id leads now."""

    entity: int
    id: str
    entity_type: str
    state: EntityState
    merged_into: int | None
    version: int
    created: int
    """The commit that made it."""


@dataclass(frozen=True, slots=True)
class EntityVersion:
    """What an entity was from one commit on. `golden` and `members` are empty where it is not ACTIVE.

    `commit` and `at` are the store's: of the unit of work that adds it, whatever the row passed in says.
    """

    entity: int
    version: int
    commit: int
    at: datetime
    state: EntityState
    merged_into: int | None
    members: tuple[tuple[RecordRef, int], ...]
    """The records with their versions, ordered by RecordRef."""
    golden: bytes
    """The golden record with its lineage, as `application.golden` encodes it."""
    reason: str
    model: int | None


class Verdict(StrEnum):
    MATCH = "MATCH"
    NON_MATCH = "NON_MATCH"
    UNSURE = "UNSURE"


@dataclass(frozen=True, slots=True)
class Decision:
    """A steward's word about two records; kept whatever becomes of the records, until a person revokes it."""

    decision: int
    entity_type: str
    first: RecordRef
    second: RecordRef
    verdict: Verdict
    author: str
    reason: str
    at: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""


class TaskKind(StrEnum):
    REVIEW_PAIR = "REVIEW_PAIR"
    IDENTIFIER_CONFLICT = "IDENTIFIER_CONFLICT"
    DECISION_CONTRADICTED = "DECISION_CONTRADICTED"
    RELATION_UNRESOLVED = "RELATION_UNRESOLVED"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One question for a steward. `subject` says which of its kind: the same one is never asked twice at once."""

    kind: TaskKind
    entity_type: str
    subject: str
    first: RecordRef
    second: RecordRef | None
    weight: float | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A submission that was refused, as it came, with every field that was wrong."""

    quarantine: int
    source: str
    record_id: str
    entity_type: str
    values: tuple[tuple[str, str], ...]
    violations: tuple[tuple[str, str, str], ...]
    """Field, machine reason, description."""
    received_at: datetime
    request_id: str = ""


class ChangeKind(StrEnum):
    CREATED = "CREATED"
    UPDATED = "UPDATED"
    MERGED = "MERGED"
    SPLIT = "SPLIT"
    RETIRED = "RETIRED"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change log; `sequence` numbers them without gaps."""

    sequence: int
    commit: int
    at: datetime
    kind: ChangeKind
    entity_id: str
    other_id: str = ""
    """The survivor of a merge; the entity that a split-off part came from."""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One trained model; `body` is what `matching.model.Model` encodes to. Never changed once stored."""

    model: int
    entity_type: str
    version: int
    digest: str
    body: bytes
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RelationRow:
    """Where a relation of an entity leads: `target` is None where nothing, or more than one thing, fits."""

    entity: int
    name: str
    target: int | None
    by: str
    """`code`, `name`, or why there is no target: `none_fits`, `several_fit`, `code_invalid`, `nothing_given`."""
