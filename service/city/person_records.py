"""What each department wrote down about the people: whom it deals with, when it saw them, what it knew then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from service.city import mistakes
from service.city.departments import Form
from service.city.drawing import pick
from service.city.person_clerks import BirthClerk, NameClerk, NumberClerk, outcomes, relatives
from service.city.places import city_address
from service.city.rates import PERSON_RATES
from service.city.sheets import Draft, seen_on
from service.city.things import TODAY, Person, PersonKind
from service.city.writing import AddressHabit, address_written, phone_written

__all__ = ["HABITS", "Habits", "person_drafts"]

_PHONE_FILLERS = ("13800000000", "11111111111", "00000000", "无", "123456")


@dataclass(frozen=True, slots=True)
class Habits:
    """How a department works, where it is not a mistake."""

    earliest_age: int
    """In days: it observes nobody younger."""
    addresses: AddressHabit
    phone_grouped: float = 0.0
    phone_international: float = 0.0
    former_name: float = 0.0
    """Renamed people whose former name it knows."""
    death_updates: float = 0.0
    """Of the dead, those whose record was made or renewed after the death."""
    other_property: float = 0.0
    """Records whose address is a flat that the person owns and does not live in."""


HABITS: dict[str, Habits] = {
    "public_security": Habits(
        20, AddressHabit(full=0.93, city=0.05, district=0.02, house=0), former_name=0.85, death_updates=0.85
    ),
    "civil_affairs": Habits(
        30, AddressHabit(full=0.6, city=0.25, district=0.15, house=0), phone_grouped=0.05, death_updates=0.75
    ),
    "human_resources": Habits(
        5850,
        AddressHabit(full=0.2, city=0.45, district=0.25, house=0.1),
        phone_international=0.10,
        death_updates=0.6,
    ),
    "health": Habits(
        1,
        AddressHabit(full=0.1, city=0.3, district=0.4, house=0.2),
        phone_grouped=0.06,
        phone_international=0.01,
        death_updates=0.3,
    ),
    "education": Habits(
        1150, AddressHabit(full=0.3, city=0.35, district=0.25, house=0.1), phone_grouped=0.04, former_name=0.3
    ),
    "housing": Habits(
        30, AddressHabit(full=0.1, city=0.4, district=0.5, house=0), phone_grouped=0.05, other_property=0.14
    ),
}
"""By source."""

_FROM_AGE: dict[str, tuple[tuple[float, float], ...]] = {
    "health": ((0, 0.97), (3, 0.72)),
    "education": ((0, 0.0), (3.2, 0.85), (22, 0.05)),
    "human_resources": ((0, 0.0), (16.2, 0.82), (60, 0.75)),
    "housing": ((0, 0.01), (20, 0.36)),
}
"""By source, from which age (in years) on it has a record of what share of the people."""


def person_drafts(form: Form, people: Sequence[Person], rng: Random) -> Iterator[Draft]:
    """The records of one department, in the order of the people."""
    desk = _Desk(form, people, rng)
    for person in people:
        if rng.random() < _share_held(person, form.source):
            yield desk.write(person)
            if rng.random() < desk.rates.duplicate:
                yield desk.write(person)


def _share_held(person: Person, source: str) -> float:
    """How likely the department deals with such a person: about 3 departments for each."""
    if source == "public_security":
        return {PersonKind.CITIZEN: 0.97, PersonKind.NEWBORN: 0.0}.get(person.kind, 0.7)
    age = (TODAY - person.birth_date).days / 365.25
    if source == "civil_affairs":
        return 0.8 if person.died_on else 0.4 if age >= 60 else 0.35 if person.spouse_id else 0.06
    share = 0.0
    for from_age, share_from in _FROM_AGE[source]:
        if age >= from_age:
            share = share_from
    return share


class _Desk:
    """One department's desk: the same rates and habits for every record."""

    def __init__(self, form: Form, people: Sequence[Person], rng: Random) -> None:
        self.form = form
        self.people = people
        self.rng = rng
        self.rates = PERSON_RATES[form.source]
        self.habits = HABITS[form.source]
        self.names = NameClerk(form, self.rates, self.habits.former_name)
        self.numbers = NumberClerk(form, self.rates)
        self.births = BirthClerk(form, self.rates)
        self.phones = outcomes(self.rates, "phone_empty", "phone_filler", "phone_digit", "phone_family")

    def write(self, person: Person) -> Draft:
        """One record."""
        rng, rates, columns = self.rng, self.rates, self.form.columns
        draft = Draft(person.id, self._observed_on(person), {})
        stale = rng.random() < rates.stale
        self.names.write(rng, person, draft, stale, self.people)
        if rng.random() < rates.alone:
            draft.mistakes.append("alone")
            return draft
        self.numbers.write(rng, person, draft, self.people)
        if "birth_date" in columns:
            self.births.write(rng, person, draft)
        self._phone(person, draft, stale)
        if "household_address" in columns:
            self._household_address(person, draft)
        if "residence_address" in columns:
            self._residence_address(person, draft, stale)
        if "life_status" in columns:
            self._life_status(person, draft)
        return draft

    def _observed_on(self, person: Person) -> date:
        rng, habits = self.rng, self.habits
        earliest, latest = min(person.birth_date + timedelta(days=habits.earliest_age), TODAY), TODAY
        if person.died_on and rng.random() < habits.death_updates:
            earliest = person.died_on
        elif person.died_on:
            latest = person.died_on - timedelta(days=1)
        return seen_on(rng, self.rates.years, earliest, latest)

    def _life_status(self, person: Person, draft: Draft) -> None:
        dead = person.died_on is not None and draft.observed_on >= person.died_on
        if dead and self.rng.random() < self.rates.status_late:
            draft.mistakes.append("status_late")
            dead = False
        draft.values["life_status"] = "DECEASED" if dead else "ALIVE"

    def _phone(self, person: Person, draft: Draft, stale: bool) -> None:
        rng, habits = self.rng, self.habits
        mistake = self.phones.draw(rng)
        if mistake == "phone_empty":
            draft.mistakes.append(mistake)
            return
        if mistake == "phone_filler":
            draft.mistakes.append(mistake)
            draft.values["phone"] = pick(rng, _PHONE_FILLERS)
            return
        phone = self._phone_given(person, draft, stale, mistake == "phone_family")
        if mistake == "phone_digit":
            draft.mistakes.append(mistake)
            phone = mistakes.digit_wrong(rng, phone)
        draft.values["phone"] = phone_written(rng, phone, habits.phone_grouped, habits.phone_international)

    def _phone_given(self, person: Person, draft: Draft, stale: bool, of_family: bool) -> str:
        """The person's phone, or a relative's: a school asks for the parents' anyway."""
        whose = person
        school = self.form.source == "education" and (draft.observed_on - person.birth_date).days < 18 * 365
        if of_family or school:
            family = relatives(person, self.people)
            if family:
                whose = pick(self.rng, family)
                if of_family:
                    draft.mistakes.append("phone_family")
        return whose.previous_phone if _is_old(draft, whose.phone_changed_on, stale) else whose.phone

    def _household_address(self, person: Person, draft: Draft) -> None:
        if self.rng.random() < self.rates.address_empty:
            draft.mistakes.append("address_empty")
        elif person.kind in (PersonKind.CITIZEN, PersonKind.NEWBORN):
            text = address_written(self.rng, person.household_address, self.habits.addresses)
            draft.values["household_address"] = text

    def _residence_address(self, person: Person, draft: Draft, stale: bool) -> None:
        rng, habits = self.rng, self.habits
        if rng.random() < self.rates.address_empty:
            draft.mistakes.append("address_empty")
            return
        address = person.residence_address
        if habits.other_property and rng.random() < habits.other_property:
            address = city_address(rng)
        elif person.previous_address and _is_old(draft, person.moved_on, stale):
            address = person.previous_address
        draft.values["residence_address"] = address_written(rng, address, habits.addresses)


def _is_old(draft: Draft, changed_on: date | None, stale: bool) -> bool:
    """Whether the record has what was before a change; noted where it had had time to learn."""
    if changed_on is None:
        return False
    if draft.observed_on >= changed_on and stale:
        draft.mistakes.append("stale")
    return draft.observed_on < changed_on or stale
