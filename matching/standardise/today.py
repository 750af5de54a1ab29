"""The one thing outside a text that a standard form may rest on: the day it is, on the mainland (GB/T 7408, UTC+8)."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

__all__ = ["day_of", "today"]

_MAINLAND: Final = timezone(timedelta(hours=8))


def today() -> date:
    """The date in China now, whatever zone the machine is set to."""
    return datetime.now(_MAINLAND).date()


def day_of(moment: datetime) -> date:
    """The date in China at a moment."""
    return moment.astimezone(_MAINLAND).date()
