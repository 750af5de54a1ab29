"""Telephone numbers in E.164 (ITU-T), read as dialled in China's mainland unless they say otherwise.

The numbering plan is the `phonenumbers` library's; plain mainland mobile numbers are recognised by its own pattern
without the library's parser.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from matching.standardise.finding import Finding, Parse, semantic_type
from matching.standardise.option_value import text as text_option
from matching.standardise.text_form import DASHES, NUMBER_FILLERS
from matching.standardise.value import Options

__all__ = ["PHONE"]

NAME: Final = "phone"

_NATIONAL: Final = re.compile(r"(?:\+?86|0086|0(?=1[3-9]))?(1[3-9][0-9]{9})")
_STANDARD: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_DIALLED: Final = re.compile(rf"[0-9+(){DASHES}.·/_ ]+")
_SEPARATORS: Final = re.compile(rf"[(){DASHES}.·/_ ]+")
_EXTENSION: Final = re.compile(r"\s*(?:转|轉|分机号?|分機|ext\.?|x|#|,)\s*[:.]?\s*([0-9]{1,6})$", re.IGNORECASE)
_LABEL: Final = re.compile(r"^(?:电话|手机|联系电话|手机号码?|电话号码|tel|mobile|phone)\s*[:.]?\s*", re.IGNORECASE)
_SEVERAL: Final = re.compile(
    r"(?:1[3-9][0-9]{9}|[0-9]{7,8})[\s,;/、|]+(?:\+?86)?(?:1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}|[0-9]{7,8})"
)
_REPEATED: Final = re.compile(r"1?([0-9])\1{6,}")
_KINDS: Final = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
    PhoneNumberType.TOLL_FREE: "service",
    PhoneNumberType.SHARED_COST: "service",
    PhoneNumberType.PREMIUM_RATE: "service",
    PhoneNumberType.UAN: "service",
}


@cache
def _mobile() -> re.Pattern[str]:
    """The library's pattern of the mainland's mobile numbers."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region("CN")
    mobile = metadata.mobile if metadata else None
    return re.compile((mobile and mobile.national_number_pattern) or r"1[3-9][0-9]{9}")


def _parser(options: Options) -> Parse:
    area = text_option(NAME, options, "area_code", "")
    if area and not re.fullmatch(r"0?[1-9][0-9]{1,2}", area):
        raise ValueError(f"{NAME}: option 'area_code' must be 2 or 3 digits such as 574, not {area!r}")
    area = area.removeprefix("0")

    def parse(text: str) -> Finding:
        if text.isdigit():
            quick = _mobile_number(text, ())
            if quick:
                return quick
        return _dialled(text, area)

    return parse


def _mobile_number(number: str, repairs: tuple[str, ...]) -> Finding | None:
    """The finding for a mainland mobile number, with or without its country code; None for every other number."""
    found = _NATIONAL.fullmatch(number)
    if not found or not _mobile().fullmatch(found[1]) or _REPEATED.fullmatch(found[1]):
        return None
    standard = f"+86{found[1]}"
    if standard != number:
        repairs = (*repairs, "country_code")
    return Finding(standard, {"kind": "mobile", "national": found[1]}, repairs)


def _dialled(text: str, area: str) -> Finding:
    if _SEVERAL.search(text):
        return Finding(text, reason="several")
    body = _LABEL.sub("", text)
    repairs = ("label",) if body != text else ()
    extension = _EXTENSION.search(body)
    if extension:
        body, repairs = body[: extension.start()], (*repairs, "extension")
    if not _DIALLED.fullmatch(body):
        return Finding(text, reason="characters")
    number = _SEPARATORS.sub("", body)
    if number != body:
        repairs = (*repairs, "separators")
    number = number if number.count("+") == 0 else "+" + number.replace("+", "") if number[0] == "+" else number
    if _REPEATED.fullmatch(number):
        return Finding(text, reason="filler", comparable=False)
    found = _mobile_number(number, repairs) or _library_number(number, text, repairs, area)
    return found._replace(parts={**found.parts, "extension": extension[1]}) if extension and not found.reason else found


def _library_number(number: str, text: str, repairs: tuple[str, ...], area: str) -> Finding:
    if area and re.fullmatch(r"[2-8][0-9]{6,7}", number):
        local = _parsed(f"0{area}{number}")
        if local and phonenumbers.is_valid_number(local):
            return _accepted(local, number, (*repairs, "area_code"))
    parsed = _parsed(number)
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        short = re.fullmatch(r"[2-8][0-9]{6,7}", number)
        return Finding(text, reason="area_code" if short else "number")
    return _accepted(parsed, number, repairs)


def _parsed(number: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return None


def _accepted(number: PhoneNumber, written: str, repairs: tuple[str, ...]) -> Finding:
    standard = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if standard != written and "area_code" not in repairs:
        repairs = (*repairs, "country_code")
    kind = _KINDS.get(phonenumbers.number_type(number), "other")
    return Finding(standard, {"kind": kind, "national": phonenumbers.national_significant_number(number)}, repairs)


PHONE: Final = semantic_type(
    NAME, ("kind", "national", "extension"), _parser, options=("area_code",), fillers=NUMBER_FILLERS
)
