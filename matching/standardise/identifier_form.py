"""What all identifiers have in common: separators and case that carry nothing, and numbers typed to get past a form."""

from __future__ import annotations

import re

from matching.standardise.finding import repaired
from matching.standardise.text_form import DASHES, ascii_upper

__all__ = ["compact", "is_repeated_or_counted", "without_separators"]

_SEPARATORS = re.compile(rf"[\s{DASHES}_.,·•'\"`‘’“”]+")
_COUNTED = "1234567890" * 4


def without_separators(text: str) -> str:
    """The text without spaces, hyphens, dots and quotes (a leading ' is what spreadsheets show)."""
    return _SEPARATORS.sub("", text)


def compact(text: str) -> tuple[str, tuple[str, ...]]:
    """An identifier as its standard writes it, and what that took: `separators` out, a to z in upper `case`."""
    if text.isalnum() and not any(c.islower() for c in text):
        return text, ()
    return repaired(text, (("separators", without_separators), ("case", ascii_upper)))


def is_repeated_or_counted(number: str) -> bool:
    """Whether a number says nothing: one character throughout, a last check character aside, or 1234567..."""
    body = number[:-1]
    return len(body) > 4 and (len(set(body)) == 1 or body == _COUNTED[: len(body)])
