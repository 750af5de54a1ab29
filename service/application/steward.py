"""Stewards' decisions, applied at once.

Always true: a decision in force holds in the stored entities when `decide` or `revoke` returns, and in every outcome
after it, whatever is submitted or relinked, until it is revoked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from matching.errors import FieldViolation
from matching.records import RecordRef
from service.application.linking import relink_pairs
from service.application.neighbourhoods import gather
from service.application.outcomes import settle
from service.application.relations import update_relations
from service.application.text_checks import text_violations
from service.application.types_in_force import TypeInForce
from service.errors import InvalidRequest, NotFound
from service.storage.base import Decision, Store, UnitOfWork, Verdict

__all__ = ["Steward"]

LONGEST_PERSON = 200
LONGEST_REASON = 2_000


class Steward:
    """Records decisions about pairs of records. Thread-safe: a call is one unit of work, one at a time."""

    def __init__(self, store: Store, types: Mapping[str, TypeInForce]) -> None:
        self._store = store
        self._types = types

    def decide(self, first: RecordRef, second: RecordRef, verdict: Verdict, author: str, reason: str) -> Decision:
        """Stores a decision about two records and settles the entities that it touches.

        Raises:
            InvalidRequest: the same record twice, records of two types, no author, or text that cannot be kept.
            NotFound: a record that was never submitted.
        """
        with self._store.write() as work:
            kind = self._type_of(work, first, second, author, reason)
            low, high = sorted((first, second))
            decision = work.decisions.add(Decision(0, kind.name, low, high, verdict, author, reason, work.at))
            self._settle(work, kind, (low, high))
            work.commit()
        return decision

    def revoke(self, decision: int, by: str) -> None:
        """Takes a decision back; what it held together or apart is worked out from the evidence again.

        Raises:
            NotFound: there is no such decision in force.
            InvalidRequest: nobody is named as revoking it, or by text that cannot be kept.
        """
        if violations := list(_person_violations("by", by, "name who revokes the decision")):
            raise InvalidRequest(violations)
        with self._store.write() as work:
            found = work.decisions.get(decision)
            if found is None or found.revoked_at is not None:
                raise NotFound("no such decision in force")
            work.decisions.revoke(decision, by, work.at)
            self._settle(work, self._types[found.entity_type], (found.first, found.second))
            work.commit()

    def _type_of(self, work: UnitOfWork, first: RecordRef, second: RecordRef, author: str, reason: str) -> TypeInForce:
        violations = []
        if first == second:
            violations.append(FieldViolation("second", "SAME_RECORD", "name two different records"))
        violations += _person_violations("author", author, "name who decides")
        violations += _text_violations("reason", reason, LONGEST_REASON)
        known = work.records.handles([first, second])
        if not violations and len(known) < 2:
            raise NotFound("a record of the decision was never submitted")
        names = {entity_type for _, entity_type, _, _ in known.values()}
        if len(names) > 1:
            violations.append(FieldViolation("second", "TYPE_MISMATCH", "name two records of one entity type"))
        if violations:
            raise InvalidRequest(violations)
        return self._types[names.pop()]

    def _settle(self, work: UnitOfWork, kind: TypeInForce, refs: Iterable[RecordRef]) -> None:
        records = {known[0] for known in work.records.handles(refs).values() if not known[3]}
        gathered = gather(work, kind, relink_pairs(work, kind, records))
        settled = {kind.name: settle(work, kind, gathered)}
        update_relations(work, {found.name: found.entity_type for found in self._types.values()}, settled)


def _person_violations(field: str, person: str, asked: str) -> Iterator[FieldViolation]:
    """A person's name is one line."""
    if not person.strip():
        yield FieldViolation(field, "REQUIRED", asked)
    if any(c in "\t\n\r" for c in person):
        yield FieldViolation(field, "CONTROL_CHARACTERS", "send no control characters")
    yield from _text_violations(field, person, LONGEST_PERSON)


def _text_violations(field: str, text: str, longest: int) -> Iterator[FieldViolation]:
    if len(text) > longest:
        yield FieldViolation(field, "TOO_LONG", f"send at most {longest} characters")
    yield from text_violations(field, text)
