"""A party that may be a person or an organisation, such as a licence's holder (CZZT, CZZTDM in GB/T 36901).

A code is a resident identity number (GB 11643) or a unified social credit code (GB 32100). Both have 18 characters and
a check of their own; the rare code that is sound as both is read as a person's.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from matching.standardise.finding import refuse_unknown
from matching.standardise.organisation_name import ORGANISATION_NAME
from matching.standardise.person_name import PERSON_NAME
from matching.standardise.resident_id import RESIDENT_ID
from matching.standardise.uscc import USCC
from matching.standardise.value import Mark, Options, SemanticType, Standardise, StandardValue

__all__ = ["PARTY_CODE", "PARTY_NAME"]

LONGEST_PERSON_NAME: Final = 4
"""Characters of a Han name; a longer name without a separator is read as an organisation's."""


def _code(options: Options) -> Standardise:
    refuse_unknown("party_code", options, ())
    as_person, as_organisation = RESIDENT_ID.build({}), USCC.build({})

    def standardise(raw: str) -> StandardValue:
        person = as_person(raw)
        if person.usable or person.mark is Mark.ABSENT:
            return _only_standard(person)
        organisation = as_organisation(raw)
        return _only_standard(organisation if organisation.usable else person)

    return standardise


def _name(options: Options) -> Standardise:
    refuse_unknown("party_name", options, ())
    as_person, as_organisation = PERSON_NAME.build({}), ORGANISATION_NAME.build({})

    def standardise(raw: str) -> StandardValue:
        organisation = as_organisation(raw)
        if not organisation.usable:
            return _only_standard(as_person(raw))
        person = as_person(organisation.standard)
        if person.usable and ("·" in person.standard or len(person.standard) <= LONGEST_PERSON_NAME):
            repairs = tuple(dict.fromkeys(organisation.repairs + person.repairs))
            mark = Mark.REPAIRED if repairs else Mark.VALID
            return _only_standard(replace(person, raw=raw, mark=mark, repairs=repairs))
        return _only_standard(organisation)

    return standardise


def _only_standard(value: StandardValue) -> StandardValue:
    """The value with no other part, as a reader cannot know which of two types it was read by."""
    return replace(value, parts={name: part for name, part in value.parts.items() if name == "standard"})


PARTY_CODE: Final = SemanticType("party_code", frozenset({"standard"}), _code)
PARTY_NAME: Final = SemanticType("party_name", frozenset({"standard"}), _name)
