"""Every entity that a delivery's records belong to now, read over gRPC.

Always true: each accepted record is in exactly one entity of the census. The entity in an answer is where the record
belonged then; here it is where it belongs after all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from service.city import Key
from service.client import YishuClient
from yishu.v1.entity_pb2 import ENTITY_VIEW_LINEAGE, Entity
from yishu.v1.record_pb2 import RecordRef

__all__ = ["Census", "take_census"]

CALLERS = 8
"""Calls in flight at once."""


@dataclass(frozen=True, slots=True)
class Census:
    """Entities with the lineage of their values, by id, and the entity of each record."""

    entities: Mapping[str, Entity]
    entity_of: Mapping[Key, str]

    def of_type(self, entity_type: str) -> list[Entity]:
        """Those of one type, by their first record: an order that does not depend on ids."""
        found = [entity for entity in self.entities.values() if entity.entity_type == entity_type]
        return sorted(found, key=lambda entity: min((m.ref.source, m.ref.record_id) for m in entity.members))


def take_census(client: YishuClient, answered: Mapping[Key, str]) -> Census:
    """Reads the entities that the answers named, then those of the records that have left them since."""
    entities: dict[str, Entity] = {}
    entity_of: dict[Key, str] = {}

    def note(found: Iterable[Entity]) -> None:
        for entity in found:
            entities[entity.entity_id] = entity
            for member in entity.members:
                entity_of[entity.entity_type, member.ref.source, member.ref.record_id] = entity.entity_id

    with ThreadPoolExecutor(CALLERS) as callers:
        note(callers.map(lambda named: client.get_entity(named, ENTITY_VIEW_LINEAGE), sorted(set(answered.values()))))
        left = sorted(answered.keys() - entity_of.keys())
        note(
            callers.map(
                lambda key: client.entity_of(RecordRef(source=key[1], record_id=key[2]), ENTITY_VIEW_LINEAGE), left
            )
        )
    return Census({named: entity for named, entity in entities.items() if entity.members}, entity_of)
