"""Whole numbers: no leading zeros, no separators of thousands, no decimals that are zero; within optional limits."""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.finding import Finding, Parse, semantic_type
from matching.standardise.option_value import number
from matching.standardise.value import Options

__all__ = ["INTEGER"]

NAME: Final = "integer"

_FORM: Final = re.compile(r"([+-]?)\s*([0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3}){1,5})(?:\.0{1,6})?")


def _parser(options: Options) -> Parse:
    least, most = number(NAME, options, "least"), number(NAME, options, "most")

    def parse(text: str) -> Finding:
        found = _FORM.fullmatch(text)
        if not found:
            return Finding(text, reason="format")
        value = int(found[1] + found[2].replace(",", ""))
        standard = str(value)
        if (least is not None and value < least) or (most is not None and value > most):
            return Finding(standard, reason="out_of_range")
        return Finding(standard, repairs=() if standard == text else ("format",))

    return parse


INTEGER: Final = semantic_type(NAME, (), _parser, options=("least", "most"))
