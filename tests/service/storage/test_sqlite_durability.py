"""What was acknowledged survives the process; a full disk loses nothing; the log does not grow without bound."""

import random
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pytest

from matching.records import RecordRef
from service.errors import StoreUnavailable
from service.storage.base import ChangeKind, Store
from service.storage.sqlite import SqliteStore
from service.storage.sqlite import checkpoint as checkpoints
from service.storage.sqlite.connection import open_reading
from tests.contract.rows import POLICE, added, many_refs, version

_SUBMITTER = """
import sys
from matching.records import RecordRef
from service.storage.base import ChangeKind
from service.storage.sqlite import SqliteStore
from tests.contract.rows import version

store = SqliteStore.open(sys.argv[1])
with store.read() as snapshot:
    start = snapshot.commit_number
for number in range(start, 1_000_000):
    with store.write() as unit:
        for part in range(5):
            unit.records.add_version(version(RecordRef("police", f"{number}/{part}")))
            unit.changes.append(ChangeKind.CREATED, f"{number}/{part}")
        print(unit.commit(), flush=True)
"""


def test_every_acknowledged_commit_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "yishu.db"
    chance = random.Random(20261122)
    acknowledged = 0
    for _ in range(8):
        submitter = subprocess.Popen([sys.executable, "-c", _SUBMITTER, str(path)], stdout=subprocess.PIPE, text=True)
        with submitter:
            assert submitter.stdout is not None
            for _ in range(chance.randrange(1, 60)):
                acknowledged = int(submitter.stdout.readline())
            submitter.kill()
            acknowledged = max([acknowledged, *map(int, submitter.stdout.read().split("\n")[:-1])])
        with SqliteStore.open(path) as store, store.read() as snapshot:
            last = snapshot.commit_number
            assert last in (acknowledged, acknowledged + 1)  # one may have been durable but not yet printed
            expected = [f"{number}/{part}" for number in range(last) for part in range(5)]
            assert [change.entity_id for change in snapshot.changes.since(0, 1_000_000)] == expected
            assert len(snapshot.records.handles(RecordRef("police", name) for name in expected)) == len(expected)
        assert apsw.Connection(str(path)).execute("PRAGMA integrity_check").get == "ok"


# -- a full disk


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """To the process, a disk without room: a write beyond `size` fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fill(store: Store, refs: list[RecordRef]) -> int:
    with store.write() as unit:
        for ref in refs:
            unit.records.add_version(version(ref, values={"note": ("x" * 1_000,)}))
        return unit.commit()


def test_a_disk_without_room_fails_the_commit_changes_nothing_and_is_forgotten_when_there_is_room(
    tmp_path: Path,
) -> None:
    path = tmp_path / "yishu.db"
    refs = many_refs(500)
    with SqliteStore.open(path) as store:
        added(store, POLICE)
        with no_file_longer_than(log_size(store) + 50_000):
            for _ in range(3):
                with pytest.raises(StoreUnavailable, match="disk"):
                    fill(store, refs)
                with store.read() as snapshot:
                    assert snapshot.commit_number == 1
                    assert snapshot.records.handles([POLICE, *refs]).keys() == {POLICE}
        assert fill(store, refs) == 2
    with SqliteStore.open(path) as store, store.read() as snapshot:
        assert snapshot.commit_number == 2
        assert len(snapshot.records.handles([POLICE, *refs])) == 501
    assert apsw.Connection(str(path)).execute("PRAGMA integrity_check").get == "ok"


def test_a_database_without_room_for_another_page_is_unavailable_and_loses_nothing(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "yishu.db") as store:
        added(store, POLICE)
        with store.write() as unit:
            connection = unit._session.connection
        connection.pragma("max_page_count", connection.pragma("page_count") + 2)
        with pytest.raises(StoreUnavailable, match="disk is full"):
            fill(store, many_refs(500))
        connection.pragma("max_page_count", 1_000_000)
        assert fill(store, many_refs(500)) == 2


# -- the log


def log_size(store: SqliteStore) -> int:
    return store.path.with_name(store.path.name + "-wal").stat().st_size


def test_the_log_stays_short_while_others_read_for_a_short_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_pages = 200
    monkeypatch.setattr(checkpoints.Checkpointer.__init__, "__defaults__", (log_pages,))
    stop = threading.Event()

    def read_all_the_time(store: Store) -> None:
        while not stop.is_set():
            with store.read() as snapshot:
                snapshot.changes.since(0, 10)

    written = 0
    with SqliteStore.open(tmp_path / "yishu.db") as store:
        readers = [threading.Thread(target=read_all_the_time, args=(store,)) for _ in range(2)]
        for reader in readers:
            reader.start()
        try:
            for number in range(150):
                fill(store, many_refs(60, f"source {number}"))
                written += 60 * 1_000
        finally:
            stop.set()
            for reader in readers:
                reader.join()
        assert written > 8_000_000
        assert log_size(store) < 5 * log_pages * 4_096


def test_a_log_that_grew_while_a_snapshot_was_held_is_copied_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_pages = 50
    monkeypatch.setattr(checkpoints.Checkpointer.__init__, "__defaults__", (log_pages,))
    with SqliteStore.open(tmp_path / "yishu.db") as store:
        added(store, POLICE)
        with store.read() as snapshot:
            for number in range(20):
                fill(store, many_refs(60, f"source {number}"))
            assert snapshot.commit_number == 1
        grown = log_size(store)
        for number in range(20, 400):
            fill(store, many_refs(60, f"source {number}"))
        assert log_size(store) < grown + 5 * log_pages * 4_096


def test_an_idle_reader_does_not_hold_the_log(tmp_path: Path) -> None:
    path = tmp_path / "yishu.db"
    with SqliteStore.open(path) as store, SqliteStore.open(path, read_only=True) as reader:
        with reader.read():
            pass
        with store.write() as unit:
            unit.changes.append(ChangeKind.CREATED, "e")
            unit.commit()
        (checkpoint,) = apsw.Connection(str(path)).execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
        busy, in_log, copied = checkpoint
        assert (busy, in_log) == (0, copied)
        assert open_reading(path).execute("SELECT count(*) FROM change").get == 1
