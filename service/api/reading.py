"""Reads that block, kept off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import ParamSpec, TypeVar

__all__ = ["Reading"]

P = ParamSpec("P")
R = TypeVar("R")


class Reading:
    """Runs reads in the threads of a pool. A caller that leaves takes its read off the queue."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool

    async def __call__(self, read: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.wrap_future(self._pool.submit(read, *args, **kwargs))
