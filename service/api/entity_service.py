"""EntityService: entities, their golden records, their history and the reasons for both."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Any

from service.api.convert.entities import (
    as_of,
    entity_message,
    explanation_message,
    lineage_wanted,
    match_message,
    versions_message,
)
from service.api.convert.requests import invalid, page_size, page_token, required
from service.api.convert.submissions import ref_of
from service.api.reading import Reading
from service.application.entities import EntityReader, EntityView
from yishu.v1 import entity_service_pb2 as wire
from yishu.v1.entity_service_pb2_grpc import EntityServiceServicer

__all__ = ["EntityService"]


class EntityService(EntityServiceServicer):
    """Reads only; safe beside any writer."""

    def __init__(self, reader: EntityReader, pool: Executor) -> None:
        self._reader = reader
        self._reading = Reading(pool)

    async def GetEntity(self, request: wire.GetEntityRequest, context: Any) -> wire.GetEntityResponse:
        lineage = lineage_wanted(request.view)
        entity_id = required("entity_id", request.entity_id)
        view = await self._reading(self._reader.get, entity_id, as_of(request))
        return wire.GetEntityResponse(entity=entity_message(view, lineage))

    async def LookupEntity(self, request: wire.LookupEntityRequest, context: Any) -> wire.LookupEntityResponse:
        lineage = lineage_wanted(request.view)
        views = await self._found(request)
        return wire.LookupEntityResponse(entities=[entity_message(view, lineage) for view in views])

    async def SearchEntities(self, request: wire.SearchEntitiesRequest, context: Any) -> wire.SearchEntitiesResponse:
        matches = await self._reading(
            self._reader.search,
            required("entity_type", request.entity_type),
            [(value.attribute, value.value) for value in request.values],
            page_size(request.page_size, usual=10, most=100),
            request.least_match_weight if request.HasField("least_match_weight") else None,
        )
        return wire.SearchEntitiesResponse(matches=[match_message(match) for match in matches])

    async def ExplainEntity(self, request: wire.ExplainEntityRequest, context: Any) -> wire.ExplainEntityResponse:
        explanation = await self._reading(self._reader.explain, required("entity_id", request.entity_id))
        return explanation_message(explanation)

    async def ListEntityVersions(
        self, request: wire.ListEntityVersionsRequest, context: Any
    ) -> wire.ListEntityVersionsResponse:
        size = page_size(request.page_size, usual=20, most=200)
        before = page_token(request.page_token) or None
        entity_id = required("entity_id", request.entity_id)
        versions = await self._reading(self._reader.versions, entity_id, size + 1, before)
        return versions_message(versions, size)

    async def _found(self, request: wire.LookupEntityRequest) -> list[EntityView]:
        moment = as_of(request)
        key = request.WhichOneof("key")
        if key == "ref":
            return [await self._reading(self._reader.of_record, ref_of(request.ref), moment)]
        if key is None:
            invalid("key", "REQUIRED", "send a ref or an identifier")
        if moment is not None:
            invalid("as_of", "NOT_SUPPORTED", "look up by ref to read as of a time")
        wanted = request.identifier
        return await self._reading(self._reader.by_identifier, wanted.entity_type, wanted.attribute, wanted.value)
