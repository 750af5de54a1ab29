"""Micro-batching: concurrent submissions share one engine run and one commit.

Always true: every item that was taken gets exactly one answer or error; an item that cannot be resolved fails alone;
items of one record are resolved in the order in which they were taken; no more than `most_waiting` items wait; after
`close` nothing is taken and everything that was taken has been answered.

Two threads, so that checking goes on while the engine and the disk are waited for: one checks what was submitted, the
other resolves what was checked. A batch is whatever is ready when the resolver becomes free, so that a lone
submission waits for nobody and a flood makes large batches by itself.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from typing import Generic, TypeVar

import structlog

from service.application.resolve import Answer, Checked, Item, Resolver
from service.errors import Overloaded, StoreError, StoreUnavailable
from service.faults import fault

__all__ = ["Batcher"]

log = structlog.get_logger(__name__)
CHECKED_AT_ONCE = 16
"""Items that are checked before the resolver is told of them: few, so that it does not wait for many."""


class Batcher:
    """Resolves what callers submit. Thread-safe."""

    def __init__(self, resolver: Resolver, most_in_batch: int = 256, most_waiting: int = 20_000) -> None:
        self._resolver = resolver
        self._waiting = _Queue[tuple[Item, Future[Answer]]](most_waiting)
        self._checked = _Queue[tuple[Checked, Future[Answer]]](2 * most_in_batch)
        self._most_in_batch = most_in_batch
        self._threads = [
            threading.Thread(target=run, name=name, daemon=True)
            for name, run in (("intake", self._check_all), ("resolver", self._resolve_all))
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, item: Item) -> Future[Answer]:
        """Takes an item; the future gives its answer, or what went wrong with it.

        Raises:
            Overloaded: too many items are waiting.
            StoreUnavailable: the batcher is closed.
        """
        future: Future[Answer] = Future()
        future.set_running_or_notify_cancel()
        if not self._waiting.offer((item, future)):
            raise Overloaded(retry_after=1.0)
        return future

    def close(self) -> None:
        """Answers everything that was taken, then stops."""
        self._waiting.close()
        for thread in self._threads:
            thread.join()

    def _check_all(self) -> None:
        while batch := self._waiting.take(CHECKED_AT_ONCE):
            for item, future in batch:
                try:
                    checked = self._resolver.check(item)
                except Exception as error:
                    log.error("a submission could not be checked", fault=fault(error))
                    future.set_exception(error)
                else:
                    self._checked.put((checked, future))
        self._checked.close()

    def _resolve_all(self) -> None:
        while batch := self._checked.take(self._most_in_batch):
            self._answer(batch)

    def _answer(self, batch: list[tuple[Checked, Future[Answer]]]) -> None:
        """Answers a batch; where it cannot be resolved as one, each item alone, so that one defect fails one item."""
        try:
            answers = self._resolver.resolve_checked([checked for checked, _ in batch])
        except Exception as error:
            log.error("a batch could not be resolved", size=len(batch), fault=fault(error))
            if len(batch) == 1 or isinstance(error, StoreError):
                for _, future in batch:
                    future.set_exception(error)
            else:
                for waiting in batch:
                    self._answer([waiting])
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            future.set_result(answer)


Waiting = TypeVar("Waiting")


class _Queue(Generic[Waiting]):
    """A bounded queue that gives whatever is there; closed, it gives the rest and then nothing."""

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
            if self._closed:
                raise StoreUnavailable("the resolver is stopping")
            if len(self._items) >= self._most:
                return False
            self._items.append(item)
            self._changed.notify()
            return True

    def put(self, item: Waiting) -> None:
        """Takes an item as soon as there is room."""
        with self._changed:
            while len(self._items) >= self._most:
                self._changed.wait()
            self._items.append(item)
            self._changed.notify()

    def take(self, most: int) -> list[Waiting]:
        """Up to `most` items as soon as there are any; none when closed and empty."""
        with self._changed:
            while not self._items and not self._closed:
                self._changed.wait()
            taken = [self._items.popleft() for _ in range(min(len(self._items), most))]
            self._changed.notify()
            return taken

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
