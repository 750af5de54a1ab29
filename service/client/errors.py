"""What a call failed with, read from its google.rpc.Status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from matching.errors import FieldViolation

__all__ = ["YishuError", "error_of", "typed_errors"]


class YishuError(Exception):
    """A call that failed.

    `reason` is the stable machine reason, empty where the failure is not Yishu's (no connection, a deadline);
    `violations` are the fields that were wrong; `retry_after` seconds, where trying again may help; `facts` what
    programs may want besides, such as `age_seconds`; `request_id` the name of the call in the server's log.
    """

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = ""
        self.violations: tuple[FieldViolation, ...] = ()
        self.retry_after: float | None = None
        self.facts: Mapping[str, str] = {}
        self.request_id = ""

    def __str__(self) -> str:
        name = f"{self.code.name} {self.reason}".rstrip()
        fields = "".join(f"\n  {v.field}: {v.reason}: {v.description}" for v in self.violations)
        return f"{name}: {self.message}{fields}"


@contextmanager
def typed_errors() -> Iterator[None]:
    """Raises what gRPC raises as a YishuError."""
    try:
        yield
    except grpc.RpcError as error:
        raise error_of(error) from error


def error_of(error: grpc.RpcError) -> YishuError:
    """The YishuError of a failed call."""
    failed: Any = error
    told = YishuError(failed.code(), failed.details() or "")
    status = _status(failed)
    for packed in status.details if status else ():
        _read(packed, told)
    return told


def _status(failed: Any) -> Status | None:
    try:
        status: Status | None = rpc_status.from_call(failed)
    except (ValueError, DecodeError, AttributeError):  # not Yishu's: the details do not fit the status
        return None
    return status


def _read(packed: Any, told: YishuError) -> None:
    for kind in (ErrorInfo, BadRequest, RetryInfo, RequestInfo):
        detail = kind()
        if packed.Unpack(detail):
            _tell(detail, told)


def _tell(detail: Any, told: YishuError) -> None:
    if isinstance(detail, ErrorInfo):
        told.reason, told.facts = detail.reason, dict(detail.metadata)
    elif isinstance(detail, BadRequest):
        told.violations = tuple(FieldViolation(v.field, v.reason, v.description) for v in detail.field_violations)
    elif isinstance(detail, RetryInfo):
        told.retry_after = detail.retry_delay.ToNanoseconds() / 1e9
    elif isinstance(detail, RequestInfo):
        told.request_id = detail.request_id
