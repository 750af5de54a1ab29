"""Connections to a database file, opened the one way that is durable, and what SQLite's errors mean.

Always true of a connection given out: the library has the fix for the WAL-reset corruption (3.51.3); the journal is
the WAL; a writing connection fsyncs it at each commit. A pragma that did not take effect is an error, not a hope.
"""

from __future__ import annotations

from pathlib import Path

import apsw

from service.errors import StoreConflict, StoreError, StoreIncompatible, StoreReadOnly, StoreUnavailable

__all__ = ["APPLICATION_ID", "FIRST_SAFE_VERSION", "check_library", "open_reading", "open_writing", "translated"]

APPLICATION_ID = 0x59697368
"""'Yish' in the file's header, so that another program's database is not taken for ours."""

FIRST_SAFE_VERSION = (3, 51, 3)
"""3.7.0 to 3.51.2 can corrupt a WAL database when a checkpoint meets a WAL reset (sqlite.org/wal.html#walresetbug)."""

_BUSY_MILLISECONDS = 5_000
_STATEMENTS_CACHED = 256
_FULL = 2

_COMMON = {"foreign_keys": 1, "temp_store": 2, "trusted_schema": 0}
_WRITING = _COMMON | {
    "synchronous": _FULL,
    "cache_size": -262_144,
    "fullfsync": 1,
    "wal_autocheckpoint": 0,
    "journal_size_limit": 67_108_864,
}
_READING = _COMMON | {"cache_size": -32_768}
"""Cache sizes are KiB, negated. Checkpoints are `checkpoint.py`'s."""

_RETRY = "nothing was changed; try again"
_REMEDIES: tuple[tuple[type[apsw.Error], type[StoreError], str], ...] = (
    (apsw.CursorClosedError, StoreConflict, "this snapshot or unit of work is over; open another"),
    (apsw.ConstraintError, StoreConflict, "a row breaks a rule of the database"),
    (apsw.ReadOnlyError, StoreReadOnly, "the database or its folder is read-only; check who owns them"),
    (apsw.BusyError, StoreUnavailable, f"the database is busy; {_RETRY}"),
    (apsw.LockedError, StoreUnavailable, f"the database is busy; {_RETRY}"),
    (apsw.FullError, StoreUnavailable, "the disk is full; make room, then try again: nothing was changed"),
    (apsw.IOError, StoreUnavailable, "the disk could not be read or written; check it, and that it is not full"),
    (apsw.CantOpenError, StoreUnavailable, "the database cannot be opened; check the path and who may read it"),
    (apsw.PermissionsError, StoreUnavailable, "the database cannot be opened; check who may read it"),
    (apsw.AuthError, StoreUnavailable, "the database cannot be opened; check who may read it"),
    (apsw.CorruptError, StoreUnavailable, "the database is damaged; stop the service and restore the last backup"),
    (apsw.NotADBError, StoreIncompatible, "the file is not a Yishu database; check the path"),
    (apsw.FormatError, StoreIncompatible, "the file is not a Yishu database; check the path"),
    (apsw.SchemaChangeError, StoreIncompatible, "the database changed its shape meanwhile; start this process again"),
    (apsw.SQLError, StoreIncompatible, "the database has another shape than this version of Yishu; upgrade it"),
)


def translated(error: apsw.Error) -> StoreError:
    """What a SQLite error means to a caller, with what to do about it. Holds no value of a row."""
    for kind, meaning, remedy in _REMEDIES:
        if isinstance(error, kind):
            return meaning(f"{remedy} (SQLite: {type(error).__name__} {getattr(error, 'extendedresult', '')})")
    return StoreUnavailable(f"SQLite failed ({type(error).__name__}); {_RETRY}")


def check_library(version: str | None = None) -> None:
    """
    Raises:
        StoreIncompatible: the SQLite library (or the version given) can corrupt a WAL database.
    """
    found = version if version is not None else apsw.sqlite_lib_version()
    if tuple(int(part) for part in found.split(".")[:3]) < FIRST_SAFE_VERSION:
        needed = ".".join(map(str, FIRST_SAFE_VERSION))
        raise StoreIncompatible(
            f"SQLite {found} can corrupt a database in WAL mode; install an apsw that bundles SQLite {needed} or newer"
        )


def open_writing(path: Path) -> apsw.Connection:
    """A connection that can write, the file made if there is none.

    Raises:
        StoreIncompatible: it is another program's database (which is left as it is), or cannot be set up.
    """
    connection = _open(path, apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
    try:
        _refuse_stranger(connection, path)
        journal = connection.execute("PRAGMA journal_mode = WAL").get
        if journal != "wal":
            raise StoreIncompatible(f"{path} cannot be in WAL mode (it is in {journal}): keep it on a local disk")
        _configure(connection, path, _WRITING)
    except BaseException:
        connection.close()
        raise
    return connection


def open_reading(path: Path) -> apsw.Connection:
    """A connection that cannot write and makes no file.

    Raises:
        StoreUnavailable: there is no such file, or it is not a database that a writer has set up.
        StoreIncompatible: it is another program's database.
    """
    if not path.exists():
        raise StoreUnavailable(f"there is no database at {path} yet; start the resolver, which makes it")
    connection = _open(path, apsw.SQLITE_OPEN_READONLY)
    try:
        _refuse_stranger(connection, path)
        if connection.execute("PRAGMA journal_mode").get != "wal":
            raise StoreUnavailable(f"the database at {path} is not set up yet; start the resolver, which does it")
        _configure(connection, path, _READING)
    except BaseException:
        connection.close()
        raise
    return connection


def _open(path: Path, flags: int) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags, statementcachesize=_STATEMENTS_CACHED)
    connection.set_busy_timeout(_BUSY_MILLISECONDS)
    return connection


def _refuse_stranger(connection: apsw.Connection, path: Path) -> None:
    named = connection.execute("PRAGMA application_id").get == APPLICATION_ID
    if not named and connection.execute("SELECT count(*) FROM sqlite_schema").get:
        raise StoreIncompatible(f"{path} is another program's SQLite database; check the path")


def _configure(connection: apsw.Connection, path: Path, pragmas: dict[str, int]) -> None:
    for name, value in pragmas.items():
        connection.execute(f"PRAGMA {name} = {value}")
        found = connection.execute(f"PRAGMA {name}").get
        if found != value:
            raise StoreIncompatible(f"{path}: SQLite did not take PRAGMA {name} = {value} (it says {found})")
