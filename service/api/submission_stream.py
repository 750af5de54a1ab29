"""One stream of submissions: many in flight, each answered once, in the order in which they are finished.

Always true: at most `most_in_flight` records are read and not yet answered, so a caller that does not read its answers
is not read from either; a record that is refused stops nothing; when a batch fails, reading stops, what became durable
is answered, and the stream ends with that failure; a caller that leaves half-way leaves what it had submitted to be
resolved, and nothing behind here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TypeAlias

from service.api.completions import Completions, Finished, Submit
from service.api.convert.submissions import item_of, stream_answer
from service.api.encoding import Misread
from service.application.answers import Rejected
from service.errors import Overloaded
from yishu.v1.record_service_pb2 import SubmitRecordsRequest, SubmitRecordsResponse

__all__ = ["MOST_IN_FLIGHT", "SubmissionStream"]

Sent: TypeAlias = SubmitRecordsRequest | Misread[SubmitRecordsRequest]
MOST_IN_FLIGHT = 1_000
FULL_WAIT = 0.02
"""Seconds between two tries while the batcher is full: the stream waits, it is not refused."""


class SubmissionStream:
    """Serves one RPC."""

    def __init__(self, submit: Submit, completions: Completions, most_in_flight: int = MOST_IN_FLIGHT) -> None:
        self._submit = submit
        self._completions = completions
        self._room = asyncio.Semaphore(most_in_flight)
        self._ready: asyncio.Queue[SubmitRecordsResponse | None] = asyncio.Queue()
        """Answers to send; None where the state below has changed."""
        self._open = 0
        """Records read and not yet answered."""
        self._reading: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None

    async def answers(self, requests: AsyncIterator[Sent]) -> AsyncIterator[SubmitRecordsResponse]:
        """The answer to each request.

        Raises:
            StoreUnavailable, EngineError: a batch failed; what is not answered by then must be sent again.
        """
        reading = self._reading = asyncio.create_task(self._read(requests))
        reading.add_done_callback(self._all_read)
        try:
            while not self._done():
                answer = await self._ready.get()
                if answer is not None:
                    yield answer
                    self._close()
        finally:
            reading.cancel()
        self._raise_failure()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _done(self) -> bool:
        return self._reading is None and not self._open and self._ready.empty()

    async def _read(self, requests: AsyncIterator[Sent]) -> None:
        async for request in requests:
            await self._room.acquire()
            self._open += 1
            try:
                await self._take(request)
            except BaseException:
                self._close()
                raise

    async def _take(self, request: Sent) -> None:
        item = item_of(request)
        if isinstance(item, Rejected):
            self._ready.put_nowait(stream_answer(item))
            return
        while True:
            try:
                future = self._submit(item)
            except Overloaded:
                await asyncio.sleep(FULL_WAIT)
            else:
                self._completions.deliver(future, self._finished)
                return

    def _finished(self, future: Finished) -> None:
        """One record's answer, or what its batch failed with."""
        error = future.exception()
        if error is None:
            self._ready.put_nowait(stream_answer(future.result()))
            return
        self._failure = self._failure or error
        if self._reading is not None:
            self._reading.cancel()
        self._close()
        self._ready.put_nowait(None)

    def _close(self) -> None:
        self._open -= 1
        self._room.release()

    def _all_read(self, reading: asyncio.Task[None]) -> None:
        self._reading = None
        if not reading.cancelled() and (error := reading.exception()) is not None:
            self._failure = self._failure or error
        self._ready.put_nowait(None)
