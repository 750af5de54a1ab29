"""`yishu config ...`."""

from __future__ import annotations

import typer

from service.catalogue.configuration import load_configuration
from service.cli.context import CliContext, console, failures_shown

__all__ = ["app"]

app = typer.Typer(help="The configuration folder.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `check` a command of the group."""


@app.command("check")
def check(context: typer.Context) -> None:
    """Check every file of the configuration folder; say what is wrong, where, and what was expected."""
    cli: CliContext = context.obj
    with failures_shown():
        settings = cli.settings()
        found = load_configuration(settings.configs)
    for name, entity_type in found.types.items():
        model = found.models.get(name)
        how = "by exact keys" if entity_type.match == "exact" else f"model {'shipped' if model else 'to be trained'}"
        rules = len(entity_type.rules)
        console.print(
            f"{name}: {len(entity_type.attributes)} attributes, {len(entity_type.features)} features, "
            f"{rules} blocking rules, {len(entity_type.comparisons)} comparisons, {how}"
        )
    console.print(f"{len(found.sources)} sources; {settings.configs} is in order", markup=False, soft_wrap=True)
