"""What every command shares: the configuration folder, where the services listen, how failures are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from matching.errors import MatchingError
from service.client import YishuClient, YishuError
from service.errors import ServiceError
from service.settings import ResolverSettings, Settings, VerifierSettings, load_settings

__all__ = ["CliContext", "Server", "Verifier", "console", "failures_shown", "listens_at", "notes"]

WIDTH_WITHOUT_TERMINAL = 120


def _console(stderr: bool = False) -> Console:
    """As wide as the terminal, or as COLUMNS says; wide enough for a table where there is neither."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else WIDTH_WITHOUT_TERMINAL
    return Console(stderr=stderr, highlight=False, width=width)


console = _console()
"""Results."""
notes = _console(stderr=True)
"""Progress, warnings and failures."""

Server = Annotated[str, typer.Option("--server", help="The resolver, host:port; the settings' unless given.")]
Verifier = Annotated[str, typer.Option("--server", help="The verifiers, host:port; the settings' unless given.")]


@dataclass(frozen=True, slots=True)
class CliContext:
    """The options given before the command."""

    configs: Path | None

    def settings(self) -> Settings:
        """
        Raises:
            ConfigurationError: a setting is wrong.
        """
        return load_settings(self.configs)

    def resolver(self, server: str) -> YishuClient:
        """A client of the resolver."""
        return YishuClient(server or listens_at(self.settings().resolver))

    def verifier(self, server: str) -> YishuClient:
        """A client of the verifiers."""
        return YishuClient(server or listens_at(self.settings().verifier))


def listens_at(settings: ResolverSettings | VerifierSettings) -> str:
    """host:port as a client is told it: an IPv6 address stands in brackets."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


@contextmanager
def failures_shown() -> Iterator[None]:
    """Shows what went wrong and what to do about it, and ends with exit code 1."""
    try:
        yield
    except (YishuError, ServiceError, MatchingError) as error:
        notes.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
