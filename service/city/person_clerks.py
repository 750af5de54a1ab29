"""How a department writes a person's name, numbers and birth: right, or with a mistake at that department's rates.

A clerk writes into a draft and notes its mistakes there by the names of `service.city.rates.PersonRates`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from service.city import mistakes
from service.city.characters import RARE_CHARACTERS
from service.city.departments import Form, written
from service.city.drawing import Weighted, pick
from service.city.identifiers import fifteen_digits
from service.city.rates import PersonRates
from service.city.sheets import Draft
from service.city.things import Person, PersonKind

__all__ = ["RIGHT", "BirthClerk", "NameClerk", "NumberClerk", "outcomes", "relatives"]

RIGHT = "right"
"""The outcome without a mistake."""

_RARE = frozenset(RARE_CHARACTERS)
_FIFTEEN_UNTIL = 1982
_ID_FILLERS = (*mistakes.FILLERS, "111111111111111111", "000000000000000000", "身份证未带")
_AS_CHILD_OF = {"1": "之子", "2": "之女"}
_NAME_CHANGES: dict[str, Callable[[Random, str], str]] = {
    "name_homophone": mistakes.homophone,
    "name_shape": mistakes.shape_alike,
    "name_spaced": mistakes.spaced,
    "name_noted": mistakes.noted,
    "name_traditional": lambda _, name: mistakes.traditional(name),
    "name_pinyin": lambda _, name: mistakes.pinyin(name),
}
AFTER_MOTHER = 0.2
"""Newborns whom a hospital calls after their mother (李芳之子), at an age below 60 days."""
NO_ID_YET = 30
"""Days after the birth in which nobody has a resident ID."""
DOCUMENT_IN_PLACE_OF_ID = 0.6
"""People from abroad whose document is written in the place of the ID, where the form has no place for it."""


def outcomes(rates: PersonRates, *names: str) -> Weighted[str]:
    """Mistakes that exclude one another, each with its rate, and RIGHT with what is left."""
    shares = [(name, float(getattr(rates, name))) for name in names]
    return Weighted([*shares, (RIGHT, 1 - sum(share for _, share in shares))])


def relatives(person: Person, people: Sequence[Person]) -> list[Person]:
    """Mother, father and spouse, those who are in the city."""
    return [people[int(i[1:]) - 1] for i in (person.mother_id, person.father_id, person.spouse_id) if i]


class NameClerk:
    """Writes names."""

    def __init__(self, form: Form, rates: PersonRates, knows_former: float) -> None:
        self._rates = rates
        self._hospital = form.source == "health"
        self._knows_former = knows_former
        self._outcomes = outcomes(
            rates, "name_homophone", "name_shape", "name_traditional", "name_spaced", "name_noted", "name_pinyin"
        )

    def write(self, rng: Random, person: Person, draft: Draft, stale: bool, people: Sequence[Person]) -> None:
        """The name as it was at the time, or the one before where the record is stale."""
        days_old = (draft.observed_on - person.birth_date).days
        if self._hospital and days_old < 60 and person.mother_id and rng.random() < AFTER_MOTHER:
            draft.values["name"] = relatives(person, people)[0].name + _AS_CHILD_OF[person.sex]
            draft.mistakes.append("name_of_newborn")
            return
        name = self._known(rng, person, draft, stale)
        mistake = self._outcomes.draw(rng)
        if mistake != RIGHT:
            wrong = _NAME_CHANGES[mistake](rng, name)
            if wrong != name:
                draft.mistakes.append(mistake)
                draft.values["name"] = wrong
                return
        draft.values["name"] = self._as_typed(rng, person, name, draft)

    def _known(self, rng: Random, person: Person, draft: Draft, stale: bool) -> str:
        if person.renamed_on is None:
            return person.name
        if draft.observed_on < person.renamed_on:
            return person.former_name
        if stale:
            draft.mistakes.append("stale")
            return person.former_name
        if rng.random() < self._knows_former:
            draft.values["former_name"] = person.former_name
        return person.name

    def _as_typed(self, rng: Random, person: Person, name: str, draft: Draft) -> str:
        """What keyboards and old systems make of separators, Latin letters and rare characters."""
        if "·" in name and rng.random() < self._rates.name_separator:
            draft.mistakes.append("name_separator")
            return mistakes.separators(rng, name)
        if person.kind is PersonKind.FOREIGNER and rng.random() < self._rates.name_separator:
            return mistakes.latin(rng, name)
        if not _RARE.isdisjoint(name) and rng.random() < self._rates.name_rare_lost:
            draft.mistakes.append("name_rare_lost")
            return mistakes.rare_lost(rng, name)
        return name


class NumberClerk:
    """Writes resident IDs and other documents."""

    def __init__(self, form: Form, rates: PersonRates) -> None:
        self._rates = rates
        self._has_other_column = "document_number" in form.columns
        self._outcomes = outcomes(
            rates, "id_empty", "id_filler", "id_digit", "id_transposed", "id_recomputed", "id_relative", "id_spaced"
        )

    def write(self, rng: Random, person: Person, draft: Draft, people: Sequence[Person]) -> None:
        """The numbers that the form has a place for."""
        values = draft.values
        if person.kind is not PersonKind.CITIZEN:
            self._other_document(rng, person, values)
        number = person.resident_id
        if not number or (draft.observed_on - person.birth_date).days < NO_ID_YET:
            return
        mistake = self._outcomes.draw(rng)
        wrong = number if mistake == RIGHT else self._mistaken(rng, person, mistake, people)
        if wrong != number:
            draft.mistakes.append(mistake)
            values["resident_id"] = wrong
        elif person.birth_date.year < _FIFTEEN_UNTIL and number[0] != "8" and rng.random() < self._rates.id_fifteen:
            draft.mistakes.append("id_fifteen")
            values["resident_id"] = fifteen_digits(number)
        elif number[-1] == "X" and rng.random() < self._rates.id_lower_x:
            draft.mistakes.append("id_lower_x")
            values["resident_id"] = number.lower()
        else:
            values["resident_id"] = number

    def _other_document(self, rng: Random, person: Person, values: dict[str, str]) -> None:
        if self._has_other_column:
            if not person.resident_id or rng.random() < 0.5:
                values["document_number"] = person.document_number
        elif (
            not person.resident_id and person.kind is not PersonKind.NEWBORN and rng.random() < DOCUMENT_IN_PLACE_OF_ID
        ):
            values["resident_id"] = person.document_number

    @staticmethod
    def _mistaken(rng: Random, person: Person, mistake: str, people: Sequence[Person]) -> str:
        number = person.resident_id
        if mistake == "id_relative":
            others = [relative.resident_id for relative in relatives(person, people) if relative.resident_id]
            return pick(rng, others) if others else number
        if mistake == "id_filler":
            return pick(rng, _ID_FILLERS)
        if mistake == "id_spaced":
            return mistakes.full_width(number) if rng.random() < 0.4 else f"{number[:6]} {number[6:14]} {number[14:]}"
        change = {
            "id_digit": mistakes.digit_wrong,
            "id_transposed": mistakes.transposed,
            "id_recomputed": mistakes.recomputed,
        }.get(mistake)
        return change(rng, number) if change else ""


class BirthClerk:
    """Writes birth dates and sexes."""

    def __init__(self, form: Form, rates: PersonRates) -> None:
        self._dates = form.dates
        self._births = outcomes(rates, "birth_empty", "birth_wrong", "birth_swapped", "birth_partial")
        self._sexes = outcomes(rates, "sex_empty", "sex_wrong")

    def write(self, rng: Random, person: Person, draft: Draft) -> None:
        """Both, each with its own mistakes."""
        self._birth(rng, person, draft)
        mistake = self._sexes.draw(rng)
        if mistake != RIGHT:
            draft.mistakes.append(mistake)
        if mistake != "sex_empty":
            draft.values["sex"] = person.sex if mistake == RIGHT else str(3 - int(person.sex))

    def _birth(self, rng: Random, person: Person, draft: Draft) -> None:
        mistake, day = self._births.draw(rng), person.birth_date
        if mistake == "birth_wrong":
            day = mistakes.day_off(rng, day)
        elif mistake == "birth_swapped":
            day = mistakes.day_month_swapped(day)
        if mistake in ("birth_empty", "birth_partial") or day != person.birth_date:
            draft.mistakes.append(mistake)
        if mistake != "birth_empty":
            draft.values["birth_date"] = str(day.year) if mistake == "birth_partial" else written(day, self._dates)
