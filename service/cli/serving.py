"""`yishu serve` and `yishu health`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from service.catalogue.configuration import load_configuration
from service.cli.context import CliContext, console, failures_shown, listens_at
from service.client.health import is_serving
from service.roles import run_all, run_receiver, run_resolver, run_verifier

__all__ = ["health", "serve"]


class RoleName(StrEnum):
    """What one process does."""

    ALL = "all"
    RESOLVER = "resolver"
    RECEIVER = "receiver"
    VERIFIER = "verifier"


def serve(
    context: typer.Context,
    role: Annotated[RoleName, typer.Option(help="One role, or all of them as processes of their own.")] = RoleName.ALL,
    number: Annotated[int, typer.Option(help="Tells the receivers or verifiers of one machine apart.", min=0)] = 0,
) -> None:
    """Serve until stopped: a resolver that writes, and verifiers that answer approval systems."""
    cli: CliContext = context.obj
    with failures_shown():
        settings = cli.settings()
        before = ["--configs", str(settings.configs)]
        if role is RoleName.RESOLVER:
            run_resolver(settings, before)
        elif role is RoleName.RECEIVER:
            run_receiver(settings, number)
        elif role is RoleName.VERIFIER:
            run_verifier(settings, number)
        else:
            load_configuration(settings.configs)  # said once here, not by each role again and again
            run_all(settings, before)


def health(
    context: typer.Context,
    role: Annotated[RoleName, typer.Option(help="Whose health; all: every role's.")] = RoleName.ALL,
) -> None:
    """Ask the services of this machine whether they work; exit code 1 where one does not."""
    cli: CliContext = context.obj
    with failures_shown():
        settings = cli.settings()
        places = {
            RoleName.RESOLVER: listens_at(settings.resolver),
            RoleName.VERIFIER: listens_at(settings.verifier),
        }
        asked = {name: place for name, place in places.items() if role in (RoleName.ALL, name)}
        working = {name: is_serving(place) for name, place in asked.items()}
    for name, works in working.items():
        console.print(f"{name.value}: {'serving' if works else 'not serving'} at {places[name]}")
    if not all(working.values()):
        raise typer.Exit(1)
