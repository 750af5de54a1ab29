"""What requests have in common: pages, times and what must be there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NoReturn

from google.protobuf.timestamp_pb2 import Timestamp

from matching.errors import FieldViolation
from service.errors import InvalidRequest

__all__ = ["invalid", "page_size", "page_token", "required", "time", "timestamp"]

TIME = "send a time between the years 1 and 9999"


def invalid(field: str, reason: str, description: str) -> NoReturn:
    """
    Raises:
        InvalidRequest: of this one field.
    """
    raise InvalidRequest([FieldViolation(field, reason, description)])


def required(field: str, value: str) -> str:
    """The value; an InvalidRequest where it is empty."""
    if not value:
        invalid(field, "REQUIRED", f"send {field}")
    return value


def page_size(asked: int, usual: int, most: int) -> int:
    """How many to answer: the usual number where none is asked for, never more than the most."""
    if asked < 0:
        invalid("page_size", "NEGATIVE", f"send 0 for {usual}, or up to {most}")
    return min(asked, most) or usual


def page_token(token: str) -> int:
    """The number after which, or before which, the page begins; 0 for the first page."""
    if not token:
        return 0
    if not (token.isascii() and token.isdecimal() and len(token) <= 18 and int(token) > 0):
        invalid("page_token", "MALFORMED", "send next_page_token of the page before as it was")
    return int(token)


def time(moment: Timestamp, field: str) -> datetime:
    """A time from the wire, to the microsecond."""
    try:
        return moment.ToDatetime(UTC)
    except (ValueError, OverflowError):
        invalid(field, "OUT_OF_RANGE", TIME)


def timestamp(moment: datetime) -> Timestamp:
    """A time for the wire."""
    told = Timestamp()
    told.FromDatetime(moment)
    return told
