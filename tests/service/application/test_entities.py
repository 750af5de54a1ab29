"""Reading entities: redirects for ever, what they were, by record and identifier, version by version."""

from datetime import UTC, datetime, timedelta

import pytest

from matching.records import RecordRef
from service.application.entities import EntityReader, EntityView, RelationView
from service.errors import InvalidRequest, NotFound, StoreUnavailable
from service.storage.base import EntityState, Verdict
from tests.pupils import NOON, School, accepted, gone, said
from tests.town import MARKET, POLICE, Town, resident_id, uscc

ANN, BOB, CAT = RecordRef("clinic", "a"), RecordRef("registry", "b"), RecordRef("school", "c")
ZHANG = resident_id("33020319900101001")


@pytest.fixture
def reader(school: School) -> EntityReader:
    return EntityReader(school.store, lambda: school.types)


def tell(school: School, ref: RecordRef, **values: str) -> str:
    """Submits one record; the id of its entity."""
    (answer,) = accepted(school.tell(said(ref, NOON, **values)))
    return answer.entity_id


def moment(school: School) -> datetime:
    """A time at or after the last commit and before the next."""
    with school.store.read() as snapshot:
        last = snapshot.changes.since(0, 10_000)[-1].at
    while datetime.now(UTC) <= last + timedelta(microseconds=2):
        pass
    return last + timedelta(microseconds=1)


def golden(view: EntityView) -> dict[str, str]:
    return {attribute: value.winner.standard for attribute, value in view.golden.items()}


def test_an_entity_shows_its_golden_record_with_lineage_its_records_and_its_model(
    school: School, reader: EntityReader
) -> None:
    entity = tell(school, ANN, name="an", code="12", phone="1")
    assert tell(school, BOB, name="an", code="12", town="y") == entity
    view = reader.get(entity)
    assert (view.id, view.entity_type, view.state, view.version) == (entity, "pupil", EntityState.ACTIVE, 2)
    assert golden(view) == {"name": "an", "code": "12", "phone": "1", "town": "y"}
    assert list(view.golden) == ["name", "code", "phone", "town"]
    assert (view.golden["name"].winner.ref, view.golden["phone"].winner.ref) == (BOB, ANN)
    assert [value.ref for value in view.golden["name"].losing] == [ANN]
    assert view.members == ((ANN, 1), (BOB, 1))
    assert (view.model_version, view.merged_into) == (school.pupil.model_version, "")


def test_an_id_that_was_never_given_is_not_found(reader: EntityReader) -> None:
    never = "01M80JDCXRSKSQ0WJGHH1N55PX"
    for read in (reader.get, reader.explain, lambda entity_id: reader.versions(entity_id, 10)):
        with pytest.raises(NotFound):
            read(never)


def test_a_merged_id_answers_as_its_survivor_through_any_number_of_merges(school: School, reader: EntityReader) -> None:
    first, second, third = (tell(school, ref, name=name) for ref, name in ((ANN, "an"), (BOB, "bo"), (CAT, "ci")))
    school.steward.decide(BOB, CAT, Verdict.MATCH, "steward", "")
    assert reader.get(third).id == second
    school.steward.decide(ANN, BOB, Verdict.MATCH, "steward", "")
    for entity in (first, second, third):
        assert reader.get(entity).id == first
        assert [ref for ref, _ in reader.get(entity).members] == [ANN, BOB, CAT]


def test_a_merged_id_redirects_even_after_its_records_left_again(school: School, reader: EntityReader) -> None:
    first, second = tell(school, ANN, name="an"), tell(school, BOB, name="bo")
    decision = school.steward.decide(ANN, BOB, Verdict.MATCH, "steward", "")
    school.steward.revoke(decision.decision, "steward")
    assert reader.get(second).id == first
    parted = reader.of_record(BOB)
    assert parted.id not in (first, second)


def test_as_of_shows_an_entity_as_it_was_in_its_own_state(school: School, reader: EntityReader) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    first, second = tell(school, ANN, name="an"), tell(school, BOB, name="bo")
    apart = moment(school)
    school.steward.decide(ANN, BOB, Verdict.MATCH, "steward", "")
    together = moment(school)
    tell(school, ANN, name="ci")

    assert (golden(reader.get(second, apart)), reader.get(second, apart).state) == ({"name": "bo"}, EntityState.ACTIVE)
    merged = reader.get(second, together)
    assert (merged.id, merged.state, merged.merged_into) == (second, EntityState.MERGED, first)
    assert (merged.golden, merged.members) == ({}, ())
    assert reader.get(first, together).members == ((ANN, 1), (BOB, 1))
    assert reader.get(first).members == ((ANN, 2), (BOB, 1))
    with pytest.raises(NotFound):
        reader.get(first, before)


def test_a_record_leads_to_its_entity_now_and_then(school: School, reader: EntityReader) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    first, second = tell(school, ANN, name="an"), tell(school, BOB, name="bo")
    apart = moment(school)
    school.steward.decide(ANN, BOB, Verdict.MATCH, "steward", "")
    assert reader.of_record(BOB).id == first
    then = reader.of_record(BOB, apart)
    assert (then.id, golden(then), then.state) == (second, {"name": "bo"}, EntityState.ACTIVE)
    with pytest.raises(NotFound):
        reader.of_record(BOB, before)
    with pytest.raises(NotFound):
        reader.of_record(CAT)


def test_a_withdrawn_record_belongs_to_no_entity_and_the_last_one_retires_its_entity(
    school: School, reader: EntityReader
) -> None:
    entity = tell(school, ANN, name="an")
    held = moment(school)
    accepted(school.tell(gone(ANN)))
    with pytest.raises(NotFound, match="withdrawn"):
        reader.of_record(ANN)
    assert reader.of_record(ANN, held).id == entity
    assert (reader.get(entity).state, reader.get(entity).golden) == (EntityState.RETIRED, {})


def test_an_identifier_is_standardised_before_it_is_looked_for(town: Town) -> None:
    reader = EntityReader(town.store, lambda: town.types)
    town.person(POLICE, "1", name="张伟国", resident_id="11010519491231002X")
    for written in ("11010519491231002x", "110105491231002", "１１０１０５１９４９１２３１００２Ｘ"):
        (found,) = reader.by_identifier("person", "resident_id", written)
        assert golden(found)["name"] == "张伟国"
    assert reader.by_identifier("person", "resident_id", ZHANG) == []


def test_an_identifier_can_have_several_entities_the_oldest_first(school: School, reader: EntityReader) -> None:
    ids = [tell(school, ref, name="an", code=code) for ref, code in ((ANN, "11"), (BOB, "22"), (CAT, "33"))]
    assert [view.id for view in reader.by_identifier("pupil", "name", "an")] == ids


@pytest.mark.parametrize(
    ("entity_type", "attribute", "value", "field", "reason"),
    [
        ("dragon", "name", "x", "identifier.entity_type", "UNKNOWN_TYPE"),
        ("pupil", "wings", "x", "identifier.attribute", "UNKNOWN_ATTRIBUTE"),
        ("pupil", "town", "x", "identifier.attribute", "NOT_A_LOOKUP"),
        ("pupil", "name", "", "identifier.value", "REQUIRED"),
        ("pupil", "name", "x" * 41, "identifier.value", "TOO_LONG"),
        ("pupil", "code", "999", "identifier.value", "LENGTH"),
    ],
)
def test_an_identifier_that_cannot_be_looked_for_is_refused_with_the_remedy(
    reader: EntityReader, entity_type: str, attribute: str, value: str, field: str, reason: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        reader.by_identifier(entity_type, attribute, value)
    (violation,) = refused.value.violations
    assert (violation.field, violation.reason) == (field, reason)
    assert len(value) < 2 or value not in violation.description
    if reason in ("UNKNOWN_ATTRIBUTE", "NOT_A_LOOKUP"):
        assert violation.description.endswith("name, code")


def test_versions_are_listed_newest_first_page_by_page_and_never_redirect(school: School, reader: EntityReader) -> None:
    first, second = tell(school, ANN, name="an"), tell(school, BOB, name="bo")
    tell(school, BOB, name="bo", town="x")
    school.steward.decide(ANN, BOB, Verdict.MATCH, "steward", "")
    listed = reader.versions(second, 10)
    assert [(v.entity.version, v.reason) for v in listed] == [(3, "merged"), (2, "records changed"), (1, "created")]
    assert {v.entity.id for v in listed} == {second}
    assert (listed[0].entity.state, listed[0].entity.merged_into) == (EntityState.MERGED, first)
    assert [golden(v.entity) for v in listed[1:]] == [{"name": "bo", "town": "x"}, {"name": "bo"}]
    page = reader.versions(second, 2)
    assert page == listed[:2]
    assert reader.versions(second, 2, before=page[-1].entity.version) == listed[2:]
    assert reader.versions(second, 2, before=1) == []


def test_relations_are_shown_of_the_present_version_and_lead_to_the_survivor(town: Town) -> None:
    reader = EntityReader(town.store, lambda: town.types)
    firm = town.organisation(MARKET, "1", name="宁波某某餐饮有限公司", uscc=uscc(12345678), status="存续")
    licence = town.licence(MARKET, "2", type_code="JY1", number="JY1", holder_code=uscc(12345678))
    town.licence(MARKET, "2", type_code="JY1", number="JY1", holder_code=uscc(12345678), issuer="x")
    now, before = (version.entity for version in reader.versions(reader.of_record(licence).id, 10))
    assert now.relations == (RelationView("holder", reader.of_record(firm).id, "code"),)
    assert before.relations == ()
    town.withdraw(firm)
    assert reader.of_record(licence).relations == (RelationView("holder", "", "none_fits"),)


def test_a_store_that_cannot_be_read_is_not_an_entity_that_does_not_exist(school: School, reader: EntityReader) -> None:
    entity = tell(school, ANN, name="an")
    school.store.close()
    with pytest.raises(StoreUnavailable):
        reader.get(entity)
