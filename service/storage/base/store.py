"""A store, its snapshots and its units of work, as Protocols."""

from __future__ import annotations

from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from service.storage.base.parts import (
    BlockKeys,
    Changes,
    Decisions,
    Edges,
    Entities,
    GoldenKeys,
    Membership,
    Models,
    Quarantine,
    Records,
    Relations,
    ReviewTasks,
)

__all__ = [
    "Snapshot",
    "Store",
    "UnitOfWork",
]


class Snapshot(Protocol):
    """One committed state, to read from. A context manager; not to be shared between threads."""

    @property
    def records(self) -> Records: ...
    @property
    def block_keys(self) -> BlockKeys: ...
    @property
    def edges(self) -> Edges: ...
    @property
    def entities(self) -> Entities: ...
    @property
    def membership(self) -> Membership: ...
    @property
    def golden_keys(self) -> GoldenKeys: ...
    @property
    def relations(self) -> Relations: ...
    @property
    def decisions(self) -> Decisions: ...
    @property
    def tasks(self) -> ReviewTasks: ...
    @property
    def quarantine(self) -> Quarantine: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def models(self) -> Models: ...

    def setting(self, name: str) -> str | None:
        """A fact about the store itself, such as the digest of the configuration it was written under."""

    @property
    def commit_number(self) -> int:
        """The commit it sees; of a unit of work, the one it is to become."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class UnitOfWork(Snapshot, Protocol):
    """A snapshot that can change things. Leaving it without `commit` rolls back."""

    at: datetime
    """The time that everything in it is stamped with; later than that of every commit before."""

    def put_setting(self, name: str, value: str) -> None: ...

    def commit(self) -> int:
        """Durable when it returns; gives the commit's number (the last one where nothing was changed). The unit of
        work is over with it, whatever the outcome.

        Raises:
            StoreUnavailable: it could not be made durable (a full disk, say), or a statement in it failed; nothing
                was changed.
        """


class Store(Protocol):
    """A database. Thread-safe; a unit of work and a snapshot each belong to the thread that opened them."""

    def read(self) -> Snapshot:
        """
        Raises:
            StoreUnavailable: it cannot be read.
        """

    def write(self) -> UnitOfWork:
        """Waits for the unit of work in progress, if any. What is read in order to write is read fastest in it.

        Raises:
            StoreUnavailable: it cannot be written, or another process is writing.
            StoreReadOnly: it was opened to read.
            StoreConflict: this thread has a unit of work already.
        """

    def close(self) -> None: ...
