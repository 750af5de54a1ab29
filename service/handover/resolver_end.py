"""The resolver's end: checked submissions in, answers out, for each receiver.

Always true: a receiver that is slow or gone holds up nobody else: its answers wait in a queue of its own, and what it
sent is resolved all the same.
"""

from __future__ import annotations

import socket
import threading
from concurrent.futures import Future
from functools import partial

from service.application.answers import Answer
from service.application.batcher import Onward
from service.application.waiting import WaitingQueue
from service.errors import StoreUnavailable
from service.handover.messages import Returned, decode_forwarded, encode, read_frame, send_frame

__all__ = ["ResolverEnd"]

MOST_IN_FRAME = 256
MOST_WAITING = 1_000_000
"""Answers of one receiver; never reached, because a receiver sends no more than it can have in flight."""


class ResolverEnd:
    """Serves one receiver until it is gone."""

    def __init__(self, end: socket.socket, onward: Onward) -> None:
        self._end = end
        self._onward = onward
        self._answers = WaitingQueue[Returned](MOST_WAITING)
        for name, run in (("receiver", self._take), ("answerer", self._answer)):
            threading.Thread(target=run, name=name, daemon=True).start()

    def _take(self) -> None:
        while frame := read_frame(self._end):
            for forwarded in decode_forwarded(frame):
                future: Future[Answer] = Future()
                future.add_done_callback(partial(self._done, forwarded.number))
                try:
                    self._onward.put(forwarded.checked, future)
                except StoreUnavailable as error:
                    future.set_exception(error)
        self._answers.close()

    def _done(self, number: int, done: Future[Answer]) -> None:
        error = done.exception()
        returned = Returned.failed(number, error) if error else Returned.of(number, done.result())
        try:
            self._answers.put(returned)
        except StoreUnavailable:
            return  # the receiver is gone; its callers were told so

    def _answer(self) -> None:
        while batch := self._answers.take(MOST_IN_FRAME):
            try:
                send_frame(self._end, encode(batch))
            except OSError:
                return
        self._end.close()
