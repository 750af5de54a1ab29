"""One open transaction on one connection, and what the parts of the store need of it.

Always true: a statement that fails leaves the transaction unfit to commit; once closed, it answers nothing more.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NoReturn, Protocol

import apsw

from matching.records import RecordRef
from service.errors import StoreConflict, StoreReadOnly
from service.storage.sqlite.connection import translated

__all__ = ["Names", "Row", "Session", "array_of"]

Row = tuple[Any, ...]


class _Cursor(Protocol):
    def execute(self, statements: str, bindings: Any = None) -> apsw.Cursor: ...
    def executemany(self, statements: str, sequenceofbindings: Any) -> apsw.Cursor: ...


class _Closed:
    """Stands in for the cursor of a transaction that is over."""

    def execute(self, statements: str, bindings: Any = None) -> NoReturn:
        raise StoreConflict("this snapshot or unit of work is over; open another")

    executemany = execute


class Names:
    """Names that the database numbers: sources, entity types, attributes. Shared by all sessions of a store.

    Only committed names are in it, and a name's number never changes, so any session may rely on it.
    """

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, str], int] = {}
        self.names: dict[tuple[str, int], str] = {}

    def add(self, numbers: dict[tuple[str, str], int]) -> None:
        for (kind, name), number in numbers.items():
            self.numbers[kind, name] = number
            self.names[kind, number] = name


class Session:
    """A transaction. `commit` is the number of the commit seen or, where `writing`, of the one to be made."""

    def __init__(self, connection: apsw.Connection, names: Names) -> None:
        self.connection = connection
        self.commit = 0
        self.writing = False
        self.broken = False
        self._names = names
        self._fresh: dict[tuple[str, str], int] = {}
        self._cursor: _Cursor = connection.cursor()
        self._streams: list[apsw.Cursor] = []

    # -- statements

    def rows(self, sql: str, bindings: Any = ()) -> list[Row]:
        try:
            return self._cursor.execute(sql, bindings).fetchall()
        except apsw.Error as error:
            self.broken = True
            raise translated(error) from error

    def row(self, sql: str, bindings: Any = ()) -> Row | None:
        """The first row."""
        found = self.rows(sql, bindings)
        return found[0] if found else None

    def many(self, sql: str, bindings: Iterable[Any]) -> list[Row]:
        """The rows of the statement run once for each of the bindings, one after another."""
        try:
            return self._cursor.executemany(sql, bindings).fetchall()
        except apsw.Error as error:
            self.broken = True
            raise translated(error) from error

    def change(self, sql: str, bindings: Any = ()) -> int:
        """How many rows the statement changed.

        Raises:
            StoreReadOnly: the session cannot write.
        """
        self.must_write()
        self.rows(sql, bindings)
        return self.connection.changes()

    def change_many(self, sql: str, bindings: Iterable[Any]) -> None:
        self.must_write()
        self.many(sql, bindings)

    def must_write(self) -> None:
        if not self.writing:
            raise StoreReadOnly("a snapshot cannot change the store; use a unit of work")

    def stream(self, sql: str, bindings: Any, rows_at_once: int = 1_000) -> Iterator[list[Row]]:
        """The rows in portions, read as they are taken, by a cursor of their own that ends with the session."""
        if isinstance(self._cursor, _Closed):
            self._cursor.execute(sql)
        cursor = self.connection.cursor()
        self._streams.append(cursor)
        try:
            rows = cursor.execute(sql, bindings)
            while portion := list(islice(rows, rows_at_once)):
                yield portion
        except apsw.Error as error:
            self.broken = True
            raise translated(error) from error
        finally:
            cursor.close(force=True)

    # -- names

    def number(self, kind: str, name: str) -> int | None:
        """The number of a name, or None where the database has never seen it."""
        found = self._names.numbers.get((kind, name))
        if found is None:
            found = self._fresh.get((kind, name))
        if found is None:
            row = self.row(f"SELECT number FROM {kind} WHERE name = ?", (name,))
            if row is not None:
                found = row[0]
                self._names.add({(kind, name): row[0]})
        return found

    def numbered(self, kind: str, name: str) -> int:
        """The number of a name, given now if it has none."""
        found = self.number(kind, name)
        if found is None:
            self.must_write()
            found = int(self.rows(f"INSERT INTO {kind} (name) VALUES (?) RETURNING number", (name,))[0][0])
            self._fresh[kind, name] = found
        return found

    def name(self, kind: str, number: int) -> str:
        found = self._names.names.get((kind, number))
        if found is None:
            found = str(self.rows(f"SELECT name FROM {kind} WHERE number = ?", (number,))[0][0])
            if (kind, found) not in self._fresh:
                self._names.add({(kind, found): number})
        return found

    def by_source(self, refs: Iterable[RecordRef]) -> list[tuple[int, str]]:
        """Refs as (source number, record id), without those whose source the database has never seen."""
        known = ((self.number("source", source), record_id) for source, record_id in refs)
        return [(number, record_id) for number, record_id in known if number is not None]

    # -- ends

    def committed(self) -> None:
        """The names given in it are everyone's from now on."""
        self._names.add(self._fresh)

    def close(self) -> None:
        for cursor in self._streams:
            cursor.close(force=True)
        self._cursor = _Closed()


def array_of(numbers: Iterable[int]) -> apsw.CArrayBinding | None:
    """What `carray(?)` takes; None for no numbers, which it does not take."""
    values = array("q", numbers)
    return apsw.carray(values) if values else None
