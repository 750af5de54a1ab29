"""How the database's shape changes: whole or not at all, forwards only."""

from pathlib import Path

import apsw
import pytest

from service.errors import StoreIncompatible, StoreUnavailable
from service.storage.sqlite import SqliteStore
from service.storage.sqlite.connection import open_writing
from service.storage.sqlite.migration import Migration, applied, known, migrate
from tests.contract.rows import POLICE, added


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "yishu.db"


def test_migrations_are_numbered_from_1_without_gaps() -> None:
    assert [migration.number for migration in known()] == list(range(1, len(known()) + 1))


def test_migrations_are_written_down_and_applied_once(path: Path) -> None:
    for _ in range(2):
        with SqliteStore.open(path):
            pass
    connection = open_writing(path)
    assert connection.execute("SELECT number, name FROM migration").fetchall() == [
        (migration.number, migration.name) for migration in known()
    ]


def test_a_later_migration_keeps_what_is_there(path: Path) -> None:
    with SqliteStore.open(path) as store:
        added(store, POLICE)
    later = Migration(len(known()) + 1, "0099_more.sql", "CREATE TABLE more (x INTEGER); INSERT INTO more VALUES (1);")
    connection = open_writing(path)
    migrate(connection, path, (*known(), later))
    assert connection.execute("SELECT count(*) FROM record").get == 1
    assert applied(connection) == later.number


def test_a_migration_that_fails_leaves_the_database_as_it_was(path: Path) -> None:
    with SqliteStore.open(path):
        pass
    connection = open_writing(path)
    sql = "CREATE TABLE more (x INTEGER); INSERT INTO nowhere VALUES (1);"
    broken = Migration(len(known()) + 1, "0099_broken.sql", sql)
    with pytest.raises(apsw.SQLError):
        migrate(connection, path, (*known(), broken))
    assert applied(connection) == len(known())
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'more'").get == 0


@pytest.mark.parametrize("read_only", [False, True])
def test_a_database_of_a_newer_version_is_refused_with_what_to_do(path: Path, read_only: bool) -> None:
    with SqliteStore.open(path):
        pass
    connection = open_writing(path)
    connection.execute("INSERT INTO migration VALUES (999, '0999_future.sql', 0)")
    connection.close()
    with pytest.raises(StoreIncompatible, match=r"newer Yishu.*run that version, or restore"):
        SqliteStore.open(path, read_only=read_only)


def test_a_database_of_an_older_version_is_unavailable_to_readers_until_the_writer_migrated_it(path: Path) -> None:
    with SqliteStore.open(path):
        pass
    connection = open_writing(path)
    connection.execute("DELETE FROM migration")
    connection.close()
    with pytest.raises(StoreUnavailable, match="start the resolver"):
        SqliteStore.open(path, read_only=True)


@pytest.mark.parametrize("read_only", [False, True])
def test_another_program_s_database_is_refused_and_left_alone(path: Path, read_only: bool) -> None:
    other = apsw.Connection(str(path))
    other.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StoreIncompatible, match="another program"):
        SqliteStore.open(path, read_only=read_only)
    assert other.execute("SELECT group_concat(name) FROM sqlite_schema").get == "theirs"
    assert other.pragma("journal_mode") == "delete"


def test_every_table_is_strict() -> None:
    connection = apsw.Connection(":memory:")
    for migration in known():
        connection.execute(migration.sql)
    lax = connection.execute("SELECT name FROM pragma_table_list WHERE name NOT LIKE 'sqlite%' AND NOT strict")
    assert lax.fetchall() == []
