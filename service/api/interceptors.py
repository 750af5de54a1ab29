"""What every RPC goes through: reading, a name for the log, metrics, one log line, errors to statuses.

Always true: a call that ends in an exception ends with the status that `status` has for it; a request that could not
be read reaches a servicer only where that asked for it (`takes_misread`); a log line holds the method, the outcome,
the time and the call's own random id, and nothing that the caller sent.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from time import perf_counter
from typing import Any, TypeVar
from uuid import uuid4

import grpc
import structlog
from grpc.aio import AbortError, ServerInterceptor
from grpc_status import rpc_status
from prometheus_client import Counter, Histogram

from service.api.encoding import Misread, reader_of
from service.api.status import row_of, status_of
from service.errors import InvalidRequest
from service.faults import fault

__all__ = ["CallInterceptor", "takes_misread"]

CALLS = Counter("yishu_rpc_total", "RPCs that ended, by method and status code.", ["method", "code"])
SECONDS = Histogram(
    "yishu_rpc_seconds",
    "From the request's arrival to the end of the RPC, by method.",
    ["method"],
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 10.24),
)
log = structlog.get_logger("yishu.api")

Handler = Any
"""A grpc.RpcMethodHandler; its stubs know only synchronous ones."""
Context = Any
"""A grpc.aio.ServicerContext, with the methods that its stubs leave out."""
Behaviour = TypeVar("Behaviour", bound=Callable[..., Any])


def takes_misread(behaviour: Behaviour) -> Behaviour:
    """Marks a servicer's method that answers a `Misread` itself; for others it is an InvalidRequest."""
    behaviour.takes_misread = True  # type: ignore[attr-defined]
    return behaviour


class CallInterceptor(ServerInterceptor):
    """Wraps each handler once, the first time that its method is called."""

    def __init__(self) -> None:
        self._wrapped: dict[str, tuple[Handler, Handler]] = {}

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler:
        handler = await continuation(handler_call_details)
        if handler is None:  # no such method: gRPC answers UNIMPLEMENTED
            return handler
        method = handler_call_details.method
        known = self._wrapped.get(method)
        if known is None or known[0] is not handler:
            known = self._wrapped[method] = (handler, _wrap(method, handler))
        return known[1]


def _wrap(method: str, handler: Handler) -> Handler:
    reader = reader_of(method) or handler.request_deserializer
    serializer = handler.response_serializer
    if handler.unary_unary:
        unary = _unary(method, handler.unary_unary)
        return grpc.unary_unary_rpc_method_handler(unary, reader, serializer)
    if handler.stream_stream:
        streaming = _streaming(method, handler.stream_stream)
        return grpc.stream_stream_rpc_method_handler(streaming, reader, serializer)
    return handler


def _unary(method: str, behaviour: Callable[..., Any]) -> Callable[..., Any]:
    takes = getattr(behaviour, "takes_misread", False)

    async def answer(request: Any, context: Context) -> Any:
        call = _Call(method, context)
        try:
            if type(request) is Misread and not takes:
                raise InvalidRequest(request.violations)
            response = await behaviour(request, context)
        except BaseException as error:
            await call.failed(error)
            raise
        call.ended("OK")
        return response

    return answer


def _streaming(method: str, behaviour: Callable[..., Any]) -> Callable[..., Any]:
    async def answers(requests: Any, context: Context) -> AsyncIterator[Any]:
        call = _Call(method, context)
        try:
            async with aclosing(behaviour(requests, context)) as responses:
                async for response in responses:
                    yield response
        except BaseException as error:
            await call.failed(error)
            raise
        call.ended("OK")

    return answers


class _Call:
    """One RPC, from its arrival to its end."""

    __slots__ = ("_arrived", "_context", "_method")

    def __init__(self, method: str, context: Context) -> None:
        self._method = method
        self._context = context
        self._arrived = perf_counter()

    async def failed(self, error: BaseException) -> None:
        """Ends the call with the status of the error; returns where the error itself must be raised again."""
        if not isinstance(error, Exception):  # cancelled by the caller or its deadline, or the server is stopping
            remaining = self._context.time_remaining()
            self.ended("CANCELLED" if remaining is None or remaining > 0 else "DEADLINE_EXCEEDED")
        elif isinstance(error, AbortError):
            self.ended(_name_of(self._context.code()))
        else:
            call_id = uuid4().hex
            self._refused(error, call_id)
            await self._context.abort_with_status(rpc_status.to_status(status_of(error, call_id)))

    def _refused(self, error: Exception, call_id: str) -> None:
        row = row_of(error)
        self.ended(row.code.name, row.reason, call_id)
        if row.code is grpc.StatusCode.INTERNAL:
            log.error("defect", method=self._method, call_id=call_id, fault=fault(error))

    def ended(self, code: str, reason: str = "", call_id: str = "") -> None:
        seconds = perf_counter() - self._arrived
        CALLS.labels(self._method, code).inc()
        SECONDS.labels(self._method).observe(seconds)
        milliseconds = round(1_000 * seconds, 1)
        if code == "OK":
            log.debug("rpc", method=self._method, code=code, milliseconds=milliseconds)
        else:
            log.info("rpc", method=self._method, code=code, reason=reason, call_id=call_id, milliseconds=milliseconds)


_NAMES: dict[Any, str] = {status.value[0]: status.name for status in grpc.StatusCode}


def _name_of(code: Any) -> str:
    """The name of a status code that a handler set, as gRPC keeps it: the number or the code."""
    return code.name if isinstance(code, grpc.StatusCode) else _NAMES.get(code, "UNKNOWN")
