"""Licence numbers (证照编号 ZZBH, GB/T 36901 to 36906): as issued, with width, case and brackets made one."""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.finding import Finding, Parse, repaired, semantic_type
from matching.standardise.simplified import simplified
from matching.standardise.text_form import BRACKETS_AND_DASHES, NUMBER_FILLERS, ascii_upper
from matching.standardise.value import Options

__all__ = ["LICENCE_NUMBER"]

_SPACES: Final = re.compile(r"\s+")
_LABEL: Final = re.compile(r"^(?:证照?|许可证?|执照|批准文?)?(?:编号|号码?)\s*:")
_DIGIT: Final = re.compile(r"[0-9]")
_OTHER: Final = re.compile(r"[^0-9]+")
_STEPS: Final = (
    ("label", lambda text: _LABEL.sub("", text)),
    ("spaces", lambda text: _SPACES.sub("", text)),
    ("brackets", lambda text: text.translate(BRACKETS_AND_DASHES)),
    ("case", ascii_upper),
    ("traditional", simplified),
)


def _parse(text: str) -> Finding:
    number, repairs = repaired(text, _STEPS)
    if not _DIGIT.search(number):
        return Finding(number, reason="characters")
    return Finding(number, {"digits": _OTHER.sub("", number)}, repairs)


def _parser(_: Options) -> Parse:
    return _parse


LICENCE_NUMBER: Final = semantic_type("licence_number", ("digits",), _parser, fillers=NUMBER_FILLERS)
