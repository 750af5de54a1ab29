"""The people, organisations and licences that are there: numbers that pass, hard cases that are present."""

import itertools
from collections import Counter, defaultdict
from datetime import date

import pytest
from stdnum.cn import ric, uscc

from service.city import TODAY, City, OrganisationKind, Person, PersonKind, generate
from service.city.identifiers import (
    fifteen_digits,
    licence_identifier,
    organisation_code,
    permanent_residence_card_2023,
    registration_number,
    resident_id,
)


@pytest.fixture(scope="module")
def city() -> City:
    return generate(5_000, 7)


@pytest.fixture(scope="module")
def people(city: City) -> dict[str, Person]:
    return {person.id: person for person in city.things.people}


def test_numbers_of_published_examples() -> None:
    # From GB 11643-1999, from python-stdnum's documentation of USCCs, and from programs that check by GS 15-2006.
    assert resident_id("110105", date(1949, 12, 31), 2) == "11010519491231002X"
    assert fifteen_digits("11010519491231002X") == "110105491231002"
    assert organisation_code("60003734") == "600037341"
    assert uscc.is_valid("91110000600037341L")
    assert registration_number("110108", 1) == "110108000000016"


def test_a_resident_id_passes_its_check_and_says_birth_date_and_sex(people: dict[str, Person]) -> None:
    holders = [person for person in people.values() if person.resident_id]
    for person in holders:
        number = person.resident_id
        assert number[-1] == ric.calc_check_digit(number)
        assert ric.get_birth_date(number) == person.birth_date
        assert int(number[16]) % 2 == (person.sex == "1")
    # python-stdnum also asks that the region code was in force in the year of birth. People who were born before the
    # first IDs were issued (1984) carry the code of a later year, as they do in life; Taiwan's 83 is not in its table.
    later = [p.resident_id for p in holders if p.birth_date.year >= 1990 and p.kind is PersonKind.CITIZEN]
    assert len(later) > 1_000
    assert [number for number in later if not ric.is_valid(number)] == []


def test_no_two_people_share_an_id_or_a_document(people: dict[str, Person]) -> None:
    numbers = Counter(person.resident_id for person in people.values() if person.resident_id)
    assert numbers.most_common(1)[0][1] == 1
    documents = Counter(person.document_number for person in people.values() if person.document_number)
    assert documents.most_common(1)[0][1] == 1


def test_organisations_have_codes_that_pass_and_nest(city: City) -> None:
    seen = set()
    for organisation in city.things.organisations:
        assert uscc.is_valid(organisation.uscc)
        assert organisation.uscc[8:17] == organisation.organisation_code
        assert organisation_code(organisation.organisation_code[:8]) == organisation.organisation_code
        assert len(organisation.registration_number) in (0, 15)
        assert not organisation.previous_uscc or uscc.is_valid(organisation.previous_uscc)
        seen.add(organisation.uscc)
    assert len(seen) == len(city.things.organisations)


def test_licences_are_found_by_type_and_number_and_have_a_holder(city: City, people: dict[str, Person]) -> None:
    holders = set(people) | {organisation.id for organisation in city.things.organisations}
    keys = Counter((licence.type_code, licence.number) for licence in city.things.licences)
    assert keys.most_common(1)[0][1] == 1
    for licence in city.things.licences:
        assert licence.holder_id in holders
        assert licence.issued_on <= TODAY
        assert licence.valid_to is None or licence.valid_to > licence.valid_from
        assert uscc.is_valid(licence.issuer_code)
        assert uscc.is_valid(licence.type_code[:18])
        assert licence.identifier.startswith(f"1.2.156.3005.2.{licence.type_code}.{licence.issuer_code}.")
        expired = licence.valid_to is not None and licence.valid_to < TODAY
        assert licence.status != "VALID" or not expired
    statuses = Counter(licence.status for licence in city.things.licences)
    assert set(statuses) == {"VALID", "SUSPENDED", "REVOKED", "CANCELLED", "EXPIRED", "TRANSFERRED"}


def test_a_licence_identifier_notices_one_wrong_digit_and_two_swapped() -> None:
    serials = [f"00000000{digit}" for digit in range(10)] + ["000000010"]
    checks = {serial: licence_identifier("T1", "I1", serial, 1)[-1] for serial in serials}
    assert len({checks[serial] for serial in serials[:10]}) == 10
    assert checks["000000001"] != checks["000000010"]


def test_twins_share_all_but_given_name_and_the_end_of_the_id(people: dict[str, Person]) -> None:
    twins = [(person, people[person.twin_id]) for person in people.values() if person.twin_id]
    assert len(twins) >= 20
    for one, other in twins:
        assert other.twin_id == one.id
        assert (one.birth_date, one.household_id, one.residence_address) == (
            other.birth_date,
            other.household_id,
            other.residence_address,
        )
        assert one.mother_id == other.mother_id
        gap = abs(int(one.resident_id[14:17]) - int(other.resident_id[14:17]))
        assert gap <= 2 or gap > 900
        if one.age_on(TODAY) < 13 and one.mother_id:
            assert one.phone in (people[i].phone for i in (one.mother_id, one.father_id) if i)


def test_every_kind_of_person_that_is_hard_to_link_is_there(people: dict[str, Person]) -> None:
    everybody = list(people.values())
    kinds = Counter(person.kind for person in everybody)
    assert all(kinds[kind] for kind in PersonKind)
    for newborn in (person for person in everybody if person.kind is PersonKind.NEWBORN):
        assert (newborn.resident_id, bool(newborn.document_number)) == ("", True)
        assert newborn.phone in (people[newborn.mother_id].phone, people[newborn.father_id].phone)
    assert sum(bool(person.namesake_id) for person in everybody) >= 3
    assert sum(bool(person.former_name) for person in everybody) >= 30
    assert sum("·" in person.name for person in everybody) >= 20
    assert sum(person.life_status == "DECEASED" for person in everybody) >= 20
    assert sum(len(person.name) == 4 and "·" not in person.name for person in everybody) >= 1
    assert sum(person.birth_date.year < 1966 for person in everybody) >= 200
    family_phones = Counter(person.phone for person in everybody)
    assert sum(count > 1 for count in family_phones.values()) >= 300
    cards = {len(p.document_number) for p in everybody if p.kind is PersonKind.FOREIGNER}
    assert {9, 15, 18} <= cards


def test_a_foreigners_card_of_2023_passes_the_check_of_a_resident_id() -> None:
    card = permanent_residence_card_2023(840, "330200", date(1980, 5, 6), 12)
    assert len(card) == 18
    assert card.startswith("933840")
    assert card[-1] == ric.calc_check_digit(card)


def test_brothers_and_sisters_share_a_surname_and_often_a_character(people: dict[str, Person]) -> None:
    by_mother = defaultdict(list)
    for person in people.values():
        if person.mother_id and "·" not in person.name:
            by_mother[person.mother_id].append(person)
    pairs = [pair for children in by_mother.values() for pair in itertools.combinations(children, 2)]
    unchanged = [(a, b) for a, b in pairs if not (a.former_name or b.former_name)]
    same_surname = [(a, b) for a, b in unchanged if a.name[0] == b.name[0]]
    assert len(same_surname) > 0.9 * len(unchanged)
    assert sum(a.name[1] == b.name[1] for a, b in same_surname) > 0.2 * len(same_surname)


def test_every_kind_of_organisation_that_is_hard_to_link_is_there(city: City, people: dict[str, Person]) -> None:
    organisations = {organisation.id: organisation for organisation in city.things.organisations}
    kinds = Counter(organisation.kind for organisation in organisations.values())
    assert all(kinds[kind] for kind in OrganisationKind)
    for organisation in organisations.values():
        assert organisation.representative_id in people
        if organisation.parent_id:
            parent = organisations[organisation.parent_id]
            assert organisation.name.startswith(parent.name)
            assert organisation.brand == parent.brand
            assert organisation.uscc != parent.uscc
    traders = [o for o in organisations.values() if o.kind is OrganisationKind.SOLE_TRADER]
    assert sum(o.name == people[o.representative_id].name for o in traders) >= 5
    assert sum(bool(o.former_name) for o in organisations.values()) >= 10
    assert len({o.status for o in organisations.values()}) == 5
    brands = Counter(o.brand for o in organisations.values() if o.kind is OrganisationKind.COMPANY)
    assert sum(count > 1 for count in brands.values()) >= 5
    assert Counter(o.representative_id for o in organisations.values()).most_common(1)[0][1] >= 3


def test_representatives_were_grown_up(city: City, people: dict[str, Person]) -> None:
    for organisation in city.things.organisations:
        assert people[organisation.representative_id].age_on(organisation.established_on) >= 18
