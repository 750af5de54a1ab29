"""One person at a time: their documents, phones and what changed in their life.

Always true: a resident ID that is issued here was never issued before, and says the birth date and the sex of its
holder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from service.city import identifiers
from service.city.drawing import day_between, digits, pick
from service.city.places import FIRST_IDS, region_code
from service.city.things import TODAY, PersonKind

__all__ = ["SHARES", "Member", "PhoneBook", "Phones", "ResidentIds", "Shares", "birth_in_year", "foreign_document"]


@dataclass(frozen=True, slots=True)
class Shares:
    """How often what is hard to link comes up, as shares of what the comment names."""

    migrant: float = 0.28
    """households registered in another county"""
    foreigner: float = 0.06
    """people living alone, as the next three"""
    hong_kong_macao: float = 0.03
    taiwan: float = 0.03
    namesake: float = 0.03
    """who have somebody else's name, sex and birth date"""
    minority: float = 0.012
    """households with names of two parts and a separator"""
    twins: float = 0.035
    """households with children: the first two are twins"""
    newborn: float = 0.05
    """couples with children: another one was born in the last year"""
    unregistered: float = 0.6
    """newborns that have no resident ID yet"""
    wife_from_elsewhere: float = 0.45
    """wives whose ID is of another region than the household's"""
    mothers_surname: float = 0.06
    """families whose children bear the mother's surname"""
    siblings_character: float = 0.35
    """younger siblings who share the first character of the elder's given name; twins twice as often"""
    renamed: float = 0.012
    """citizens who changed their name"""
    moved: float = 0.18
    """households that moved within the last eight years"""
    away: float = 0.25
    """households of the city that live elsewhere than they are registered"""
    phone_changed: float = 0.16
    """people with a phone of their own who changed it within the last six years"""
    phone_recycled: float = 0.02
    """phones that were somebody else's before"""
    elders_with_childs_phone: float = 0.3
    """people over 72 in a household with a grown-up child"""
    couple_with_one_phone: float = 0.03
    """couples"""


SHARES = Shares()

_PREFIXES = (
    "130 131 132 135 136 137 138 139 150 151 152 155 156 157 158 159 "
    "166 176 177 178 180 181 182 183 185 186 187 188 189 198 199"
).split()
_NATION_NUMBERS = {
    "USA": 840, "GBR": 826, "DEU": 276, "FRA": 250, "KOR": 410, "JPN": 392, "RUS": 643, "IND": 356, "PAK": 586,
    "ITA": 380, "CAN": 124, "AUS": 36, "BRA": 76, "VNM": 704, "NGA": 566,
}  # fmt: skip
_PASSPORTS = {"USA": "", "GBR": "", "DEU": "C", "KOR": "M", "JPN": "TK", "RUS": "7", "CAN": "GA", "AUS": "PA"}


class Phones(NamedTuple):
    """A phone, and the one before with the day of the change where it changed."""

    now: str
    before: str = ""
    changed_on: date | None = None


NO_PHONE = Phones("")


@dataclass(slots=True)
class Member:
    """What is decided of a person before the household is complete."""

    id: str
    sex: str
    birth: date
    name: str
    number: str = ""
    kind: PersonKind = PersonKind.CITIZEN
    document: str = ""
    phones: Phones = NO_PHONE
    mother: str = ""
    father: str = ""
    spouse: str = ""
    twin: str = ""
    namesake: str = ""

    @property
    def age(self) -> int:
        """In years, near enough for deciding who has a phone."""
        return (TODAY - self.birth).days // 365


class ResidentIds:
    """Issues resident IDs, none twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._issued: set[str] = set()

    def issue(self, district: str, birth: date, sex: str) -> str:
        """A new ID for somebody of that district, under the region code that it had then."""
        region = region_code(district, max(birth.year, FIRST_IDS))
        while True:
            sequence = 2 * (1 + int(self._rng.random() * 240)) - (sex == "1")
            number = identifiers.resident_id(region, birth, sequence)
            if number not in self._issued:
                self._issued.add(number)
                return number

    def issue_next(self, number: str, birth: date, sex: str) -> str:
        """The next free ID after that one for the sex: what the second of two twins gets at the same counter."""
        sequence = int(number[14:17])
        while True:
            sequence = sequence + 1 if sequence + 1 < 1000 else 1
            after = identifiers.resident_id(number[:6], birth, sequence)
            if sequence % 2 == (sex == "1") and after not in self._issued:
                self._issued.add(after)
                return after


class PhoneBook:
    """Gives out mobile numbers; a few are recycled ones."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._released: list[str] = []

    def draw(self, share_changed: float = SHARES.phone_changed) -> Phones:
        """A phone of one's own."""
        rng = self._rng
        now = self._number()
        if rng.random() >= share_changed:
            return Phones(now)
        before = pick(rng, _PREFIXES) + digits(rng, 8)
        self._released.append(before)
        return Phones(now, before, day_between(rng, TODAY - timedelta(days=2190), TODAY - timedelta(days=10)))

    def _number(self) -> str:
        rng = self._rng
        if len(self._released) > 20 and rng.random() < SHARES.phone_recycled:
            return self._released.pop(int(rng.random() * (len(self._released) - 10)))
        return pick(rng, _PREFIXES) + digits(rng, 8)

    def share(self, members: Sequence[Member]) -> None:
        """Give every member of a household a phone: their own, or the one that the family uses for them."""
        rng = self._rng
        adults = [m for m in members if m.age >= 18]
        for member in adults:
            member.phones = self.draw()
        for member in adults:
            children = [m for m in adults if member.id in (m.mother, m.father)]
            if member.age > 72 and children and rng.random() < SHARES.elders_with_childs_phone:
                member.phones = children[0].phones
            elif member.spouse and member.sex == "2" and rng.random() < SHARES.couple_with_one_phone:
                member.phones = next((m.phones for m in adults if m.id == member.spouse), member.phones)
        for member in members:
            if member.age >= 18:
                continue
            parents = [m for m in adults if m.id in (member.mother, member.father)]
            if parents and (member.age < 14 or rng.random() < 0.5):
                member.phones = parents[-1 if rng.random() < 0.6 else 0].phones
            else:
                member.phones = self.draw(0.05)


def birth_in_year(rng: Random, year: int) -> date:
    """A day of that year, no later than today."""
    return min(date(year, 1, 1) + timedelta(days=int(rng.random() * 365)), TODAY)


def foreign_document(rng: Random, nation: str, birth: date) -> str:
    """A passport number for most, or a permanent residence card of the old or of the new kind."""
    draw = rng.random()
    sequence = 1 + int(rng.random() * 900)
    if draw < 0.15:
        return identifiers.permanent_residence_card(nation, "330200", birth, sequence)
    if draw < 0.3:
        return identifiers.permanent_residence_card_2023(_NATION_NUMBERS[nation], "330200", birth, sequence)
    prefix = _PASSPORTS.get(nation, "E")
    return prefix + digits(rng, 9 - len(prefix))
