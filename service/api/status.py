"""The one table from exception to gRPC status and stable machine reason, and the google.rpc details that go with it.

Always true: a status never carries the text of an error that has no row here, nor of a row that has words of its own;
the details fit into the trailing metadata that every gRPC client accepts, however many fields were wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, PreconditionFailure, RequestInfo, RetryInfo
from google.rpc.status_pb2 import Status

from matching import errors as matching
from matching.errors import FieldViolation
from service import errors as service

__all__ = ["DOMAIN", "INTERNAL", "STATUSES", "StatusRow", "row_of", "status_of"]

DOMAIN = "yishu"
"""`ErrorInfo.domain` of every error."""


class StatusRow(NamedTuple):
    """What a caller sees of an exception."""

    code: grpc.StatusCode
    reason: str
    """Stable; programs may rely on it."""
    words: str = ""
    """Said in place of the exception's own message, where that is for the operator only."""
    retry_after: float | None = None
    """Seconds after which trying again may help."""


_LATER = "the store cannot be read or written now; try again later"
_OPERATOR = "this is not the caller's fault; tell the operator the request id in the details"

INTERNAL = StatusRow(grpc.StatusCode.INTERNAL, "INTERNAL", _OPERATOR)
"""For every exception that has no row."""

STATUSES: dict[type[Exception], StatusRow] = {
    service.InvalidRequest: StatusRow(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST"),
    service.SubmissionRejected: StatusRow(grpc.StatusCode.INVALID_ARGUMENT, "RECORD_REJECTED"),
    matching.RecordRejected: StatusRow(grpc.StatusCode.INVALID_ARGUMENT, "RECORD_REJECTED"),
    service.NotFound: StatusRow(grpc.StatusCode.NOT_FOUND, "NOT_FOUND"),
    service.Refused: StatusRow(grpc.StatusCode.FAILED_PRECONDITION, "REFUSED"),
    service.TypeMismatch: StatusRow(grpc.StatusCode.FAILED_PRECONDITION, "TYPE_MISMATCH"),
    service.NotModelled: StatusRow(grpc.StatusCode.FAILED_PRECONDITION, "NOT_MODELLED"),
    service.ConfigurationChanged: StatusRow(grpc.StatusCode.FAILED_PRECONDITION, "CONFIGURATION_CHANGED"),
    service.StaleAnswer: StatusRow(grpc.StatusCode.FAILED_PRECONDITION, "STALE_ANSWER"),
    service.Overloaded: StatusRow(grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED", retry_after=1.0),
    service.StoreUnavailable: StatusRow(grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE", _LATER, retry_after=1.0),
    service.StoreReadOnly: StatusRow(grpc.StatusCode.FAILED_PRECONDITION, "STORE_READ_ONLY", "this server only reads"),
    service.StoreIncompatible: StatusRow(grpc.StatusCode.INTERNAL, "STORE_INCOMPATIBLE", _OPERATOR),
    service.StoreConflict: StatusRow(grpc.StatusCode.INTERNAL, "STORE_CONFLICT", _OPERATOR),
    matching.ConfigurationError: StatusRow(grpc.StatusCode.INTERNAL, "CONFIGURATION_WRONG", _OPERATOR),
    matching.ModelMismatch: StatusRow(grpc.StatusCode.FAILED_PRECONDITION, "MODEL_MISMATCH"),
    matching.NotTrainable: StatusRow(grpc.StatusCode.FAILED_PRECONDITION, "NOT_TRAINABLE"),
    matching.EngineError: StatusRow(grpc.StatusCode.INTERNAL, "ENGINE_FAILED", _OPERATOR),
}

MOST_DETAIL = 4_000
"""Bytes of violations in one status. gRPC clients refuse more than 8 KB of metadata, and the details travel in it."""
LONGEST_MESSAGE = 300


def row_of(error: BaseException) -> StatusRow:
    """The row of an exception: its class's own, or that of the nearest class it derives from."""
    for kind in type(error).__mro__:
        if kind in STATUSES:
            return STATUSES[kind]
    return INTERNAL


def status_of(error: BaseException, call_id: str) -> Status:
    """What the caller is told; `call_id` is the name under which the call is in the log."""
    row = row_of(error)
    status = Status(code=row.code.value[0], message=_message(error, row))
    for detail in _details(error, row):
        status.details.append(_packed(detail))
    status.details.append(_packed(RequestInfo(request_id=call_id)))
    return status


def _message(error: BaseException, row: StatusRow) -> str:
    violations = _violations(error)
    if violations:
        fields = ", ".join(f"{violation.field} ({violation.reason})" for violation in violations[:10])
        more = f" and {len(violations) - 10} more" if len(violations) > 10 else ""
        return f"wrong: {fields}{more}"[:LONGEST_MESSAGE]
    return (row.words or str(error))[:LONGEST_MESSAGE]


def _details(error: BaseException, row: StatusRow) -> Iterator[Message]:
    yield ErrorInfo(reason=row.reason, domain=DOMAIN, metadata=_facts(error))
    violations = _violations(error)
    if violations:
        yield _bad_request(violations)
    if row.retry_after is not None:
        yield _retry_info(getattr(error, "retry_after", row.retry_after))
    if row.code is grpc.StatusCode.FAILED_PRECONDITION:
        description = _message(error, row)
        yield PreconditionFailure(
            violations=[PreconditionFailure.Violation(type=row.reason, subject=DOMAIN, description=description)]
        )


def _facts(error: BaseException) -> dict[str, str]:
    """What programs may want to know besides the reason."""
    if isinstance(error, service.StaleAnswer):
        return {"age_seconds": f"{error.age_seconds:.3f}", "accepted_seconds": f"{error.accepted_seconds:.3f}"}
    if isinstance(error, service.SubmissionRejected):
        return {"quarantine_id": str(error.quarantine)}
    return {}


def _violations(error: BaseException) -> Sequence[FieldViolation]:
    return error.violations if isinstance(error, service.InvalidRequest | matching.RecordRejected) else ()


def _bad_request(violations: Sequence[FieldViolation]) -> BadRequest:
    """As many of the violations as fit, and at the end how many more there were."""
    told = BadRequest()
    size = 0
    for number, violation in enumerate(violations):
        told.field_violations.add(field=violation.field, reason=violation.reason, description=violation.description)
        size += told.field_violations[-1].ByteSize() + 4
        if size > MOST_DETAIL:
            del told.field_violations[-1]
            rest = f"{len(violations) - number} more fields are wrong; a stream's answer lists them all"
            told.field_violations.add(field="*", reason="MORE_VIOLATIONS", description=rest)
            break
    return told


def _retry_info(seconds: float) -> RetryInfo:
    info = RetryInfo()
    info.retry_delay.FromNanoseconds(round(seconds * 1e9))
    return info


def _packed(detail: Message) -> Any:
    packed = Any()
    packed.Pack(detail)
    return packed
