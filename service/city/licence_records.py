"""What each department wrote down about licences: its own, and copies of others'."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random

from service.city import mistakes
from service.city.departments import Form, written
from service.city.drawing import pick
from service.city.identifiers import fifteen_digits
from service.city.rates import LICENCE_RATES
from service.city.sheets import Draft, seen_on
from service.city.things import TODAY, Licence, Organisation, Person

__all__ = ["licence_drafts"]


def licence_drafts(
    form: Form, licences: Sequence[Licence], holders: Mapping[str, Person | Organisation], rng: Random
) -> Iterator[Draft]:
    """The records of one department, in the order of the licences."""
    desk = _Desk(form, holders, rng)
    for licence in licences:
        own = licence.issuing_source == form.source
        if own or rng.random() < desk.rates.copies:
            yield desk.write(licence)
            if rng.random() < desk.rates.duplicate:
                yield desk.write(licence)


class _Desk:
    """One department's clerk."""

    def __init__(self, form: Form, holders: Mapping[str, Person | Organisation], rng: Random) -> None:
        self.form = form
        self.holders = holders
        self.rng = rng
        self.rates = LICENCE_RATES[form.source]

    def write(self, licence: Licence) -> Draft:
        """One record."""
        rng, rates, form = self.rng, self.rates, self.form
        observed_on = seen_on(rng, rates.years, min(licence.issued_on + timedelta(days=1), TODAY))
        values = {
            "type_code": licence.type_code,
            "type_name": licence.type_name,
            "number": licence.number,
            "issuer": licence.issuer,
            "issuer_code": licence.issuer_code,
            "valid_from": written(licence.valid_from, form.dates),
        }
        draft = Draft(licence.id, observed_on, values)
        if rng.random() < rates.number_style:
            values["number"] = self._restyled(licence.number)
            draft.mistakes.append("number_style")
        if rng.random() < rates.date_empty:
            draft.mistakes.append("date_empty")
        else:
            values["issued_on"] = written(licence.issued_on, form.dates)
        if licence.valid_to:
            values["valid_to"] = written(licence.valid_to, form.dates)
        if "identifier" in form.columns:
            if rng.random() < rates.identifier_empty:
                draft.mistakes.append("identifier_empty")
            else:
                values["identifier"] = licence.identifier
        self._holder(licence, draft)
        changed = licence.status_since is not None and observed_on >= licence.status_since
        if changed and rng.random() < rates.status_late:
            draft.mistakes.append("status_late")
            changed = False
        values["status"] = licence.status if changed else "VALID"
        return draft

    def _holder(self, licence: Licence, draft: Draft) -> None:
        rng, rates, values, made = self.rng, self.rates, draft.values, draft.mistakes
        if rng.random() < rates.holder_empty:
            made.append("holder_empty")
            return
        holder = self.holders[licence.holder_id]
        name = holder.name
        if holder.renamed_on and (draft.observed_on < holder.renamed_on or rng.random() < rates.holder_former_name):
            name = holder.former_name
            made.append("holder_former_name")
        elif rng.random() < rates.holder_name_wrong:
            wrong = mistakes.miswritten(rng, name)
            if wrong != name:
                name = wrong
                made.append("holder_name_wrong")
        values["holder_name"] = name
        if isinstance(holder, Person):
            code, kind, old = holder.resident_id, "111", fifteen_digits(holder.resident_id)
            had_old = holder.birth_date.year < 1982
        else:
            code, kind, old = holder.uscc, "001", holder.registration_number
            had_old = bool(old)
        draw = rng.random()
        if draw < rates.holder_code_empty:
            made.append("holder_code_empty")
            return
        if draw < rates.holder_code_empty + rates.holder_code_wrong:
            made.append("holder_code_wrong")
            code = mistakes.digit_wrong(rng, code)
        elif had_old and rng.random() < rates.holder_code_old:
            made.append("holder_code_old")
            code = old
        values["holder_code"] = code
        values["holder_code_type"] = kind

    def _restyled(self, number: str) -> str:
        if "〔" in number:
            left, right = pick(self.rng, (("[", "]"), ("(", ")"), ("（", "）"), ("【", "】")))
            return number.replace("〔", left).replace("〕", right)
        return mistakes.full_width(number)
