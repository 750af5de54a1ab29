"""The databases that the contract is run on. Another one is another entry of BACKENDS."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from service.storage.base import Store
from service.storage.sqlite import SqliteStore


class OpenStore(Protocol):
    """Opens the test's one database; again and again, if asked."""

    def __call__(self, read_only: bool = False) -> Store: ...


def sqlite(folder: Path) -> OpenStore:
    def open_store(read_only: bool = False) -> Store:
        return SqliteStore.open(folder / "yishu.db", read_only)

    return open_store


BACKENDS: dict[str, Callable[[Path], OpenStore]] = {"sqlite": sqlite}


@pytest.fixture(params=sorted(BACKENDS))
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    backend = BACKENDS[request.param](tmp_path)
    opened: list[Store] = []

    def open_and_remember(read_only: bool = False) -> Store:
        opened.append(backend(read_only))
        return opened[-1]

    yield open_and_remember
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store()
