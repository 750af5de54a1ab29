"""`yishu get`, `yishu search` and `yishu explain`: what the service holds, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from service.cli.context import CliContext, Server, console, failures_shown
from service.cli.printing import BEIJING, as_json, entity_view, explanation_view, matches_view, versions_view
from service.client import YishuClient
from yishu.v1 import entity_pb2 as entities
from yishu.v1 import entity_service_pb2 as wire
from yishu.v1.record_pb2 import AttributeValue, RecordRef

__all__ = ["Json", "explain", "get", "search"]

Json = Annotated[bool, typer.Option("--json", help="The answer as one JSON object, for programs.")]


def get(
    context: typer.Context,
    entity_id: Annotated[str, typer.Argument(help="The entity; the id of a merged one gives its survivor.")] = "",
    record: Annotated[str, typer.Option(metavar="SOURCE/RECORD_ID", help="The entity of this record.")] = "",
    identifier: Annotated[
        str, typer.Option(metavar="TYPE.ATTRIBUTE=VALUE", help="The entities whose golden value is this.")
    ] = "",
    lineage: Annotated[bool, typer.Option("--lineage", help="Show where each value came from, and what lost.")] = False,
    as_of: Annotated[
        str, typer.Option(metavar="TIME", help="As it was then: ISO 8601, Beijing time unless it says otherwise.")
    ] = "",
    versions: Annotated[bool, typer.Option("--versions", help="List what it was, version by version.")] = False,
    json: Json = False,
    server: Server = "",
) -> None:
    """Show an entity's golden record: by its id, by a record, or by an identifier."""
    cli: CliContext = context.obj
    if bool(entity_id) + bool(record) + bool(identifier) != 1:
        raise typer.BadParameter("say one of ENTITY_ID, --record or --identifier")
    if identifier and as_of:
        raise typer.BadParameter("--as-of goes with ENTITY_ID or --record: an identifier is looked up as of now")
    view = entities.ENTITY_VIEW_LINEAGE if lineage else entities.ENTITY_VIEW_GOLDEN
    at = _time(as_of) if as_of else None
    with failures_shown(), cli.resolver(server) as client:
        if identifier:
            found = client.entities_with(_identifier(identifier), view)
        elif record:
            found = [client.entity_of(_ref(record), view, at)]
        else:
            found = [client.get_entity(entity_id, view, at)]
        if versions:
            _show_versions(client, [entity_id] if entity_id else [entity.entity_id for entity in found], json)
        elif json:
            console.print(as_json(wire.LookupEntityResponse(entities=found)), soft_wrap=True, markup=False)
        else:
            for entity in found:
                console.print(entity_view(entity))


def search(
    context: typer.Context,
    entity_type: Annotated[str, typer.Argument(metavar="TYPE", help="The entity type.")],
    values: Annotated[list[str], typer.Argument(metavar="ATTRIBUTE=VALUE...", help="As a record would give them.")],
    limit: Annotated[int, typer.Option(help="At most so many entities.", min=1, max=100)] = 10,
    least_weight: Annotated[
        float | None, typer.Option(help="Leave out what weighs less (log2); the type's review threshold unless given.")
    ] = None,
    json: Json = False,
    server: Server = "",
) -> None:
    """Search for entities that fit some attributes, best first. Nothing is stored."""
    cli: CliContext = context.obj
    request = wire.SearchEntitiesRequest(entity_type=entity_type, values=map(_value, values), page_size=limit)
    if least_weight is not None:
        request.least_match_weight = least_weight
    with failures_shown(), cli.resolver(server) as client:
        found = client.search(request)
    if json:
        console.print(as_json(wire.SearchEntitiesResponse(matches=found)), soft_wrap=True, markup=False)
    else:
        console.print(matches_view(found))


def explain(
    context: typer.Context,
    entity_id: Annotated[str, typer.Argument(help="The entity.")],
    every_link: Annotated[bool, typer.Option("--every-link", help="The evidence of every link.")] = False,
    json: Json = False,
    server: Server = "",
) -> None:
    """Say why an entity is one: its links, the weakest of them, and the evidence."""
    cli: CliContext = context.obj
    with failures_shown(), cli.resolver(server) as client:
        answer = client.explain(entity_id)
    if json:
        console.print(as_json(answer), soft_wrap=True, markup=False)
    else:
        console.print(explanation_view(answer, every_link))


def _show_versions(client: YishuClient, entity_ids: list[str], json: bool) -> None:
    for entity_id in entity_ids:
        found: list[wire.EntityVersion] = []
        token = ""
        while True:
            page = client.entity_versions(entity_id, page_token=token)
            found += page.versions
            token = page.next_page_token
            if not token:
                break
        if json:
            console.print(as_json(wire.ListEntityVersionsResponse(versions=found)), soft_wrap=True, markup=False)
        else:
            console.print(entity_id, style="bold", markup=False)
            console.print(versions_view(found))


def _identifier(text: str) -> wire.EntityIdentifier:
    key, equals, value = text.partition("=")
    entity_type, dot, attribute = key.partition(".")
    if not (equals and dot and value):
        raise typer.BadParameter("--identifier: expected TYPE.ATTRIBUTE=VALUE, as in person.resident_id=...")
    return wire.EntityIdentifier(entity_type=entity_type, attribute=attribute, value=value)


def _ref(text: str) -> RecordRef:
    source, slash, record_id = text.partition("/")
    if not (slash and source and record_id):
        raise typer.BadParameter("--record: expected SOURCE/RECORD_ID, as in public_security/...")
    return RecordRef(source=source, record_id=record_id)


def _value(text: str) -> AttributeValue:
    attribute, equals, value = text.partition("=")
    if not (equals and attribute):
        raise typer.BadParameter(f"expected ATTRIBUTE=VALUE, got {text!r}")
    return AttributeValue(attribute=attribute, value=value)


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("--as-of: expected a time such as 2026-03-01T12:00 or 2026-03-01") from None
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)
