"""Runs the roles of one machine as processes of their own, and keeps them running.

Always true: a role that dies is started again, after a pause that doubles while it keeps dying; when the supervisor
is told to stop, every role is; none outlives it, because each watches the pipe that this process holds open; no call
is served in this process.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

__all__ = ["CONNECTED", "SUPERVISED", "Role", "Supervisor"]

log = structlog.get_logger(__name__)
SUPERVISED = "YISHU_SUPERVISED"
"""Set in the environment of a process whose standard input ends when its supervisor does."""
CONNECTED = "YISHU_CONNECTED"
"""Set to the number of the socket on which a process finds its supervisor."""
LOOK_EVERY = 0.1
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
STEADY_SECONDS = 30.0
"""A role that ran this long has not died of its start."""


@dataclass(slots=True)
class Role:
    """One process: the arguments that `yishu` is started with.

    With `connect`, it is given one end of a socket pair (its number in the environment, `CONNECTED`) at each start, and
    `connect` the other.
    """

    name: str
    arguments: Sequence[str]
    connect: Callable[[socket.socket], object] | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    next_start: float = field(default=0.0)


class Supervisor:
    """Starts roles and starts them again when they die."""

    def __init__(self, roles: Sequence[Role], grace_seconds: float) -> None:
        self.roles = list(roles)
        self._grace = grace_seconds
        self._stopping = False

    def stop(self) -> None:
        """Ends `run`. Callable from a signal handler: it takes no lock."""
        self._stopping = True

    def run(self) -> None:
        """Keeps the roles running until `stop`; then stops them all."""
        try:
            while not self._stopping:
                for role in self.roles:
                    self._keep(role)
                time.sleep(LOOK_EVERY)
        finally:
            self._end()

    def _keep(self, role: Role) -> None:
        now = time.monotonic()
        if role.process is None:
            if now >= role.next_start:
                self._start(role, now)
        elif (code := role.process.poll()) is not None:
            steady = now - role.started >= STEADY_SECONDS
            role.pause = FIRST_PAUSE if steady else min(role.pause * 2, LONGEST_PAUSE)
            log.error("a role died and is started again", died=role.name, exit_code=code, pause_seconds=role.pause)
            role.process, role.next_start = None, now + role.pause

    def _start(self, role: Role, now: float) -> None:
        command = [sys.executable, "-m", "service", *role.arguments]
        environment = {**os.environ, SUPERVISED: "1"}
        if role.connect is None:
            role.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE)
        else:
            ours, theirs = socket.socketpair()
            with theirs:
                environment[CONNECTED] = str(theirs.fileno())
                role.process = subprocess.Popen(
                    command, env=environment, stdin=subprocess.PIPE, pass_fds=[theirs.fileno()]
                )
            role.connect(ours)
        role.started = now

    def _end(self) -> None:
        running = [role.process for role in self.roles if role.process is not None]
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + self._grace + 5
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
