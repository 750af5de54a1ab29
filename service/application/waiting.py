"""A bounded queue between two threads that work at different speeds."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

from service.errors import StoreUnavailable

__all__ = ["WaitingQueue"]

Waiting = TypeVar("Waiting")


class WaitingQueue(Generic[Waiting]):
    """Gives whatever is there, in the order in which it came; closed, it gives the rest and then nothing."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: deque[Waiting] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def offer(self, item: Waiting) -> bool:
        """Takes an item if there is room.

        Raises:
            StoreUnavailable: the queue is closed.
        """
        with self._changed:
            self._expect_open()
            if len(self._items) >= self._most:
                return False
            self._items.append(item)
            self._changed.notify()
            return True

    def put(self, item: Waiting) -> None:
        """Takes an item as soon as there is room; raises as `offer`."""
        with self._changed:
            while len(self._items) >= self._most and not self._closed:
                self._changed.wait()
            self._expect_open()
            self._items.append(item)
            self._changed.notify()

    def take(self, most: int) -> list[Waiting]:
        """Up to `most` items as soon as there are any; none when closed and empty."""
        with self._changed:
            while not self._items and not self._closed:
                self._changed.wait()
            taken = [self._items.popleft() for _ in range(min(len(self._items), most))]
            self._changed.notify_all()
            return taken

    def close(self) -> None:
        """Takes nothing any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _expect_open(self) -> None:
        if self._closed:
            raise StoreUnavailable("the resolver is stopping")
