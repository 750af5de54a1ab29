"""Resident identity numbers (公民身份号码, GB 11643-1999): 6 region, 8 birth date, 3 sequence, 1 check character.

Residence permits of Hong Kong, Macao and Taiwan residents have the same form with regions 81, 82 and 83. Fifteen
digit numbers of GB 11643-1989 become eighteen: 19 goes before the year, the check character behind.

The calendar is the one thing outside the text that a result rests on: a birth date after today is INVALID.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from matching.standardise.check_digits import resident_check
from matching.standardise.finding import Finding, framed, refuse_unknown
from matching.standardise.identifier_form import compact, is_repeated_or_counted
from matching.standardise.places import PROVINCE_CODES
from matching.standardise.text_form import NUMBER_FILLERS
from matching.standardise.today import today
from matching.standardise.value import Mark, Options, SemanticType, Standardise, StandardValue

__all__ = ["RESIDENT_ID", "birth_date_of"]

NAME: Final = "resident_id"
PARTS: Final = frozenset({"standard", "region", "province", "birth_date", "sex", "last_four"})
EARLIEST_BIRTH: Final = date(1850, 1, 1)

# A multiplication sign, a Cyrillic or Greek letter that is drawn as an X.
_CHECK_LETTER = re.compile(r"(?<=^[0-9]{17})[\u00d7\u0445\u0425\u03c7\u03a7\u2715\u2716\u2573]$")
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")


def birth_date_of(number: str) -> date | None:
    """The birth date of an 18-character number, or None where the calendar has no such day from 1850 on."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born >= EARLIEST_BIRTH else None


def _parse(text: str) -> Finding:
    number, repairs = compact(text)
    lettered = _CHECK_LETTER.sub("X", number)
    if lettered != number:
        number, repairs = lettered, (*repairs, "check_letter")
    if is_repeated_or_counted(number):
        return Finding(number, reason="filler", comparable=False)
    if _FIFTEEN.fullmatch(number):
        body = f"{number[:6]}19{number[6:]}"
        return _checked(number, body + resident_check(body), (*repairs, "fifteen_digits"))
    if _EIGHTEEN.fullmatch(number):
        return _checked(number, number, repairs)
    known = all(c in "0123456789X" for c in number)
    return Finding(number, reason="length" if known and len(number) != 18 else "characters")


def _checked(written: str, number: str, repairs: tuple[str, ...]) -> Finding:
    if number[:2] not in PROVINCE_CODES:
        return Finding(written, reason="region")
    born = birth_date_of(number)
    if born is None:
        return Finding(written, reason="birth_date")
    if resident_check(number[:17]) != number[17]:
        return Finding(written, reason="checksum")
    parts = {
        "region": number[:6],
        "province": number[:2],
        "birth_date": born.isoformat(),
        "sex": "1" if int(number[16]) % 2 else "2",
        "last_four": number[14:],
    }
    return Finding(number, parts, repairs)


def _born_by_today(value: StandardValue) -> StandardValue:
    if value.usable and str(value.parts["birth_date"]) > today().isoformat():
        standard = value.standard
        return StandardValue(value.raw, standard, Mark.INVALID, reason="birth_date", parts={"standard": standard})
    return value


def _build(options: Options) -> Standardise:
    refuse_unknown(NAME, options, ())
    standardise = framed(_parse, NUMBER_FILLERS)
    return lambda raw: _born_by_today(standardise(raw))


RESIDENT_ID: Final = SemanticType(NAME, PARTS, _build)
