"""Check characters of the national identifiers. Each function takes the number without its check character.

Bodies must already be of the right length and alphabet; nothing is verified here but the arithmetic.
"""

from __future__ import annotations

__all__ = ["USCC_ALPHABET", "organisation_check", "registration_check", "resident_check", "uscc_check"]

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100: digits and letters without I, O, S, V, Z."""

_USCC_VALUE = {character: value for value, character in enumerate(USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def resident_check(body: str) -> str:
    """GB 11643 (ISO 7064 MOD 11-2): of 17 digits. Weights are powers of 2, and 13 = 2 mod 11."""
    remainder = (1 - 2 * int(body, 13)) % 11
    return "X" if remainder == 10 else str(remainder)


def uscc_check(body: str) -> str:
    """GB 32100 (ISO 7064 MOD 31-3): of the first 17 characters."""
    total = sum(_USCC_VALUE[c] * weight for c, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """GB 11714: of the 8 characters of the organisation code, digits and A to Z as 10 to 35."""
    total = sum(int(c, 36) * weight for c, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def registration_check(body: str) -> str:
    """ISO 7064 MOD 11,10: of the 14 digits of a business registration number (GS 15-2006)."""
    product = 10
    for digit in body:
        product = (product + int(digit)) % 10 or 10
        product = product * 2 % 11
    return str((11 - product) % 10)
