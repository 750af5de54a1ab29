"""The database's shape over time: numbered .sql files, each applied once and written down in the database.

Always true: a migration is applied whole or not at all; files once released are never edited, a change is a new file.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import apsw

from service.errors import StoreIncompatible, StoreUnavailable
from service.storage.sqlite.connection import APPLICATION_ID

__all__ = ["Migration", "applied", "check_shape", "known", "migrate"]

_NAME = re.compile(r"(\d{4})_\w+\.sql")
_LEDGER = """
CREATE TABLE IF NOT EXISTS migration (
    number     INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT
"""


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str


def known() -> tuple[Migration, ...]:
    """The migrations that this version of Yishu brings, numbered from 1 without gaps."""
    folder = resources.files("service.storage.sqlite") / "migrations"
    files = sorted((entry for entry in folder.iterdir() if _NAME.fullmatch(entry.name)), key=lambda entry: entry.name)
    return tuple(Migration(int(entry.name[:4]), entry.name, entry.read_text("utf-8")) for entry in files)


def applied(connection: apsw.Connection) -> int:
    """The number of the last migration applied; 0 for an empty database."""
    if connection.execute("PRAGMA application_id").get != APPLICATION_ID:
        return 0
    number = connection.execute("SELECT max(number) FROM migration").get
    return int(number or 0)


def migrate(connection: apsw.Connection, path: Path, migrations: tuple[Migration, ...] | None = None) -> None:
    """Brings the database to the newest shape, in one transaction.

    Raises:
        StoreIncompatible: it is newer than this version of Yishu.
    """
    steps = known() if migrations is None else migrations
    with connection:
        at = applied(connection)
        _refuse_newer(at, steps, path)
        if at == 0:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(_LEDGER)
        for step in steps[at:]:
            connection.execute(step.sql).fetchall()  # to the last statement: execute stops at a row
            row = (step.number, step.name, time.time_ns() // 1_000)
            connection.execute("INSERT INTO migration (number, name, applied_at) VALUES (?, ?, ?)", row)


def check_shape(connection: apsw.Connection, path: Path) -> None:
    """For a reader, which cannot migrate.

    Raises:
        StoreUnavailable: the writer has not made or migrated the database yet.
        StoreIncompatible: it is newer than this version of Yishu.
    """
    steps = known()
    at = applied(connection)
    _refuse_newer(at, steps, path)
    if at < steps[-1].number:
        raise StoreUnavailable(f"the database at {path} is not set up for this version yet; start the resolver")


def _refuse_newer(at: int, steps: tuple[Migration, ...], path: Path) -> None:
    if at > steps[-1].number:
        raise StoreIncompatible(
            f"the database at {path} was written by a newer Yishu (shape {at}, this version knows {steps[-1].number}); "
            "run that version, or restore a backup made by this one"
        )
