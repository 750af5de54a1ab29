"""The receiver's end: checked submissions out, answers in.

Always true: every item that was put gets its answer or, when the resolver is gone, StoreUnavailable; items go out in
the order in which they were put, as many to a frame as are ready.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from itertools import count

from service.application.answers import Answer, Checked
from service.application.waiting import WaitingQueue
from service.errors import StoreUnavailable
from service.handover.messages import Forwarded, decode_returned, encode, read_frame, send_frame

__all__ = ["ReceiverEnd"]

MOST_IN_FRAME = 64
MOST_WAITING = 256


class ReceiverEnd:
    """An `Onward` whose batcher is in the resolver's process. `gone` is called once when that process is gone."""

    def __init__(self, end: socket.socket, gone: Callable[[], object]) -> None:
        self._end = end
        self._gone = gone
        self._numbers = count(1)
        self._outgoing = WaitingQueue[tuple[int, Checked]](MOST_WAITING)
        self._pending: dict[int, tuple[Checked, Future[Answer]]] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._threads = [
            threading.Thread(target=run, name=name, daemon=True)
            for name, run in (("forwarder", self._forward), ("returner", self._take_answers))
        ]
        for thread in self._threads:
            thread.start()

    def put(self, checked: Checked, future: Future[Answer]) -> None:
        """As `Onward.put`."""
        number = next(self._numbers)
        with self._changed:
            self._pending[number] = (checked, future)
        try:
            self._outgoing.put((number, checked))
        except StoreUnavailable:
            with self._changed:
                if self._pending.pop(number, None) is None:
                    return  # answered already, with the same error
            raise

    def close(self) -> None:
        """As `Onward.close`."""
        self._outgoing.close()
        with self._changed:
            while self._pending:
                self._changed.wait()
        self._closing = True
        self._end.shutdown(socket.SHUT_RDWR)

    def _forward(self) -> None:
        while batch := self._outgoing.take(MOST_IN_FRAME):
            try:
                send_frame(self._end, encode([Forwarded.of(number, checked) for number, checked in batch]))
            except OSError:
                return  # the other thread sees the end of the answers, and tells everybody

    def _take_answers(self) -> None:
        while frame := read_frame(self._end):
            for returned in decode_returned(frame):
                with self._changed:
                    checked, future = self._pending.pop(returned.number)
                    self._changed.notify()
                try:
                    answer = returned.answer(checked)
                except Exception as error:
                    future.set_exception(error)
                else:
                    future.set_result(answer)
        self._fail_pending()

    def _fail_pending(self) -> None:
        self._outgoing.close()
        with self._changed:
            left = list(self._pending.values())
            self._pending.clear()
            self._changed.notify()
        for _, future in left:
            future.set_exception(StoreUnavailable("the resolver is gone; send it again"))
        if not self._closing:
            self._gone()
