"""`yishu demo`: a city, from its departments' records to verified answers."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from service.cli.context import CliContext, console, failures_shown

__all__ = ["demo"]


def demo(
    context: typer.Context,
    people: Annotated[int, typer.Option(help="How many people the city has.", min=200, max=200_000)] = 2_000,
    seed: Annotated[int, typer.Option(help="Another city of the same size.")] = 7,
    keep: Annotated[bool, typer.Option("--keep", help="Leave it serving until Ctrl-C, and keep its data.")] = False,
) -> None:
    """Make a city and show what Yishu does with it: half a minute, on real processes and free ports."""
    from service.demo.story import Story, tell

    cli: CliContext = context.obj
    with failures_shown(), _signals_end_it(), _folder(keep) as folder:
        tell(Story(console, cli.settings().configs, folder, people, seed, keep))


@contextmanager
def _folder(keep: bool) -> Iterator[Path]:
    if keep:
        yield Path(tempfile.mkdtemp(prefix="yishu-demo-"))
        return
    with tempfile.TemporaryDirectory(prefix="yishu-demo-") as folder:
        yield Path(folder)


@contextmanager
def _signals_end_it() -> Iterator[None]:
    """SIGTERM and SIGHUP leave through the same doors as Ctrl-C, so that no process is left behind."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise typer.Exit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
