"""The form of any text before its meaning is looked at: width, invisible characters, spaces, fillers.

Always true: `clean` is idempotent, and what it gives has no control, format or surrogate characters, no space at
its ends and no two spaces together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set

__all__ = [
    "BRACKETS_AND_DASHES",
    "DASHES",
    "FILLERS",
    "HAN",
    "NUMBER_FILLERS",
    "SYMBOL_FILLERS",
    "ascii_upper",
    "clean",
    "is_filler",
    "without_accents",
]

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\ufa0e-\ufa29\U00020000-\U000323af"
"""Inside a regular expression's brackets: a Han character. The private use area counts, as rare characters of names
were put there before they were encoded."""

DASHES = "\\-\u2010-\u2015\u2212"
"""Inside a regular expression's brackets: a hyphen, dash or minus sign."""

BRACKETS_AND_DASHES = str.maketrans(
    "【】〔〕[]{}「」『』《》<>〈〉\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "()" * 9 + "-" * 7
)
"""For str.translate: all kinds of brackets as ( ), all dashes as -."""

SYMBOL_FILLERS = frozenset({"n/a", "n.a.", "#n/a", "(null)", "unknown", "undefined"})
"""Fillers that no real value is ever written as, in any type and language."""

FILLERS = SYMBOL_FILLERS | frozenset(
    (
        "无 无无 暂无 没有 无此项 无数据 空 空白 空值 不详 不祥 不明 不清楚 不知道 未知 未填 未填写 未录入 未登记 "
        "未提供 待补 待补充 待补录 待定 待查 不适用 (空) (无) na nan nil none null"
    ).split()
)
"""Words that departments write where there is nothing to write; compared casefolded."""

NUMBER_FILLERS = FILLERS | {"0"}
"""Fillers of attributes that are numbers, where a lone 0 says nothing."""

# Cc except white space, Cf that cannot be seen, surrogates, variation selectors, and letters drawn as nothing.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_SPACES = re.compile(r"\s+")
_NOTHING = re.compile(f"[{DASHES}_=~+/\\\\|.,;:'\"`·、。…]+")
_UPPER = {ord(letter): letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"}


def clean(text: str) -> str:
    """The text in NFKC, without what cannot be seen, white space at the ends, or more than one space together."""
    if not text.isascii():
        # NFKC can bring an invisible letter out of a compatibility form, and taking one out can let two others compose.
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    if text.isalnum():
        return text
    return " ".join(_INVISIBLE.sub("", text).split())


def is_filler(cleaned: str, fillers: Set[str]) -> bool:
    """Whether cleaned text stands for nothing: empty, one of the fillers, or only dashes, dots and slashes."""
    return not cleaned or cleaned.casefold() in fillers or _NOTHING.fullmatch(cleaned) is not None


def ascii_upper(text: str) -> str:
    """The text with a to z as A to Z, and every other character as it was."""
    return text.translate(_UPPER)


def without_accents(text: str) -> str:
    """The text with combining marks taken off its letters: é as e, ǚ as u."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))
