"""The ground truth of a generated city: people, organisations and licences as they really are, now.

Frozen. Nothing here is what a department wrote down; that is in the submissions. Dates are calendar dates in China.
An empty text means that the thing has no such value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = [
    "TODAY",
    "Address",
    "Licence",
    "Organisation",
    "OrganisationKind",
    "Person",
    "PersonKind",
    "Things",
]

TODAY = date(2026, 6, 30)
"""The day on which the truth is true. No department has observed anything after it."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address. Either a road and a number or a village and a number; flats have community, building, unit, room."""

    code: str
    province: str
    city: str
    district: str
    town: str
    road: str
    number: int
    community: str = ""
    building: int = 0
    unit: int = 0
    room: int = 0


class PersonKind(StrEnum):
    """Which documents a person can have."""

    CITIZEN = "CITIZEN"
    NEWBORN = "NEWBORN"
    """Not registered with the police yet: no resident ID, only a birth certificate number as document number."""
    FOREIGNER = "FOREIGNER"
    """A passport or a permanent residence card as document number; never a resident ID."""
    HONG_KONG_MACAO = "HONG_KONG_MACAO"
    TAIWAN = "TAIWAN"
    """Residence permit in the form of a resident ID (regions 81, 82, 83), a travel permit as document number."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person. `resident_id` is 18 characters with a valid check character, and nobody else's."""

    id: str
    kind: PersonKind
    household_id: str
    name: str
    former_name: str
    renamed_on: date | None
    sex: str
    birth_date: date
    resident_id: str
    document_number: str
    phone: str
    previous_phone: str
    phone_changed_on: date | None
    household_address: Address
    residence_address: Address
    previous_address: Address | None
    moved_on: date | None
    life_status: str
    died_on: date | None
    mother_id: str = ""
    father_id: str = ""
    spouse_id: str = ""
    twin_id: str = ""
    namesake_id: str = ""
    """Somebody else of the same name, sex and birth date."""

    def age_on(self, day: date) -> int:
        """Whole years on that day."""
        before = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before


class OrganisationKind(StrEnum):
    """What the register knows an organisation as."""

    COMPANY = "COMPANY"
    SOLE_TRADER = "SOLE_TRADER"
    BRANCH = "BRANCH"
    NON_PROFIT = "NON_PROFIT"


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation. `uscc` holds `organisation_code` in its positions 9 to 17; both are nobody else's."""

    id: str
    kind: OrganisationKind
    name: str
    short_name: str
    former_name: str
    renamed_on: date | None
    brand: str
    uscc: str
    previous_uscc: str
    """The code before re-registration, where it was issued anew."""
    reissued_on: date | None
    organisation_code: str
    registration_number: str
    """15 digits; empty for whoever was registered after 2015."""
    representative_id: str
    """The person who is the legal representative, the owner or the head of the branch."""
    previous_representative_id: str
    representative_changed_on: date | None
    address: Address
    previous_address: Address | None
    moved_on: date | None
    phone: str
    established_on: date
    status: str
    ended_on: date | None
    trade: str
    parent_id: str = ""
    """The organisation that this one is a branch of."""


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence, found by its (type_code, number). Its holder is a person or an organisation of the city."""

    id: str
    type_code: str
    type_name: str
    number: str
    identifier: str
    issuer: str
    issuer_code: str
    issuing_source: str
    """The department whose own record this licence is."""
    issued_on: date
    valid_from: date
    valid_to: date | None
    holder_id: str
    status: str
    status_since: date | None
    """When a licence that was VALID got its present status."""


@dataclass(frozen=True, slots=True)
class Things:
    """Everything that there is in the city, in the order it was made."""

    people: tuple[Person, ...]
    organisations: tuple[Organisation, ...]
    licences: tuple[Licence, ...]
