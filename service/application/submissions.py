"""What departments send, checked against their contracts.

Always true: a submission is either accepted whole or refused with every field that is wrong; what is refused is told
to the caller and, where its source is known, kept in quarantine; no message repeats a value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from matching.errors import FieldViolation, RecordRejected
from matching.features import RecordStandardiser
from matching.records import FeatureRow, RecordRef, Values
from matching.schema import EntityType
from matching.standardise.value import Mark, StandardValue
from service.application.text_checks import text_violations
from service.catalogue.sources import Contract, Source, codes_digest

__all__ = ["AcceptedSubmission", "Intake", "Submission", "Withdrawal"]

LONGEST_ID = 200
MOST_VALUES = 500
LONGEST_REQUEST_ID = 100
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(minutes=10)
"""How far ahead of ours a source's clock may be."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A record as it came."""

    request_id: str
    source: str
    record_id: str
    entity_type: str
    columns: tuple[tuple[str, str], ...]
    observed_at: datetime | None = None
    misread: tuple[FieldViolation, ...] = ()
    """What could not be read from the wire as it was meant; the submission is refused for it."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A record to be taken out."""

    request_id: str
    ref: RecordRef


@dataclass(frozen=True, slots=True)
class AcceptedSubmission:
    """A submission that keeps its contract, with its values standardised and its features built."""

    request_id: str
    ref: RecordRef
    entity_type: str
    values: Values
    standard: Mapping[str, tuple[StandardValue, ...]]
    features: FeatureRow
    observed_at: datetime | None


class Intake:
    """Checks submissions against the sources' contracts."""

    def __init__(self, sources: Mapping[str, Source], types: Mapping[str, EntityType]) -> None:
        self._sources = sources
        self._types = types
        self._standardisers = {name: RecordStandardiser(entity_type) for name, entity_type in types.items()}
        self._codes = {name: codes_digest(sources, name) for name in types}

    def knows_source(self, source: str) -> bool:
        return source in self._sources

    def codes_digest(self, entity_type: str) -> str:
        """Changes when the codes by which this reads values of a type do."""
        return self._codes[entity_type]

    def accept(self, submission: Submission, now: datetime) -> AcceptedSubmission:
        """
        Raises:
            RecordRejected: every field that breaks the contract.
        """
        violations = [*submission.misread, *_heading_violations(submission, now)]
        contract = self._contract(submission, violations)
        if contract is None or len(submission.columns) > MOST_VALUES:
            raise RecordRejected(_each_once(violations))
        values, unknown = contract.read(self._types[submission.entity_type], submission.columns)
        violations += [*_text_violations(submission.columns), *(replace(v, field=_shown(v.field)) for v in unknown)]
        standard, wrong = self._standardised(contract, submission.entity_type, values)
        violations += [*wrong, *_missing(contract, standard)]
        if violations:
            raise RecordRejected(_each_once(violations))
        return AcceptedSubmission(
            request_id=submission.request_id,
            ref=RecordRef(submission.source, submission.record_id),
            entity_type=submission.entity_type,
            values=values,
            standard=standard,
            features=self._standardisers[submission.entity_type].features(standard),
            observed_at=submission.observed_at,
        )

    def _standardised(
        self, contract: Contract, entity_type: str, values: Values
    ) -> tuple[dict[str, tuple[StandardValue, ...]], list[FieldViolation]]:
        """Values standardised, and what is wrong with those that cannot be, which then count as given."""
        standardiser = self._standardisers[entity_type]
        try:
            return contract.standardised(standardiser, values), []
        except RecordRejected as rejected:
            wrong = rejected.violations
        refused = {violation.field for violation in wrong}
        standard = contract.standardised(standardiser, {n: raws for n, raws in values.items() if n not in refused})
        standard |= {name: tuple(StandardValue(raw, "", Mark.INVALID) for raw in values[name]) for name in refused}
        return standard, [replace(v, field=contract.column_of.get(v.field, v.field)) for v in wrong]

    def standardise_again(
        self, ref: RecordRef, entity_type: str, values: Values
    ) -> Mapping[str, tuple[StandardValue, ...]]:
        """The standard values of a record that was accepted before, under the present configuration.

        What the present configuration has no attribute for is left out; a source that is gone has no codes.
        """
        source = self._sources.get(ref.source)
        contract = source.types.get(entity_type, Contract()) if source else Contract()
        known = {name: raws for name, raws in values.items() if name in self._types[entity_type].attributes}
        return contract.standardised(self._standardisers[entity_type], known)

    def check_withdrawal(self, withdrawal: Withdrawal) -> None:
        """
        Raises:
            RecordRejected: no record can have this reference, or the request id cannot be kept.
        """
        violations = [*_id_violations(withdrawal.ref.record_id), *_request_id_violations(withdrawal.request_id)]
        if not self.knows_source(withdrawal.ref.source):
            violations.append(_unknown_source())
        if violations:
            raise RecordRejected(violations)

    def _contract(self, submission: Submission, violations: list[FieldViolation]) -> Contract | None:
        source = self._sources.get(submission.source)
        if source is None:
            violations.append(_unknown_source())
            return None
        contract = source.types.get(submission.entity_type)
        if contract is None:
            sends = ", ".join(sorted(source.types))
            violations.append(FieldViolation("entity_type", "UNKNOWN_TYPE", f"this source sends: {sends}"))
        return contract


def _each_once(violations: Iterable[FieldViolation]) -> list[FieldViolation]:
    """The first of those that say the same of the same field."""
    told: dict[tuple[str, str], FieldViolation] = {}
    for violation in violations:
        told.setdefault((violation.field, violation.reason), violation)
    return list(told.values())


def _unknown_source() -> FieldViolation:
    return FieldViolation("source", "UNKNOWN_SOURCE", "name a source of sources.toml")


def _heading_violations(submission: Submission, now: datetime) -> Iterator[FieldViolation]:
    yield from _id_violations(submission.record_id)
    yield from _request_id_violations(submission.request_id)
    if len(submission.columns) > MOST_VALUES:
        yield FieldViolation("values", "TOO_MANY_VALUES", f"send at most {MOST_VALUES} values a record")
    if not submission.columns:
        yield FieldViolation("values", "REQUIRED", "send at least one value; to take a record out, withdraw it")
    if submission.observed_at is None:
        return
    if submission.observed_at > now + CLOCK_SKEW:
        yield FieldViolation("observed_at", "IN_THE_FUTURE", "send when the fact was seen, not a time to come")
    if submission.observed_at < EARLIEST:
        yield FieldViolation("observed_at", "TOO_EARLY", "send a time from 1900 on, or none")


def _request_id_violations(request_id: str) -> Iterator[FieldViolation]:
    if len(request_id) > LONGEST_REQUEST_ID:
        yield FieldViolation("request_id", "TOO_LONG", f"send at most {LONGEST_REQUEST_ID} characters")
    yield from text_violations("request_id", request_id)


def _id_violations(record_id: str) -> Iterator[FieldViolation]:
    if not record_id.strip():
        yield FieldViolation("record_id", "REQUIRED", "send the id that the record has at its source")
    elif len(record_id) > LONGEST_ID:
        yield FieldViolation("record_id", "TOO_LONG", f"send at most {LONGEST_ID} characters")
    elif any(unicodedata.category(c) in _REFUSED for c in record_id):
        yield FieldViolation("record_id", "CONTROL_CHARACTERS", "send no control characters")
    else:
        yield from text_violations("record_id", record_id)


_REFUSED = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Control, surrogate, private use and unassigned."""
_REPLACEMENT = "\ufffd"
"""What decoders put where the bytes were not what they were told."""


def _text_violations(columns: tuple[tuple[str, str], ...]) -> Iterator[FieldViolation]:
    whole = "".join([text for pair in columns for text in pair])
    if whole.isprintable() and _REPLACEMENT not in whole:
        return
    for column, value in columns:
        found = dict.fromkeys([*text_violations(_shown(column), column), *text_violations(_shown(column), value)])
        yield from found


def _shown(column: str) -> str:
    """A column's name as it may stand in an error."""
    return "".join(c if c.isprintable() else "?" for c in column[:100])


def _missing(contract: Contract, standard: Mapping[str, tuple[StandardValue, ...]]) -> Iterator[FieldViolation]:
    for attribute in contract.required:
        if all(value.mark is Mark.ABSENT for value in standard.get(attribute, ())):
            field = contract.column_of.get(attribute, attribute)
            yield FieldViolation(field, "REQUIRED", f"send {attribute}; empty values and fillers do not count")
