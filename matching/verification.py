"""A claim and a golden record to a result, field by field: pure.

Always true of what `verify` returns: it is a function of the claim, the golden record, the configuration and the day;
it holds no value, raw or standard, of the golden record, but for the status of a subject that is NOT_CURRENT.

The rules, where docs and law leave a choice:
- MATCH means that every field asked agrees. A field for which nothing is held does not agree: MISMATCH.
- A field that disagrees comes before a subject that is not current: who does not know the subject is not told that
  it is revoked, expired or dead.
- What the status attribute says comes before what the dates say: a revoked licence that also expired is REVOKED.
- A subject is current on the last day of its validity. 9999-12-31 is a validity without end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from matching.schema import VerifiedStatus
from matching.standardise import standardiser
from matching.standardise.value import StandardValue
from matching.survivorship import Assurance, GoldenRecord, GoldenValue, SourcedValue

__all__ = [
    "EXPIRED",
    "NOT_YET_VALID",
    "FieldResult",
    "FieldVerification",
    "VerificationResult",
    "Verified",
    "best_assured",
    "compare",
    "not_current",
    "status_attributes",
    "verify",
]

EXPIRED = "EXPIRED"
"""The status of what was valid until a day before today."""
NOT_YET_VALID = "NOT_YET_VALID"
"""The status of what is valid from a day after today."""


class VerificationResult(StrEnum):
    """The answer to a verification question."""

    MATCH = "MATCH"
    """Every field asked agrees with what the authority holds, and the subject is current."""
    MISMATCH = "MISMATCH"
    """The subject is held; a field disagrees, or nothing is held for it."""
    NOT_FOUND = "NOT_FOUND"
    """The key is valid, and nobody holds it. Not proof of forgery."""
    NOT_CURRENT = "NOT_CURRENT"
    """Every field asked agrees; the subject is expired, suspended, revoked, cancelled, dissolved or deceased."""
    AMBIGUOUS = "AMBIGUOUS"
    """More than one entity fits."""


class FieldResult(StrEnum):
    """The answer for one field of a claim."""

    EXACT = "EXACT"
    """Equal as it was sent."""
    NORMALISED = "NORMALISED"
    """Equal by the published rules: width, x or X, 15 to 18 digits, traditional and variant characters, separators."""
    MISMATCH = "MISMATCH"
    NOT_HELD = "NOT_HELD"
    """Nothing is held for this field."""


@dataclass(frozen=True, slots=True)
class FieldVerification:
    """The answer for one field; `assurance` is None and `authority` (a source) empty where nothing is held."""

    field: str
    result: FieldResult
    assurance: Assurance | None
    authority: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a claim and a golden record give."""

    result: VerificationResult
    """MATCH, MISMATCH or NOT_CURRENT."""
    fields: tuple[FieldVerification, ...]
    """One for each field of the claim, in its order."""
    as_of: datetime | None
    """When the value observed longest ago, of those the result rests on, was observed; None where it rests on none.

    MISMATCH rests on the values compared with the claim; MATCH and NOT_CURRENT also on those that tell whether the
    subject is current.
    """
    status: str
    """For NOT_CURRENT, the status: a code of the status attribute, EXPIRED or NOT_YET_VALID. Else empty."""


def verify(
    claim: Mapping[str, StandardValue], golden: GoldenRecord, status: VerifiedStatus | None, today: date
) -> Verified:
    """Compares a claim, by field, with the golden values of the attributes of the same names.

    Args:
        claim: field to what it claims, standardised as the attribute's values are, and usable.
        golden: at least the attributes that the claim and `status` name, as far as they are held.
        status: how the type tells whether a subject is current; None: it always is.
        today: the day on which the question is asked, where the city is.
    """
    fields = tuple(_field(field, value, golden.get(field)) for field, value in claim.items())
    compared = [golden[field] for field in claim if field in golden]
    if any(field.result in (FieldResult.MISMATCH, FieldResult.NOT_HELD) for field in fields):
        return Verified(VerificationResult.MISMATCH, fields, _earliest(compared), "")
    telling = [golden[attribute] for attribute in status_attributes(status) if attribute in golden]
    as_of = _earliest([*compared, *telling])
    word = not_current(golden, status, today)
    return Verified(VerificationResult.NOT_CURRENT if word else VerificationResult.MATCH, fields, as_of, word)


def compare(claimed: StandardValue, held: SourcedValue) -> FieldResult:
    """EXACT, NORMALISED or MISMATCH.

    Standard forms decide: a raw form can be in the source's own codes, where "1" may stand for what others write "2".
    """
    if claimed.standard != held.standard:
        folded = claimed.parts.get("folded")
        if folded is None or folded != _TEXT(held.standard).parts.get("folded"):
            return FieldResult.MISMATCH
    return FieldResult.EXACT if claimed.raw in (held.raw, held.standard) else FieldResult.NORMALISED


_TEXT = standardiser("text", {})
"""Free text keeps its traditional characters in standard form; it is compared folded."""


def status_attributes(status: VerifiedStatus | None) -> frozenset[str]:
    """The attributes that tell whether a subject is current."""
    if status is None:
        return frozenset()
    return frozenset(name for name in (status.attribute, status.valid_from, status.valid_to) if name)


def not_current(golden: GoldenRecord, status: VerifiedStatus | None, today: date) -> str:
    """Why the subject is not current, as a status; empty where it is, or nothing is held that tells."""
    if status is None:
        return ""
    held = golden.get(status.attribute)
    if held and held.winner.standard in status.not_current:
        return held.winner.standard
    now = today.isoformat()
    until = golden.get(status.valid_to) if status.valid_to else None
    if until and until.winner.standard < now:
        return EXPIRED
    since = golden.get(status.valid_from) if status.valid_from else None
    return NOT_YET_VALID if since and since.winner.standard > now else ""


def best_assured(candidates: Mapping[int, GoldenValue]) -> list[int]:
    """Of several that hold the same key, those for which most stands behind it."""
    best = min((_ASSURANCES[held.assurance] for held in candidates.values()), default=None)
    return [candidate for candidate, held in candidates.items() if _ASSURANCES[held.assurance] == best]


_ASSURANCES = {assurance: place for place, assurance in enumerate(Assurance)}
"""The most assured first."""


def _field(field: str, claimed: StandardValue, held: GoldenValue | None) -> FieldVerification:
    if held is None:
        return FieldVerification(field, FieldResult.NOT_HELD, None, "")
    return FieldVerification(field, compare(claimed, held.winner), held.assurance, held.winner.ref.source)


def _earliest(values: list[GoldenValue]) -> datetime | None:
    return min((value.winner.observed_at for value in values), default=None)
