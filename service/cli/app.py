"""The `yishu` command: its groups, and the options that go before them."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from service.cli import configuration, demo, importing, reading, serving, training, verifying
from service.cli.context import CliContext, console, failures_shown

__all__ = ["app", "main"]

app = typer.Typer(
    name="yishu",
    help="Yishu (一数): master-data entity resolution for a city government.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("serve")(serving.serve)
app.command("health")(serving.health)
app.command("demo")(demo.demo)
app.command("import")(importing.import_file)
app.command("get")(reading.get)
app.command("search")(reading.search)
app.command("explain")(reading.explain)
app.command("train")(training.train)
app.command("relink")(training.relink)
app.add_typer(verifying.app, name="verify")
app.add_typer(configuration.app, name="config")


@app.callback()
def options(
    context: typer.Context,
    configs: Annotated[
        Path | None,
        typer.Option(
            envvar="YISHU_CONFIG_DIR", help="The configuration folder; the one that comes with Yishu unless given."
        ),
    ] = None,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Yishu (一数): one datum, one source, many uses."""
    if show_version:
        console.print(f"yishu {version('yishu')}")
        raise typer.Exit
    context.obj = CliContext(configs)


def main() -> None:
    """Runs the command that the arguments name; failures are shown in words, with exit code 1.

    Ends the process without the interpreter's teardown: by then everything is closed, and DuckDB's binding would
    report the objects it holds itself as leaks, a page of them into every log.
    """
    code: object = 0
    try:
        with failures_shown():
            app(prog_name="yishu")
    except SystemExit as ended:
        code = ended.code
    except typer.Exit as ended:
        code = ended.exit_code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))
