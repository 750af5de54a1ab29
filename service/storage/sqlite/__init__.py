"""The store on SQLite: one file, one process that writes it, any number that read it."""

from service.storage.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
