"""Verification: a claim to an answer, from one committed state of the store.

Always true: an answer holds no stored value that the claim did not bring (but for the status of a subject that is not
current); a store that cannot be read raises, and is never NOT_FOUND; what decides is `matching.verification`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import structs

from matching.schema import EntityType
from matching.standardise.today import day_of
from matching.survivorship import Assurance, GoldenValue
from matching.verification import (
    FieldVerification,
    VerificationResult,
    Verified,
    best_assured,
    status_attributes,
    verify,
)
from service.application.claims import (
    LICENCE,
    ORGANISATION,
    PERSON,
    CheckedClaim,
    Claim,
    ClaimReader,
    Context,
    Question,
)
from service.application.entity_views import ModelVersions, survivor
from service.application.golden import decode_winners
from service.errors import Refused, StaleAnswer
from service.storage.base import EntityVersion, Snapshot, Store

__all__ = ["Answer", "Claim", "Context", "Verifier"]

MOST_CANDIDATES = 100
"""Entities of one key that are looked at; where there are as many, the key tells nobody apart."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a claim. It never holds a value that the claim did not bring."""

    request_id: str
    result: VerificationResult
    fields: tuple[FieldVerification, ...] = ()
    """Field by field, in the claim message's order; empty for NOT_FOUND and AMBIGUOUS."""
    as_of: datetime | None = None
    """When the value observed longest ago, of those the result rests on, was observed; None where it rests on none."""
    golden_version: int = 0
    model_version: int = 0
    """The number of the model in force when the golden record was made; 0 for a type without one."""
    status: str = ""
    """For NOT_CURRENT, the status in the standard's words, such as EXPIRED."""


@dataclass(frozen=True, slots=True)
class _Held:
    """An entity that holds the key, and of its golden record what the answer needs."""

    version: EntityVersion
    golden: Mapping[str, GoldenValue]


class Verifier:
    """Answers claims. Thread-safe: each call reads a snapshot of its own, and needs no model.

    Every method raises:
        InvalidRequest: every field of the context and the claim that is wrong, a failed checksum included.
        StaleAnswer: the answer is older than `context.max_staleness`.
        StoreUnavailable: the store cannot be read now.
        Refused: the city has no such entity type.
    """

    def __init__(self, store: Store, types: Mapping[str, EntityType], clock: Callable[[], datetime]) -> None:
        """
        Raises:
            ConfigurationError: a type's key cannot be looked up by.
        """
        self._store = store
        self._clock = clock
        self._models = ModelVersions()
        self._kinds = {
            question: _Kind(question, types[question.entity_type])
            for question in (PERSON, ORGANISATION, LICENCE)
            if question.entity_type in types
        }

    def verify_person(self, context: Context, claim: Claim) -> Answer:
        """Is this ID number, or this document's number, this person's?"""
        return self._verify(PERSON, context, claim)

    def verify_organisation(self, context: Context, claim: Claim) -> Answer:
        """Is this credit code this organisation's?"""
        return self._verify(ORGANISATION, context, claim)

    def verify_licence(self, context: Context, claim: Claim) -> Answer:
        """Is this licence valid, and whose?"""
        return self._verify(LICENCE, context, claim)

    def _verify(self, question: Question, context: Context, claim: Claim) -> Answer:
        """The story of every verification: read the claim, find who holds its key, compare, answer."""
        kind = self._kinds.get(question)
        if kind is None:
            raise Refused(f"there is no entity type {question.entity_type} in this city's configuration")
        checked = kind.reader.read(context, claim)
        with self._store.read() as snapshot:
            held = _holder(snapshot, kind, checked)
            if isinstance(held, VerificationResult):
                return Answer(context.request_id, held)
            model_version = self._models.of(snapshot, held.version.model)
        now = self._clock()
        verified = verify(checked.values, held.golden, kind.entity_type.status, day_of(now))
        _expect_fresh(context, verified, now)
        return Answer(
            request_id=context.request_id,
            result=verified.result,
            fields=verified.fields,
            as_of=verified.as_of,
            golden_version=held.version.version,
            model_version=model_version,
            status=verified.status,
        )


class _Kind:
    """An entity type, who reads claims about it, and the attributes that answers need."""

    def __init__(self, question: Question, entity_type: EntityType) -> None:
        self.entity_type = entity_type
        self.reader = ClaimReader(question, entity_type)
        asked = entity_type.attributes.keys() & set(question.fields)
        self.needed = frozenset(asked) | status_attributes(entity_type.status)


def _expect_fresh(context: Context, verified: Verified, now: datetime) -> None:
    accepted, as_of = context.max_staleness, verified.as_of
    if accepted is not None and as_of is not None and now - as_of > accepted:
        raise StaleAnswer((now - as_of).total_seconds(), accepted.total_seconds())


def _holder(snapshot: Snapshot, kind: _Kind, claim: CheckedClaim) -> _Held | VerificationResult:
    """The one entity that holds the claim's key, or NOT_FOUND or AMBIGUOUS.

    Of several, it is the one for whose key most stands: a number that the police vouch for is not made ambiguous by
    somebody else's typing error.
    """
    name, attribute = kind.entity_type.name, claim.key[-1]
    found = snapshot.golden_keys.find(name, attribute, claim.values[attribute].standard, MOST_CANDIDATES)
    if len(found) == MOST_CANDIDATES:
        return VerificationResult.AMBIGUOUS
    holders = {}
    for entity in found:
        held = _held(snapshot, entity, kind.needed)
        if held and all(_holds(held, field, claim) for field in claim.key):
            holders[entity] = held
    chosen = list(holders)
    if len(holders) > 1:
        chosen = best_assured({entity: held.golden[attribute] for entity, held in holders.items()})
    if len(chosen) != 1:
        return VerificationResult.AMBIGUOUS if chosen else VerificationResult.NOT_FOUND
    return _with_related_codes(snapshot, kind.entity_type, claim, holders[chosen[0]])


def _held(snapshot: Snapshot, entity: int, attributes: Set[str]) -> _Held | None:
    version = snapshot.entities.latest(entity)
    return _Held(version, decode_winners(version.golden, attributes)) if version else None


def _holds(held: _Held, field: str, claim: CheckedClaim) -> bool:
    golden = held.golden.get(field)
    return golden is not None and golden.winner.standard == claim.values[field].standard


def _with_related_codes(snapshot: Snapshot, entity_type: EntityType, claim: CheckedClaim, held: _Held) -> _Held:
    """With the codes that are asked, and that the entities it refers to hold though it does not itself.

    So a licence that names its holder without a code answers for the code of the one entity that fits the name. Only
    the name ties the two, whoever vouches for the code: its assurance is SINGLE.
    """
    codes = {}
    for relation in entity_type.relations:
        if relation.code not in claim.values or relation.code in held.golden:
            continue
        code_of = {target.type: target.code for target in relation.targets}
        for row in snapshot.relations.of(held.version.entity):
            if row.name == relation.name and row.target is not None:
                target = survivor(snapshot, row.target)
                attribute = code_of.get(target.entity_type, "")
                related = _held(snapshot, target.entity, {attribute})
                if related and attribute in related.golden:
                    codes[relation.code] = structs.replace(related.golden[attribute], assurance=Assurance.SINGLE)
    return replace(held, golden={**held.golden, **codes}) if codes else held
