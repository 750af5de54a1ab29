"""What the batcher's thread finishes, handed to the event loop.

Always true: everything that finishes between two turns of the loop costs one wake-up together; a caller that left
cancels nothing in the batcher.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeAlias

from service.application.answers import Answer
from service.application.submissions import Submission, Withdrawal

__all__ = ["Completions", "Finished", "Submit"]

Finished: TypeAlias = "Future[Answer]"
Submit: TypeAlias = "Callable[[Submission | Withdrawal], Future[Answer]]"
"""`Batcher.submit`: takes an item, or raises Overloaded or StoreUnavailable at once."""
Deliver = Callable[[Finished], None]


class Completions:
    """Belongs to the event loop that runs when it is made."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._finished: deque[tuple[Deliver, Finished]] = deque()
        self._waking = False

    def deliver(self, future: Finished, to: Deliver) -> None:
        """Has `to` called with the future, in the event loop, when it is done."""
        future.add_done_callback(lambda done: self._finish(done, to))

    async def answer(self, future: Finished) -> Answer:
        """The answer; raises what the batch failed with."""
        waiting: asyncio.Future[Answer] = self._loop.create_future()

        def settle(done: Finished) -> None:
            if waiting.done():
                return
            error = done.exception()
            if error is None:
                waiting.set_result(done.result())
            else:
                waiting.set_exception(error)

        self.deliver(future, settle)
        return await waiting

    def _finish(self, future: Finished, to: Deliver) -> None:
        """In the batcher's thread. Appending comes before looking: `_hand_over` clears the flag before it empties."""
        self._finished.append((to, future))
        if not self._waking:
            self._waking = True
            with suppress(RuntimeError):  # the loop is closed: nobody is waiting any more
                self._loop.call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        self._waking = False
        while self._finished:
            to, future = self._finished.popleft()
            to(future)
