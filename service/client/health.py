"""Asks a server of Yishu for its health."""

from __future__ import annotations

from typing import Any

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

__all__ = ["is_serving"]


def is_serving(target: str, timeout: float = 5.0) -> bool:
    """Whether the server at `host:port` answers that it is serving; False too where nothing answers in time."""
    with grpc.insecure_channel(target) as channel:
        stub: Any = HealthStub(channel)
        try:
            answer = stub.Check(HealthCheckRequest(), timeout=timeout, wait_for_ready=True)
        except grpc.RpcError:
            return False
    return bool(answer.status == HealthCheckResponse.SERVING)
