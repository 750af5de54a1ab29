"""The numbers that people, organisations and licences carry, with the check characters of their standards.

Always true: whatever a function here returns passes the check of the standard that its docstring names.
"""

from __future__ import annotations

from datetime import date

__all__ = [
    "fifteen_digits",
    "food_permit_number",
    "licence_identifier",
    "organisation_code",
    "permanent_residence_card",
    "permanent_residence_card_2023",
    "registration_number",
    "resident_id",
    "resident_id_check",
    "uscc",
]

_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {c: i for i, c in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALPHANUMERIC_VALUE = {c: i for i, c in enumerate(_ALPHANUMERIC)}


def resident_id_check(first_17: str) -> str:
    """The check character of a resident ID (GB 11643, ISO 7064 MOD 11-2)."""
    total = 0
    for digit, weight in zip(first_17, _RESIDENT_WEIGHTS, strict=True):
        total += int(digit) * weight
    return "10X98765432"[total % 11]


def resident_id(region: str, birth_date: date, sequence: int) -> str:
    """18 characters (GB 11643): 6 of region, 8 of birth date, 3 of sequence (odd for men), 1 check."""
    body = f"{region}{birth_date:%Y%m%d}{sequence:03d}"
    return body + resident_id_check(body)


def fifteen_digits(number: str) -> str:
    """The form that an 18-character ID had before 1999: no century, no check. Only for births before 2000."""
    return number[:6] + number[8:17]


def permanent_residence_card(nation: str, region: str, birth_date: date, sequence: int) -> str:
    """The 15 characters on a foreigner's permanent residence card before 2023.

    3 letters of nation, 4 digits of region, YYMMDD, 1 of sequence, 1 check by the weights 7, 3, 1 of ICAO 9303.
    """
    body = f"{nation}{region[:4]}{birth_date:%y%m%d}{sequence % 10}"
    total = sum(_ALPHANUMERIC_VALUE[c] * (7, 3, 1)[i % 3] for i, c in enumerate(body))
    return body + str(total % 10)


def permanent_residence_card_2023(nation: int, region: str, birth_date: date, sequence: int) -> str:
    """The 18 characters on the card since 2023.

    9, 2 digits of province, 3 of nation (ISO 3166-1), birth date, 3 of sequence, and the check of GB 11643.
    """
    body = f"9{region[:2]}{nation:03d}{birth_date:%Y%m%d}{sequence:03d}"
    return body + resident_id_check(body)


def organisation_code(first_8: str) -> str:
    """9 characters (GB 11714): 8 digits or letters and a check."""
    total = sum(_ALPHANUMERIC_VALUE[c] * w for c, w in zip(first_8, _ORGANISATION_WEIGHTS, strict=True))
    return first_8 + "0123456789X0"[11 - total % 11]


def uscc(authority: str, entity_class: str, region: str, organisation: str) -> str:
    """18 characters (GB 32100) around an organisation code of 9."""
    body = f"{authority}{entity_class}{region}{organisation}"
    total = sum(_USCC_VALUE[c] * w for c, w in zip(body, _USCC_WEIGHTS, strict=True))
    return body + _USCC_ALPHABET[(31 - total % 31) % 31]


def registration_number(region: str, sequence: int) -> str:
    """15 digits of a business register before 2015: region, 8 of sequence, check (ISO 7064 MOD 11,10)."""
    body = f"{region}{sequence:08d}"
    return body + _mod_11_10(body)


def food_permit_number(trade: str, region: str, sequence: int) -> str:
    """JY, trade (1 shop, 2 catering, 3 canteen), region, 6 of sequence, check (ISO 7064 MOD 11,10)."""
    body = f"{trade}{region}{sequence:06d}"
    return f"JY{body}{_mod_11_10(body)}"


def licence_identifier(type_code: str, issuer_code: str, serial: str, version: int) -> str:
    """The identifier of an electronic licence (GB/T 36904), its check by ISO 7064 MOD 37,36 over what it names."""
    parts = (type_code, issuer_code, serial, f"{version:03d}")
    product = 36
    for character in "".join(parts):
        value = _ALPHANUMERIC_VALUE.get(character)
        if value is None:
            continue
        product = ((product + value) % 36 or 36) * 2 % 37
    return ".".join(("1.2.156.3005.2", *parts, _ALPHANUMERIC[(37 - product) % 36]))


def _mod_11_10(body: str) -> str:
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
