"""The chapters of the story, each printed from what came over the wire."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from matching.evaluation import measure
from service.city import City
from service.cli.printing import entity_view, evidence_view, ref_text, result_name, verification_view
from service.client import YishuClient, YishuError
from service.demo.census import Census
from service.demo.delivery import Delivery
from service.demo.protagonists import disagreements, golden
from service.demo.questions import Question
from yishu.v1.entity_pb2 import Entity
from yishu.v1.entity_service_pb2 import ExplainEntityResponse
from yishu.v1.verification_pb2 import FieldResult

__all__ = [
    "PURPOSE",
    "accuracy",
    "answered",
    "counts",
    "golden_record",
    "heading",
    "merge",
    "quarantined",
]

PURPOSE = "demo"
COMPARED = ("name", "resident_id", "birth_date", "sex", "phone")
"""What a merge is shown by."""


def heading(console: Console, number: int, words: str) -> None:
    console.print()
    console.print(Text(f"{number}. {words}", style="bold cyan"))


def counts(delivery: Delivery) -> RenderableType:
    """How many records each department sent, and what became of them."""
    table = _table("type", "department", "sent", "accepted", "repaired", "invalid", "refused")
    for (entity_type, source), tally in sorted(delivery.tallies.items(), reverse=True):
        figures = (tally.sent, tally.accepted, tally.repaired, tally.invalid, tally.refused)
        table.add_row(entity_type, source, *map(str, figures))
    rate = delivery.sent / delivery.seconds
    words = f"{delivery.sent:,} records in {delivery.seconds:.1f} s ({rate:,.0f} a second), "
    words += f"each linked and durable before it was answered; {len(delivery.refused)} refused"
    meaning = "repaired: a value was put into standard form; invalid: a value is kept as text, and trusted for nothing"
    return Group(Text(words), table, Text(meaning, style="dim"))


def quarantined(client: YishuClient, delivery: Delivery) -> RenderableType:
    """One refused record, as its department finds it in quarantine."""
    if not delivery.refused:
        return Text("no record was refused")
    entity_type, source, record_id = min(delivery.refused)
    page = client.quarantine(source)
    held = next((one for one in page.records if one.record.ref.record_id == record_id), page.records[0])
    reasons = "; ".join(f"{wrong.field}: {wrong.reason}: {wrong.description}" for wrong in held.violations)
    words = f"quarantine of {source} ({page.total}): {entity_type} {ref_text(held.record.ref)} was refused: {reasons}"
    return Text(words, style="yellow")


def golden_record(entity: Entity) -> RenderableType:
    """A golden record with the lineage of each value."""
    return Group(entity_view(entity), Text("= agrees with the golden value   ≠ disagrees, and is kept", style="dim"))


def merge(entity: Entity, why: ExplainEntityResponse) -> RenderableType:
    """What each department wrote, that it is one person, and what the two records that fit worst say for it."""
    known, disputed = golden(entity), disagreements(entity)
    shown = [attribute for attribute in COMPARED if attribute in known]
    table = _table("record", *shown)
    said = {
        (value.attribute, ref_text(one.ref)): (one.raw, one.standard == value.value)
        for value in entity.values
        for one in (value.source, *value.losing)
    }
    for member in entity.members:
        record = ref_text(member.ref)
        cells = (_said(*said.get((attribute, record), ("", True))) for attribute in shown)
        table.add_row(record, *cells)
    table.add_row("golden record", *(known[attribute] for attribute in shown), style="bold")
    words = f"{entity.entity_id}: {len(entity.members)} records that disagree in {', '.join(sorted(disputed))}"
    parts: list[RenderableType] = [Text(words), table]
    if why.weakest_link >= 0:
        parts += [Text(), evidence_view(why.links[why.weakest_link], "what holds it together, at its weakest: ")]
        parts.append(Text("match weights in log2: +10 makes a match a thousand times likelier", style="dim"))
    return Group(*parts)


def answered(client: YishuClient, questions: Sequence[Question]) -> RenderableType:
    """Every question with its answer, and the first answer in full."""
    table = _table("the claim", "result", "what it tells", "ms")
    for question in questions:
        started = time.perf_counter()
        result, told = _answer(client, question)
        took = (time.perf_counter() - started) * 1000
        style = {"MATCH": "green", "MISMATCH": "red", "INVALID_ARGUMENT": "red"}.get(result, "yellow")
        table.add_row(question.words, Text(result, style=style), Text(told, style="dim"), f"{took:.1f}")
    full = questions[0].ask(client, client.context(PURPOSE))
    return Group(table, Text(), Text("the first of them in full:"), verification_view(full))


def _answer(client: YishuClient, question: Question) -> tuple[str, str]:
    """The name of what a question was answered with, and what the answer tells."""
    try:
        answer = question.ask(client, client.context(PURPOSE))
    except YishuError as error:
        return error.code.name, ", ".join(f"{wrong.field}: {wrong.reason}" for wrong in error.violations)
    fields = [f"{it.field} {FieldResult.Name(it.result).removeprefix('FIELD_RESULT_')}" for it in answer.fields]
    return result_name(answer), ", ".join([answer.status, *fields] if answer.status else fields)


def accuracy(city: City, census: Census) -> RenderableType:
    """The partition against the truth, by type."""
    table = _table("type", "records", "entities", "true", "precision", "recall", "F1", "exact clusters")
    for entity_type in ("person", "organisation", "licence"):
        found = {key: entity for key, entity in census.entity_of.items() if key[0] == entity_type}
        truth = {key: city.truth[key] for key in found}
        measured = measure(found, truth)
        shares = (measured.precision, measured.recall, measured.f1, measured.exact_clusters)
        sizes = (len(found), len(set(found.values())), len(set(truth.values())))
        table.add_row(entity_type, *(f"{size:,}" for size in sizes), *(f"{share:.4f}" for share in shares))
    words = (
        "the entities, read over gRPC after the last record, against the truth that the city kept to itself; pairwise"
    )
    return Group(Text(words), table)


def _said(raw: str, agrees: bool) -> Text:
    return Text(raw) if agrees else Text(f"≠ {raw}", style="red")


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    words = {"type", "department", "record", "the claim", "result", "what it tells", *COMPARED}
    for heading_ in headings:
        table.add_column(heading_, justify="left" if heading_ in words else "right", overflow="fold")
    return table
