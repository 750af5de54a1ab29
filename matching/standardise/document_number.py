"""Numbers of personal documents other than the resident identity card, each with the kind of document it is of.

A number means nothing without its kind: compare the part `typed` (kind and number), never two numbers of two kinds.
The kind is the option `kind` where the source knows it, and otherwise guessed from the form.
"""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.check_digits import resident_check
from matching.standardise.finding import Finding, Parse, repaired, semantic_type
from matching.standardise.identifier_form import is_repeated_or_counted, without_separators
from matching.standardise.option_value import choice
from matching.standardise.simplified import simplified
from matching.standardise.text_form import HAN, NUMBER_FILLERS, ascii_upper
from matching.standardise.value import Options, SemanticType

__all__ = ["DOCUMENT_NUMBER", "KINDS"]

NAME: Final = "document_number"

_FORMS: Final = {
    "military": re.compile(rf"[{HAN}]{{1,6}}字第?[0-9]{{4,10}}号?"),
    "residence_permit": re.compile(r"8[123]0000[0-9]{11}[0-9X]"),
    "foreigner_permanent": re.compile(r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]"),
    "resident_id": re.compile(r"[1-7][0-9]{16}[0-9X]|[1-7][0-9]{14}"),
    "hk_macao_permit": re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})"),
    "passport": re.compile(r"(?=[A-Z]*[0-9])(?:1[45][0-9]{7}|[A-Z][A-Z0-9]{5,8}|[0-9]{9})"),
    "taiwan_permit": re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?"),
}
"""Kinds in the order they are tried: permits of Hong Kong and Macao residents (H or M and 8 digits, with 2 for the
issue before 2013), of Taiwan residents (8 digits, 10 before 2015), foreigners' permanent residence cards (3 letters and
12 digits; 18 characters from 9 since 2023), Chinese passports (E, G, D, S, P ...) and foreign ones."""

KINDS: Final = (*_FORMS, "other")

_STEPS = (
    ("separators", without_separators),
    ("case", ascii_upper),
    ("traditional", simplified),
)
_CHECKED = ("resident_id", "residence_permit")


def _guess(number: str) -> str:
    return next((kind for kind, form in _FORMS.items() if form.fullmatch(number)), "other")


def _reason(kind: str, number: str) -> str:
    if is_repeated_or_counted(number):
        return "filler"
    if kind != "other" and not _FORMS[kind].fullmatch(number):
        return "format"
    if kind in _CHECKED and len(number) == 18 and resident_check(number[:17]) != number[17]:
        return "checksum"
    return "" if len(number) > 3 and any(c.isdigit() for c in number) else "format"


def _parser(options: Options) -> Parse:
    fixed = choice(NAME, options, "kind", KINDS)

    def parse(text: str) -> Finding:
        number, repairs = repaired(text, _STEPS)
        kind = fixed or _guess(number)
        reason = _reason(kind, number)
        if reason:
            return Finding(number, reason=reason, comparable=reason != "filler")
        return Finding(number, {"kind": kind, "typed": f"{kind}:{number}"}, repairs)

    return parse


DOCUMENT_NUMBER: Final[SemanticType] = semantic_type(
    NAME, ("kind", "typed"), _parser, options=("kind",), fillers=NUMBER_FILLERS
)
