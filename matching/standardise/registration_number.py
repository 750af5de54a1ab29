"""Business registration numbers (工商注册号, GS 15-2006): 6 authority, 8 serial, 1 check digit (ISO 7064 MOD 11,10)."""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.check_digits import registration_check
from matching.standardise.finding import Finding, Parse, semantic_type
from matching.standardise.identifier_form import compact, is_repeated_or_counted
from matching.standardise.text_form import NUMBER_FILLERS
from matching.standardise.value import Options

__all__ = ["REGISTRATION_NUMBER"]

_COPY: Final = re.compile(r"\s*\(\s*[0-9]{1,2}\s*[-/]\s*[0-9]{1,2}\s*\)$")
"""Which of the copies of a licence it was read from, as in 330200000012346(1/1)."""
_DIGITS: Final = re.compile(r"[0-9]*")


def _parse(text: str) -> Finding:
    uncopied = _COPY.sub("", text)
    number, repairs = compact(uncopied)
    if uncopied != text:
        repairs = ("copy", *repairs)
    if is_repeated_or_counted(number):
        return Finding(number, reason="filler", comparable=False)
    if not _DIGITS.fullmatch(number):
        return Finding(number, reason="characters")
    if len(number) != 15:
        return Finding(number, reason="length")
    if registration_check(number[:14]) != number[14]:
        return Finding(number, reason="checksum")
    return Finding(number, {"region": number[:6]}, repairs)


def _parser(_: Options) -> Parse:
    return _parse


REGISTRATION_NUMBER: Final = semantic_type("registration_number", ("region",), _parser, fillers=NUMBER_FILLERS)
