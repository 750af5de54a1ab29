"""Calendar dates (GB/T 7408, ISO 8601) as YYYY-MM-DD, from the forms in which departments write them.

The calendar is the one thing outside the text that a result rests on: where the option `future` is false (births,
issues), a date later than tomorrow is INVALID, with tomorrow taken when the value is standardised. It is re-read as
VALID once its day has come. No date after 2100 is VALID, but for the sign of an unlimited term, 9999-12-31.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from matching.standardise.finding import Finding, Parse, framed, refuse_unknown
from matching.standardise.option_value import flag, text
from matching.standardise.text_form import FILLERS
from matching.standardise.today import today
from matching.standardise.value import Mark, Options, Part, SemanticType, Standardise, StandardValue

__all__ = ["DATE", "UNLIMITED"]

NAME: Final = "date"
UNLIMITED: Final = "9999-12-31"
"""The standard form of 长期, 永久 and the like, where the option `future` allows it."""

_PARTS: Final = frozenset({"standard", "year", "year_month", "month_day", "swapped"})
_LATEST_YEAR: Final = 2100
_FILLERS: Final = FILLERS | {"0", "00000000", "0000-00-00", "0000/00/00", "0000-00-00 00:00:00", "nat"}

_CLOCK: Final = r"[0-2]?[0-9](?:[:时][0-5]?[0-9](?:[:分][0-5]?[0-9](?:\.[0-9]{1,9})?)?)?[时分秒]?"
_TIME: Final = rf"(?:[T\s]*{_CLOCK}\s*(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?"
_SEPARATED: Final = re.compile(
    rf"([0-9]{{4}})\s?[-/.年,]\s?([0-9]{{1,2}})\s?[-/.月,]\s?([0-9]{{1,2}})\s?[日号]?(?:(?<=[日号])|(?=[T\s]|$)){_TIME}"
)
_COMPACT: Final = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[T\s]?[0-2][0-9](?::?[0-5][0-9]){1,2}(?:\.[0-9]{1,9})?Z?)?"
)
_PARTIAL: Final = re.compile(
    r"([0-9]{4})(?:年|\s?[-/.年]?\s?(?:([0-9]{2})|(?<=[-/.年])([0-9]{1})|(?<=[-/.年]\s)([0-9]{1}))月?)?"
)
_UNLIMITED_WORDS: Final = frozenset({UNLIMITED, "99991231", "9999/12/31", "9999.12.31", "9999年12月31日"}) | frozenset(
    "长期 长期有效 永久 永久有效 永久性 无期限 无固定期限 不限 不约定期限 無期限 長期 長期有效".split()
)


def _parser(options: Options) -> Parse:
    future = flag(NAME, options, "future", default=False)
    earliest = _limit(options, "earliest", "1000-01-01")
    latest = _limit(options, "latest", f"{_LATEST_YEAR}-12-31")

    def parse(written: str) -> Finding:
        if future and written in _UNLIMITED_WORDS:
            return Finding(UNLIMITED, repairs=() if written == UNLIMITED else ("unlimited",))
        found = _COMPACT.fullmatch(written) or _SEPARATED.fullmatch(written)
        if not found:
            return _partial(written)
        year, month, day = int(found[1]), int(found[2]), int(found[3])
        return _whole(written, year, month, day, earliest, latest)

    return parse


def _whole(written: str, year: int, month: int, day: int, earliest: str, latest: str) -> Finding:
    standard = f"{year:04}-{month:02}-{day:02}"
    swapped = f"{year:04}-{day:02}-{month:02}" if _exists(year, day, month) else ""
    if not _exists(year, month, day):
        parts: dict[str, Part] = {"year": standard[:4], "swapped": swapped}
        return Finding(standard, parts if year else {}, reason="impossible")
    if not earliest <= standard <= latest:
        return Finding(standard, reason="out_of_range")
    parts = {
        "year": standard[:4],
        "year_month": standard[:7],
        "month_day": standard[5:],
        "swapped": "" if swapped == standard else swapped,
    }
    return Finding(standard, parts, () if written == standard else ("format",))


def _partial(written: str) -> Finding:
    found = _PARTIAL.fullmatch(written)
    if not found or found[1] == "0000":
        return Finding(written, reason="format")
    month = found[2] or found[3] or found[4]
    if not month or month == "00":
        return Finding(found[1], {"year": found[1]}, reason="partial")
    standard = f"{found[1]}-{int(month):02}"
    if int(month) > 12:
        return Finding(standard, {"year": found[1]}, reason="impossible")
    return Finding(standard, {"year": found[1], "year_month": standard}, reason="partial")


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _limit(options: Options, option: str, default: str) -> str:
    written = text(NAME, options, option, default)
    try:
        limit = date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"{NAME}: option {option!r} must be a date as YYYY-MM-DD, not {written!r}") from None
    if limit.year > _LATEST_YEAR:
        raise ValueError(f"{NAME}: option {option!r} must not be after {_LATEST_YEAR}, not {written!r}")
    return limit.isoformat()


def _come(value: StandardValue) -> StandardValue:
    """The value, INVALID where its day is after tomorrow (a day of grace for time zones)."""
    if not value.usable or value.standard <= (today() + timedelta(days=1)).isoformat():
        return value
    return StandardValue(value.raw, value.standard, Mark.INVALID, reason="future", parts={"standard": value.standard})


def _build(options: Options) -> Standardise:
    refuse_unknown(NAME, options, ("future", "earliest", "latest"))
    standardise = framed(_parser(options), _FILLERS, cached=16_384)
    if flag(NAME, options, "future", default=False):
        return standardise
    return lambda raw: _come(standardise(raw))


DATE: Final = SemanticType(NAME, _PARTS, _build)
