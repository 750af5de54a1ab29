"""What people see to, in SQLite: decisions, review tasks, and submissions that were refused. None is ever deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from matching.records import RecordRef
from service.errors import StoreConflict
from service.storage.base import Decision, QuarantineRow, TaskKind, TaskRow, Verdict
from service.storage.encoding import decode_pairs, decode_triples, encode, from_micros, to_micros
from service.storage.sqlite.session import Row, Session

__all__ = ["SqliteDecisions", "SqliteQuarantine", "SqliteReviewTasks"]

_DECISIONS = """
SELECT decision, entity_type, first_source, first_id, second_source, second_id, verdict, author, reason, at,
       revoked_at, revoked_by
  FROM decision
"""


class SqliteDecisions:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, decision: Decision) -> Decision:
        session = self._session
        session.change(
            """
            INSERT INTO decision (entity_type, first_source, first_id, second_source, second_id, verdict, author,
                                  reason, at, revoked_at, revoked_by)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                session.numbered("entity_type", decision.entity_type),
                session.numbered("source", decision.first.source),
                decision.first.record_id,
                session.numbered("source", decision.second.source),
                decision.second.record_id,
                decision.verdict.value,
                decision.author,
                decision.reason,
                to_micros(decision.at),
                None if decision.revoked_at is None else to_micros(decision.revoked_at),
                decision.revoked_by,
            ),
        )
        return replace(decision, decision=session.connection.last_insert_rowid())

    def get(self, decision: int) -> Decision | None:
        row = self._session.row(_DECISIONS + "WHERE decision = ?", (decision,))
        return None if row is None else self._decision(row)

    def revoke(self, decision: int, by: str, at: datetime) -> None:
        changed = self._session.change(
            "UPDATE decision SET revoked_at = ?, revoked_by = ? WHERE decision = ? AND revoked_at IS NULL",
            (to_micros(at), by, decision),
        )
        if not changed:
            raise StoreConflict(f"decision {decision} does not exist or is revoked already")

    def of(self, entity_type: str, refs: Iterable[RecordRef]) -> list[Decision]:
        session = self._session
        number = session.number("entity_type", entity_type)
        ends = session.by_source(set(refs))
        found = {
            row[0]: row
            for end in ("first", "second")
            for row in session.many(
                f"{_DECISIONS} WHERE {end}_source = ? AND {end}_id = ? AND revoked_at IS NULL", ends
            )
            if row[1] == number
        }
        return [self._decision(found[decision]) for decision in sorted(found)]

    def all_in_force(self, entity_type: str) -> list[Decision]:
        found = self._session.rows(
            _DECISIONS + "WHERE entity_type = ? AND revoked_at IS NULL ORDER BY decision",
            (self._session.number("entity_type", entity_type),),
        )
        return [self._decision(row) for row in found]

    def _decision(self, row: Row) -> Decision:
        decision, entity_type, source, record_id, other_source, other_id, verdict, author, reason, at, *revoked = row
        name = self._session.name
        return Decision(
            decision=decision,
            entity_type=name("entity_type", entity_type),
            first=RecordRef(name("source", source), record_id),
            second=RecordRef(name("source", other_source), other_id),
            verdict=Verdict(verdict),
            author=author,
            reason=reason,
            at=from_micros(at),
            revoked_at=None if revoked[0] is None else from_micros(revoked[0]),
            revoked_by=revoked[1],
        )


class SqliteReviewTasks:
    """An open task is its kind and subject; what else it says may change while it is open."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def reconcile(
        self,
        entity_type: str,
        kinds: Sequence[TaskKind],
        touched: Iterable[RecordRef],
        open_now: Iterable[TaskRow],
    ) -> None:
        session = self._session
        number = session.numbered("entity_type", entity_type)
        asked = {(task.kind.value, task.subject): task for task in open_now}
        answered = [
            (session.commit, task)
            for task, key in self._open_at(number, {kind.value for kind in kinds}, touched)
            if key not in asked
        ]
        session.change_many("UPDATE review_task SET closed = ? WHERE task = ?", answered)
        session.change_many(
            """
            INSERT INTO review_task (entity_type, kind, subject, first_source, first_id, second_source, second_id,
                                     weight, detail, opened)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (entity_type, kind, subject) WHERE closed IS NULL
               DO UPDATE SET first_source = excluded.first_source, first_id = excluded.first_id,
                             second_source = excluded.second_source, second_id = excluded.second_id,
                             weight = excluded.weight, detail = excluded.detail
            WHERE (first_source, first_id, second_source, second_id, weight, detail)
               IS NOT (excluded.first_source, excluded.first_id, excluded.second_source, excluded.second_id,
                       excluded.weight, excluded.detail)
            """,
            [self._columns(number, asked[key]) for key in sorted(asked)],
        )

    def _open_at(
        self, entity_type: int, kinds: set[str], touched: Iterable[RecordRef]
    ) -> set[tuple[int, tuple[str, str]]]:
        """Open tasks of these kinds with an end among `touched`: number, and kind with subject."""
        ends = self._session.by_source(set(touched))
        return {
            (task, (kind, subject))
            for end in ("first", "second")
            for task, of_type, kind, subject in self._session.many(
                f"""
                SELECT task, entity_type, kind, subject
                  FROM review_task
                 WHERE {end}_source = ? AND {end}_id = ? AND closed IS NULL
                """,
                ends,
            )
            if of_type == entity_type and kind in kinds
        }

    def _columns(self, entity_type: int, task: TaskRow) -> tuple[object, ...]:
        session = self._session
        second: tuple[int | None, str | None] = (None, None)
        if task.second is not None:
            second = (session.numbered("source", task.second.source), task.second.record_id)
        first = (session.numbered("source", task.first.source), task.first.record_id)
        return (entity_type, task.kind.value, task.subject, *first, *second, task.weight, task.detail, session.commit)

    def open(self, entity_type: str, limit: int, after: int = 0) -> list[tuple[int, TaskRow, datetime]]:
        session = self._session
        found = session.rows(
            """
            SELECT task, kind, subject, first_source, first_id, second_source, second_id, weight, detail, at
              FROM review_task
              JOIN commit_log ON number = opened
             WHERE entity_type = ? AND closed IS NULL AND task > ?
             ORDER BY task
             LIMIT ?
            """,
            (session.number("entity_type", entity_type), after, limit),
        )
        return [(row[0], self._task(entity_type, row), from_micros(row[9])) for row in found]

    def _task(self, entity_type: str, row: Row) -> TaskRow:
        _, kind, subject, source, record_id, other_source, other_id, weight, detail, _ = row
        name = self._session.name
        return TaskRow(
            kind=TaskKind(kind),
            entity_type=entity_type,
            subject=subject,
            first=RecordRef(name("source", source), record_id),
            second=None if other_source is None else RecordRef(name("source", other_source), other_id),
            weight=weight,
            detail=detail,
        )

    def count_open(self, entity_type: str) -> dict[TaskKind, int]:
        found = self._session.rows(
            "SELECT kind, count(*) FROM review_task WHERE entity_type = ? AND closed IS NULL GROUP BY kind",
            (self._session.number("entity_type", entity_type),),
        )
        return {TaskKind(kind): count for kind, count in found}


class SqliteQuarantine:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: QuarantineRow) -> int:
        self._session.change(
            """
            INSERT INTO quarantine (source, record_id, entity_type, sent, violations, received_at, request_id)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            (
                row.source,
                row.record_id,
                row.entity_type,
                encode(row.values),
                encode(row.violations),
                to_micros(row.received_at),
                row.request_id,
            ),
        )
        return self._session.connection.last_insert_rowid()

    def list(self, source: str, limit: int, after: int = 0) -> list[QuarantineRow]:
        found = self._session.rows(
            """
            SELECT quarantine, source, record_id, entity_type, sent, violations, received_at, request_id
              FROM quarantine
             WHERE source = ? AND resolved IS NULL AND quarantine > ?
             ORDER BY quarantine
             LIMIT ?
            """,
            (source, after, limit),
        )
        return [
            QuarantineRow(
                quarantine=number,
                source=name,
                record_id=record_id,
                entity_type=entity_type,
                values=decode_pairs(sent),
                violations=decode_triples(violations),
                received_at=from_micros(received_at),
                request_id=request_id,
            )
            for number, name, record_id, entity_type, sent, violations, received_at, request_id in found
        ]

    def count(self) -> dict[str, int]:
        return dict(
            self._session.rows("SELECT source, count(*) FROM quarantine WHERE resolved IS NULL GROUP BY source")
        )

    def resolve(self, ref: RecordRef) -> None:
        self._session.change(
            "UPDATE quarantine SET resolved = ? WHERE source = ? AND record_id = ? AND resolved IS NULL",
            (self._session.commit, *ref),
        )
