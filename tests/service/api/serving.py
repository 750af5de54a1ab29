"""Real servers on free ports in this process, and records to send them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from stdnum.cn import ric, uscc

from service.api.completions import Submit
from service.api.server import Address, ApiServer
from service.client import YishuClient
from service.storage.base import Store
from yishu.v1.record_pb2 import AttributeValue, Record, RecordRef
from yishu.v1.record_service_pb2 import SubmitRecordsRequest

FREE_PORT = Address("127.0.0.1", 0)
Serve = Callable[[Submit], YishuClient]
"""Serves a resolver with a way of submitting, and gives a client."""
T = TypeVar("T")


class Served:
    """A server in an event loop of its own, in a thread of its own."""

    def __init__(self, make: Callable[[], ApiServer]) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="served")
        self._thread.start()
        try:
            self.server = self.run(self._start(make))
        except BaseException:
            self._end()
            raise
        self.target = f"127.0.0.1:{self.server.port}"

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs something in the server's event loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def stop(self, grace: float = 5.0) -> set[str]:
        """Stops the server; the names of what it left running in its loop."""
        try:
            return self.run(self._stop(grace))
        finally:
            self._end()

    def _end(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def _start(self, make: Callable[[], ApiServer]) -> ApiServer:
        server = make()
        await server.start()
        return server

    async def _stop(self, grace: float) -> set[str]:
        await self.server.stop(grace)
        for _ in range(10):  # what was cancelled needs a turn of the loop to end
            await asyncio.sleep(0)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        return {str(task.get_coro()) for task in left if "service.api" in str(task) or "service/api" in str(task)}


def resident_id(sequence: int, region: str = "110101", born: str = "19900307") -> str:
    """A valid resident identity number."""
    head = f"{region}{born}{sequence:03d}"
    return head + str(ric.calc_check_digit(head + "0"))


def credit_code(sequence: int) -> str:
    """A valid unified social credit code."""
    body = f"{sequence:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = (11 - sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11) % 11
    head = f"91320102{body}{'X' if check == 10 else check}"
    return head + str(uscc.calc_check_digit(head))


def record(source: str, record_id: str, entity_type: str, *values: tuple[str, str], **more: str) -> Record:
    """A record; values may be given as pairs or by name."""
    return Record(
        ref=RecordRef(source=source, record_id=record_id),
        entity_type=entity_type,
        values=[AttributeValue(attribute=name, value=value) for name, value in (*values, *more.items())],
    )


def person(record_id: str, source: str = "public_security", **values: str) -> Record:
    return record(source, record_id, "person", **{"name": "王小明", **values})


def licence(record_id: str, number: str, source: str = "market_regulation", **values: str) -> Record:
    return record(source, record_id, "licence", **{"type_code": "11100000000013127D001", "number": number, **values})


def submission(request_id: str, sent: Record) -> SubmitRecordsRequest:
    return SubmitRecordsRequest(request_id=request_id, record=sent)


def withdrawal(request_id: str, source: str, record_id: str) -> SubmitRecordsRequest:
    return SubmitRecordsRequest(request_id=request_id, withdraw=RecordRef(source=source, record_id=record_id))


def occupy(store: Store, until: threading.Event) -> None:
    """Returns while somebody else writes the store, who goes on until the event."""
    began = threading.Event()

    def write() -> None:
        with store.write():
            began.set()
            until.wait(30)

    threading.Thread(target=write, daemon=True).start()
    assert began.wait(10)
