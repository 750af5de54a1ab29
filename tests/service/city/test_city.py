"""What the generated city promises: the same for the same seed, a complete truth, numbers that pass their checks."""

import hashlib
import itertools
import os
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.city import TODAY, City, PersonKind, generate
from service.city.departments import FORMS

ROOT = Path(__file__).resolve().parents[3]
DIGEST = """
import hashlib, sys
from service.city import generate
city = generate(300, 11)
digest = hashlib.sha256()
for submission in city.submissions():
    digest.update(repr(submission).encode())
digest.update(repr((city.things, list(city.truth.items()), sorted(city.broken), list(city.mistakes.items()))).encode())
print(digest.hexdigest())
"""


@pytest.fixture(scope="module")
def city() -> City:
    return generate(5_000, 7)


@pytest.fixture(scope="module")
def configured() -> dict[str, Any]:
    sources: dict[str, Any] = tomllib.loads((ROOT / "configs" / "sources.toml").read_text("utf-8"))["sources"]
    return sources


def digest_of(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    finished = subprocess.run(
        [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True
    )
    return finished.stdout.strip()


def test_the_same_seed_gives_the_same_city_in_every_process() -> None:
    here = generate(300, 11)
    digest = hashlib.sha256()
    for submission in here.submissions():
        digest.update(repr(submission).encode())
    parts = (here.things, list(here.truth.items()), sorted(here.broken), list(here.mistakes.items()))
    digest.update(repr(parts).encode())
    assert {digest_of("1"), digest_of("4242")} == {digest.hexdigest()}


def test_the_city_does_not_depend_on_what_is_asked_for_first() -> None:
    rows_first, submissions_first = generate(200, 3), generate(200, 3)
    rows = {key: rows_first.rows(*key) for key in reversed(rows_first.departments)}
    submissions = list(submissions_first.submissions())
    assert list(rows_first.submissions()) == submissions
    assert {key: submissions_first.rows(*key) for key in rows} == rows


def test_another_seed_gives_another_city() -> None:
    assert generate(200, 3).things != generate(200, 4).things


def test_it_has_exactly_so_many_people_and_names_only_people_of_its_own() -> None:
    for people in (1, 2, 37, 600):
        things = generate(people, 5).things
        assert len(things.people) == people
        known = {person.id for person in things.people}
        for person in things.people:
            named = {person.mother_id, person.father_id, person.spouse_id, person.twin_id, person.namesake_id}
            assert named - {""} <= known - {person.id}


def test_a_city_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 person"):
        generate(0, 1)


def test_the_truth_knows_every_submission_and_nothing_else(city: City) -> None:
    keys = [(s.entity_type, s.source, s.record_id) for s in city.submissions()]
    assert len(set(keys)) == len(keys)
    assert set(keys) == set(city.truth)
    ids = {
        thing.id for things in (city.things.people, city.things.organisations, city.things.licences) for thing in things
    }
    assert set(city.truth.values()) <= ids
    assert set(city.broken) <= set(keys)
    assert set(city.mistakes) <= set(keys)


def test_submissions_mix_the_departments(city: City) -> None:
    first = Counter((s.source, s.entity_type) for s, _ in zip(city.submissions(), range(600), strict=False))
    assert set(first) == set(FORMS)
    assert max(first.values()) < 300


def test_a_file_and_its_submissions_say_the_same(city: City) -> None:
    sent = {(s.source, s.entity_type, s.record_id): s for s in city.submissions()}
    for source, entity_type in city.departments:
        form = FORMS[source, entity_type]
        for row in city.rows(source, entity_type):
            submission = sent.pop((source, entity_type, row.pop(form.record_id)))
            assert row.pop(form.observed_at) == form.moment_written(submission.observed_at)
            assert {column: text for column, text in row.items() if text} == dict(submission.values)
    assert not sent


def test_nothing_is_observed_before_it_was_there_or_after_today(city: City) -> None:
    born = {person.id: person.birth_date for person in city.things.people}
    born |= {organisation.id: organisation.established_on for organisation in city.things.organisations}
    born |= {licence.id: licence.issued_on for licence in city.things.licences}
    end = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC) + timedelta(hours=16)
    for submission in city.submissions():
        thing = city.truth[submission.entity_type, submission.source, submission.record_id]
        assert submission.observed_at.tzinfo is UTC
        assert born[thing] <= (submission.observed_at + timedelta(hours=8)).date()
        assert submission.observed_at < end


def test_every_column_is_configured_and_maps_to_an_attribute_of_its_type(
    city: City, configured: dict[str, Any]
) -> None:
    files = {(source, kind) for source, entry in configured.items() for kind in entry["types"]}
    assert files == set(city.departments)
    for source, kind in files:
        entry = configured[source]["types"][kind]
        rows = city.rows(source, kind)
        assert set(rows[0]) == {*entry["columns"], entry["record_id"], entry["observed_at"]}
        declared = tomllib.loads((ROOT / "configs" / "types" / f"{kind}.toml").read_text("utf-8"))["attributes"]
        assert set(entry["columns"].values()) | set(entry["required"]) <= set(declared)


def test_the_forms_say_what_the_configuration_says(configured: dict[str, Any]) -> None:
    for (source, kind), form in FORMS.items():
        entry = configured[source]["types"][kind]
        assert entry["columns"] == {column: attribute for attribute, column in form.columns.items()}
        assert (entry["record_id"], entry["observed_at"]) == (form.record_id, form.observed_at)
        assert tuple(entry["required"]) == form.required
        for attribute, codes in form.codes.items():
            for ours, theirs in codes.items():
                assert entry["codes"][attribute][theirs] == ours


def test_codes_that_departments_write_are_configured(city: City, configured: dict[str, Any]) -> None:
    for source, kind in city.departments:
        entry = configured[source]["types"][kind]
        for attribute, codes in entry.get("codes", {}).items():
            column = FORMS[source, kind].columns[attribute]
            written = {
                row[column]
                for row in city.rows(source, kind)
                if (kind, source, row[entry["record_id"]]) not in city.broken
            }
            assert written - {""} <= set(codes), (source, kind, attribute)


def test_only_the_records_listed_as_broken_lack_a_required_value(city: City, configured: dict[str, Any]) -> None:
    fillers = {"", "无", "不详", "/", "N/A", "未知", "-", "  "}
    lacking = set()
    for source, kind in city.departments:
        entry = configured[source]["types"][kind]
        required = [FORMS[source, kind].columns[attribute] for attribute in entry["required"]]
        for row in city.rows(source, kind):
            if any(row[column] in fillers for column in required):
                lacking.add((kind, source, row[entry["record_id"]]))
    assert lacking == city.broken
    assert 0.0004 < len(lacking) / len(city.truth) < 0.002


def test_record_ids_say_nothing_about_the_thing(city: City) -> None:
    ids = [(s.record_id, city.truth[s.entity_type, s.source, s.record_id]) for s in city.submissions()]
    police = sorted((record, thing) for record, thing in ids if record.startswith("3302P"))
    things = [thing for _, thing in police]
    rising = sum(a < b for a, b in itertools.pairwise(things))
    assert 0.45 < rising / len(things) < 0.55


def test_about_three_records_a_person_and_three_and_a_half_an_organisation(city: City) -> None:
    records = Counter(kind for kind, _, _ in city.truth)
    assert 2.8 < records["person"] / len(city.things.people) < 3.4
    assert 3.2 < records["organisation"] / len(city.things.organisations) < 3.8
    assert 1.3 < records["licence"] / len(city.things.licences) < 2.2
    assert len(city.things.organisations) == 5_000 // 12


def test_two_people_of_the_same_name_sex_and_birthday_have_ids_of_their_own(city: City) -> None:
    by_id = {person.id: person for person in city.things.people}
    namesakes = [person for person in city.things.people if person.namesake_id]
    assert namesakes
    for person in namesakes:
        other = by_id[person.namesake_id]
        assert (person.name, person.sex, person.birth_date) == (other.name, other.sex, other.birth_date)
        assert person.kind is PersonKind.CITIZEN
        assert person.resident_id != other.resident_id
