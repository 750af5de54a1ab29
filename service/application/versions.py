"""Submissions to record versions: what is new, what is the same as before, what is withdrawn.

Always true: the same submission sent again adds no version; versions of a record are numbered from 1 without gaps;
a record belongs to one entity type for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from matching.errors import FieldViolation, RecordRejected
from matching.records import RecordRef
from service.application.submissions import AcceptedSubmission, Withdrawal
from service.errors import NotFound
from service.storage.base import CurrentRecord, RecordVersion, UnitOfWork

__all__ = ["Outcome", "Submitted", "VersionWriter"]


class Outcome(StrEnum):
    """What a submission did."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    UNCHANGED = "UNCHANGED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission that was taken in: the record's version and handle, and what it did."""

    record: int
    ref: RecordRef
    entity_type: str
    version: int
    outcome: Outcome


@dataclass(slots=True)
class _Known:
    record: int
    entity_type: str
    version: int
    withdrawn: bool


class VersionWriter:
    """Writes one batch's versions.

    `changed` then holds each changed record's last form by entity type, None for the withdrawn; `refs` whose they are.
    """

    def __init__(self, work: UnitOfWork, refs: Sequence[RecordRef]) -> None:
        self._work = work
        self._known = {ref: _Known(*known) for ref, known in work.records.handles(refs).items()}
        self.changed: dict[str, dict[int, CurrentRecord | None]] = {}
        self.refs: dict[int, RecordRef] = {}

    def submit(self, submission: AcceptedSubmission) -> Submitted:
        """
        Raises:
            RecordRejected: the record id belongs to another entity type.
        """
        known = self._known.get(submission.ref)
        if known and known.entity_type != submission.entity_type:
            description = f"this record id is a {known.entity_type}'s at this source; send another id"
            raise RecordRejected([FieldViolation("record_id", "RECORD_ID_IN_USE", description)])
        if known is None:
            return self._add(submission, 1, Outcome.CREATED)
        if not known.withdrawn and self._same_as_latest(submission):
            self._work.quarantine.resolve(submission.ref)
            return Submitted(known.record, submission.ref, known.entity_type, known.version, Outcome.UNCHANGED)
        return self._add(submission, known.version + 1, Outcome.UPDATED)

    def withdraw(self, withdrawal: Withdrawal) -> Submitted:
        """
        Raises:
            NotFound: there was never such a record.
        """
        ref, known = withdrawal.ref, self._known.get(withdrawal.ref)
        if known is None:
            raise NotFound("no such record")
        if known.withdrawn:
            return Submitted(known.record, ref, known.entity_type, known.version, Outcome.UNCHANGED)
        at = self._work.at
        version = RecordVersion(
            ref, known.entity_type, known.version + 1, {}, at, False, at, True, withdrawal.request_id
        )
        self._work.records.add_version(version)
        self._work.records.drop_current([known.record])
        known.version, known.withdrawn = version.version, True
        self.changed.setdefault(known.entity_type, {})[known.record] = None
        self.refs[known.record] = ref
        return Submitted(known.record, ref, known.entity_type, known.version, Outcome.WITHDRAWN)

    def _same_as_latest(self, submission: AcceptedSubmission) -> bool:
        latest = self._work.records.latest(submission.ref)
        if latest is None or dict(latest.values) != dict(submission.values):
            return False
        if submission.observed_at is None:
            return not latest.observed_given
        return latest.observed_given and latest.observed_at == submission.observed_at

    def _add(self, submission: AcceptedSubmission, number: int, outcome: Outcome) -> Submitted:
        at = self._work.at
        observed_at = submission.observed_at or at
        version = RecordVersion(
            ref=submission.ref,
            entity_type=submission.entity_type,
            version=number,
            values=submission.values,
            observed_at=observed_at,
            observed_given=submission.observed_at is not None,
            received_at=at,
            withdrawn=False,
            request_id=submission.request_id,
        )
        record = self._work.records.add_version(version)
        current = CurrentRecord(
            record=record,
            ref=submission.ref,
            entity_type=submission.entity_type,
            version=number,
            values=submission.standard,
            features=submission.features,
            observed_at=observed_at,
            received_at=at,
        )
        self._known[submission.ref] = _Known(record, submission.entity_type, number, False)
        self.changed.setdefault(submission.entity_type, {})[record] = current
        self.refs[record] = submission.ref
        self._work.quarantine.resolve(submission.ref)
        return Submitted(record, submission.ref, submission.entity_type, number, outcome)
