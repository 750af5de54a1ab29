"""How entities, their reasons and verifications look in a terminal.

Always true: what is shown is what the message says, under the names of the configuration; times are Beijing time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, timedelta, timezone

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from yishu.v1 import entity_pb2 as entities
from yishu.v1 import entity_service_pb2 as wire
from yishu.v1 import verification_pb2 as verification
from yishu.v1.record_pb2 import Mark, RecordRef

__all__ = [
    "BEIJING",
    "as_json",
    "entity_view",
    "evidence_view",
    "explanation_view",
    "matches_view",
    "moment",
    "ref_text",
    "result_name",
    "verification_view",
    "versions_view",
]

BEIJING = timezone(timedelta(hours=8))
RESULT_STYLES = {
    verification.VERIFICATION_RESULT_MATCH: "bold green",
    verification.VERIFICATION_RESULT_MISMATCH: "bold red",
}
FIELD_STYLES = {
    verification.FIELD_RESULT_EXACT: "green",
    verification.FIELD_RESULT_NORMALISED: "green",
    verification.FIELD_RESULT_MISMATCH: "red",
}


def as_json(message: Message) -> str:
    """The message by proto3's JSON mapping, with the names of the .proto files."""
    return json.dumps(MessageToDict(message, preserving_proto_field_name=True), ensure_ascii=False, indent=2)


def moment(time: Timestamp) -> str:
    """A time to the minute, or a date alone where it is a Beijing midnight; empty for none."""
    if not time.ByteSize():
        return ""
    local = time.ToDatetime(UTC).astimezone(BEIJING)
    at_midnight = not (local.hour or local.minute or local.second)
    return local.strftime("%Y-%m-%d" if at_midnight else "%Y-%m-%d %H:%M")


def ref_text(ref: RecordRef) -> str:
    """As `yishu get --record` takes it."""
    return f"{ref.source}/{ref.record_id}"


def entity_view(entity: entities.Entity) -> RenderableType:
    """A golden record; with the lineage of each value where the message has it."""
    parts: list[RenderableType] = [_headline(entity)]
    if any(value.HasField("source") for value in entity.values):
        parts.append(_lineage_table(entity.values))
    else:
        parts.append(_golden_table(entity.values))
    parts += [Text(f"{relation.name}: {_relation(relation)}") for relation in entity.relations]
    if entity.members:
        parts.append(Text("records: " + ", ".join(ref_text(member.ref) for member in entity.members), style="dim"))
    return Group(*parts)


def versions_view(versions: Iterable[wire.EntityVersion]) -> RenderableType:
    """An entity's versions, one a line."""
    table = _table("version", "since", "why", "state", "records", "model")
    for one in versions:
        entity = one.entity
        state = _named(entities.EntityState.Name(entity.state), "ENTITY_STATE_")
        into = f" into {entity.merged_into}" if entity.merged_into else ""
        model = str(entity.model_version or "")
        table.add_row(
            str(entity.version), moment(entity.updated_at), one.reason, state + into, str(len(entity.members)), model
        )
    return table


def matches_view(matches: Sequence[wire.EntityMatch]) -> RenderableType:
    """The entities found, best first."""
    if not matches:
        return Text("nothing fits")
    table = _table("entity", "weight", "probability", "fits best", "golden record")
    for match in matches:
        golden = ", ".join(value.value for value in match.entity.values[:4])
        row = (match.entity.entity_id, f"{match.match_weight:.1f}", f"{match.match_probability:.6f}")
        table.add_row(*row, ref_text(match.ref), golden)
    return table


def explanation_view(answer: wire.ExplainEntityResponse, every_link: bool = False) -> RenderableType:
    """The links of an entity and the evidence of the weakest, or of all."""
    parts: list[RenderableType] = [Text(f"{answer.entity_id}: {_counted(len(answer.links), 'link')}", style="bold")]
    if answer.links:
        parts.append(_links_table(answer.links, answer.weakest_link))
    else:
        parts.append(Text("one record, or none that evidence ties to another"))
    for number, link in enumerate(answer.links):
        if every_link or number == answer.weakest_link:
            parts += [Text(), evidence_view(link, "the weakest link: " if number == answer.weakest_link else "")]
    if answer.outside:
        parts += [Text(), Text("to records of other entities, overruled or too weak to link:", style="bold")]
        parts.append(_links_table(answer.outside, -1))
    return Group(*parts)


def evidence_view(link: wire.EntityLink, what: str = "") -> RenderableType:
    """What each comparison says of two records: match weights in log2, summing up to the link's."""
    title = Text(f"{what}{ref_text(link.first)} and {ref_text(link.second)}", style="bold")
    table = _table("comparison", "level", "weight", "frequency")
    for part in link.comparisons:
        rare = f"{part.term_frequency_weight:+.1f}" if part.term_frequency_weight else ""
        table.add_row(part.comparison, part.level, f"{part.match_weight:+.1f}", rare)
    table.add_row("prior", "", f"{link.prior_weight:+.1f}", "", style="dim")
    if link.HasField("match_weight"):
        table.add_row("in all", "", f"{link.match_weight:+.1f}", "", style="bold")
    return Group(title, table)


def verification_view(answer: verification.Verification) -> RenderableType:
    """The answer, and field by field what agrees."""
    headline = Text(result_name(answer), style=RESULT_STYLES.get(answer.result, "bold yellow"))
    if answer.status:
        headline.append(f" ({answer.status})")
    told = [f"as of {moment(answer.as_of)}"] if answer.HasField("as_of") else []
    if answer.golden_version:
        told.append(f"golden version {answer.golden_version}")
    if answer.model_version:
        told.append(f"model version {answer.model_version}")
    headline.append("  " + ", ".join(told), style="dim")
    if not answer.fields:
        return headline
    table = _table("field", "result", "assurance", "authority")
    for field in answer.fields:
        name = _named(verification.FieldResult.Name(field.result), "FIELD_RESULT_")
        result = Text(name, style=FIELD_STYLES.get(field.result, ""))
        table.add_row(field.field, result, _assurance(field.assurance), field.authority)
    return Group(headline, table)


def result_name(answer: verification.Verification) -> str:
    """MATCH, MISMATCH, NOT_FOUND, NOT_CURRENT or AMBIGUOUS."""
    return _named(verification.VerificationResult.Name(answer.result), "VERIFICATION_RESULT_")


def _headline(entity: entities.Entity) -> Text:
    text = Text(f"{entity.entity_type} {entity.entity_id}", style="bold")
    told = f"  version {entity.version} of {moment(entity.updated_at)}"
    if entity.model_version:
        told += f", model version {entity.model_version}"
    if entity.state != entities.ENTITY_STATE_ACTIVE:
        told += ", " + _named(entities.EntityState.Name(entity.state), "ENTITY_STATE_").lower()
    if entity.merged_into:
        told += f" into {entity.merged_into}"
    return text.append(told, style="not bold dim")


def _golden_table(values: Iterable[entities.GoldenValue]) -> Table:
    table = _table("attribute", "value", "assurance")
    for value in values:
        table.add_row(value.attribute, value.value, _assurance(value.assurance))
    return table


def _lineage_table(values: Iterable[entities.GoldenValue]) -> Table:
    table = _table("attribute", "", "value", "assurance, rule", "record", "observed")
    for value in values:
        rule = _named(entities.SurvivorshipRule.Name(value.rule), "SURVIVORSHIP_RULE_")
        assured = f"{_assurance(value.assurance)}, {rule}"
        table.add_row(value.attribute, "", value.value, assured, *_whence(value.source))
        for losing in value.losing:
            table.add_row("", *_losing(value, losing), style="dim")
    return table


def _losing(golden: entities.GoldenValue, losing: entities.SourcedValue) -> Iterator[str]:
    yield "=" if losing.standard == golden.value else "≠"
    yield losing.raw
    yield "" if losing.mark == Mark.MARK_VALID else _named(Mark.Name(losing.mark), "MARK_")
    yield from _whence(losing)


def _whence(value: entities.SourcedValue) -> tuple[str, str]:
    version = f" v{value.version}" if value.version > 1 else ""
    return ref_text(value.ref) + version, moment(value.observed_at)


def _relation(relation: entities.EntityRelation) -> str:
    if relation.entity_id:
        return f"{relation.entity_id} (by {relation.by})"
    return relation.by.replace("_", " ")


def _links_table(links: Sequence[wire.EntityLink], weakest: int) -> Table:
    table = _table("first", "second", "weight", "")
    for number, link in enumerate(links):
        notes = ["decided by a steward"] if link.decided else []
        notes += ["bridge"] if link.bridge else []
        notes += ["weakest"] if number == weakest else []
        weight = f"{link.match_weight:.1f}" if link.HasField("match_weight") else ""
        table.add_row(ref_text(link.first), ref_text(link.second), weight, ", ".join(notes))
    return table


def _assurance(assurance: entities.Assurance.ValueType) -> str:
    return "" if not assurance else _named(entities.Assurance.Name(assurance), "ASSURANCE_")


def _named(name: str, prefix: str) -> str:
    return name.removeprefix(prefix)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        right = heading in {"weight", "probability", "frequency", "records", "version"}
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    return table
