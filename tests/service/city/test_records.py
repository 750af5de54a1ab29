"""What departments write is wrong, old and empty as often as `service.city.rates` says, and not oftener."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from random import Random

import pytest
from stdnum.cn import ric

from service.city import City, Person, generate, mistakes
from service.city.departments import FORMS
from service.city.lookalikes import PINYIN, SAME_SHAPE, SAME_SOUND
from service.city.rates import LICENCE_RATES, ORGANISATION_RATES, PERSON_RATES

Records = list[tuple[Person, dict[str, str], tuple[str, ...]]]


@pytest.fixture(scope="module")
def city() -> City:
    return generate(5_000, 7)


def records_of(city: City, source: str) -> Iterator[tuple[Person, dict[str, str], tuple[str, ...]]]:
    """The person, the values by Yishu's names and the mistakes of each whole record of a department."""
    people = {person.id: person for person in city.things.people}
    form = FORMS[source, "person"]
    for row in city.rows(source, "person"):
        key = ("person", source, row[form.record_id])
        if key not in city.broken and "alone" not in city.mistakes.get(key, ()):
            values = {attribute: row[column] for attribute, column in form.columns.items()}
            yield people[city.truth[key]], values, city.mistakes.get(key, ())


def near(count: int, of: int, rate: float) -> bool:
    """Within four standard deviations of the rate."""
    return abs(count - of * rate) <= 4 * math.sqrt(of * rate * (1 - rate)) + 2


@pytest.mark.parametrize("source", list(PERSON_RATES))
def test_people_are_mistaken_at_the_declared_rates(city: City, source: str) -> None:
    rates = PERSON_RATES[source]
    records: Records = list(records_of(city, source))
    made = Counter(mistake for _, _, mistakes_made in records for mistake in mistakes_made)
    for mistake in ("phone_empty", "phone_filler", "phone_digit"):
        assert near(made[mistake], len(records), getattr(rates, mistake)), mistake
    with_id = [(p, values, m) for p, values, m in records if p.resident_id]
    for mistake in ("id_empty", "id_filler", "id_digit", "id_transposed", "id_recomputed", "id_spaced"):
        assert near(made[mistake], len(with_id), getattr(rates, mistake)), mistake
    old = [p for p, _, _ in with_id if p.birth_date.year < 1982]
    assert near(made["id_fifteen"], len(old), rates.id_fifteen)
    held = len({p.id for p, _, _ in records})
    assert near(len(records) - held, held, rates.duplicate)


@pytest.mark.parametrize("source", list(PERSON_RATES))
def test_what_is_not_noted_as_a_mistake_is_right(city: City, source: str) -> None:
    for person, values, made in records_of(city, source):
        if not any(mistake.startswith("name") or mistake == "stale" for mistake in made) and person.resident_id:
            assert values["name"] in (person.name, person.former_name)
        if values["resident_id"] and person.resident_id and not any(mistake.startswith("id") for mistake in made):
            assert values["resident_id"] == person.resident_id
        if not any(mistake.startswith("birth") for mistake in made) and "birth_date" in values:
            digits = [int(part) for part in _date_parts(values["birth_date"])]
            assert digits == [person.birth_date.year, person.birth_date.month, person.birth_date.day]


def _date_parts(text: str) -> tuple[str, str, str]:
    if text.isdigit():
        return text[:4], text[4:6], text[6:]
    year, month, day = "".join(c if c.isdigit() else " " for c in text).split()
    return year, month, day


def test_mistaken_ids_fail_the_check_but_for_those_that_are_meant_to_pass(city: City) -> None:
    failing, passing = 0, 0
    owners = {person.resident_id: person for person in city.things.people if person.resident_id}
    for source in PERSON_RATES:
        for person, values, made in records_of(city, source):
            number = values["resident_id"]
            if "id_digit" in made or "id_transposed" in made:
                failing += 1
                assert number[-1] not in ric.calc_check_digit(number) or not number[:17].isdigit()
            if "id_relative" in made:
                relative = owners[number]
                assert relative.id in (person.mother_id, person.father_id, person.spouse_id)
            if "id_recomputed" in made:
                passing += 1
                assert number[-1] == ric.calc_check_digit(number)
                assert number != person.resident_id
    assert failing > 20
    assert passing > 0


def test_health_has_newborns_without_id_under_a_parents_phone(city: City) -> None:
    people = {person.id: person for person in city.things.people}
    newborns = [
        (person, values)
        for person, values, made in records_of(city, "health")
        if person.kind == "NEWBORN" and not any(mistake.startswith("phone") or mistake == "stale" for mistake in made)
    ]
    assert len(newborns) >= 10
    for person, values in newborns:
        assert not values["resident_id"]
        phone = values["phone"].removeprefix("+86").replace("-", "").replace(" ", "")
        parents = [people[i] for i in (person.mother_id, person.father_id) if i]
        assert phone in [p for parent in parents for p in (parent.phone, parent.previous_phone)]


def test_organisations_and_licences_are_mistaken_at_the_declared_rates(city: City) -> None:
    made: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    counts = Counter((kind, source) for kind, source, _ in city.truth)
    for (kind, source, _), names in city.mistakes.items():
        made[kind, source].update(names)
    for source, organisation_rates in ORGANISATION_RATES.items():
        key = ("organisation", source)
        for mistake in ("code_empty", "phone_empty", "address_empty", "representative_empty"):
            assert near(made[key][mistake], counts[key], getattr(organisation_rates, mistake)), (source, mistake)
    for source, licence_rates in LICENCE_RATES.items():
        key = ("licence", source)
        for mistake in ("number_style", "date_empty", "holder_code_empty"):
            assert near(made[key][mistake], counts[key], getattr(licence_rates, mistake)), (source, mistake)


def test_organisations_appear_under_every_kind_of_name_and_code(city: City) -> None:
    made = Counter(m for (kind, _, _), names in city.mistakes.items() if kind == "organisation" for m in names)
    for mistake in ("name_brackets", "name_no_form", "name_no_place", "code_old", "code_wrong", "code_owner", "stale"):
        assert made[mistake] > 0, mistake
    codes = Counter(len(row["NSRSBH"]) for row in city.rows("taxation", "organisation"))
    assert codes[18] > codes[15] > 0
    hyphened = [row for row in city.rows("statistics", "organisation") if "-" in row["组织机构代码"]]
    assert hyphened


def test_one_licence_is_reported_by_its_issuer_and_by_others(city: City) -> None:
    reporters = defaultdict(set)
    for (kind, source, _), thing in city.truth.items():
        if kind == "licence":
            reporters[thing].add(source)
    several = sum(len(sources) > 1 for sources in reporters.values())
    assert several > 0.6 * len(reporters)
    assert all(licence.issuing_source in reporters[licence.id] for licence in city.things.licences)


def test_look_alikes_are_other_characters_of_the_same_sound_or_shape() -> None:
    for alike in (SAME_SOUND, SAME_SHAPE):
        assert all(others and character not in others for character, others in alike.items())
    for character, others in SAME_SOUND.items():
        assert {PINYIN[other] for other in others} == {PINYIN[character]}


def test_a_mistake_that_cannot_be_made_leaves_the_text() -> None:
    rng = Random(1)
    assert mistakes.homophone(rng, "约翰·史密斯・X") != ""
    assert mistakes.transposed(rng, "1111") == "1111"
    assert mistakes.digit_wrong(rng, "无") == "无"
    assert mistakes.pinyin("阿卜杜拉·买买提") == "阿卜杜拉·买买提"
    assert mistakes.separators(rng, "张伟") == "张伟"
    assert mistakes.latin(rng, "金珉俊") == "金珉俊"
