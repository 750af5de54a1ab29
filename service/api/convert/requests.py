"""What requests have in common: pages, times and what must be there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NoReturn, TypeVar

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from matching.errors import FieldViolation
from service.errors import InvalidRequest

__all__ = ["invalid", "page", "page_size", "page_token", "required", "time", "timestamp"]

M = TypeVar("M", bound=Message)
LARGEST_PAGE = 2 * 1024 * 1024
"""Bytes; gRPC clients take 4 MB unless told otherwise."""
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


def page(messages: Iterable[M], size: int) -> tuple[list[M], bool]:
    """The first `size` of the messages, fewer where together they would be too large; and whether there are more."""
    told: list[M] = []
    room = LARGEST_PAGE
    for message in messages:
        room -= message.ByteSize()
        if told and (len(told) == size or room < 0):
            return told, True
        told.append(message)
    return told, False


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
