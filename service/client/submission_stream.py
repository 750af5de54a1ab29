"""The caller's end of SubmitRecords: a bounded number of records in flight, the answers as they come.

Always true: at most `most_in_flight` requests are taken from the caller and not yet answered; leaving the loop ends
the call and the thread that feeds it; what the caller's own iterable raises is raised to the caller.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import grpc

from service.client.errors import error_of
from yishu.v1.record_service_pb2 import SubmitRecordsRequest, SubmitRecordsResponse

__all__ = ["stream"]

Open = Callable[[Iterator[SubmitRecordsRequest]], Any]


def stream(
    open_call: Open, requests: Iterable[SubmitRecordsRequest], most_in_flight: int
) -> Iterator[SubmitRecordsResponse]:
    """The answers, in the order in which they come.

    Raises:
        YishuError: the stream ended early; what is not answered by then may be sent again.
    """
    feed = _Feed(requests, most_in_flight)
    call = open_call(feed)
    try:
        for answer in call:
            feed.answered()
            yield answer
    except grpc.RpcError as error:
        raise feed.failure or error_of(error) from error
    finally:
        feed.stop()
        call.cancel()


class _Feed(Iterator[SubmitRecordsRequest]):
    """What gRPC's own thread takes requests from."""

    def __init__(self, requests: Iterable[SubmitRecordsRequest], most_in_flight: int) -> None:
        self._requests = iter(requests)
        self._room = threading.Semaphore(most_in_flight)
        self._stopped = False
        self.failure: Exception | None = None
        """What the caller's iterable raised."""

    def __next__(self) -> SubmitRecordsRequest:
        self._room.acquire()
        if self._stopped:
            raise StopIteration
        try:
            return next(self._requests)
        except StopIteration:
            raise
        except Exception as error:
            self.failure = error
            raise

    def answered(self) -> None:
        self._room.release()

    def stop(self) -> None:
        self._stopped = True
        self._room.release()
