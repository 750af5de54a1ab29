"""`yishu demo`: as a newcomer runs it, and as somebody who loses patience ends it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.watching import PATIENCE, is_running, until

pytestmark = pytest.mark.xdist_group("demo")


@contextmanager
def demo(output: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """`yishu demo` without a terminal, of a city in which some records are refused."""
    command = [sys.executable, "-m", "service", "demo", "--people", "300", "--seed", "3", *options]
    environment = {**os.environ, "TMPDIR": str(output.parent)}

    def hear_ctrl_c() -> None:
        """What a shell starts in the background ignores it, and so would its children."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with output.open("wb") as file:
        running = subprocess.Popen(
            command,
            stdout=file,
            stderr=file,
            env=environment,
            preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - no other thread runs here
        )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def pids_in(text: str) -> list[int]:
    """The resolver's and the verifiers', once they are all told."""
    told = re.search(r"resolver: process (\d+).*verifiers: processes (\d+), (\d+)", text, re.DOTALL)
    return [int(pid) for pid in told.groups()] if told else []


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


def test_it_tells_its_story_and_leaves_nothing_behind(output: Path) -> None:
    with demo(output) as running:
        assert running.wait(PATIENCE) == 0, output.read_text("utf-8")
    text = output.read_text("utf-8")
    for result in ("MATCH", "MISMATCH", "NOT_FOUND", "NOT_CURRENT", "AMBIGUOUS", "INVALID_ARGUMENT"):
        assert re.search(rf"  {result} ", text), result
    assert "claim.resident_id: CHECKSUM" in text
    assert "was refused: " in text
    shares = re.findall(r"^(person|organisation|licence) +[\d,]+ +[\d,]+ +[\d,]+ +(\S+) +(\S+)", text, re.MULTILINE)
    assert [name for name, _, _ in shares] == ["person", "organisation", "licence"]
    assert all(float(precision) > 0.99 and float(recall) > 0.95 for _, precision, recall in shares)
    assert "\x1b[" not in text, "plain lines where there is no terminal"
    assert not any(is_running(pid) for pid in pids_in(text))
    assert list(output.parent.iterdir()) == [output]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_however_it_ends_its_processes_end_with_it(output: Path, end: signal.Signals) -> None:
    with demo(output) as running:
        until(lambda: len(pids_in(output.read_text("utf-8"))) == 3 or running.poll() is not None, "it is under way")
        pids = pids_in(output.read_text("utf-8"))
        running.send_signal(end)
        running.wait(PATIENCE)
    assert len(pids) == 3, output.read_text("utf-8")
    until(lambda: not any(is_running(pid) for pid in pids), "its processes end")
    if end is not signal.SIGKILL:
        assert list(output.parent.iterdir()) == [output], "its folder is gone"
