"""The one table from exception to status: complete, stable, and silent about what callers must not see."""

from __future__ import annotations

import inspect
from types import ModuleType

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, PreconditionFailure, RequestInfo, RetryInfo

from matching import errors as matching
from matching.errors import FieldViolation
from service import errors as service
from service.api.status import DOMAIN, INTERNAL, STATUSES, row_of, status_of

TREES = (matching, service)


def concrete(tree: ModuleType) -> list[type[Exception]]:
    """The errors that are raised: those that no other of the tree derives from."""
    errors = [getattr(tree, name) for name in tree.__all__]
    kinds = [kind for kind in errors if inspect.isclass(kind) and issubclass(kind, Exception)]
    return [kind for kind in kinds if not any(other is not kind and issubclass(other, kind) for other in kinds)]


def details_of(error: Exception) -> dict[type[Message], Message]:
    found: dict[type[Message], Message] = {}
    for packed in status_of(error, "call-1").details:
        for kind in (BadRequest, ErrorInfo, PreconditionFailure, RequestInfo, RetryInfo):
            detail = kind()
            if packed.Unpack(detail):
                found[kind] = detail
    return found


@pytest.mark.parametrize("kind", [kind for tree in TREES for kind in concrete(tree)])
def test_every_concrete_error_has_a_row_of_its_own(kind: type[Exception]) -> None:
    assert kind in STATUSES


def test_the_table_names_no_error_twice_by_the_same_reason_but_refused_records() -> None:
    reasons = [row.reason for kind, row in STATUSES.items() if kind is not matching.RecordRejected]
    assert len(reasons) == len(set(reasons))


def test_reasons_are_what_they_were() -> None:
    # Clients' programs rely on them: a new one may come, none may change or go.
    assert {kind.__name__: (row.code.name, row.reason) for kind, row in STATUSES.items()} == {
        "InvalidRequest": ("INVALID_ARGUMENT", "INVALID_REQUEST"),
        "SubmissionRejected": ("INVALID_ARGUMENT", "RECORD_REJECTED"),
        "RecordRejected": ("INVALID_ARGUMENT", "RECORD_REJECTED"),
        "NotFound": ("NOT_FOUND", "NOT_FOUND"),
        "Refused": ("FAILED_PRECONDITION", "REFUSED"),
        "TypeMismatch": ("FAILED_PRECONDITION", "TYPE_MISMATCH"),
        "NotModelled": ("FAILED_PRECONDITION", "NOT_MODELLED"),
        "ConfigurationChanged": ("FAILED_PRECONDITION", "CONFIGURATION_CHANGED"),
        "StaleAnswer": ("FAILED_PRECONDITION", "STALE_ANSWER"),
        "Overloaded": ("RESOURCE_EXHAUSTED", "OVERLOADED"),
        "StoreUnavailable": ("UNAVAILABLE", "STORE_UNAVAILABLE"),
        "StoreReadOnly": ("FAILED_PRECONDITION", "STORE_READ_ONLY"),
        "StoreIncompatible": ("INTERNAL", "STORE_INCOMPATIBLE"),
        "StoreConflict": ("INTERNAL", "STORE_CONFLICT"),
        "ConfigurationError": ("INTERNAL", "CONFIGURATION_WRONG"),
        "ModelMismatch": ("FAILED_PRECONDITION", "MODEL_MISMATCH"),
        "NotTrainable": ("FAILED_PRECONDITION", "NOT_TRAINABLE"),
        "EngineError": ("INTERNAL", "ENGINE_FAILED"),
    }


def test_every_status_has_a_stable_reason_and_the_name_of_the_call() -> None:
    details = details_of(service.NotFound("no such entity"))
    assert details[ErrorInfo] == ErrorInfo(reason="NOT_FOUND", domain=DOMAIN)
    assert details[RequestInfo] == RequestInfo(request_id="call-1")


def test_wrong_fields_come_with_their_machine_reasons() -> None:
    details = details_of(service.InvalidRequest([FieldViolation("claim.uscc", "CHECKSUM", "correct it")]))
    told = details[BadRequest]
    assert told == BadRequest(
        field_violations=[
            BadRequest.FieldViolation(field="claim.uscc", reason="CHECKSUM", description="correct it"),
        ]
    )


@pytest.mark.parametrize(
    ("error", "seconds"), [(service.Overloaded(retry_after=0.25), 0.25), (service.StoreUnavailable("x"), 1.0)]
)
def test_what_may_pass_says_when_to_try_again(error: Exception, seconds: float) -> None:
    told = details_of(error)[RetryInfo]
    assert isinstance(told, RetryInfo)
    assert told.retry_delay.ToTimedelta().total_seconds() == seconds


def test_a_stale_answer_tells_its_age() -> None:
    error = service.StaleAnswer(age_seconds=90.5, accepted_seconds=60)
    told = details_of(error)
    assert told[ErrorInfo] == ErrorInfo(
        reason="STALE_ANSWER", domain=DOMAIN, metadata={"age_seconds": "90.500", "accepted_seconds": "60.000"}
    )
    assert PreconditionFailure in told


@pytest.mark.parametrize(
    "error",
    [
        ValueError("invalid literal: '110101199003070011'"),
        service.StoreConflict("110101199003070011"),
        service.StoreUnavailable("110101199003070011"),
        matching.EngineError("110101199003070011"),
    ],
)
def test_what_is_no_business_of_the_caller_is_not_told(error: Exception) -> None:
    assert b"110101199003070011" not in status_of(error, "call-1").SerializeToString()


def test_an_unknown_error_is_internal() -> None:
    assert row_of(ZeroDivisionError()) is INTERNAL
    assert INTERNAL.code is grpc.StatusCode.INTERNAL


def test_an_error_without_a_row_has_that_of_what_it_derives_from() -> None:
    class DiskFull(service.StoreUnavailable):
        pass

    assert row_of(DiskFull("x")) is STATUSES[service.StoreUnavailable]


def test_no_status_is_larger_than_clients_accept() -> None:
    wrong = [FieldViolation("x" * 100, "UNKNOWN_ATTRIBUTE", "y" * 200) for _ in range(1_000)]
    assert status_of(service.InvalidRequest(wrong), "call-1").ByteSize() < 6_000
