"""Names in Latin letters, of people or places: lower case, without accents, apostrophes or full stops."""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.finding import Finding, Parse, repaired, semantic_type
from matching.standardise.text_form import DASHES, SYMBOL_FILLERS, clean, without_accents
from matching.standardise.value import Options

__all__ = ["LATIN_NAME"]

_UNDECOMPOSED: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
)
_DROPPED: Final = re.compile(r"['`´‘’ʼ.]+")
_SPACED: Final = re.compile(rf"[\s{DASHES},/_]+")
_FORM: Final = re.compile(r"[a-z]+(?: [a-z]+)*")


def _plain(text: str) -> str:
    return without_accents(text).translate(_UNDECOMPOSED)


def _punctuation(text: str) -> str:
    return _SPACED.sub(" ", _DROPPED.sub("", text)).strip()


_STEPS: Final = (("case", str.casefold), ("accents", _plain), ("punctuation", _punctuation))


def _parse(text: str) -> Finding:
    if _FORM.fullmatch(text):
        return Finding(text, {"initial": text[0]})
    name, repairs = repaired(text, _STEPS)
    if not _FORM.fullmatch(name):
        return Finding(clean(name), reason="characters")
    return Finding(name, {"initial": name[0]}, repairs)


def _parser(_: Options) -> Parse:
    return _parse


LATIN_NAME: Final = semantic_type("latin_name", ("initial",), _parser, fillers=SYMBOL_FILLERS, cached=16_384)
