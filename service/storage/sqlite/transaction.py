"""A snapshot and a unit of work: one transaction each, and the parts of the store as seen in it.

Always true: a snapshot's first read is made when it opens, so that it sees one commit from then on; a unit of work
holds the store's only writing connection, and its turn at it, until it is left or committed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import apsw

from service.errors import StoreError, StoreUnavailable
from service.storage.encoding import from_micros, to_micros
from service.storage.sqlite.crosswalk import SqliteGoldenKeys, SqliteMembership, SqliteRelations
from service.storage.sqlite.entities import SqliteChanges, SqliteEntities
from service.storage.sqlite.linking import SqliteBlockKeys, SqliteEdges, SqliteModels
from service.storage.sqlite.records import SqliteRecords
from service.storage.sqlite.session import Session
from service.storage.sqlite.stewardship import SqliteDecisions, SqliteQuarantine, SqliteReviewTasks

__all__ = ["SqliteSnapshot", "SqliteUnitOfWork"]


class SqliteSnapshot:
    """`ended` takes the connection back, with True where it is fit for another transaction."""

    _begin = "BEGIN DEFERRED"

    def __init__(self, session: Session, ended: Callable[[apsw.Connection, bool], None]) -> None:
        self._session = session
        self._ended = ended
        self._over = False
        self.records = SqliteRecords(session)
        self.block_keys = SqliteBlockKeys(session)
        self.edges = SqliteEdges(session)
        self.entities = SqliteEntities(session)
        self.membership = SqliteMembership(session)
        self.golden_keys = SqliteGoldenKeys(session)
        self.relations = SqliteRelations(session)
        self.decisions = SqliteDecisions(session)
        self.tasks = SqliteReviewTasks(session)
        self.quarantine = SqliteQuarantine(session)
        self.changes = SqliteChanges(session)
        self.models = SqliteModels(session)
        try:
            session.rows(self._begin)
            last = session.row("SELECT number, at FROM commit_log ORDER BY number DESC LIMIT 1")
            self._opened(*(last or (0, 0)))
        except BaseException:
            self._end()
            raise

    def _opened(self, last_commit: int, last_at: int) -> None:
        self._session.commit = last_commit

    @property
    def commit_number(self) -> int:
        return self._session.commit

    def setting(self, name: str) -> str | None:
        row = self._session.row("SELECT value FROM setting WHERE name = ?", (name,))
        return None if row is None else str(row[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        """Rolls back what was not committed and gives the connection back; once."""
        if self._over:
            return
        self._over = True
        self._session.close()
        connection, fit = self._session.connection, True
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except apsw.Error:
            fit = False
        finally:
            self._ended(connection, fit)


class SqliteUnitOfWork(SqliteSnapshot):
    """The commit's own row is written first: what the parts write can be read back with its time at once."""

    _begin = "BEGIN IMMEDIATE"
    at: datetime

    def _opened(self, last_commit: int, last_at: int) -> None:
        session = self._session
        self.at = max(datetime.now(UTC), from_micros(last_at) + timedelta(microseconds=1))
        self._last_commit = last_commit
        session.commit = last_commit + 1
        session.writing = True
        session.change("INSERT INTO commit_log (number, at) VALUES (?, ?)", (session.commit, to_micros(self.at)))
        self._unchanged = session.connection.total_changes()

    def put_setting(self, name: str, value: str) -> None:
        self._session.change(
            """
            INSERT INTO setting (name, value) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value
            """,
            (name, value),
        )

    def commit(self) -> int:
        session = self._session
        session.rows("SELECT 1")
        if session.broken or not session.connection.in_transaction:
            self._end()
            raise StoreUnavailable("a statement of this unit of work failed; nothing was changed, do it again")
        if session.connection.total_changes() == self._unchanged:
            self._end()
            return self._last_commit
        try:
            session.rows("COMMIT")
        except StoreError:
            self._end()
            raise
        session.committed()
        self._end()
        return session.commit
