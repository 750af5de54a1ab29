"""A real Yishu service for a benchmark: processes of their own, on free ports, with a store of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Service", "serving", "yishu"]

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Service:
    """Where a running service listens."""

    resolver: str
    verifier: str


def yishu(configs: Path, store: Path, *arguments: str) -> None:
    """Runs a `yishu` command to its end on a store; its output goes to standard error.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    command = [sys.executable, "-m", "service", "--configs", str(configs), *arguments]
    subprocess.run(command, env=_environment(store), check=True, stdout=sys.stderr)


@contextmanager
def serving(configs: Path, store: Path, role: str = "resolver") -> Iterator[Service]:
    """A service that runs until the block is left."""
    resolver, verifier = _free_port(), _free_port()
    environment = _environment(store)
    environment |= {"YISHU_RESOLVER__PORT": str(resolver), "YISHU_VERIFIER__PORT": str(verifier)}
    command = [sys.executable, "-m", "service", "--configs", str(configs), "serve", "--role", role]
    process = subprocess.Popen(command, env=environment, stdout=sys.stderr)
    try:
        _wait_for(process, resolver if role != "verifier" else verifier)
        yield Service(f"127.0.0.1:{resolver}", f"127.0.0.1:{verifier}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _environment(store: Path) -> dict[str, str]:
    return {**os.environ, "YISHU_STORE__PATH": str(store), "YISHU_LOG__LEVEL": "WARNING"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the service ended with {process.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the service did not listen within {START_SECONDS:.0f} s")
