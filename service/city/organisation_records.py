"""What each department wrote down about the organisations of the city."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from service.city import mistakes
from service.city.departments import Form, written
from service.city.drawing import Weighted, pick
from service.city.rates import ORGANISATION_RATES
from service.city.sheets import Draft, seen_on
from service.city.things import TODAY, Organisation, Person
from service.city.writing import AddressHabit, address_written, phone_written

__all__ = ["HELD", "organisation_drafts", "without_form"]

HELD: dict[str, dict[str, float]] = {
    "market_regulation": {"COMPANY": 1.0, "SOLE_TRADER": 1.0, "BRANCH": 1.0, "NON_PROFIT": 0.0},
    "taxation": {"COMPANY": 0.95, "SOLE_TRADER": 0.80, "BRANCH": 0.9, "NON_PROFIT": 0.6},
    "human_resources": {"COMPANY": 0.80, "SOLE_TRADER": 0.28, "BRANCH": 0.5, "NON_PROFIT": 0.95},
    "statistics": {"COMPANY": 0.85, "SOLE_TRADER": 0.25, "BRANCH": 0.45, "NON_PROFIT": 0.85},
    "ecology": {"COMPANY": 0.45, "SOLE_TRADER": 0.25, "BRANCH": 0.3, "NON_PROFIT": 0.15},
}
"""Share of the organisations of a kind that a department has a record of: about 3.5 departments for a company."""

_ADDRESSES = {
    "market_regulation": AddressHabit(full=0.7, city=0.2, district=0.1, house=0),
    "taxation": AddressHabit(full=0.3, city=0.4, district=0.3, house=0),
    "human_resources": AddressHabit(full=0.1, city=0.4, district=0.4, house=0.1),
    "statistics": AddressHabit(full=0.8, city=0.1, district=0.1, house=0),
    "ecology": AddressHabit(full=0.1, city=0.2, district=0.5, house=0.2),
}
ORGANISATION_CODE_TOO = 0.6
"""Records of a department with a column for the organisation code that fill it in beside the USCC."""
REGISTRATION_NUMBER_KEPT = 0.7
"""Records of the market regulator that still have the registration number of before 2015."""
FORMER_NAME_KEPT = {"market_regulation": 0.8, "ecology": 0.3}
"""Records of renamed organisations that have the former name."""

_LEGAL_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "商行", "厂", "店", "部", "馆", "院")


def without_form(name: str) -> str:
    """A name without its legal form."""
    for form in _LEGAL_FORMS:
        if name.endswith(form) and len(name) > len(form) + 3:
            return name[: -len(form)]
    return name


def organisation_drafts(
    form: Form, organisations: Sequence[Organisation], people: Sequence[Person], rng: Random
) -> Iterator[Draft]:
    """The records of one department, in the order of the organisations."""
    desk = _Desk(form, organisations, people, rng)
    held = HELD[form.source]
    for organisation in organisations:
        if rng.random() < held[organisation.kind]:
            yield desk.write(organisation)
            if rng.random() < desk.rates.duplicate:
                yield desk.write(organisation)


class _Desk:
    """One department's clerk."""

    def __init__(
        self, form: Form, organisations: Sequence[Organisation], people: Sequence[Person], rng: Random
    ) -> None:
        self.form = form
        self.organisations = organisations
        self.people = people
        self.rng = rng
        r = self.rates = ORGANISATION_RATES[form.source]
        shares = (
            ("name_no_form", r.name_no_form), ("name_short", r.name_short), ("name_no_place", r.name_no_place),
            ("name_character", r.name_character), ("name_traditional", r.name_traditional),
            ("name_spaced", r.name_spaced),
        )  # fmt: skip
        self.name_mistakes = Weighted([*shares, ("right", 1 - sum(share for _, share in shares))])

    def write(self, organisation: Organisation) -> Draft:
        """One record."""
        rng, rates, columns = self.rng, self.rates, self.form.columns
        observed_on = seen_on(rng, rates.years, min(organisation.established_on + timedelta(days=3), TODAY))
        draft = Draft(organisation.id, observed_on, {})
        stale = rng.random() < rates.stale
        self._name(organisation, draft, stale)
        if rng.random() < rates.alone:
            draft.mistakes.append("alone")
            return draft
        self._codes(organisation, draft, stale)
        self._representative(organisation, draft, stale)
        self._place(organisation, draft, stale)
        if "established_on" in columns:
            self._established(organisation, draft)
        if "status" in columns:
            ended = organisation.ended_on is not None and observed_on >= organisation.ended_on
            if ended and rng.random() < rates.status_late:
                draft.mistakes.append("status_late")
                ended = False
            draft.values["status"] = organisation.status if ended else "ACTIVE"
        return draft

    def _is_old(self, draft: Draft, changed_on: date | None, stale: bool) -> bool:
        """Whether the record has what was before a change; noted where it had had time to learn."""
        if changed_on is None:
            return False
        if draft.observed_on < changed_on:
            return True
        if stale:
            draft.mistakes.append("stale")
        return stale

    def _name(self, organisation: Organisation, draft: Draft, stale: bool) -> None:
        rng, made = self.rng, draft.mistakes
        name = organisation.name
        if self._is_old(draft, organisation.renamed_on, stale):
            name = organisation.former_name
        elif organisation.former_name and rng.random() < FORMER_NAME_KEPT.get(self.form.source, 0.0):
            draft.values["former_name"] = organisation.former_name
        mistake = self.name_mistakes.draw(rng)
        wrong = self._mistaken_name(organisation, name, mistake)
        if wrong != name and wrong:
            made.append(mistake)
            name = wrong
        if "（" in name and rng.random() < self.rates.name_brackets:
            made.append("name_brackets")
            left, right = pick(rng, (("(", ")"), ("(", ")"), ("〔", "〕"), ("[", "]"), ("", "")))
            name = name.replace("（", left).replace("）", right)
        draft.values["name"] = name

    def _mistaken_name(self, organisation: Organisation, name: str, mistake: str) -> str:
        rng = self.rng
        if mistake == "name_no_form":
            return without_form(name)
        if mistake == "name_short":
            return organisation.short_name if name == organisation.name else name
        if mistake == "name_no_place":
            return name.removeprefix("宁波市").removeprefix("宁波").removeprefix("浙江")
        if mistake == "name_character":
            return mistakes.miswritten(rng, name)
        if mistake == "name_traditional":
            return mistakes.traditional(name)
        return mistakes.spaced(rng, name) if mistake == "name_spaced" else name

    def _codes(self, organisation: Organisation, draft: Draft, stale: bool) -> None:
        rng, values, columns = self.rng, draft.values, self.form.columns
        code = organisation.uscc
        if self._is_old(draft, organisation.reissued_on, stale):
            code = organisation.previous_uscc
        if "registration_number" in columns and rng.random() < REGISTRATION_NUMBER_KEPT:
            values["registration_number"] = organisation.registration_number
        written_code, mistake = self._mistaken_code(organisation, code)
        if mistake:
            draft.mistakes.append(mistake)
        if "uscc" in columns:
            values["uscc"] = written_code
            if "organisation_code" in columns and rng.random() < ORGANISATION_CODE_TOO:
                values["organisation_code"] = self._hyphened(code[8:17])
        else:
            values["organisation_code"] = self._hyphened(written_code[8:17])
        if mistake == "code_old" and "registration_number" in columns:
            values["uscc"], values["registration_number"] = "", organisation.registration_number

    def _mistaken_code(self, organisation: Organisation, code: str) -> tuple[str, str]:
        """The code as written and the mistake made, if any."""
        rng, rates = self.rng, self.rates
        draw = rng.random()
        if draw < rates.code_empty:
            return "", "code_empty"
        draw -= rates.code_empty
        if draw < rates.code_wrong:
            place = 8 + int(rng.random() * 8)
            wrong = pick(rng, [c for c in "0123456789ACEFHKMXY" if c != code[place]])
            return code[:place] + wrong + code[place + 1 :], "code_wrong"
        draw = rng.random()
        if organisation.kind == "SOLE_TRADER" and draw < rates.code_owner:
            return self._person(organisation.representative_id).resident_id, "code_owner"
        if organisation.kind == "BRANCH" and draw < rates.code_parent:
            return self.organisations[int(organisation.parent_id[1:]) - 1].uscc, "code_parent"
        if organisation.registration_number and rng.random() < rates.code_old:
            tax_number = code[2:8] + code[8:17]
            return tax_number if self.form.source == "taxation" else organisation.registration_number, "code_old"
        return code, ""

    def _hyphened(self, code: str) -> str:
        return f"{code[:8]}-{code[8:]}" if code and self.rng.random() < 0.35 else code

    def _representative(self, organisation: Organisation, draft: Draft, stale: bool) -> None:
        rng, rates, values = self.rng, self.rates, draft.values
        person = self._person(organisation.representative_id)
        if self._is_old(draft, organisation.representative_changed_on, stale):
            person = self._person(organisation.previous_representative_id)
        draw = rng.random()
        if draw < rates.representative_empty:
            draft.mistakes.append("representative_empty")
        elif draw < rates.representative_empty + rates.representative_wrong:
            wrong = mistakes.miswritten(rng, person.name)
            values["legal_representative"] = wrong
            if wrong != person.name:
                draft.mistakes.append("representative_wrong")
        else:
            values["legal_representative"] = person.name
        if "legal_representative_id" not in self.form.columns:
            return
        draw = rng.random()
        if draw < rates.representative_id_empty:
            draft.mistakes.append("representative_id_empty")
        elif person.resident_id:
            wrong_id = draw < rates.representative_id_empty + rates.representative_id_wrong
            if wrong_id:
                draft.mistakes.append("representative_id_wrong")
            number = person.resident_id
            values["legal_representative_id"] = mistakes.digit_wrong(rng, number) if wrong_id else number

    def _place(self, organisation: Organisation, draft: Draft, stale: bool) -> None:
        rng, rates, values = self.rng, self.rates, draft.values
        address = organisation.address
        if organisation.previous_address and self._is_old(draft, organisation.moved_on, stale):
            address = organisation.previous_address
        if rng.random() < rates.address_empty:
            draft.mistakes.append("address_empty")
        else:
            values["address"] = address_written(rng, address, _ADDRESSES[self.form.source])
        draw = rng.random()
        if draw < rates.phone_empty:
            draft.mistakes.append("phone_empty")
            return
        phone = organisation.phone
        if draw < rates.phone_empty + rates.phone_representative:
            draft.mistakes.append("phone_representative")
            phone = self._person(organisation.representative_id).phone
        values["phone"] = phone_written(rng, phone, 0.15, 0.03)

    def _established(self, organisation: Organisation, draft: Draft) -> None:
        rates, draw = self.rates, self.rng.random()
        day = organisation.established_on
        if draw < rates.established_empty:
            draft.mistakes.append("established_empty")
        elif draw < rates.established_empty + rates.established_partial:
            draft.mistakes.append("established_partial")
            draft.values["established_on"] = (
                f"{day.year}年{day.month}月"
                if draw < rates.established_empty + 0.6 * rates.established_partial
                else f"{day.year}"
            )
        else:
            draft.values["established_on"] = written(day, self.form.dates)

    def _person(self, person_id: str) -> Person:
        return self.people[int(person_id[1:]) - 1]
