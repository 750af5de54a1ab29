"""Reads of records as their sources sent them, and of what was refused.

Always true: a record once stored can be read, whatever became of the configuration since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from matching.errors import RecordRejected
from matching.records import RecordRef
from matching.standardise.value import Mark, StandardValue
from service.application.entities import Types
from service.application.submissions import Intake
from service.errors import NotFound
from service.storage.base import QuarantineRow, RecordVersion, Snapshot, Store

__all__ = ["QuarantinePage", "RecordReader", "RecordView"]

NOT_CONFIGURED = "not_configured"
"""Why a value is INVALID that the configuration of today would not take in."""


@dataclass(frozen=True, slots=True)
class RecordView:
    """One version of a record, with what standardising makes of it now."""

    ref: RecordRef
    entity_type: str
    version: int
    latest_version: int
    withdrawn: bool
    """This version is a withdrawal; it has no values."""
    values: Mapping[str, tuple[StandardValue, ...]]
    """By attribute in the configuration's order; each has its raw form."""
    observed_at: datetime
    received_at: datetime
    entity_id: str
    """The entity that the record belongs to now, whatever the version; empty where it is withdrawn."""


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """Refused submissions, oldest first, and how many the source has in all."""

    rows: list[QuarantineRow]
    total: int


class RecordReader:
    """Reads records. Thread-safe: each call reads a snapshot of its own.

    Every method raises StoreUnavailable where the store cannot be read now.
    """

    def __init__(self, store: Store, types: Types, intake: Intake) -> None:
        """`intake` reads values as it does when they are submitted: each source's own codes replaced."""
        self._store = store
        self._types = types
        self._intake = intake

    def get(self, ref: RecordRef, version: int = 0) -> RecordView:
        """One version of a record; 0 for the latest.

        Raises:
            NotFound: there is no such record, or no such version of it.
        """
        with self._store.read() as snapshot:
            latest = snapshot.records.latest(ref)
            if latest is None:
                raise NotFound("no such record")
            chosen = latest if version == 0 else _version(snapshot, ref, version)
            entity_id = _entity_id(snapshot, ref)
        return RecordView(
            ref=ref,
            entity_type=chosen.entity_type,
            version=chosen.version,
            latest_version=latest.version,
            withdrawn=chosen.withdrawn,
            values=self._standardised(chosen),
            observed_at=chosen.observed_at,
            received_at=chosen.received_at,
            entity_id=entity_id,
        )

    def quarantine(self, source: str, limit: int, after: int = 0) -> QuarantinePage:
        """A source's refused submissions from number `after` on (exclusive), at most `limit`."""
        with self._store.read() as snapshot:
            rows = snapshot.quarantine.list(source, limit, after)
            return QuarantinePage(rows, snapshot.quarantine.count().get(source, 0))

    def _standardised(self, version: RecordVersion) -> dict[str, tuple[StandardValue, ...]]:
        """Values by attribute in the configuration's order, those it does not know last."""
        kind = self._types().get(version.entity_type)
        attributes = kind.entity_type.attributes if kind else {}
        known = [name for name in attributes if name in version.values]
        unknown = [name for name in version.values if name not in attributes]
        return {
            **{name: self._read(version, name) for name in known},
            **{name: _unread(version.values[name]) for name in unknown},
        }

    def _read(self, version: RecordVersion, attribute: str) -> tuple[StandardValue, ...]:
        raws = version.values[attribute]
        try:
            return self._intake.standardise_again(version.ref, version.entity_type, {attribute: raws})[attribute]
        except RecordRejected:
            return _unread(raws)


def _unread(raws: tuple[str, ...]) -> tuple[StandardValue, ...]:
    return tuple(StandardValue(raw, raw, Mark.INVALID, reason=NOT_CONFIGURED) for raw in raws)


def _version(snapshot: Snapshot, ref: RecordRef, version: int) -> RecordVersion:
    for found in snapshot.records.versions(ref):
        if found.version == version:
            return found
    raise NotFound("the record has no such version")


def _entity_id(snapshot: Snapshot, ref: RecordRef) -> str:
    record = snapshot.records.handles([ref])[ref][0]
    entity = snapshot.membership.of([record]).get(record)
    return "" if entity is None else snapshot.entities.rows([entity])[entity].id
