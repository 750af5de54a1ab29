"""`yishu demo`: a city, from its departments' records to verified answers."""

from __future__ import annotations

import typer

__all__ = ["demo"]


def demo(context: typer.Context) -> None:
    """Make a city and show what Yishu does with it."""
