"""A city with its truth: what there is, what the departments sent, and which record speaks of which thing.

Always true: the same people and seed give the same city in every process, whichever of its parts is asked for first;
every submission has a line in the truth. The city is made where it is first asked for: sheets of one department and
type only when their rows are wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from service.city.departments import FORMS
from service.city.drawing import stream
from service.city.licence_records import licence_drafts
from service.city.licences import issue
from service.city.organisation_records import organisation_drafts
from service.city.organisations import found
from service.city.person_records import person_drafts
from service.city.population import populate
from service.city.sheets import Row, Sheet, Submission, sheet
from service.city.things import Organisation, Person, Things

__all__ = ["City", "Key", "generate"]

Key = tuple[str, str, str]
"""(entity type, source, record id)."""


def generate(people: int, seed: int) -> City:
    """A city of so many people (at least 1), the same for the same seed. Raises ValueError for fewer."""
    if people < 1:
        raise ValueError(f"a city needs at least 1 person, not {people}")
    return City(people, seed)


class City:
    """A generated city. Everything on it is read-only."""

    def __init__(self, people: int, seed: int) -> None:
        self.people = people
        self.seed = seed
        self._sheets: dict[tuple[str, str], Sheet] = {}

    @cached_property
    def things(self) -> Things:
        """The people, organisations and licences as they really are."""
        people = populate(self.people, self.seed)
        organisations = found(people, self.seed)
        return Things(people, organisations, issue(people, organisations, self.seed))

    @property
    def departments(self) -> tuple[tuple[str, str], ...]:
        """(source, entity type) of every file there is."""
        return tuple(FORMS)

    def rows(self, source: str, entity_type: str) -> list[dict[str, str]]:
        """A department's file: its columns, with those of its record id and its time of observation, to text.

        Raises KeyError for a source that sends nothing of that type.
        """
        return list(self._sheet(source, entity_type).file())

    def submissions(self) -> Iterator[Submission]:
        """Every record of every department, in a seeded order that mixes departments and types."""
        sheets = [self._sheet(*key) for key in FORMS]
        order = [(i, j) for i, sheet in enumerate(sheets) for j in range(len(sheet.rows))]
        stream(self.seed, "order of submissions").shuffle(order)
        for i, j in order:
            yield sheets[i].submission(sheets[i].rows[j])

    @cached_property
    def truth(self) -> Mapping[Key, str]:
        """Record to the id of the thing it speaks of, the broken records too."""
        return {key: row.thing_id for key, row in self._all()}

    @cached_property
    def broken(self) -> frozenset[Key]:
        """The records that lack a required value on purpose."""
        return frozenset(key for key, row in self._all() if row.broken)

    @cached_property
    def mistakes(self) -> Mapping[Key, tuple[str, ...]]:
        """Record to what is wrong, old or missing in it, by the names of `service.city.rates`; others are left out."""
        return {key: row.mistakes for key, row in self._all() if row.mistakes}

    def _all(self) -> Iterator[tuple[Key, Row]]:
        for source, entity_type in FORMS:
            for row in self._sheet(source, entity_type).rows:
                yield (entity_type, source, row.record_id), row

    @cached_property
    def _holders(self) -> Mapping[str, Person | Organisation]:
        holders: dict[str, Person | Organisation] = {person.id: person for person in self.things.people}
        holders.update({organisation.id: organisation for organisation in self.things.organisations})
        return holders

    def _sheet(self, source: str, entity_type: str) -> Sheet:
        key = (source, entity_type)
        if key not in self._sheets:
            form, things = FORMS[key], self.things
            rng = stream(self.seed, f"{entity_type} records of {source}")
            if entity_type == "person":
                drafts = person_drafts(form, things.people, rng)
            elif entity_type == "organisation":
                drafts = organisation_drafts(form, things.organisations, things.people, rng)
            else:
                drafts = licence_drafts(form, things.licences, self._holders, rng)
            self._sheets[key] = sheet(form, list(drafts), rng)
        return self._sheets[key]
