"""A department's records of one entity type, numbered and in the department's own words.

Always true: a record id is unique in its sheet and says nothing about the thing; a record that is not listed as broken
has every required value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from service.city.departments import Form
from service.city.drawing import pick
from service.city.mistakes import FILLERS
from service.city.rates import BROKEN
from service.city.things import TODAY

__all__ = ["Draft", "Row", "Sheet", "Submission", "seen_on", "sheet"]


@dataclass(slots=True)
class Draft:
    """A record by Yishu's names, before it is numbered and coded. `mistakes` are names of rates."""

    thing_id: str
    observed_on: date
    values: dict[str, str]
    mistakes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Submission:
    """One record as its department sends it: (column, text) pairs, the empty ones left out. `observed_at` is in UTC."""

    source: str
    entity_type: str
    record_id: str
    values: tuple[tuple[str, str], ...]
    observed_at: datetime


class Row(NamedTuple):
    """One line of a sheet; the texts are in the order of the form's columns, empty where there is nothing."""

    record_id: str
    thing_id: str
    observed_at: datetime
    texts: tuple[str, ...]
    mistakes: tuple[str, ...]
    broken: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of a department's records of one entity type."""

    form: Form
    rows: Sequence[Row]

    def submission(self, row: Row) -> Submission:
        """One of the rows, as it is sent."""
        columns = self.form.columns.values()
        values = tuple((column, text) for column, text in zip(columns, row.texts, strict=True) if text)
        return Submission(self.form.source, self.form.entity_type, row.record_id, values, row.observed_at)

    def file(self) -> Iterator[dict[str, str]]:
        """The rows as lines of the department's file, with the columns of its record id and its time of observation."""
        form = self.form
        columns = (form.record_id, *form.columns.values(), form.observed_at)
        for row in self.rows:
            texts = (row.record_id, *row.texts, form.moment_written(row.observed_at))
            yield dict(zip(columns, texts, strict=True))


def seen_on(rng: Random, years: int, earliest: date, latest: date = TODAY) -> date:
    """A day of observation within that many years before the latest; recent days come up more."""
    span = min((latest - earliest).days, years * 365)
    return latest - timedelta(days=int(rng.random() ** 1.6 * max(0, span)))


def sheet(form: Form, drafts: list[Draft], rng: Random) -> Sheet:
    """Number the drafts in a random order, write codes as the department does, and break a few."""
    rng.shuffle(drafts)
    number = 1_000_000 + int(rng.random() * 1_000_000)
    rows = []
    for draft in drafts:
        number += 1 + int(rng.random() * 3)
        values = draft.values
        broken = rng.random() < BROKEN
        if broken:
            values[pick(rng, form.required)] = "" if rng.random() < 0.6 else pick(rng, (*FILLERS, "  "))
        texts = []
        for attribute in form.columns:
            text = values.get(attribute, "")
            codes = form.codes.get(attribute)
            texts.append(codes.get(text, text) if codes else text)
        rows.append(
            Row(
                f"{form.prefix}{number:08d}", draft.thing_id, form.moment(draft.observed_on, int(rng.random() * 86400)),
                tuple(texts), tuple(draft.mistakes), broken,
            )
        )  # fmt: skip
    return Sheet(form, rows)
