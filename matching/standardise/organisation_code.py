"""Organisation codes (组织机构代码, GB 11714-1997): 8 digits or letters and a check character, as in D2143569-X."""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.check_digits import organisation_check
from matching.standardise.finding import Finding, Parse, semantic_type
from matching.standardise.identifier_form import compact, is_repeated_or_counted
from matching.standardise.text_form import NUMBER_FILLERS
from matching.standardise.value import Options

__all__ = ["ORGANISATION_CODE", "is_organisation_code"]

_FORM: Final = re.compile(r"[0-9A-Z]{8}[0-9X]")
_ALPHABET: Final = re.compile(r"[0-9A-Z]*")


def is_organisation_code(code: str) -> bool:
    """Whether nine characters without hyphen are an organisation code whose check character holds."""
    return _FORM.fullmatch(code) is not None and organisation_check(code[:8]) == code[8]


def _parse(text: str) -> Finding:
    code, repairs = compact(text)
    if is_repeated_or_counted(code):
        return Finding(code, reason="filler", comparable=False)
    if not _ALPHABET.fullmatch(code):
        return Finding(code, reason="characters")
    if len(code) != 9:
        return Finding(code, reason="length")
    if not is_organisation_code(code):
        return Finding(code, reason="checksum")
    return Finding(code, repairs=repairs)


def _parser(_: Options) -> Parse:
    return _parse


ORGANISATION_CODE: Final = semantic_type("organisation_code", (), _parser, fillers=NUMBER_FILLERS)
