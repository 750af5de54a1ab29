"""What no text that comes from outside may hold, whoever sends it."""

from __future__ import annotations

from collections.abc import Iterator

from matching.errors import FieldViolation

__all__ = ["text_violations"]

_CONTROLS = frozenset(chr(n) for n in (*range(32), *range(127, 160))) - {"\t", "\n", "\r"}
_REPLACEMENT = "\ufffd"
"""What decoders put where the bytes were not what they were told."""


def text_violations(field: str, *texts: str) -> Iterator[FieldViolation]:
    """What is wrong with a field, which these texts belong to."""
    if not all(_CONTROLS.isdisjoint(text) for text in texts):
        yield FieldViolation(field, "CONTROL_CHARACTERS", "send no control characters but tab and new line")
    if any(_REPLACEMENT in text for text in texts):
        yield FieldViolation(field, "WRONG_ENCODING", "the text was decoded wrongly before it was sent: use UTF-8")
