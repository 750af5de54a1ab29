"""How names sound: toneless Hanyu Pinyin (GB/T 16159, GB/T 28039 for names), and a coarser sound for dialects.

Always true: a character of a given name has one reading, whatever stands beside it, so that the same characters always
sound the same. Readings are pypinyin's most frequent; surnames have readings of their own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pypinyin import lazy_pinyin

from matching.standardise.surnames import SURNAME_READINGS
from matching.standardise.text_form import without_accents

__all__ = ["latin_syllables", "name_reading", "reading", "sound"]

_NAME_READINGS: Final = {
    "晟": "sheng",
    "茜": "qian",
    "呙": "guo",
    "行": "xing",
    "长": "chang",
    "乐": "le",
    "朝": "chao",
}

_INITIAL: Final = r"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
_FINAL: Final = (
    r"(?:(?:iang|iong|uang|ang|eng|ing|ong)(?![aeiouv])|(?:ian|uan|van|an|en|in|un)(?![aeiouv])"
    r"|iao|uai|ai|ei|ao|ou|ia|ie|iu|ua|uo|ui|ue|ve|er(?![aeiouv])|[aeiouv])"
)
_SYLLABLE: Final = re.compile(_INITIAL + _FINAL)
_WORD: Final = re.compile(f"(?:{_INITIAL}{_FINAL}){{1,4}}")
_UMLAUTS: Final = str.maketrans("üǖǘǚǜ", "vvvvv")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_RETROFLEX: Final = re.compile(r"^([zcs])h")


@lru_cache(maxsize=16_384)
def reading(character: str) -> str:
    """The toneless reading of one Han character; a character without a known reading is its own."""
    return _NAME_READINGS.get(character) or lazy_pinyin(character)[0]


def name_reading(surname: str, given: str) -> tuple[str, ...]:
    """The syllables of a Han name: name_reading("曾", "小乐") is ("zeng", "xiao", "le")."""
    first = SURNAME_READINGS.get(surname)
    syllables = first.split() if first else [reading(character) for character in surname]
    return (*syllables, *[reading(character) for character in given])


def latin_syllables(name: str) -> tuple[str, ...]:
    """The syllables of a name in Latin letters where its words are pinyin, else its words; lower case, no accents."""
    syllables: list[str] = []
    for word in _LETTERS.findall(without_accents(name.lower().translate(_UMLAUTS))):
        syllables += _SYLLABLE.findall(word) if _WORD.fullmatch(word) else [word]
    return tuple(syllables)


@lru_cache(maxsize=4_096)
def sound(syllable: str) -> str:
    """A syllable with the contrasts merged that many speakers do not make: zh/z, ch/c, sh/s, n/l, -ng/-n."""
    merged = _RETROFLEX.sub(r"\1", syllable)
    if merged[0] == "n" and len(merged) > 1:
        merged = "l" + merged[1:]
    return merged[:-1] if merged.endswith("ng") else merged
