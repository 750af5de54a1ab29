"""Rows for contract tests, each with what its test does not speak of filled in."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from matching.records import RecordRef
from matching.standardise.value import Mark, StandardValue
from service.storage.base import (
    CurrentRecord,
    Decision,
    EntityState,
    EntityVersion,
    QuarantineRow,
    RecordVersion,
    Store,
    TaskKind,
    TaskRow,
    UnitOfWork,
    Verdict,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
POLICE = RecordRef("police", "1")
HEALTH = RecordRef("health", "1")
SCHOOL = RecordRef("school", "1")


def version(
    ref: RecordRef = POLICE,
    number: int = 1,
    values: Mapping[str, tuple[str, ...]] | None = None,
    entity_type: str = "person",
    withdrawn: bool = False,
) -> RecordVersion:
    return RecordVersion(
        ref=ref,
        entity_type=entity_type,
        version=number,
        values={"name": ("王小明",)} if values is None else values,
        observed_at=NOON,
        observed_given=True,
        received_at=NOON + timedelta(microseconds=1),
        withdrawn=withdrawn,
        request_id=f"request {number}",
    )


def current(record: int, ref: RecordRef = POLICE, number: int = 1, entity_type: str = "person") -> CurrentRecord:
    return CurrentRecord(
        record=record,
        ref=ref,
        entity_type=entity_type,
        version=number,
        values={
            "name": (StandardValue("王小明", "王小明", Mark.VALID),),
            "phone": (
                StandardValue("138 0000 0000", "+8613800000000", Mark.REPAIRED, ("spaces", "country")),
                StandardValue("12", "12", Mark.INVALID, reason="too_short"),
            ),
            "note": (),
        },
        features={"name": "王小明", "phones": ("+8613800000000",), "name_pinyin": None},
        observed_at=NOON,
        received_at=NOON + timedelta(microseconds=1),
    )


def added(store: Store, *refs: RecordRef, entity_type: str = "person") -> list[int]:
    """The handles of new records, committed."""
    with store.write() as unit:
        handles = [unit.records.add_version(version(ref, entity_type=entity_type)) for ref in refs]
        unit.commit()
    return handles


def many_refs(count: int, source: str = "police") -> list[RecordRef]:
    return [RecordRef(source, f"{number:06}") for number in range(count)]


def entity_version(
    entity: int,
    number: int = 1,
    members: Iterable[tuple[RecordRef, int]] = (),
    state: EntityState = EntityState.ACTIVE,
    merged_into: int | None = None,
) -> EntityVersion:
    return EntityVersion(
        entity=entity,
        version=number,
        commit=0,
        at=NOON,
        state=state,
        merged_into=merged_into,
        members=tuple(members),
        golden=f"golden {number}".encode() if state is EntityState.ACTIVE else b"",
        reason="because",
        model=7,
    )


def new_entity(unit: UnitOfWork, entity_id: str, entity_type: str = "person") -> int:
    entity = unit.entities.create(entity_id, entity_type)
    unit.entities.add_version(entity_version(entity))
    return entity


def entities(store: Store, *entity_ids: str, entity_type: str = "person") -> list[int]:
    """The handles of new entities at version 1, committed."""
    with store.write() as unit:
        handles = [new_entity(unit, entity_id, entity_type) for entity_id in entity_ids]
        unit.commit()
    return handles


def decision(
    first: RecordRef = HEALTH,
    second: RecordRef = POLICE,
    verdict: Verdict = Verdict.MATCH,
    entity_type: str = "person",
) -> Decision:
    return Decision(0, entity_type, first, second, verdict, author="李四", reason="同一人", at=NOON)


def task(
    subject: str,
    first: RecordRef = HEALTH,
    second: RecordRef | None = POLICE,
    kind: TaskKind = TaskKind.REVIEW_PAIR,
    weight: float | None = 3.5,
) -> TaskRow:
    return TaskRow(kind, "person", subject, first, second, weight, detail="details")


def refused(source: str = "police", record_id: str = "1", request_id: str = "r") -> QuarantineRow:
    return QuarantineRow(
        quarantine=0,
        source=source,
        record_id=record_id,
        entity_type="person",
        values=(("name", "王"), ("name", "Wang"), ("身份证", "1")),
        violations=(("身份证", "wrong_length", "must have 18 characters"),),
        received_at=NOON,
        request_id=request_id,
    )
