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
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

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


class SourcedValue(msgspec.Struct, frozen=True, array_like=True):
    """A value and the one record and version it came from."""

    raw: str
    standard: str
    mark: Mark
    ref: RecordRef
    version: int
    observed_at: datetime
    received_at: datetime


class GoldenValue(msgspec.Struct, frozen=True, array_like=True):
    """The value that stands for an attribute, why, and the values that lost, best first."""

    winner: SourcedValue
    rule: Rule
    assurance: Assurance
    losing: tuple[SourcedValue, ...]


GoldenRecord = Mapping[str, GoldenValue]
"""Attribute to its golden value, in the configuration's order. Attributes without a usable value are not in it."""


def survive(entity_type: EntityType, records: Sequence[SourcedRecord]) -> dict[str, GoldenValue]:
    """The golden record of an entity's records; their order plays no part."""
    candidates: dict[str, list[_Candidate]] = {}
    for record in records:
        for attribute, values in record.values.items():
            for number, value in enumerate(values):
                if value.mark is not Mark.ABSENT:
                    candidates.setdefault(attribute, []).append((number, value, record))
    golden = {}
    for attribute in entity_type.attributes:
        if attribute not in candidates:
            continue
        chosen = _choose(candidates[attribute], entity_type.authorities_of(attribute))
        if chosen:
            golden[attribute] = chosen
    return golden


_Candidate = tuple[int, StandardValue, SourcedRecord]
"""Which of the record's values for the attribute it is, the value, the record."""
_LATEST = datetime.max.replace(tzinfo=UTC)
_RankKey = tuple[bool, int, timedelta, bool, RecordRef, int]


def _choose(candidates: list[_Candidate], authorities: Sequence[str]) -> GoldenValue | None:
    if len(candidates) == 1:
        only = candidates[0]
        if not only[1].usable:
            return None
        return GoldenValue(_sourced(only), Rule.ONLY_VALUE, _assurance(only, candidates, authorities), ())
    keys = sorted((_rank(candidate, authorities), n) for n, candidate in enumerate(candidates))
    usable = [candidates[n] for key, n in keys if not key[0]]
    if not usable:
        return None
    return GoldenValue(
        winner=_sourced(usable[0]),
        rule=_rule(keys[0][0], keys[1][0]) if len(usable) > 1 else Rule.ONLY_VALUE,
        assurance=_assurance(usable[0], usable, authorities),
        losing=tuple([_sourced(candidates[n]) for _, n in keys[1:]]),
    )


def _rank(candidate: _Candidate, authorities: Sequence[str]) -> _RankKey:
    """Best first: usable, best authority, latest, valid as sent, least RecordRef, first of the record's values."""
    number, value, record = candidate
    source = record.ref.source
    place = authorities.index(source) if source in authorities else len(authorities)
    return (not value.usable, place, _LATEST - record.observed_at, value.mark is not Mark.VALID, record.ref, number)


def _rule(first: _RankKey, second: _RankKey) -> Rule:
    """What decided between the two best, both usable."""
    for position, rule in ((1, Rule.AUTHORITY), (2, Rule.LATEST), (3, Rule.MARK)):
        if first[position] != second[position]:
            return rule
    return Rule.RECORD_ORDER


def _assurance(winner: _Candidate, usable: Sequence[_Candidate], authorities: Sequence[str]) -> Assurance:
    _, value, record = winner
    if record.ref.source in authorities:
        return Assurance.AUTHORITATIVE
    agreeing = {other.ref.source for _, said, other in usable if said.standard == value.standard}
    return Assurance.CORROBORATED if len(agreeing) > 1 else Assurance.SINGLE


def _sourced(candidate: _Candidate) -> SourcedValue:
    _, value, record = candidate
    return SourcedValue(
        value.raw, value.standard, value.mark, record.ref, record.version, record.observed_at, record.received_at
    )
