"""The two gRPC servers: the resolver's and the verifier's.

Always true: both are made, started and stopped in one event loop; a server that is stopping says so by its health
first, takes nothing new, and gives the calls in flight the grace it was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from matching.errors import ConfigurationError
from service.api.completions import Submit
from service.api.entity_service import EntityService
from service.api.health import Health, Probe
from service.api.interceptors import CallInterceptor
from service.api.record_service import RecordService
from service.api.verification_service import VerificationService
from service.application.entities import EntityReader
from service.application.record_reader import RecordReader
from service.application.verification import Verifier
from yishu.v1 import entity_service_pb2, record_service_pb2, verification_service_pb2
from yishu.v1.entity_service_pb2_grpc import add_EntityServiceServicer_to_server
from yishu.v1.record_service_pb2_grpc import add_RecordServiceServicer_to_server
from yishu.v1.verification_service_pb2_grpc import add_VerificationServiceServicer_to_server

__all__ = ["Address", "ApiServer", "resolver_server", "verifier_server"]

LARGEST_MESSAGE = 4 * 1024 * 1024
READ_THREADS = 4
_RESOLVER = record_service_pb2.DESCRIPTOR.services_by_name["RecordService"].full_name
_ENTITIES = entity_service_pb2.DESCRIPTOR.services_by_name["EntityService"].full_name
_VERIFIER = verification_service_pb2.DESCRIPTOR.services_by_name["VerificationService"].full_name
_HEALTH = health_pb2.DESCRIPTOR.services_by_name["Health"].full_name

_OPTIONS = (
    ("grpc.max_receive_message_length", LARGEST_MESSAGE),
    ("grpc.max_send_message_length", LARGEST_MESSAGE),
    ("grpc.max_concurrent_streams", 1_000),
    # A peer that is gone is noticed; one that asks too often is sent away.
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
)
_VERIFIER_OPTIONS = (
    # SO_REUSEPORT shares out connections: callers that stay connected would never meet a process started later.
    ("grpc.max_connection_age_ms", 600_000),
    ("grpc.max_connection_age_grace_ms", 30_000),
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 takes a free one. With `reuse_port` several processes share the port."""

    host: str
    port: int
    reuse_port: bool = False


class ApiServer:
    """A server that is bound, and serves from `start` to `stop`."""

    def __init__(
        self, address: Address, options: Sequence[tuple[str, int]], services: Sequence[str], probe: Probe
    ) -> None:
        """
        Raises:
            ConfigurationError: the address cannot be listened on.
        """
        reuse = ("grpc.so_reuseport", int(address.reuse_port))
        self.pool = ThreadPoolExecutor(READ_THREADS, thread_name_prefix="read")
        self.grpc = grpc.aio.server(interceptors=[CallInterceptor()], options=[*_OPTIONS, *options, reuse])
        self._health = Health(services, probe, self.pool)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self.grpc)
        reflection.enable_server_reflection([*services, _HEALTH, reflection.SERVICE_NAME], self.grpc)
        self.port = _bind(self.grpc, address)

    async def start(self) -> None:
        await self._health.start()
        await self.grpc.start()

    async def stop(self, grace: float) -> None:
        """Gives the calls in flight `grace` seconds, then ends them."""
        await self._health.stop()
        await self.grpc.stop(grace)
        self.pool.shutdown(wait=False, cancel_futures=True)

    async def wait(self) -> None:
        """Until it has stopped."""
        await self.grpc.wait_for_termination()


def resolver_server(
    address: Address, submit: Submit, records: RecordReader, entities: EntityReader, probe: Probe
) -> ApiServer:
    """RecordService and EntityService. `submit` is the batcher's; close the batcher after the server has stopped."""
    server = ApiServer(address, (), (_RESOLVER, _ENTITIES), probe)
    add_RecordServiceServicer_to_server(RecordService(submit, records, server.pool), server.grpc)
    add_EntityServiceServicer_to_server(EntityService(entities, server.pool), server.grpc)
    return server


def verifier_server(address: Address, verifier: Verifier, probe: Probe) -> ApiServer:
    """VerificationService, for one of the processes that share a port."""
    server = ApiServer(address, _VERIFIER_OPTIONS, (_VERIFIER,), probe)
    add_VerificationServiceServicer_to_server(VerificationService(verifier), server.grpc)
    return server


def _bind(server: grpc.aio.Server, address: Address) -> int:
    host = f"[{address.host}]" if ":" in address.host else address.host
    place = f"{host}:{address.port}"
    try:
        port = server.add_insecure_port(place)
    except RuntimeError as error:
        raise ConfigurationError(place, "cannot be listened on: it is in use, or no address of this machine") from error
    return port
