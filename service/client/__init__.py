"""A typed client of Yishu's gRPC API, for the CLI, the demo and the benchmarks."""

from service.client.client import YishuClient
from service.client.errors import YishuError

__all__ = ["YishuClient", "YishuError"]
