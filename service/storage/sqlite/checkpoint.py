"""Keeps the write-ahead log short without making commits wait for it.

Always true: the log is copied into the database by a thread of its own while commits go on, and begun anew by the
writer between two units of work. So it stays within about twice LOG_PAGES, plus what is written while a snapshot is
held that still needs it: a log grows as long as somebody reads from it, and shrinks again after.
"""

from __future__ import annotations

import threading
from pathlib import Path

import apsw

from service.errors import StoreError
from service.storage.sqlite.connection import open_writing

__all__ = ["LOG_PAGES", "Checkpointer"]

LOG_PAGES = 8_192
"""32 MiB: under load a checkpoint every half second or so, each of which copies a page written often only once."""

_READERS_MILLISECONDS = 50
"""How long a new beginning waits for snapshots that still read the log."""


class Checkpointer:
    """SQLite tells it of each commit, through the writer's hook. `begin_anew` belongs to who has the turn to write.

    One round at a time: due, copied, begun anew. A second copy while the first waits for its new beginning would
    keep the writer from ever making it.
    """

    def __init__(self, path: Path, log_pages: int = LOG_PAGES) -> None:
        self._path = path
        self._log_pages = log_pages
        self._next_round = log_pages
        self._in_round = False
        self._due = threading.Event()
        self._copied = threading.Event()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="yishu-checkpoint", daemon=True)
        self._thread.start()

    def watch(self, writer: apsw.Connection) -> None:
        writer.set_wal_hook(self._committed)

    def _committed(self, _: apsw.Connection, __: str, pages: int) -> int:
        if pages < self._log_pages:
            self._next_round = self._log_pages
        if pages >= self._next_round and not self._in_round:
            self._next_round = pages + self._log_pages
            self._in_round = True
            self._due.set()
        return apsw.SQLITE_OK

    def begin_anew(self, writer: apsw.Connection) -> None:
        """If the log was copied meanwhile: copies what came since, so that the next commit begins the log anew.

        Where a snapshot still needs the log, the next round will do it.
        """
        if not self._copied.is_set():
            return
        self._copied.clear()
        timeout = writer.pragma("busy_timeout")
        try:
            writer.set_busy_timeout(_READERS_MILLISECONDS)
            writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_RESTART)
        except apsw.Error:
            pass
        finally:
            writer.set_busy_timeout(timeout)
            self._in_round = False

    def stop(self) -> None:
        self._stopped = True
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        connection: apsw.Connection | None = None
        while True:
            self._due.wait()
            self._due.clear()
            if self._stopped:
                break
            try:
                connection = connection or open_writing(self._path)
                connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
                self._copied.set()
            except (apsw.Error, StoreError):  # a full disk, say: commits report it, the next round tries again
                self._in_round = False
        if connection is not None:
            connection.close()
