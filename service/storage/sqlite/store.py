"""The store on SQLite.

Always true: one process writes a database (a lock on a side file says which), through one connection and one unit of
work at a time; any number read. A connection that failed to end its transaction is not used again.
"""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path
from typing import Self

import apsw

from service.errors import StoreConflict, StoreReadOnly, StoreUnavailable
from service.storage.sqlite.checkpoint import Checkpointer
from service.storage.sqlite.connection import check_library, open_reading, open_writing, translated
from service.storage.sqlite.migration import check_shape, migrate
from service.storage.sqlite.session import Names, Session
from service.storage.sqlite.transaction import SqliteSnapshot, SqliteUnitOfWork

__all__ = ["SqliteStore"]

_IDLE_READERS = 8


class SqliteStore:
    """Thread-safe. Made by `open`; a context manager that closes it."""

    def __init__(self, path: Path, lock: int | None = None) -> None:
        """`lock` is the descriptor that holds the right to write; without it the store only reads."""
        self.path = path
        self._names = Names()
        self._closed = False
        self._idle: list[apsw.Connection] = []
        self._pool = threading.Lock()
        self._lock = lock
        self._writer: apsw.Connection | None = None
        self._checkpointer: Checkpointer | None = None
        self._turn = threading.Lock()
        self._turn_of: int | None = None

    @classmethod
    def open(cls, path: Path | str, read_only: bool = False) -> Self:
        """Opens a database: to write, making and migrating it as needed, or only to read.

        Raises:
            StoreUnavailable: another process writes it; or, to read, no writer has made it yet.
            StoreIncompatible: it is newer than this Yishu, is not Yishu's, or the SQLite library is unsafe.
        """
        check_library()
        path = Path(path)
        store = cls(path, lock=None if read_only else _lock_for_writing(path))
        try:
            if read_only:
                store._give_back(store._reader(), True)
            else:
                migrate(store._write_connection(), path)
        except apsw.Error as error:
            store.close()
            raise translated(error) from error
        except BaseException:
            store.close()
            raise
        return store

    def read(self) -> SqliteSnapshot:
        return SqliteSnapshot(Session(self._reader(), self._names), self._give_back)

    def write(self) -> SqliteUnitOfWork:
        if self._lock is None:
            raise StoreReadOnly("the store was opened to read; only the resolver writes")
        self._refuse_own_turn()
        self._turn.acquire()
        try:
            writer = self._write_connection()
            self._turn_of = threading.get_ident()
        except apsw.Error as error:
            self._turn.release()
            raise translated(error) from error
        except BaseException:
            self._turn.release()
            raise
        return SqliteUnitOfWork(Session(writer, self._names), self._next_turn)

    def close(self) -> None:
        """Waits for the unit of work in progress; snapshots still open lose their connection when they end.

        Raises:
            StoreConflict: the unit of work in progress is this thread's.
        """
        self._refuse_own_turn()
        with self._turn, self._pool:
            if self._closed:
                return
            self._closed = True
            for reader in self._idle:
                reader.close()
            self._idle.clear()
            if self._checkpointer is not None:
                self._checkpointer.stop()
            if self._writer is not None:
                self._writer.close()
            if self._lock is not None:
                os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _refuse_own_turn(self) -> None:
        if self._turn_of == threading.get_ident():
            raise StoreConflict("this thread has a unit of work already; commit or leave it first")

    # -- connections

    def _write_connection(self) -> apsw.Connection:
        if self._closed:
            raise StoreUnavailable("the store is closed")
        if self._writer is None:
            self._writer = open_writing(self.path)
            if self._checkpointer is None:
                self._checkpointer = Checkpointer(self.path)
            self._checkpointer.watch(self._writer)
        return self._writer

    def _next_turn(self, writer: apsw.Connection, fit: bool) -> None:
        try:
            if fit and self._checkpointer is not None:
                self._checkpointer.begin_anew(writer)
            elif not fit:
                self._writer = None
                writer.close(force=True)
        finally:
            self._turn_of = None
            self._turn.release()

    def _reader(self) -> apsw.Connection:
        with self._pool:
            if self._closed:
                raise StoreUnavailable("the store is closed")
            if self._idle:
                return self._idle.pop()
        try:
            reader = open_reading(self.path)
            try:
                check_shape(reader, self.path)
            except BaseException:
                reader.close()
                raise
        except apsw.Error as error:
            raise translated(error) from error
        return reader

    def _give_back(self, reader: apsw.Connection, fit: bool) -> None:
        with self._pool:
            if fit and not self._closed and len(self._idle) < _IDLE_READERS:
                self._idle.append(reader)
                return
        reader.close()


def _lock_for_writing(path: Path) -> int:
    """Takes the lock that says this process writes the database; the file descriptor that holds it.

    Raises:
        StoreUnavailable: another process, or another store of this one, holds it.
    """
    side = path.with_name(path.name + "-writer")
    try:
        lock = os.open(side, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise StoreUnavailable(f"{side} cannot be opened ({error.strerror}); check the folder and its owner") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.pread(lock, 32, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(lock)
        raise StoreUnavailable(f"another process writes {path} (process {holder}); stop it first") from error
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock
