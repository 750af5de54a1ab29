"""Submissions and their answers.

A violation names the field as a department knows it: `source`, `record_id`, `entity_type`, `observed_at`,
`request_id`, or the column as it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from matching.errors import FieldViolation
from matching.records import RecordRef
from matching.standardise.value import Mark
from service.api.convert.requests import time
from service.api.encoding import Misread, parted
from service.application.answers import Accepted, Answer, Rejected
from service.application.submissions import Submission, Withdrawal
from service.application.versions import Outcome
from service.errors import InvalidRequest
from yishu.v1 import record_pb2 as records
from yishu.v1 import record_service_pb2 as wire

__all__ = [
    "MARKS",
    "accepted_message",
    "item_of",
    "ref_message",
    "ref_of",
    "stream_answer",
    "submission_of",
    "violation_messages",
]

MARKS = {mark: records.Mark.Value(f"MARK_{mark}") for mark in Mark}
OUTCOMES = {outcome: wire.SubmissionOutcome.Value(f"SUBMISSION_OUTCOME_{outcome}") for outcome in Outcome}
NO_ACTION = FieldViolation("action", "REQUIRED", "send a record, or the ref of one to withdraw")


def ref_of(ref: records.RecordRef) -> RecordRef:
    return RecordRef(ref.source, ref.record_id)


def ref_message(ref: RecordRef) -> records.RecordRef:
    return records.RecordRef(source=ref.source, record_id=ref.record_id)


def submission_of(request_id: str, record: records.Record, misread: Sequence[FieldViolation] = ()) -> Submission:
    """A record as it was sent. What is wrong in it is for the intake to say, what could not be read included."""
    observed_at = None
    wrong = [_named(violation, record) for violation in misread]
    if record.HasField("observed_at"):
        try:
            observed_at = time(record.observed_at, "observed_at")
        except InvalidRequest as error:
            wrong += error.violations
    ref = record.ref
    return Submission(
        request_id=request_id,
        source=ref.source,
        record_id=ref.record_id,
        entity_type=record.entity_type,
        columns=tuple((value.attribute, value.value) for value in record.values),
        observed_at=observed_at,
        misread=tuple(wrong),
    )


def item_of(sent: wire.SubmitRecordsRequest | Misread[wire.SubmitRecordsRequest]) -> Submission | Withdrawal | Rejected:
    """What to do for one element of a stream; the refusal where there is nothing that could be done."""
    request, misread = parted(sent)
    action = request.WhichOneof("action")
    if action == "record":
        return submission_of(request.request_id, request.record, misread)
    if misread or action is None:
        wrong = tuple(_named(violation, request.record) for violation in misread)
        return Rejected(request.request_id, wrong or (NO_ACTION,))
    return Withdrawal(request.request_id, ref_of(request.withdraw))


def stream_answer(answer: Answer) -> wire.SubmitRecordsResponse:
    """The answer to one element of a stream."""
    if isinstance(answer, Accepted):
        return wire.SubmitRecordsResponse(request_id=answer.request_id, accepted=accepted_message(answer))
    rejected = wire.Rejected(violations=violation_messages(answer.violations), quarantine_id=answer.quarantine)
    return wire.SubmitRecordsResponse(request_id=answer.request_id, rejected=rejected)


def accepted_message(answer: Accepted) -> wire.Accepted:
    return wire.Accepted(
        ref=ref_message(answer.ref),
        version=answer.version,
        outcome=OUTCOMES[answer.outcome],
        entity_id=answer.entity_id,
        findings=[
            records.Finding(attribute=attribute, mark=MARKS[value.mark], repairs=value.repairs, reason=value.reason)
            for attribute, values in answer.standard.items()
            for value in values
            if value.mark is not Mark.VALID
        ],
    )


def violation_messages(violations: Iterable[FieldViolation]) -> list[records.Violation]:
    return [
        records.Violation(field=violation.field, reason=violation.reason, description=violation.description)
        for violation in violations
    ]


_VALUE = re.compile(r"record\.values\[(\d+)\]\.")


def _named(violation: FieldViolation, record: records.Record) -> FieldViolation:
    """A violation of a path in the message, by the name of the field or column."""
    found = _VALUE.match(violation.field)
    if found:
        column = record.values[int(found[1])].attribute[:100]
        name = "".join(c if c.isprintable() else "?" for c in column)
    else:
        name = violation.field.rpartition(".")[2]
    return FieldViolation(name, violation.reason, violation.description)
