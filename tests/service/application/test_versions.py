"""Versions of records: numbered without gaps, none for what says nothing new."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from matching.records import RecordRef
from matching.schema import EntityType
from service.application.answers import Rejected
from service.application.types_in_force import TypeInForce
from service.catalogue.sources import Source
from tests.pupils import NOON, School, accepted, gone, pupil, pupil_sources, said, school_of

A = RecordRef("clinic", "A")


def stored(school: School) -> list[tuple[int, bool, dict[str, tuple[str, ...]]]]:
    with school.store.read() as snapshot:
        return [(v.version, v.withdrawn, dict(v.values)) for v in snapshot.records.versions(A)]


def test_every_version_is_kept_as_it_was_sent(school: School) -> None:
    school.tell(said(A, name=" An "))
    school.tell(said(A, name="Bo", phone=["q", "p"]))
    school.tell(gone(A))
    school.tell(said(A, name="Bo"))
    assert stored(school) == [
        (1, False, {"name": (" An ",)}),
        (2, False, {"name": ("Bo",), "phone": ("q", "p")}),
        (3, True, {}),
        (4, False, {"name": ("Bo",)}),
    ]


@pytest.mark.parametrize("at", [NOON, None], ids=["with a time", "without a time"])
def test_the_same_said_again_is_no_version(school: School, at: datetime | None) -> None:
    told = said(A, at, name="An", phone=["p", "q"])
    school.tell(told)
    before = school.commits()
    for again in (told, replace(told, request_id="another")):
        (answer,) = accepted(school.tell(again))
        assert (answer.version, answer.outcome) == (1, "UNCHANGED")
    assert school.commits() == before


def test_attributes_in_another_order_are_the_same_and_values_in_another_order_are_not(school: School) -> None:
    school.tell(said(A, name="An", phone=["p", "q"]))
    assert accepted(school.tell(said(A, phone=["p", "q"], name="An")))[0].outcome == "UNCHANGED"
    assert accepted(school.tell(said(A, phone=["q", "p"], name="An")))[0].outcome == "UPDATED"


def test_the_same_said_of_another_time_is_a_version(school: School) -> None:
    school.tell(said(A, NOON, name="An"))
    assert accepted(school.tell(said(A, NOON + timedelta(microseconds=1), name="An")))[0].version == 2
    assert accepted(school.tell(said(A, None, name="An")))[0].version == 3
    assert accepted(school.tell(said(A, None, name="An")))[0].outcome == "UNCHANGED"


def test_without_a_time_the_fact_was_seen_when_its_version_was_received(school: School) -> None:
    school.tell(said(A, None, name="An"))
    school.tell(said(A, None, name="An"))
    with school.store.read() as snapshot:
        (version,) = snapshot.records.versions(A)
    assert version.observed_at == version.received_at
    assert not version.observed_given


def test_what_was_withdrawn_may_come_back_as_it_was_and_is_a_version(school: School) -> None:
    told = said(A, name="An")
    school.tell(told)
    school.tell(gone(A))
    (answer,) = accepted(school.tell(told))
    assert (answer.version, answer.outcome) == (3, "UPDATED")
    assert answer.entity_id


def test_the_same_record_twice_in_a_batch_counts_both_and_links_the_last(school: School) -> None:
    answers = accepted(school.tell(said(A, name="An"), said(A, name="Bo"), said(A, name="Bo")))
    assert [(answer.version, answer.outcome) for answer in answers] == [
        (1, "CREATED"),
        (2, "UPDATED"),
        (2, "UNCHANGED"),
    ]
    with school.store.read() as snapshot:
        (row,) = snapshot.records.all_current("pupil")
    assert (row.version, row.features["name"]) == (2, "bo")


def test_a_record_id_that_another_type_uses_is_refused(school: School) -> None:
    tables = {**pupil().model_dump(by_alias=True), "name": "teacher", "match": "exact", "exact_on": ["code"]}
    teacher = EntityType.model_validate(tables)
    kind = TypeInForce(teacher, school.pupil.standardiser, 0, 0, None)
    (contract,) = pupil_sources()["clinic"].types.values()
    sources = {"clinic": Source(name="Clinic", types={"pupil": contract, "teacher": contract})}
    both = school_of(school.store, sources, {**school.types, "teacher": kind})
    both.tell(said(A, name="An"))
    (refused,) = both.tell(replace(said(A, name="An"), entity_type="teacher"))
    assert isinstance(refused, Rejected)
    assert [(v.field, v.reason) for v in refused.violations] == [("record_id", "RECORD_ID_IN_USE")]
    assert stored(school) == [(1, False, {"name": ("An",)})]
    both.tell(gone(A))
    assert isinstance(both.tell(replace(said(A, name="An"), entity_type="teacher"))[0], Rejected)
