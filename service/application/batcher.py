"""Micro-batching: concurrent submissions share one engine run and one commit.

Always true: every item that was taken gets exactly one answer or error; an item that cannot be resolved fails alone;
items of one record are resolved in the order in which they were taken; no more than `most_waiting` items wait; after
`close` nothing is taken and everything that was taken has been answered.

A batch is whatever is waiting when the resolver becomes free, so that a lone submission waits for nobody and a flood
makes large batches by itself.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import structlog

from service.application.resolve import Answer
from service.application.submissions import Submission, Withdrawal
from service.errors import Overloaded, StoreError, StoreUnavailable
from service.faults import fault

__all__ = ["Batcher"]

Item = Submission | Withdrawal
_Waiting = tuple[Item, Future[Answer]]
log = structlog.get_logger(__name__)


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
        self._waiting: deque[_Waiting] = deque()
        self._arrived = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="resolver", daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> Future[Answer]:
        """Takes an item; the future gives its answer, or what went wrong with it.

        Raises:
            Overloaded: too many items are waiting.
            StoreUnavailable: the batcher is closed.
        """
        future: Future[Answer] = Future()
        future.set_running_or_notify_cancel()
        with self._arrived:
            if self._closed:
                raise StoreUnavailable("the resolver is stopping")
            if len(self._waiting) >= self._most_waiting:
                raise Overloaded(retry_after=1.0)
            self._waiting.append((item, future))
            self._arrived.notify()
        return future

    def close(self) -> None:
        """Answers everything that was taken, then stops."""
        with self._arrived:
            self._closed = True
            self._arrived.notify()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._next():
            self._answer(batch)

    def _next(self) -> list[_Waiting]:
        """As much as is waiting and fits; empty when closed and done."""
        with self._arrived:
            while not self._waiting and not self._closed:
                self._arrived.wait()
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most_in_batch))]

    def _answer(self, batch: list[_Waiting]) -> None:
        """Answers a batch; where it cannot be resolved as one, each item alone, so that one defect fails one item."""
        try:
            answers = self._resolve([item for item, _ in batch])
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
