"""Records to a golden record with lineage: one value an attribute, each from one record.

Always true: the golden record is a function of the records and the configuration; every golden value names the record
and version it came from and the rule that chose it; every other value of the attribute is among the losing ones; an
INVALID value never wins.

The rule: the best-ranked authority with a usable value, then the later `observed_at`, then VALID before REPAIRED,
then the lesser RecordRef, then the earlier value of the record. Sources that are no authority come after those that
are. Every tie-break is by value, never by arrival.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from matching.records import RecordRef
from matching.schema import EntityType
from matching.standardise.value import Mark, StandardValue

__all__ = ["Assurance", "GoldenRecord", "GoldenValue", "Rule", "SourcedRecord", "SourcedValue", "survive"]


class Assurance(StrEnum):
    """How much stands behind a golden value."""

    AUTHORITATIVE = "AUTHORITATIVE"
    """An authority for the attribute says so."""
    CORROBORATED = "CORROBORATED"
    """The authorities are silent; two or more other sources agree."""
    SINGLE = "SINGLE"
    """The authorities are silent; one other source says so."""


class Rule(StrEnum):
    """What decided between the winner and the runner-up."""

    ONLY_VALUE = "ONLY_VALUE"
    AUTHORITY = "AUTHORITY"
    LATEST = "LATEST"
    MARK = "MARK"
    RECORD_ORDER = "RECORD_ORDER"


@dataclass(frozen=True, slots=True)
class SourcedRecord:
    """One record of an entity, as survivorship sees it."""

    ref: RecordRef
    version: int
    observed_at: datetime
    received_at: datetime
    values: Mapping[str, tuple[StandardValue, ...]]


@dataclass(frozen=True, slots=True)
class SourcedValue:
    """A value and the one record and version it came from."""

    raw: str
    standard: str
    mark: Mark
    ref: RecordRef
    version: int
    observed_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class GoldenValue:
    """The value that stands for an attribute, why, and the values that lost, best first."""

    winner: SourcedValue
    rule: Rule
    assurance: Assurance
    losing: tuple[SourcedValue, ...]


GoldenRecord = Mapping[str, GoldenValue]
"""Attribute to its golden value, in the configuration's order. Attributes without a usable value are not in it."""


def survive(entity_type: EntityType, records: Sequence[SourcedRecord]) -> dict[str, GoldenValue]:
    """The golden record of an entity's records; their order plays no part."""
    golden = {}
    for attribute in entity_type.attributes:
        value = _choose(records, attribute, entity_type.authorities_of(attribute))
        if value:
            golden[attribute] = value
    return golden


def _choose(records: Sequence[SourcedRecord], attribute: str, authorities: Sequence[str]) -> GoldenValue | None:
    ranked = sorted(
        (
            (_rank(value, number, record, authorities), value, record)
            for record in records
            for number, value in enumerate(record.values.get(attribute, ()))
            if value.mark is not Mark.ABSENT
        ),
        key=lambda candidate: candidate[0],
    )
    if not ranked or not ranked[0][1].usable:
        return None
    sourced = [_sourced(value, record) for _, value, record in ranked]
    usable = [candidate for candidate in ranked if candidate[1].usable]
    return GoldenValue(
        winner=sourced[0],
        rule=_rule(usable),
        assurance=_assurance(usable, authorities),
        losing=tuple(sourced[1:]),
    )


_RankKey = tuple[bool, int, float, bool, RecordRef, int]
_Candidate = tuple[_RankKey, StandardValue, SourcedRecord]


def _rank(value: StandardValue, number: int, record: SourcedRecord, authorities: Sequence[str]) -> _RankKey:
    source = record.ref.source
    place = authorities.index(source) if source in authorities else len(authorities)
    repaired = value.mark is not Mark.VALID
    return (not value.usable, place, -record.observed_at.timestamp(), repaired, record.ref, number)


def _rule(usable: Sequence[_Candidate]) -> Rule:
    if len(usable) == 1:
        return Rule.ONLY_VALUE
    first, second = usable[0][0], usable[1][0]
    for position, rule in ((1, Rule.AUTHORITY), (2, Rule.LATEST), (3, Rule.MARK)):
        if first[position] != second[position]:
            return rule
    return Rule.RECORD_ORDER


def _assurance(usable: Sequence[_Candidate], authorities: Sequence[str]) -> Assurance:
    _, winner, record = usable[0]
    if record.ref.source in authorities:
        return Assurance.AUTHORITATIVE
    agreeing = {other.ref.source for _, value, other in usable if value.standard == winner.standard}
    return Assurance.CORROBORATED if len(agreeing) > 1 else Assurance.SINGLE


def _sourced(value: StandardValue, record: SourcedRecord) -> SourcedValue:
    return SourcedValue(
        value.raw, value.standard, value.mark, record.ref, record.version, record.observed_at, record.received_at
    )
