"""An installation of its own: the real processes, on free ports, with a store in a folder of its own.

Always true: leaving the block stops every process in order; none outlives the process that started them, however that
one ends, because the supervisor watches the pipe that this process holds open.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from service.client import YishuClient
from service.client.health import is_serving
from service.errors import ServiceError
from service.supervisor import SUPERVISED

__all__ = ["Installation", "NotStarted", "free_port", "installed"]

HOST = "127.0.0.1"
RECEIVERS = 2
START_SECONDS = 90.0
STOP_SECONDS = 30.0
PORTS = range(20_000, 32_768)
"""Below those from which systems draw the ports of outgoing connections."""


class NotStarted(ServiceError):
    """The processes did not come up, or ended."""


class Installation:
    """A supervisor and its roles. `folder` holds the store and the log, and outlives the processes."""

    def __init__(self, configs: Path, folder: Path, verifiers: int = 2, role: str = "all") -> None:
        self.configs = configs.resolve()
        self.folder = folder
        self.store = folder / "yishu.db"
        self.log = folder / "service.log"
        self.resolver = f"{HOST}:{free_port()}"
        self.verifier = f"{HOST}:{free_port()}"
        self._verifiers = verifiers
        self._role = role
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The supervisor's, or the one role's."""
        return self._running().pid

    @property
    def environment(self) -> dict[str, str]:
        """What other commands need to work on the same installation."""
        return {
            "YISHU_STORE__PATH": str(self.store),
            "YISHU_RESOLVER__PORT": self.resolver.rpartition(":")[2],
            "YISHU_VERIFIER__PORT": self.verifier.rpartition(":")[2],
        }

    def start(self) -> None:
        """Starts the processes and returns at once; `wait_until_serving` waits for them."""
        changed = {
            **self.environment,
            SUPERVISED: "1",
            "YISHU_RESOLVER__RECEIVERS": str(RECEIVERS),
            "YISHU_VERIFIER__PROCESSES": str(self._verifiers),
            "YISHU_LOG__LEVEL": "INFO",
            "YISHU_LOG__JSON_LINES": "true",
        }
        command = [sys.executable, "-m", "service", "--configs", str(self.configs), "serve", "--role", self._role]
        with self.log.open("ab") as log:
            # A group of its own: Ctrl-C reaches whoever started this, and they stop the processes in order.
            self._process = subprocess.Popen(
                command, env={**os.environ, **changed}, stdin=subprocess.PIPE, stdout=log, stderr=log, process_group=0
            )

    def wait_until_serving(self, seconds: float = START_SECONDS) -> None:
        """Until every process serves.

        Raises:
            NotStarted: with the end of the log.
        """
        deadline = time.monotonic() + seconds
        waiting = {"resolver": [self.resolver], "verifier": [self.verifier]}
        for target in waiting.get(self._role, [self.resolver, self.verifier]):
            while not is_serving(target, timeout=0.5):
                self._expect_alive(deadline)
        while not self.pids().keys() >= self._roles:  # one verifier answers for all of them
            self._expect_alive(deadline)
            time.sleep(0.02)

    def resolver_client(self) -> YishuClient:
        """A client of the resolver."""
        return YishuClient(self.resolver)

    def verifier_client(self) -> YishuClient:
        """A client of the verifiers."""
        return YishuClient(self.verifier)

    def pids(self) -> Mapping[str, int]:
        """The process of each role that ever served, by its name, as the log has it last."""
        at_work = ("serving", "resolving")
        return {line["role"]: line["process"] for line in self.log_lines() if line.get("event") in at_work}

    def log_lines(self) -> Iterator[dict[str, Any]]:
        """What the processes logged, in order; lines that are not JSON are left out."""
        for text in self.log.read_text("utf-8", errors="replace").splitlines():
            try:
                line = json.loads(text)
            except json.JSONDecodeError:
                continue
            if isinstance(line, dict):
                yield line

    def wait(self) -> int:
        """Until the supervisor ends; its exit code."""
        return self._running().wait()

    def kill(self) -> None:
        """Ends the supervisor, or the one role, as a power cut would."""
        process = self._running()
        process.kill()
        process.wait()
        while _is_listened_to(self.resolver):  # receivers notice at once, but not in the same instant
            time.sleep(0.02)

    def stop(self) -> int:
        """Stops everything in order; the exit code. Nothing where nothing runs."""
        process = self._process
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        if process.stdin is not None:
            process.stdin.close()
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    @property
    def _roles(self) -> set[str]:
        """The names by which the processes call themselves in the log."""
        resolver = {"resolver", *(f"receiver-{number}" for number in range(RECEIVERS))}
        if self._role == "resolver":
            return resolver
        verifiers = {f"verifier-{number}" for number in range(self._verifiers)}
        return {"verifier-0"} if self._role == "verifier" else resolver | verifiers

    def _expect_alive(self, deadline: float) -> None:
        if self._running().poll() is not None or time.monotonic() > deadline:
            raise NotStarted(f"the service did not start; the end of {self.log}:\n{self._end_of_log()}")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise NotStarted("the installation was not started")
        return self._process

    def _end_of_log(self) -> str:
        return "\n".join(self.log.read_text("utf-8", errors="replace").splitlines()[-12:])


@contextmanager
def installed(configs: Path, folder: Path, verifiers: int = 2, role: str = "all") -> Iterator[Installation]:
    """An installation that was started, and is stopped when the block is left."""
    made = Installation(configs, folder, verifiers, role)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def _is_listened_to(target: str) -> bool:
    host, _, port = target.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """A port of this machine that nothing listens on now."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
