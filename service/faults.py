"""Defects as they may be logged: the kind of error and the lines of code, never the message, which may hold a value."""

from __future__ import annotations

import traceback
from pathlib import PurePath

__all__ = ["fault"]

INNERMOST = 8


def fault(error: BaseException) -> str:
    """The error's type and its innermost lines of code."""
    frames = traceback.extract_tb(error.__traceback__)[-INNERMOST:]
    lines = (f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(error).__name__} at {', '.join(lines)}"
