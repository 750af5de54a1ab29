"""Reads of entities: by id, by record, by identifier, by what they were, by what they are like; and why they are one.

Always true: a read sees one committed state; an id that was ever given answers for ever (a merged one as its
survivor, unless it is asked what it was); nothing is stored by reading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from matching.errors import FieldViolation
from matching.records import RecordRef
from matching.standardise.value import Mark, StandardValue
from service.application.entity_views import (
    EntityVersionView,
    EntityView,
    ModelVersions,
    RelationView,
    Views,
    survivor,
)
from service.application.explanations import EntityLink, Explanation, explain
from service.application.search import EntityMatch, query_of, search
from service.application.types_in_force import TypeInForce
from service.errors import InvalidRequest, NotFound
from service.storage.base import Snapshot, Store

__all__ = [
    "EntityLink",
    "EntityMatch",
    "EntityReader",
    "EntityVersionView",
    "EntityView",
    "Explanation",
    "RelationView",
    "Types",
]

MOST_FOUND = 100
"""Entities that one identifier answers with; an identifier that more have identifies nobody."""

Types = Callable[[], Mapping[str, TypeInForce]]
"""Gives the entity types as they are in force now."""


class EntityReader:
    """Reads entities. Thread-safe: each call reads a snapshot of its own.

    Every method raises StoreUnavailable where the store cannot be read now.
    """

    def __init__(self, store: Store, types: Types) -> None:
        self._store = store
        self._types = types
        self._models = ModelVersions()

    def get(self, entity_id: str, as_of: datetime | None = None) -> EntityView:
        """The entity as it is, or the survivor it was merged into; `as_of`: as it was, in its own state of that time.

        Raises:
            NotFound: the id was never given, or not yet at that time.
        """
        with self._store.read() as snapshot:
            views = self._views(snapshot)
            row = views.by_id(entity_id)
            return views.present(row.entity) if as_of is None else views.as_of(row.entity, as_of)

    def of_record(self, ref: RecordRef, as_of: datetime | None = None) -> EntityView:
        """The entity that a record belongs to, or belonged to.

        Raises:
            NotFound: there is no such record, or it belongs to no entity (it is withdrawn, or had not come yet).
        """
        with self._store.read() as snapshot:
            known = snapshot.records.handles([ref]).get(ref)
            if known is None:
                raise NotFound("no such record")
            record = known[0]
            membership = snapshot.membership
            entity = membership.of([record]).get(record) if as_of is None else membership.as_of(record, as_of)
            if entity is None:
                when = "" if as_of is None else " at that time"
                raise NotFound(f"the record belongs to no entity{when}: it is withdrawn, or had not come yet")
            views = self._views(snapshot)
            return views.present(entity) if as_of is None else views.as_of(entity, as_of)

    def by_identifier(self, entity_type: str, attribute: str, value: str) -> list[EntityView]:
        """The entities whose golden value is this, the oldest first; none where nobody has it.

        Raises:
            InvalidRequest: no such type, an attribute that entities are not found by, or a value that is not valid.
        """
        kind = self._kind(entity_type, "identifier.entity_type")
        standard = _identifier(kind, attribute, value)
        with self._store.read() as snapshot:
            views = self._views(snapshot)
            found = snapshot.golden_keys.find(kind.name, attribute, standard.standard, MOST_FOUND)
            return [views.present(entity) for entity in found]

    def versions(self, entity_id: str, limit: int, before: int | None = None) -> list[EntityVersionView]:
        """Up to `limit` versions of the id itself, newest first, older than version `before` where it is given.

        Raises:
            NotFound: the id was never given.
        """
        with self._store.read() as snapshot:
            views = self._views(snapshot)
            row = views.by_id(entity_id)
            newest_first = reversed(snapshot.entities.versions(row.entity))
            chosen = [version for version in newest_first if before is None or version.version < before][:limit]
            return [EntityVersionView(views.view(row, version), version.reason) for version in chosen]

    def search(
        self, entity_type: str, values: Sequence[tuple[str, str]], limit: int, least_weight: float | None = None
    ) -> list[EntityMatch]:
        """Up to `limit` entities that (attribute, text) pairs fit, best first; see `search.search`.

        Raises:
            InvalidRequest: no such type or attribute, a text that is too long, or too little to search by.
            EngineError: the pairs could not be weighed.
        """
        kind = self._kind(entity_type, "entity_type")
        query = query_of(kind, values)
        with self._store.read() as snapshot:
            return search(snapshot, self._views(snapshot), kind, query, limit, least_weight)

    def explain(self, entity_id: str) -> Explanation:
        """Why the entity, or the survivor it was merged into, is one entity.

        Raises:
            NotFound: the id was never given.
            EngineError: the pairs could not be weighed.
        """
        with self._store.read() as snapshot:
            row = survivor(snapshot, self._views(snapshot).by_id(entity_id).entity)
            return explain(snapshot, self._kind(row.entity_type, "entity_id"), row)

    def _views(self, snapshot: Snapshot) -> Views:
        return Views(snapshot, self._models)

    def _kind(self, entity_type: str, field: str) -> TypeInForce:
        types = self._types()
        if entity_type not in types:
            raise _invalid(field, "UNKNOWN_TYPE", f"there are: {', '.join(sorted(types))}")
        return types[entity_type]


def _identifier(kind: TypeInForce, attribute: str, value: str) -> StandardValue:
    """An identifier's value, standardised.

    Raises:
        InvalidRequest: entities are not found by the attribute, or the value is too long, absent or not valid.
    """
    attributes = kind.entity_type.attributes
    found_by = ", ".join(name for name in attributes if attributes[name].lookup)
    if attribute not in attributes:
        raise _invalid("identifier.attribute", "UNKNOWN_ATTRIBUTE", f"{kind.name} is found by: {found_by}")
    if not attributes[attribute].lookup:
        raise _invalid("identifier.attribute", "NOT_A_LOOKUP", f"{kind.name} is found by: {found_by}")
    longest = attributes[attribute].max_length
    if len(value) > longest:
        raise _invalid("identifier.value", "TOO_LONG", f"send at most {longest} characters")
    standard = kind.standardiser.values({attribute: (value,)})[attribute][0]
    if standard.mark is Mark.ABSENT:
        raise _invalid("identifier.value", "REQUIRED", "send the value to look for; fillers do not count")
    if not standard.usable:
        semantic = attributes[attribute].semantic
        raise _invalid("identifier.value", standard.reason.upper(), f"this is not a valid {semantic}; correct it")
    return standard


def _invalid(field: str, reason: str, description: str) -> InvalidRequest:
    return InvalidRequest([FieldViolation(field, reason, description)])
