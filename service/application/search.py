"""Entities that fit some attributes, best first.

Always true: nothing is stored; what is found is what a record with these values would be compared with, and what each
pair would weigh (the record searched for standing second in it).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.blocking import BlockKey, block_keys
from matching.errors import FieldViolation, RecordRejected
from matching.records import FeatureRow, RecordRef
from matching.schema import EntityType
from service.application.entity_views import EntityView, Views
from service.application.types_in_force import TypeInForce
from service.errors import InvalidRequest
from service.storage.base import CurrentRecord, Snapshot

__all__ = ["EntityMatch", "probability", "query_of", "search"]


@dataclass(frozen=True, slots=True)
class EntityMatch:
    """An entity that fits, by its record that fits best.

    `weight` (log2 of the Bayes factor, with the prior) and `probability` are None where the type has no model.
    """

    entity: EntityView
    weight: float | None
    probability: float | None
    ref: RecordRef


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for, as matching compares it; `keys` has at least one."""

    features: FeatureRow
    keys: set[BlockKey]


@dataclass(frozen=True, slots=True)
class _Found:
    """A record that shares block keys with the query."""

    record: CurrentRecord
    weight: float | None
    shared: int

    @property
    def place(self) -> tuple[float, int, RecordRef]:
        """Sorts the best first: the heaviest, or, unweighed, what shares the most keys; ties by records."""
        return (-(self.weight or 0.0), -self.shared, self.record.ref)


def query_of(kind: TypeInForce, values: Sequence[tuple[str, str]]) -> Query:
    """Attributes and texts as a query.

    Raises:
        InvalidRequest: an attribute that the type does not have, a text that is too long, or too few attributes for
            any record to be compared with.
    """
    given: dict[str, tuple[str, ...]] = {}
    for attribute, text in values:
        given[attribute] = (*given.get(attribute, ()), text)
    try:
        features = kind.standardiser.features(kind.standardiser.values(given))
    except RecordRejected as rejected:
        wrong = [FieldViolation(f"values.{v.field}", v.reason, v.description) for v in rejected.violations]
        raise InvalidRequest(wrong) from rejected
    keys = block_keys(kind.entity_type, features)
    if not keys:
        remedy = f"send usable values for one of: {_ways(kind.entity_type)}"
        raise InvalidRequest([FieldViolation("values", "TOO_LITTLE", remedy)])
    return Query(features, keys)


def search(
    snapshot: Snapshot, views: Views, kind: TypeInForce, query: Query, limit: int, least_weight: float | None
) -> list[EntityMatch]:
    """Up to `limit` entities with a record that weighs `least_weight` or more, best first.

    `least_weight` None is the weight from which the type keeps edges. Without a model, entities that share a block
    key are found unweighed, those that share most first, and only where no least weight is asked.
    """
    shared = _shared_keys(snapshot, kind, query.keys)
    records = snapshot.records.current(shared)
    found = [
        _Found(records[record], weight, shared[record])
        for record, weight in zip(records, _weights(kind, query, records), strict=True)
        if _fits(kind, weight, least_weight)
    ]
    entity_of = snapshot.membership.of(records)
    best: dict[int, _Found] = {}
    for one in sorted(found, key=lambda one: one.place):
        best.setdefault(entity_of[one.record.record], one)
    return [
        EntityMatch(views.present(entity), one.weight, probability(one.weight), one.record.ref)
        for entity, one in list(best.items())[:limit]
    ]


def probability(weight: float | None) -> float | None:
    """The match probability that follows from a match weight: 2^w / (1 + 2^w)."""
    if weight is None:
        return None
    odds = math.exp2(-min(abs(weight), 1_000.0))
    return 1 / (1 + odds) if weight >= 0 else odds / (1 + odds)


def _shared_keys(snapshot: Snapshot, kind: TypeInForce, keys: set[BlockKey]) -> dict[int, int]:
    """The records that share keys with the query, and how many; keys that are too common make no pairs."""
    rules = kind.entity_type.rules
    shared: dict[int, int] = {}
    for cap in sorted({rules[number].cap for number, _ in keys}):
        wanted = [key for key in sorted(keys) if rules[key[0]].cap == cap]
        for members in snapshot.block_keys.members_of(kind.name, wanted, cap + 1).values():
            if len(members) <= cap:
                for record in members:
                    shared[record] = shared.get(record, 0) + 1
    return shared


def _weights(kind: TypeInForce, query: Query, records: Mapping[int, CurrentRecord]) -> Sequence[float | None]:
    """What each record weighs with the query."""
    rows = [*(row.features for row in records.values()), query.features]
    return kind.weigh(rows, [(number, len(records)) for number in range(len(records))]) or [None] * len(records)


def _fits(kind: TypeInForce, weight: float | None, least_weight: float | None) -> bool:
    if weight is None:
        return least_weight is None
    return weight >= (kind.keep_weight if least_weight is None else least_weight)


def _ways(entity_type: EntityType) -> str:
    """The sets of attributes that records are compared by, in words."""
    ways = (" and ".join(_attributes(entity_type, feature) for feature in rule.features) for rule in entity_type.rules)
    return "; ".join(dict.fromkeys(ways))


def _attributes(entity_type: EntityType, feature: str) -> str:
    """The attributes that a feature is made from."""
    return "/".join(dict.fromkeys(source.partition(".")[0] for source in entity_type.features[feature].sources))
