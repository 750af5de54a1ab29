"""Standardising: what departments really type into a standard form, parts for matching, and a mark.

One module a semantic type. `value` says what must hold for every type; `finding` is the frame they share. A type is
added by writing its module and naming it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matching.standardise.address import ADDRESS
from matching.standardise.code import CODE
from matching.standardise.date import DATE
from matching.standardise.digits import DIGITS
from matching.standardise.document_number import DOCUMENT_NUMBER
from matching.standardise.email import EMAIL
from matching.standardise.integer import INTEGER
from matching.standardise.latin_name import LATIN_NAME
from matching.standardise.licence_number import LICENCE_NUMBER
from matching.standardise.licence_type import LICENCE_TYPE
from matching.standardise.organisation_code import ORGANISATION_CODE
from matching.standardise.organisation_name import ORGANISATION_NAME
from matching.standardise.party import PARTY_CODE, PARTY_NAME
from matching.standardise.person_name import PERSON_NAME
from matching.standardise.phone import PHONE
from matching.standardise.registration_number import REGISTRATION_NUMBER
from matching.standardise.resident_id import RESIDENT_ID
from matching.standardise.sex import SEX
from matching.standardise.text import TEXT
from matching.standardise.uscc import USCC
from matching.standardise.value import Mark, Options, Part, SemanticType, Standardise, StandardValue

__all__ = [
    "SEMANTIC_TYPES",
    "Mark",
    "Options",
    "Part",
    "SemanticType",
    "StandardValue",
    "Standardise",
    "standardiser",
]

_TYPES = (
    *(RESIDENT_ID, DOCUMENT_NUMBER, USCC, ORGANISATION_CODE, REGISTRATION_NUMBER),
    *(PERSON_NAME, ORGANISATION_NAME, ADDRESS, PHONE, EMAIL, DATE, SEX, CODE),
    *(PARTY_CODE, PARTY_NAME, LICENCE_NUMBER, LICENCE_TYPE, TEXT, INTEGER, LATIN_NAME, DIGITS),
)

SEMANTIC_TYPES: Mapping[str, SemanticType] = MappingProxyType({known.name: known for known in _TYPES})
"""Every semantic type that a configuration can name, by its name."""


def standardiser(name: str, options: Options) -> Standardise:
    """The function that standardises one attribute's values.

    Raises ValueError for a type that there is not, an option that the type does not have, or a value it cannot take.
    Functions made from the same name and options are equal in effect and share nothing; make one for each attribute.
    """
    if name not in SEMANTIC_TYPES:
        raise ValueError(f"unknown semantic type {name!r}; there are {', '.join(sorted(SEMANTIC_TYPES))}")
    return SEMANTIC_TYPES[name].build(options)
