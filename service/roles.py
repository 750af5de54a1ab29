"""The processes of a running service: resolver, its receivers, and verifiers.

Always true: SIGTERM and SIGINT stop a role in order: nothing new is taken, calls in flight get their grace, what was
taken is answered, the store is closed; a role that a supervisor started stops when the supervisor is gone.
"""

from __future__ import annotations

import asyncio
import gc
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable

import structlog
import uvloop
from prometheus_client import start_http_server

from matching.errors import ConfigurationError
from service.api.server import Address, ApiServer, resolver_server, verifier_server
from service.bootstrap import (
    ReceiverParts,
    ResolverParts,
    VerifierParts,
    open_receiver,
    open_resolver,
    open_verifier,
)
from service.errors import StoreUnavailable
from service.handover import ReceiverEnd, ResolverEnd
from service.logging import start_logging
from service.settings import Settings
from service.supervisor import CONNECTED, SUPERVISED, Role, Supervisor

__all__ = ["run_all", "run_receiver", "run_resolver", "run_verifier"]

log = structlog.get_logger(__name__)
FIRST_RECEIVER_METRICS = 100
"""Receivers' metrics ports come so far after the resolver's, verifiers' directly after it."""
WAIT_FOR_STORE = 0.5
"""Seconds between a verifier's tries to open a store that is not there yet."""


def run_resolver(settings: Settings, arguments: list[str]) -> None:
    """Resolves, and has its receivers serve RecordService and EntityService, until told to stop.

    `arguments` are what `yishu` was started with before `serve`. Errors as `bootstrap.open_resolver`.
    """
    start_logging(settings.log, "resolver")
    parts = open_resolver(settings)
    _collect_rarely()
    try:
        _start_metrics(settings, 0)
        if settings.resolver.receivers:
            log.info("resolving", process=os.getpid(), receivers=settings.resolver.receivers)
            _supervise(_receivers(settings, parts, arguments), settings)
            log.info("stopping", serves="resolver")
        else:
            uvloop.run(_serve(settings, "resolver", lambda: _resolver(settings, parts)))
    finally:
        parts.close()


def run_receiver(settings: Settings, number: int = 0) -> None:
    """Serves RecordService and EntityService for the resolver that started this process, until either ends."""
    start_logging(settings.log, f"receiver-{number}")
    if CONNECTED not in os.environ:
        raise ConfigurationError("serve --role receiver", "expected to be started by a resolver; start that instead")
    end = ReceiverEnd(socket.socket(fileno=int(os.environ[CONNECTED])), lambda: os.kill(os.getpid(), signal.SIGTERM))
    parts = open_receiver(settings, end)
    _collect_rarely()
    try:
        _start_metrics(settings, FIRST_RECEIVER_METRICS + number)
        uvloop.run(_serve(settings, "receiver", lambda: _receiver(settings, parts)))
    finally:
        parts.close()


def run_verifier(settings: Settings, number: int = 0) -> None:
    """Serves VerificationService until told to stop, from the store as soon as a resolver has made it.

    `number` tells the verifiers of one machine apart.
    """
    start_logging(settings.log, f"verifier-{number}")
    parts = _open_verifier_when_there(settings)
    try:
        _start_metrics(settings, 1 + number)
        uvloop.run(_serve(settings, "verifier", lambda: _verifier(settings, parts)))
    finally:
        parts.close()


def run_all(settings: Settings, arguments: list[str]) -> None:
    """Runs every role of one machine as a process of its own, until told to stop.

    `arguments` are what `yishu` was started with before `serve`.
    """
    start_logging(settings.log, "supervisor")
    roles = [Role("resolver", [*arguments, "serve", "--role", "resolver"])]
    for number in range(settings.verifier.processes):
        serve = ["serve", "--role", "verifier", "--number", str(number)]
        roles.append(Role(f"verifier-{number}", [*arguments, *serve]))
    _supervise(roles, settings)


def _receivers(settings: Settings, parts: ResolverParts, arguments: list[str]) -> list[Role]:
    def connect(end: socket.socket) -> None:
        ResolverEnd(end, parts.batcher)

    numbers = range(settings.resolver.receivers)
    serve = ["serve", "--role", "receiver", "--number"]
    return [Role(f"receiver-{number}", [*arguments, *serve, str(number)], connect) for number in numbers]


def _supervise(roles: list[Role], settings: Settings) -> None:
    """Keeps roles running until told to stop; then stops them all."""
    supervisor = Supervisor(roles, settings.stop_grace_seconds)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: supervisor.stop())
    if os.environ.get(SUPERVISED):
        # Whoever started this one watches over it in the same way.
        threading.Thread(target=_stop_at_end_of_input, args=(supervisor.stop,), daemon=True).start()
    supervisor.run()


def _resolver(settings: Settings, parts: ResolverParts) -> ApiServer:
    address = Address(settings.resolver.host, settings.resolver.port)
    return resolver_server(address, parts.submitter.submit, parts.records, parts.entities, parts.probe)


def _receiver(settings: Settings, parts: ReceiverParts) -> ApiServer:
    address = Address(settings.resolver.host, settings.resolver.port, reuse_port=True)
    return resolver_server(address, parts.submitter.submit, parts.records, parts.entities, parts.probe)


def _verifier(settings: Settings, parts: VerifierParts) -> ApiServer:
    address = Address(settings.verifier.host, settings.verifier.port, reuse_port=True)
    return verifier_server(address, parts.verifier, parts.probe)


async def _serve(settings: Settings, role: str, make: Callable[[], ApiServer]) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    if os.environ.get(SUPERVISED):
        _stop_with_supervisor(loop, stopping.set)
    server = make()
    await server.start()
    log.info("serving", serves=role, port=server.port, process=os.getpid())
    await stopping.wait()
    log.info("stopping", serves=role)
    await server.stop(settings.stop_grace_seconds)


def _stop_with_supervisor(loop: asyncio.AbstractEventLoop, stop: Callable[[], object]) -> None:
    """A supervisor holds the other end of standard input: its end of file is the supervisor's end."""
    standard_input = sys.stdin.fileno()

    def look() -> None:
        if not os.read(standard_input, 1):
            loop.remove_reader(standard_input)
            stop()

    loop.add_reader(standard_input, look)


def _stop_at_end_of_input(stop: Callable[[], object]) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    stop()


def _open_verifier_when_there(settings: Settings) -> VerifierParts:
    """A verifier may be started before the resolver has made the store: it waits, and says so once."""
    said = False
    while True:
        try:
            return open_verifier(settings)
        except StoreUnavailable as error:
            if not said:
                log.warning("waiting for the store", reason=str(error))
                said = True
            _wait_for_store()


def _wait_for_store() -> None:
    """Waits a little; leaves where the supervisor has gone meanwhile."""
    if not os.environ.get(SUPERVISED):
        time.sleep(WAIT_FOR_STORE)
        return
    ended, _, _ = select.select([sys.stdin], [], [], WAIT_FOR_STORE)
    if ended and not os.read(sys.stdin.fileno(), 1):
        raise SystemExit(0)


def _collect_rarely() -> None:
    """What has been loaded stays; what batches make is freed by reference counts, so cycles can wait."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _start_metrics(settings: Settings, offset: int) -> None:
    if settings.metrics.port:
        start_http_server(settings.metrics.port + offset, settings.metrics.host)
