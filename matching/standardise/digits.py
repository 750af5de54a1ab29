"""Numbers that are digits and nothing else, such as postcodes and serials: leading zeros kept, separators dropped."""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.finding import Finding, Parse, semantic_type
from matching.standardise.identifier_form import without_separators
from matching.standardise.option_value import number
from matching.standardise.value import Options

__all__ = ["DIGITS"]

NAME: Final = "digits"

_DIGITS: Final = re.compile(r"[0-9]+")
_BRACKETS: Final = re.compile(r"[()/+]+")


def _parser(options: Options) -> Parse:
    length = number(NAME, options, "length")

    def parse(text: str) -> Finding:
        digits = text if _DIGITS.fullmatch(text) else without_separators(_BRACKETS.sub("", text))
        if not _DIGITS.fullmatch(digits):
            return Finding(text, reason="characters")
        if length is not None and len(digits) != length:
            return Finding(digits, reason="length")
        return Finding(digits, repairs=() if digits == text else ("separators",))

    return parse


DIGITS: Final = semantic_type(NAME, (), _parser, options=("length",))
