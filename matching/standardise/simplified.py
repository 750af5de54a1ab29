"""Traditional to simplified characters and variants to their standard form, character by character.

Always true: a result does not depend on neighbours (so that two spellings of a name fold alike wherever the
characters stand), is as long as the text, and folds to itself. The mapping is OpenCC's `t2s`, read once a character.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import opencc

__all__ = ["simplified"]

_KEPT: Final = frozenset("乾著於徵藉瞭麽甯")
"""Standard characters of their own in names (乾 qian, 於 a surname; notes of 通用规范汉字表), which t2s would fold."""


class _Folding(dict[int, int]):
    """A table for str.translate that asks OpenCC about a character the first time it is met."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        kept = code < 0x3400 or 0xD800 <= code <= 0xFAFF or character in _KEPT
        self[code] = code if kept else ord(_fold(character))
        return self[code]


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _fold(character: str) -> str:
    converter = _converter()
    folded = converter.convert(character)
    while (again := converter.convert(folded)) != folded:
        folded = again
    return folded if len(folded) == 1 else character


_FOLDING = _Folding()


def simplified(text: str) -> str:
    """The text in simplified characters of the mainland's standard."""
    return text if text.isascii() else text.translate(_FOLDING)
