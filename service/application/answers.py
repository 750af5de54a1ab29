"""What is asked of the resolver, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from matching.errors import FieldViolation
from matching.records import RecordRef
from matching.standardise.value import StandardValue
from service.application.submissions import AcceptedSubmission, Submission, Withdrawal
from service.application.versions import Outcome

__all__ = ["Accepted", "Answer", "Checked", "Found", "Item", "Rejected"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A submission that was taken in, durable and linked. `entity_id` is empty for a withdrawn record."""

    request_id: str
    ref: RecordRef
    version: int
    outcome: Outcome
    entity_id: str
    standard: Mapping[str, tuple[StandardValue, ...]]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A submission that was refused; `quarantine` is 0 where it could not be kept."""

    request_id: str
    violations: tuple[FieldViolation, ...]
    quarantine: int = 0


Answer = Accepted | Rejected
Item = Submission | Withdrawal
Found = AcceptedSubmission | Withdrawal | Rejected


class Checked(NamedTuple):
    """What came, and what checking it found."""

    item: Item
    found: Found
