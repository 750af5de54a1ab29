"""grpc.health.v1, told by a probe that does what the service does.

Always true: SERVING was true of a probe made for the question (Check) or at most `LOOK_EVERY` seconds ago (Watch);
once the server is stopping, nothing is SERVING any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

from grpc_health.v1.health import aio
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from service.api.reading import Reading

__all__ = ["Health", "Probe"]

Probe = Callable[[], object]
"""Does a little of what the service does, such as a read of the store; raises where that does not work."""

LOOK_EVERY = 1.0
OVERALL = ""


class Health(aio.HealthServicer):
    """Answers for the server as a whole and for each of its services."""

    def __init__(self, services: Sequence[str], probe: Probe, pool: Executor) -> None:
        super().__init__()
        self._services = (OVERALL, *services)
        self._probe = probe
        self._reading = Reading(pool)
        self._stopping = False
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Looks once, so that the first answer is true, and keeps looking for those who watch."""
        await self._look()
        self._looking = asyncio.create_task(self._keep_looking())

    async def stop(self) -> None:
        """From here on nothing is SERVING."""
        self._stopping = True
        if self._looking:
            self._looking.cancel()
        await self.enter_graceful_shutdown()

    async def Check(self, request: HealthCheckRequest, context: Any) -> HealthCheckResponse:
        if request.service in self._services:
            await self._look()
        response: HealthCheckResponse = await super().Check(request, context)
        return response

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self._look()

    async def _look(self) -> None:
        if self._stopping:
            return
        works = await self._works()
        for service in self._services:
            await self.set(service, HealthCheckResponse.SERVING if works else HealthCheckResponse.NOT_SERVING)

    async def _works(self) -> bool:
        try:
            await self._reading(self._probe)
        except Exception:  # whatever it is, the service does not work
            return False
        return True
