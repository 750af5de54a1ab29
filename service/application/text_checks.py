"""What no text that comes from outside may hold, whoever sends it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matching.errors import FieldViolation

__all__ = ["text_violations"]

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MISREAD = re.compile("[\ufffd\ud800-\udfff]")
"""What decoders put where the bytes were not what they were told; lone surrogates cannot be written as UTF-8."""


def text_violations(field: str, text: str) -> Iterator[FieldViolation]:
    """What no text may hold and this one, which belongs to a field, does."""
    if not text.isprintable() and _CONTROLS.search(text):
        yield FieldViolation(field, "CONTROL_CHARACTERS", "send no control characters but tab and new line")
    if not text.isascii() and _MISREAD.search(text):
        yield FieldViolation(field, "WRONG_ENCODING", "the text was decoded wrongly before it was sent: use UTF-8")
