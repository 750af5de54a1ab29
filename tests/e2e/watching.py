"""Processes, and the records that the tests send to them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from service.city import Key, Submission, generate
from service.client.submissions import submission_message
from yishu.v1.record_service_pb2 import SubmitRecordsRequest

PATIENCE = 60.0
"""Seconds that anything may take on a machine that has much else to do."""


def until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Looks again and again, and fails where it has not come true by the deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """False too for a process that has ended and that nobody has waited for."""
    status = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            return status.read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def key_of(sent: Submission) -> Key:
    return sent.entity_type, sent.source, sent.record_id


def good_records(people: int, seed: int) -> list[Submission]:
    """Every record of a city that its departments filled in as they must."""
    city = generate(people, seed)
    return [sent for sent in city.submissions() if key_of(sent) not in city.broken]


def request_of(number: int, sent: Submission) -> SubmitRecordsRequest:
    return submission_message(str(number), sent.source, sent.record_id, sent.entity_type, sent.values, sent.observed_at)
