"""The errors of the service, as one tree. `api.status` has the one table from these to gRPC statuses.

ServiceError
├── StoreError
│   ├── StoreUnavailable      the database cannot be read or written now; trying again later may help
│   ├── StoreReadOnly         a change was asked of a store opened to read
│   ├── StoreIncompatible     the database was made by another version, or its library is unsafe
│   └── StoreConflict         the caller's view of the store is wrong: a defect, never shown as success
├── NotFound                  what was asked for does not exist
├── InvalidRequest            one or more fields of a request are wrong
│   └── SubmissionRejected    a record that breaks its contract, and its number in quarantine
├── Refused
│   ├── TypeMismatch          a record id used by another entity type
│   ├── NotModelled           linking was asked of a type that has no published model
│   └── ConfigurationChanged  the store was written under another configuration of the type
├── StaleAnswer               the answer is older than the caller accepts
└── Overloaded                more work is waiting than the service will hold; try again after `retry_after` seconds
"""

from __future__ import annotations

from collections.abc import Sequence

from matching.errors import FieldViolation

__all__ = [
    "ConfigurationChanged",
    "InvalidRequest",
    "NotFound",
    "NotModelled",
    "Overloaded",
    "Refused",
    "ServiceError",
    "StaleAnswer",
    "StoreConflict",
    "StoreError",
    "StoreIncompatible",
    "StoreReadOnly",
    "StoreUnavailable",
    "SubmissionRejected",
    "TypeMismatch",
]


class ServiceError(Exception):
    """Whatever the service refuses or cannot do. Messages hold no personal value."""


class StoreError(ServiceError):
    """The store."""


class StoreUnavailable(StoreError):
    """The database cannot be read or written now."""


class StoreReadOnly(StoreError):
    """A change was asked of a store opened to read."""


class StoreIncompatible(StoreError):
    """The database was made by another version of Yishu, or the library that opens it is unsafe."""


class StoreConflict(StoreError):
    """The caller's view of the store is wrong."""


class NotFound(ServiceError):
    """What was asked for does not exist."""


class InvalidRequest(ServiceError):
    """Fields of a request are wrong; every violation found is listed."""

    def __init__(self, violations: Sequence[FieldViolation]) -> None:
        super().__init__("; ".join(f"{v.field}: {v.description}" for v in violations))
        self.violations = tuple(violations)


class SubmissionRejected(InvalidRequest):
    """A submitted record breaks its contract. `quarantine` is its number there; 0 where it could not be kept."""

    def __init__(self, violations: Sequence[FieldViolation], quarantine: int = 0) -> None:
        super().__init__(violations)
        self.quarantine = quarantine


class Refused(ServiceError):
    """Well formed, but not possible as things stand."""


class TypeMismatch(Refused):
    """A record id that belongs to another entity type."""


class NotModelled(Refused):
    """Linking was asked of a type that has no published model."""


class ConfigurationChanged(Refused):
    """The store was written under another configuration of the type."""


class StaleAnswer(ServiceError):
    """The answer is older than the caller accepts."""

    def __init__(self, age_seconds: float, accepted_seconds: float) -> None:
        super().__init__(f"the answer is {age_seconds:.0f} s old and at most {accepted_seconds:.0f} s is accepted")
        self.age_seconds = age_seconds
        self.accepted_seconds = accepted_seconds


class Overloaded(ServiceError):
    """More work is waiting than the service will hold."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("too many submissions are waiting; try again later")
        self.retry_after = retry_after
