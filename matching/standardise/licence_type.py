"""Codes of licence types (证照类型代码 ZZLXDM, GB/T 36902): upper case, without spaces."""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.finding import Finding, Parse, repaired, semantic_type
from matching.standardise.text_form import NUMBER_FILLERS, ascii_upper
from matching.standardise.value import Options

__all__ = ["LICENCE_TYPE"]

_SPACES: Final = re.compile(r"\s+")
_SYMBOLS: Final = re.compile(r"[\W_]+")
_STEPS: Final = (("spaces", lambda text: _SPACES.sub("", text)), ("case", ascii_upper))


def _parse(text: str) -> Finding:
    code, repairs = repaired(text, _STEPS)
    return Finding(code, reason="characters") if _SYMBOLS.fullmatch(code) else Finding(code, repairs=repairs)


def _parser(_: Options) -> Parse:
    return _parse


LICENCE_TYPE: Final = semantic_type("licence_type", (), _parser, fillers=NUMBER_FILLERS, cached=1_024)
