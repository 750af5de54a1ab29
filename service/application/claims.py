"""What approval systems ask, checked: a claim becomes standard values and a key, or is refused with every wrong field.

Always true: a claim that was read has a whole key, and every field of it is usable; no message repeats a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from matching.errors import ConfigurationError, FieldViolation
from matching.schema import Attribute, EntityType
from matching.standardise import standardiser
from matching.standardise.value import Mark, StandardValue
from service.application.text_checks import text_violations
from service.errors import InvalidRequest

__all__ = ["LICENCE", "ORGANISATION", "PERSON", "CheckedClaim", "Claim", "ClaimReader", "Context", "Question"]

Claim = Mapping[str, str]
"""The claim message's fields by name; an empty one is not asked."""

LONGEST_REQUEST_ID = 100
LONGEST_PURPOSE = 200
LONGEST_CASE_NUMBER = 100


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks why: what every verification request carries besides its claim."""

    request_id: str
    purpose: str
    case_number: str = ""
    max_staleness: timedelta | None = None
    """The oldest answer that is accepted; None: any."""


@dataclass(frozen=True, slots=True)
class Question:
    """A kind of claim: the entity type it is about, and its fields, which are named as the type's attributes are."""

    entity_type: str
    keys: tuple[tuple[str, ...], ...]
    """The keys that a claim can have, each of fields that must all be set. The first that is begun is the claim's."""
    fields: tuple[str, ...]
    """In the order of the claim message."""


PERSON = Question(
    entity_type="person",
    keys=(("resident_id",), ("document_number",)),
    fields=("resident_id", "document_number", "name", "birth_date", "sex", "phone", "household_address"),
)
ORGANISATION = Question(
    entity_type="organisation",
    keys=(("uscc",),),
    fields=("uscc", "name", "legal_representative", "legal_representative_id", "address"),
)
LICENCE = Question(
    entity_type="licence",
    keys=(("type_code", "number"),),
    fields=("type_code", "number", "holder_name", "holder_code", "issuer", "valid_to"),
)


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim that is well formed: every field asked, in the message's order, and which of them are the key."""

    values: Mapping[str, StandardValue]
    key: tuple[str, ...]


_UNKNOWN = Attribute(semantic="text")
"""How a field is read for which the city's type has no attribute: nothing can be held for it."""


class ClaimReader:
    """Reads the claims of one question. Thread-safe."""

    def __init__(self, question: Question, entity_type: EntityType) -> None:
        """
        Raises:
            ConfigurationError: entities of the type cannot be looked up by one of the question's keys.
        """
        self._question = question
        self._attributes = {field: entity_type.attributes.get(field, _UNKNOWN) for field in question.fields}
        self._standardise: dict[str, Callable[[str], StandardValue]] = {
            field: standardiser(attribute.semantic, attribute.options) for field, attribute in self._attributes.items()
        }
        for field in sorted({field for key in question.keys for field in key}):
            if not self._attributes[field].lookup:
                problem = f"attributes.{field}: expected `lookup = true`, because verification finds entities by it"
                raise ConfigurationError(f"types/{entity_type.name}.toml", problem)

    def read(self, context: Context, claim: Claim) -> CheckedClaim:
        """
        Raises:
            InvalidRequest: every field of the context and the claim that is wrong.
        """
        asked = {field: claim[field] for field in self._question.fields if claim.get(field)}
        key = next((key for key in self._question.keys if any(field in asked for field in key)), None)
        values = {field: self._standardise[field](text) for field, text in asked.items()}
        violations = [*_context_violations(context), *self._unknown(claim), *self._missing(asked, key)]
        for field, text in asked.items():
            violations += self._violations(field, text, values[field])
        if violations or key is None:
            raise InvalidRequest(violations)
        return CheckedClaim(values, key)

    def _unknown(self, claim: Claim) -> Iterator[FieldViolation]:
        for field in claim:
            if field not in self._attributes:
                yield FieldViolation("claim", "UNKNOWN_FIELD", f"the claim has: {', '.join(self._question.fields)}")

    def _missing(self, asked: Claim, key: tuple[str, ...] | None) -> Iterator[FieldViolation]:
        ways = ", or ".join(" and ".join(key) for key in self._question.keys)
        for field in key or self._question.keys[0]:
            if field not in asked:
                yield FieldViolation(f"claim.{field}", "REQUIRED", f"send the key: {ways}")

    def _violations(self, field: str, text: str, value: StandardValue) -> Iterator[FieldViolation]:
        attribute = self._attributes[field]
        path = f"claim.{field}"
        if len(text) > attribute.max_length:
            yield FieldViolation(path, "TOO_LONG", f"send at most {attribute.max_length} characters")
            return
        unfit = list(text_violations(path, text))
        yield from unfit
        if value.mark is Mark.INVALID and not unfit:
            yield FieldViolation(path, value.reason.upper(), f"this is not a valid {attribute.semantic}; correct it")
        if value.mark is Mark.ABSENT and not unfit:
            yield FieldViolation(path, "ABSENT", "this stands for nothing; send a value, or leave the field empty")


def _context_violations(context: Context) -> Iterator[FieldViolation]:
    for field, text, longest, required in (
        ("context.request_id", context.request_id, LONGEST_REQUEST_ID, "a name of your own for this request"),
        ("context.purpose", context.purpose, LONGEST_PURPOSE, "why the question is asked"),
        ("context.case_number", context.case_number, LONGEST_CASE_NUMBER, ""),
    ):
        if required and not text.strip():
            yield FieldViolation(field, "REQUIRED", f"send {required}")
        if len(text) > longest:
            yield FieldViolation(field, "TOO_LONG", f"send at most {longest} characters")
        yield from text_violations(field, text)
    if context.max_staleness is not None and context.max_staleness < timedelta(0):
        yield FieldViolation("context.max_staleness", "NEGATIVE", "send a length of time, or leave it out")
