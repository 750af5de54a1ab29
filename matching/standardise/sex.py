"""Sex (人的性别代码, GB/T 2261.1-2003): 0 unknown, 1 male, 2 female, 9 unspecified.

0 and 9 are values, not absence, but two unknowns do not agree: only 1 and 2 have the part `known`.
"""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.finding import Finding, Parse, semantic_type
from matching.standardise.text_form import SYMBOL_FILLERS
from matching.standardise.value import Options

__all__ = ["SEX"]

_WORDS: Final = {
    "0": "0 00 未知 未知的性别 未知性别 不详 不明 unknown u",
    "1": "1 01 男 男性 男士 男的 m male man boy",
    "2": "2 02 女 女性 女士 女的 f female woman girl",
    "9": "9 09 未说明 未说明的性别 未说明性别 其他 other unspecified",
}
_CODES: Final = {word: code for code, words in _WORDS.items() for word in words.split()}
_CODE_AND_WORD: Final = re.compile(r"([0129])\s*[-:.、,_(]?\s*([^\W\d_]+)\s*\)?")
_FILLERS: Final = (SYMBOL_FILLERS - {"unknown"}) | {"无", "空", "null", "none", "nan", "na", "nil"}


def _code(text: str) -> str:
    word = text.casefold()
    if word in _CODES:
        return _CODES[word]
    both = _CODE_AND_WORD.fullmatch(word)
    return both[1] if both and _CODES.get(both[2]) == both[1] else ""


def _parse(text: str) -> Finding:
    code = _code(text)
    if not code:
        return Finding(text, reason="not_in_list")
    return Finding(code, {"known": code if code in "12" else ""}, () if text == code else ("coded",))


def _parser(_: Options) -> Parse:
    return _parse


SEX: Final = semantic_type("sex", ("known",), _parser, fillers=_FILLERS, cached=256)
