"""The people of the city, household by household.

Always true: no two people share a resident ID; a person whom another one names (mother, father, spouse, twin,
namesake) is in the city.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from service.city.drawing import Weighted, day_between, digits, pick, stream
from service.city.names import foreign_name, given_name, minority_name, sibling_given_name, surname, surname_of
from service.city.people import SHARES, Member, PhoneBook, ResidentIds, birth_in_year, foreign_document
from service.city.places import city_address, origin_address
from service.city.things import TODAY, Person, PersonKind

__all__ = ["populate"]

_HOUSEHOLDS = Weighted(
    [("single", 0.20), ("couple", 0.20), ("family", 0.34), ("generations", 0.16), ("parent", 0.06), ("siblings", 0.04)]
)
_CHILDREN = Weighted([(1, 0.62), (2, 0.33), (3, 0.05)])


def populate(people: int, seed: int) -> tuple[Person, ...]:
    """Exactly so many people; the last household is cut where the number is reached."""
    return _Population(stream(seed, "population")).fill(people)


class _Population:
    """The people so far, and the household that is being made."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.ids = ResidentIds(rng)
        self.phones = PhoneBook(rng)
        self.people: list[Person] = []
        self.households = 0
        self.members: list[Member] = []
        self.district = ""
        self.minority = False

    def fill(self, people: int) -> tuple[Person, ...]:
        while len(self.people) < people:
            last_began = len(self.people)
            self._household()
        del self.people[people:]
        here = {person.id for person in self.people[last_began:]}
        for i in range(last_began, people):
            person = self.people[i]
            self.people[i] = replace(
                person,
                mother_id=person.mother_id if person.mother_id in here else "",
                father_id=person.father_id if person.father_id in here else "",
                spouse_id=person.spouse_id if person.spouse_id in here else "",
                twin_id=person.twin_id if person.twin_id in here else "",
            )
        return tuple(self.people)

    # ------------------------------------------------------------ who lives together

    def _household(self) -> None:
        rng = self.rng
        self.households += 1
        self.members = []
        home = city_address(rng)
        migrant = rng.random() < SHARES.migrant
        registered = origin_address(rng) if migrant else home
        self.district = registered.code
        self.minority = rng.random() < SHARES.minority
        kind = _HOUSEHOLDS.draw(rng)
        if kind == "single":
            self._single()
        elif kind == "siblings":
            self._children(None, None, 2, 2026 - 20 - int(rng.random() * 20))
        else:
            self._family(kind)
        self.phones.share(self.members)
        if not migrant and rng.random() < SHARES.away:
            home = city_address(rng)
        moved_on = previous = None
        if rng.random() < SHARES.moved:
            previous = city_address(rng)
            moved_on = day_between(rng, TODAY - timedelta(days=2920), TODAY - timedelta(days=20))
        for m in self.members:
            former, renamed_on = self._former_name(m)
            died_on = self._death(m)
            self.people.append(
                Person(
                    m.id, m.kind, f"H{self.households:07d}", m.name, former, renamed_on, m.sex, m.birth, m.number,
                    m.document, *m.phones, registered, home, previous, moved_on,
                    "DECEASED" if died_on else "ALIVE", died_on, m.mother, m.father, m.spouse, m.twin, m.namesake,
                )
            )  # fmt: skip

    def _family(self, kind: str) -> None:
        """A couple or one parent, with or without children, with or without the father's parents."""
        rng = self.rng
        oldest = 46 if kind == "generations" else 84 if kind == "couple" else 56
        wife_year = 2026 - 24 - int(rng.random() * (oldest - 24))
        husband = wife = None
        if kind != "parent" or rng.random() < 0.3:
            husband = self._member("1", wife_year - 3 + int(rng.random() * 6))
        if kind != "parent" or husband is None:
            district = self._elsewhere() if rng.random() < SHARES.wife_from_elsewhere else self.district
            wife = self._member("2", wife_year, district=district)
        if husband and wife:
            husband.spouse, wife.spouse = wife.id, husband.id
        if kind == "couple":
            return
        self._children(husband, wife, _CHILDREN.draw(rng), wife_year + 21 + int(rng.random() * 12))
        if husband and wife and 2026 - wife_year < 46 and rng.random() < SHARES.newborn:
            self._newborn(husband, wife)
        if kind == "generations" and husband:
            self._grandparents(husband)

    def _grandparents(self, son: Member) -> None:
        rng = self.rng
        year = max(1930, son.birth.year - 22 - int(rng.random() * 10))
        grandmother = grandfather = None
        if rng.random() < 0.75:
            grandfather = self._member("1", year, family_name="" if self.minority else surname_of(son.name))
            son.father = grandfather.id
        if grandfather is None or rng.random() < 0.75:
            grandmother = self._member("2", year + int(rng.random() * 3))
            son.mother = grandmother.id
        if grandfather and grandmother:
            grandfather.spouse, grandmother.spouse = grandmother.id, grandfather.id

    def _children(self, father: Member | None, mother: Member | None, count: int, year: int) -> None:
        """Brothers and sisters, the eldest born in that year; those who would not be born yet are left out."""
        rng = self.rng
        family_name = self._family_name(father, mother)
        elder: Member | None = None
        if rng.random() < SHARES.twins and year < 2026:
            elder, _ = self._twins(family_name, year, father, mother)
            year, count = year + 2, count - 2
        while count > 0 and year < 2026:
            child = self._member(pick(rng, "12"), year, family_name=family_name, elder=elder)
            self._belongs(child, father, mother)
            elder = elder or child
            year += 1 + int(rng.random() * 5)
            count -= 1

    def _twins(
        self, family_name: str, year: int, father: Member | None, mother: Member | None
    ) -> tuple[Member, Member]:
        """Two born on one day, whose IDs are issued one after the other."""
        rng = self.rng
        first = self._member(pick(rng, "12"), year, family_name=family_name)
        sex = first.sex if rng.random() < 0.66 else str(3 - int(first.sex))
        second = Member(f"P{len(self.people) + len(self.members) + 1:07d}", sex, first.birth, "")
        second.name = self._name(sex, year, family_name, first, 2 * SHARES.siblings_character)
        second.number = self.ids.issue_next(first.number, first.birth, sex)
        self.members.append(second)
        first.twin, second.twin = second.id, first.id
        for child in (first, second):
            self._belongs(child, father, mother)
        return first, second

    def _newborn(self, father: Member, mother: Member) -> None:
        rng = self.rng
        birth = day_between(rng, TODAY - timedelta(days=300), TODAY - timedelta(days=5))
        child = self._member(pick(rng, "12"), birth.year, birth=birth, family_name=self._family_name(father, mother))
        self._belongs(child, father, mother)
        if rng.random() < SHARES.unregistered:
            child.kind, child.number = PersonKind.NEWBORN, ""
            child.document = f"{pick(rng, 'RSTU')}33{digits(rng, 7)}"

    def _single(self) -> None:
        rng = self.rng
        draw = rng.random()
        if draw < SHARES.foreigner:
            self._foreigner()
        elif draw < SHARES.foreigner + SHARES.hong_kong_macao:
            macao = rng.random() < 0.25
            self._compatriot(PersonKind.HONG_KONG_MACAO, "820000" if macao else "810000", "M" if macao else "H")
        elif draw < SHARES.foreigner + SHARES.hong_kong_macao + SHARES.taiwan:
            self._compatriot(PersonKind.TAIWAN, "830000", "")
        elif self.people and rng.random() < SHARES.namesake:
            self._namesake()
        else:
            self._member(pick(rng, "12"), 2026 - 18 - int(rng.random() ** 1.5 * 68))

    # ------------------------------------------------------------ who they are

    def _member(
        self, sex: str, year: int, *, birth: date | None = None, district: str = "", family_name: str = "",
        elder: Member | None = None,
    ) -> Member:  # fmt: skip
        birth = birth or birth_in_year(self.rng, year)
        member = Member(f"P{len(self.people) + len(self.members) + 1:07d}", sex, birth, "")
        member.name = self._name(sex, year, family_name, elder, SHARES.siblings_character)
        member.number = self.ids.issue(district or self.district, birth, sex)
        self.members.append(member)
        return member

    def _name(self, sex: str, year: int, family_name: str, elder: Member | None, share: float) -> str:
        rng = self.rng
        if self.minority:
            return minority_name(rng)
        family_name = family_name or surname(rng)
        if elder and rng.random() < share:
            return family_name + sibling_given_name(rng, elder.name[len(surname_of(elder.name)) :], sex, year)
        return family_name + given_name(rng, sex, year)

    def _family_name(self, father: Member | None, mother: Member | None) -> str:
        parent = mother if father is None or (mother and self.rng.random() < SHARES.mothers_surname) else father
        if self.minority:
            return ""
        return surname_of(parent.name) if parent else surname(self.rng)

    @staticmethod
    def _belongs(child: Member, father: Member | None, mother: Member | None) -> None:
        child.father = father.id if father else ""
        child.mother = mother.id if mother else ""

    def _elsewhere(self) -> str:
        rng = self.rng
        return city_address(rng).code if rng.random() < 0.5 else origin_address(rng).code

    def _foreigner(self) -> None:
        rng = self.rng
        nation, name = foreign_name(rng)
        member = self._member(pick(rng, "12"), 2026 - 20 - int(rng.random() * 45))
        member.kind, member.name, member.number = PersonKind.FOREIGNER, name, ""
        member.document = foreign_document(rng, nation, member.birth)

    def _compatriot(self, kind: PersonKind, region: str, permit: str) -> None:
        rng = self.rng
        self.minority = False
        member = self._member(pick(rng, "12"), 2026 - 20 - int(rng.random() * 50), district=region)
        member.kind, member.document = kind, permit + digits(rng, 8)
        if rng.random() < 0.3:
            member.number = ""

    def _namesake(self) -> None:
        other = pick(self.rng, self.people)
        if other.kind is not PersonKind.CITIZEN or other.age_on(TODAY) < 18:
            other = self.people[0]
        member = self._member(other.sex, other.birth_date.year, birth=other.birth_date)
        member.name, member.namesake = other.name, other.id

    # ------------------------------------------------------------ what happened to them

    def _former_name(self, member: Member) -> tuple[str, date | None]:
        rng = self.rng
        if member.kind is not PersonKind.CITIZEN or "·" in member.name or rng.random() >= SHARES.renamed:
            return "", None
        family_name = surname_of(member.name)
        year = member.birth.year
        if rng.random() < 0.3:
            former = surname(rng) + member.name[len(family_name) :]
        else:
            former = family_name + given_name(rng, member.sex, year)
        earliest = max(member.birth + timedelta(days=200), TODAY - timedelta(days=3650))
        return (former, day_between(rng, earliest, TODAY - timedelta(days=30))) if former != member.name else ("", None)

    def _death(self, member: Member) -> date | None:
        rng = self.rng
        age = member.age
        share = 0.0 if age < 40 else 0.004 if age < 60 else 0.02 if age < 80 else 0.12
        return (
            day_between(rng, TODAY - timedelta(days=2190), TODAY - timedelta(days=3)) if rng.random() < share else None
        )
