"""Records as sources send them. Frozen: a correction is a new version, never a change in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from matching.standardise.value import Part, StandardValue

__all__ = ["FeatureRow", "Record", "RecordRef", "StandardRecord", "Values"]


class RecordRef(NamedTuple):
    """Which record: the source that sent it and the id it has there. Ordered by (source, record_id)."""

    source: str
    record_id: str

    def __str__(self) -> str:
        return f"{self.source}/{self.record_id}"


Values = Mapping[str, tuple[str, ...]]
"""Attribute to the raw values sent for it, at least one each, in the order sent."""


@dataclass(frozen=True, slots=True)
class Record:
    """One version of what one source says of one thing.

    `observed_at` is when the fact was true or seen at the source, `received_at` when Yishu took it in (both UTC).
    """

    ref: RecordRef
    entity_type: str
    version: int
    values: Values
    observed_at: datetime
    received_at: datetime


FeatureRow = Mapping[str, Part | None]
"""Feature to its value; None where the record has none. Lists are tuples, sorted and without repeats."""


@dataclass(frozen=True, slots=True)
class StandardRecord:
    """A record with its values standardised and its features built."""

    record: Record
    values: Mapping[str, tuple[StandardValue, ...]]
    features: FeatureRow
