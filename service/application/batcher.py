"""Micro-batching: concurrent submissions share one engine run and one commit.

Always true: every item that was taken gets exactly one answer or error; items of one record are resolved in the order
in which they were taken; no more than `most_waiting` items wait; after `close` nothing is taken and everything that
was taken has been answered.

A batch is whatever is waiting when the resolver becomes free, so that a lone submission waits for nobody and a flood
makes large batches by itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from service.application.resolve import Answer
from service.application.submissions import Submission, Withdrawal
from service.errors import Overloaded, StoreUnavailable

__all__ = ["Batcher"]

Item = Submission | Withdrawal
log = logging.getLogger(__name__)


class Batcher:
    """One thread that resolves what callers submit. Thread-safe."""

    def __init__(
        self,
        resolve: Callable[[Sequence[Item]], list[Answer]],
        most_in_batch: int = 256,
        most_waiting: int = 20_000,
    ) -> None:
        self._resolve = resolve
        self._most_in_batch = most_in_batch
        self._most_waiting = most_waiting
        self._waiting: deque[tuple[Any, Future[Any]]] = deque()
        self._arrived = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="resolver", daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> Future[Answer]:
        """Takes an item; the future gives its answer, or what went wrong with its batch.

        Raises:
            Overloaded: too many items are waiting.
            StoreUnavailable: the batcher is closed.
        """
        future: Future[Answer] = Future()
        self._take(item, future)
        return future

    def call(self, work: Callable[[], object]) -> Future[object]:
        """Runs something else that writes, between batches; errors as `submit`."""
        future: Future[object] = Future()
        self._take(work, future)
        return future

    def close(self) -> None:
        """Answers everything that was taken, then stops."""
        with self._arrived:
            self._closed = True
            self._arrived.notify()
        self._thread.join()

    def _take(self, item: Item | Callable[[], object], future: Future[Any]) -> None:
        with self._arrived:
            if self._closed:
                raise StoreUnavailable("the resolver is stopping")
            if len(self._waiting) >= self._most_waiting:
                raise Overloaded(retry_after=1.0)
            self._waiting.append((item, future))
            self._arrived.notify()

    def _run(self) -> None:
        while batch := self._next():
            first = batch[0][0]
            if isinstance(first, Submission | Withdrawal):
                self._resolve_batch([item for item, _ in batch], [future for _, future in batch])
            else:
                _settle(batch[0][1], first)

    def _next(self) -> list[tuple[Any, Future[Any]]]:
        """What to do next: as many submissions as there are, or one call; empty when closed and done."""
        with self._arrived:
            while not self._waiting and not self._closed:
                self._arrived.wait()
            batch: list[tuple[Any, Future[Any]]] = []
            while self._waiting and len(batch) < self._most_in_batch:
                is_call = not isinstance(self._waiting[0][0], Submission | Withdrawal)
                if is_call and batch:
                    break
                batch.append(self._waiting.popleft())
                if is_call:
                    break
            return batch

    def _resolve_batch(self, items: list[Item], futures: list[Future[Answer]]) -> None:
        started = time.monotonic()
        try:
            answers = self._resolve(items)
        except Exception as error:
            log.exception("a batch of %d could not be resolved", len(items))
            for future in futures:
                future.set_exception(error)
            return
        log.debug("resolved %d in %.1f ms", len(items), 1_000 * (time.monotonic() - started))
        for future, answer in zip(futures, answers, strict=True):
            future.set_result(answer)


def _settle(future: Future[Any], work: Callable[[], object]) -> None:
    try:
        future.set_result(work())
    except Exception as error:
        future.set_exception(error)
