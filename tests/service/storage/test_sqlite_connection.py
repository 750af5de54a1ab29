"""What the SQLite store does to be durable, and what it refuses to open."""

import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from service.errors import StoreConflict, StoreIncompatible, StoreReadOnly, StoreUnavailable
from service.storage.sqlite import SqliteStore
from service.storage.sqlite import connection as connections
from service.storage.sqlite import store as stores
from service.storage.sqlite.connection import check_library, open_reading, open_writing, translated
from tests.contract.rows import POLICE, added


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL: the log is fsynced at each commit
        ("foreign_keys", 1),
        ("busy_timeout", 5_000),
        ("wal_autocheckpoint", 0),  # the checkpointer does it
        ("trusted_schema", 0),
    ],
)
def test_a_writing_connection_is_set_up_to_be_durable(tmp_path: Path, pragma: str, value: object) -> None:
    connection = open_writing(tmp_path / "yishu.db")
    assert connection.pragma(pragma) == value


def test_the_connection_that_commits_fsyncs_each_commit(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "yishu.db") as store, store.write() as unit:
        assert unit._session.connection.pragma("synchronous") == 2
        assert unit._session.connection.pragma("journal_mode") == "wal"


def test_a_pragma_that_did_not_take_effect_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections._WRITING, "no_such_pragma", 1)
    with pytest.raises(StoreIncompatible, match="no_such_pragma"):
        SqliteStore.open(tmp_path / "yishu.db")


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2", "3.7.0"])
def test_a_library_that_can_corrupt_the_database_is_refused(version: str) -> None:
    with pytest.raises(StoreIncompatible, match=r"3\.51\.3 or newer"):
        check_library(version)


@pytest.mark.parametrize("version", ["3.51.3", "3.52.0", "4.0"])
def test_a_library_with_the_fix_is_taken(version: str) -> None:
    check_library(version)


def test_the_library_in_use_is_checked_at_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.2")
    with pytest.raises(StoreIncompatible, match=r"3\.51\.2"):
        SqliteStore.open(tmp_path / "yishu.db")
    assert not list(tmp_path.iterdir())


# -- opening to read


def test_opening_to_read_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="start the resolver"):
        SqliteStore.open(tmp_path / "yishu.db", read_only=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("half_made", ["empty file", "wal only"])
def test_a_database_that_is_not_set_up_yet_is_unavailable_to_readers_until_it_is(
    tmp_path: Path, half_made: str
) -> None:
    path = tmp_path / "yishu.db"
    if half_made == "empty file":
        path.touch()
    else:
        open_writing(path).close()
    with pytest.raises(StoreUnavailable, match="start the resolver"):
        SqliteStore.open(path, read_only=True)
    with SqliteStore.open(path), SqliteStore.open(path, read_only=True) as reader, reader.read() as snapshot:
        assert snapshot.commit_number == 0


def test_a_reader_goes_on_after_the_writer_left(tmp_path: Path) -> None:
    path = tmp_path / "yishu.db"
    with SqliteStore.open(path) as writer:
        added(writer, POLICE)
    with SqliteStore.open(path, read_only=True) as reader, reader.read() as snapshot:
        assert POLICE in snapshot.records.handles([POLICE])


def test_a_reading_connection_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "yishu.db"
    with SqliteStore.open(path):
        connection = open_reading(path)
        with pytest.raises(apsw.ReadOnlyError):
            connection.execute("DELETE FROM setting")


# -- one writer


def test_another_process_that_writes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "yishu.db"
    program = (
        "import sys; from service.storage.sqlite import SqliteStore; "
        "store = SqliteStore.open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(StoreUnavailable, match=f"another process writes.*{other.pid}"):
            SqliteStore.open(path)
        with SqliteStore.open(path, read_only=True) as reader, reader.read() as snapshot:
            assert snapshot.commit_number == 0
        other.kill()
    with SqliteStore.open(path) as store:  # the lock of a process that died is free
        assert added(store, POLICE)


def test_a_store_that_could_not_be_opened_holds_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "yishu.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreIncompatible, match="not a Yishu database"):
        SqliteStore.open(path)
    path.unlink()
    with SqliteStore.open(path) as store:
        assert added(store, POLICE)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="nowhere"):
        SqliteStore.open(tmp_path / "nowhere" / "yishu.db")


# -- errors


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (apsw.BusyError, StoreUnavailable),
        (apsw.FullError, StoreUnavailable),
        (apsw.IOError, StoreUnavailable),
        (apsw.CantOpenError, StoreUnavailable),
        (apsw.CorruptError, StoreUnavailable),
        (apsw.NoMemError, StoreUnavailable),
        (apsw.ReadOnlyError, StoreReadOnly),
        (apsw.NotADBError, StoreIncompatible),
        (apsw.SQLError, StoreIncompatible),
        (apsw.ConstraintError, StoreConflict),
    ],
)
def test_each_sqlite_error_has_one_meaning(error: type[apsw.Error], meaning: type[Exception]) -> None:
    assert type(translated(error("王小明"))) is meaning
    assert "王小明" not in str(translated(error("王小明")))


def test_readers_are_not_opened_anew_for_each_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def open_and_count(path: Path) -> apsw.Connection:
        opened.append(path)
        return open_reading(path)

    monkeypatch.setattr(stores, "open_reading", open_and_count)
    with SqliteStore.open(tmp_path / "yishu.db") as store:
        for _ in range(20):
            with store.read(), store.read():
                pass
    assert len(opened) == 2
