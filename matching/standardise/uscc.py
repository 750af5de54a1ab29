"""Unified social credit codes (统一社会信用代码, GB 32100-2015).

One character for the authority that registers, one for the class, 6 region, 9 organisation code (GB 11714), 1 check.
No letter is ever taken for a digit: O, I, Z, S and V are outside the alphabet and make a code INVALID.
"""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.check_digits import USCC_ALPHABET, uscc_check
from matching.standardise.finding import Finding, Parse, semantic_type
from matching.standardise.identifier_form import compact, is_repeated_or_counted
from matching.standardise.organisation_code import is_organisation_code
from matching.standardise.places import PROVINCE_CODES
from matching.standardise.text_form import NUMBER_FILLERS
from matching.standardise.value import Options

__all__ = ["USCC"]

_PARTS: Final = ("organisation_code", "region", "authority")
_ALPHABET: Final = re.compile(f"[{USCC_ALPHABET}]*")
_REGION: Final = re.compile(r"[0-9]{6}")
_STATE: Final = "10"
"""Region 100000: registered with the state's own authority."""
_REGIONS: Final = PROVINCE_CODES | {_STATE}


def _reason(code: str) -> str:
    if not _ALPHABET.fullmatch(code):
        return "characters"
    if len(code) != 18:
        return "length"
    if not _REGION.fullmatch(code[2:8]) or code[2:4] not in _REGIONS:
        return "region"
    return "" if uscc_check(code[:17]) == code[17] else "checksum"


def _parse(text: str) -> Finding:
    code, repairs = compact(text)
    if is_repeated_or_counted(code):
        return Finding(code, reason="filler", comparable=False)
    reason = _reason(code)
    if reason:
        return Finding(code, reason=reason)
    organisation = code[8:17]
    parts = {
        "organisation_code": organisation if is_organisation_code(organisation) else "",
        "region": code[2:8],
        "authority": code[0],
    }
    return Finding(code, parts, repairs)


def _parser(_: Options) -> Parse:
    return _parse


USCC: Final = semantic_type("uscc", _PARTS, _parser, fillers=NUMBER_FILLERS)
