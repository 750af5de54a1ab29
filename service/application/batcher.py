"""Micro-batching: concurrent submissions share one engine run and one commit.

Always true: every item that was taken gets exactly one answer or error; an item that cannot be resolved fails alone;
items of one record are resolved in the order in which they were taken; no more than `most_waiting` items wait; after
`close` nothing is taken and everything that was taken has been answered.

Two threads, so that checking goes on while the engine and the disk are waited for: a `Submitter`'s checks what was
submitted, a `Batcher`'s resolves what was checked. A batch is whatever is ready when the resolver becomes free, so
that a lone submission waits for nobody and a flood makes large batches by itself.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Protocol

import structlog

from service.application.answers import Answer, Checked, Item
from service.application.checking import Checker
from service.application.resolve import Resolver
from service.application.waiting import WaitingQueue
from service.errors import Overloaded, StoreError
from service.faults import fault

__all__ = ["Batcher", "Onward", "Submitter"]

log = structlog.get_logger(__name__)
CHECKED_AT_ONCE = 16
"""Items that are taken to be checked before others are looked at."""
Pending = tuple[Checked, Future[Answer]]


class Onward(Protocol):
    """Where checked items go: a batcher in this process, or one in another."""

    def put(self, checked: Checked, future: Future[Answer]) -> None:
        """Takes an item as soon as there is room; the future will have its answer.

        Raises:
            StoreUnavailable: nothing is taken any more.
        """

    def close(self) -> None:
        """Answers everything that was taken, then stops."""


class Submitter:
    """Takes what callers submit, checks it and sends it on. Thread-safe."""

    def __init__(self, checker: Checker, onward: Onward, most_waiting: int = 20_000) -> None:
        self._checker = checker
        self._onward = onward
        self._waiting = WaitingQueue[tuple[Item, Future[Answer]]](most_waiting)
        self._thread = threading.Thread(target=self._check_all, name="checker", daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> Future[Answer]:
        """Takes an item; the future gives its answer, or what went wrong with it.

        Raises:
            Overloaded: too many items are waiting.
            StoreUnavailable: it is closed.
        """
        future: Future[Answer] = Future()
        future.set_running_or_notify_cancel()
        if not self._waiting.offer((item, future)):
            raise Overloaded(retry_after=1.0)
        return future

    def close(self) -> None:
        """Answers everything that was taken, then stops."""
        self._waiting.close()
        self._thread.join()
        self._onward.close()

    def _check_all(self) -> None:
        while batch := self._waiting.take(CHECKED_AT_ONCE):
            for item, future in batch:
                try:
                    self._onward.put(self._checker.check(item), future)
                except Exception as error:
                    if not isinstance(error, StoreError):
                        log.error("a submission could not be checked", fault=fault(error))
                    future.set_exception(error)


class Batcher:
    """Resolves what was checked, in one thread of its own."""

    def __init__(self, resolver: Resolver, most_in_batch: int = 256) -> None:
        self._resolver = resolver
        self._most_in_batch = most_in_batch
        self._checked = WaitingQueue[Pending](2 * most_in_batch)
        self._thread = threading.Thread(target=self._resolve_all, name="resolver", daemon=True)
        self._thread.start()

    def put(self, checked: Checked, future: Future[Answer]) -> None:
        """As `Onward.put`."""
        self._checked.put((checked, future))

    def close(self) -> None:
        """As `Onward.close`."""
        self._checked.close()
        self._thread.join()

    def _resolve_all(self) -> None:
        while batch := self._checked.take(self._most_in_batch):
            self._answer(batch)

    def _answer(self, batch: list[Pending]) -> None:
        """Answers a batch; where it cannot be resolved as one, each item alone, so that one defect fails one item."""
        try:
            answers = self._resolver.resolve_checked([checked for checked, _ in batch])
        except Exception as error:
            log.error("a batch could not be resolved", size=len(batch), fault=fault(error))
            if len(batch) == 1 or isinstance(error, StoreError):
                for _, future in batch:
                    future.set_exception(error)
            else:
                for pending in batch:
                    self._answer([pending])
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            future.set_result(answer)
