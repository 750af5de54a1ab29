"""Searching: what a record with these values would be compared with, best first, nothing stored."""

import math

import pytest

from matching.records import RecordRef
from service.application.entities import EntityMatch, EntityReader
from service.application.search import probability
from service.application.types_in_force import EXACT_WEIGHT
from service.errors import InvalidRequest
from tests.pupils import School, accepted, pupil_features, pupil_scorer, said
from tests.town import HEALTH, MARKET, POLICE, Town, resident_id

ANN, BOB, CAT = RecordRef("clinic", "a"), RecordRef("registry", "b"), RecordRef("school", "c")


@pytest.fixture
def reader(school: School) -> EntityReader:
    return EntityReader(school.store, lambda: school.types)


def weights(matches: list[EntityMatch]) -> list[float]:
    return [match.weight for match in matches if match.weight is not None]


def test_the_best_fit_comes_first_with_the_weight_and_record_it_fits_by(school: School, reader: EntityReader) -> None:
    accepted(
        school.tell(
            said(ANN, name="an", code="12"), said(BOB, name="an", code="12", town="x"), said(CAT, name="an", town="x")
        )
    )
    query = {"name": "an", "code": "12", "town": "x"}
    found = reader.search("pupil", list(query.items()), 10, least_weight=-10.0)
    rows = [pupil_features(**values) for values in (query, query, {"name": "an", "town": "x"})]
    heaviest, other = pupil_scorer().weigh(rows, [(1, 0), (2, 0)])
    assert (found[0].ref, found[0].weight) == (BOB, heaviest)
    assert {match.entity.id for match in found} == {school.entity_id(BOB), school.entity_id(CAT)}
    assert len({match.entity.id for match in found}) == len(found)
    assert found[-1].weight in (heaviest, other)
    assert found[0].probability == pytest.approx(2**heaviest / (1 + 2**heaviest))


def test_what_weighs_less_than_asked_is_left_out_and_the_review_threshold_is_the_default(
    school: School, reader: EntityReader
) -> None:
    accepted(school.tell(said(ANN, name="an", town="x"), said(BOB, name="bo", code="12", phone="1")))
    query = [("name", "an"), ("town", "x"), ("code", "12"), ("phone", "2")]
    everything = reader.search("pupil", query, 10, least_weight=-100.0)
    assert [match.ref for match in everything] == [ANN, BOB]
    heaviest, lightest = weights(everything)
    kept = reader.search("pupil", query, 10)
    assert kept == everything[: 1 + (lightest >= school.pupil.keep_weight)]
    assert reader.search("pupil", query, 10, least_weight=heaviest) == everything[:1]
    assert reader.search("pupil", query, 1, least_weight=-100.0) == everything[:1]
    assert reader.search("pupil", query, 10, least_weight=heaviest + 0.1) == []


def test_searching_stores_nothing(school: School, reader: EntityReader) -> None:
    accepted(school.tell(said(ANN, name="an", code="12")))
    before = school.commits()
    assert reader.search("pupil", [("code", "12"), ("name", "never seen before"), ("town", "nor this")], 10)
    assert school.commits() == before
    with school.store.read() as snapshot:
        assert snapshot.block_keys.members("pupil", (0, "12"), 10) == [1]
        assert [row.ref for row in snapshot.records.all_current("pupil")] == [ANN]


def test_a_block_that_is_too_common_makes_no_candidates(school: School, reader: EntityReader) -> None:
    cap = next(rule.cap for rule in school.pupil.entity_type.rules if rule.features == ("phones",))
    refs = [RecordRef("clinic", str(number)) for number in range(cap + 1)]
    for ref in refs:
        accepted(school.tell(said(ref, name=f"n{ref.record_id}", phone="1")))
    assert reader.search("pupil", [("phone", "1")], 10, least_weight=-100.0) == []
    accepted(school.tell(said(refs[0], name="n0", phone="2")))
    assert len(reader.search("pupil", [("phone", "1")], 10, least_weight=-100.0)) == cap


def test_several_values_of_one_attribute_are_searched_for_together(school: School, reader: EntityReader) -> None:
    accepted(school.tell(said(ANN, name="an", phone="1"), said(BOB, name="bo", phone="2")))
    found = reader.search("pupil", [("phone", "1"), ("phone", "2")], 10, least_weight=-100.0)
    assert {match.ref for match in found} == {ANN, BOB}


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ([("wings", "2")], "values.wings", "UNKNOWN_ATTRIBUTE"),
        ([("name", "x" * 41)], "values.name", "TOO_LONG"),
        ([("phone", str(number)) for number in range(4)], "values.phone", "TOO_MANY_VALUES"),
        ([("town", "x")], "values", "TOO_LITTLE"),
        ([("code", "999")], "values", "TOO_LITTLE"),
        ([], "values", "TOO_LITTLE"),
    ],
)
def test_what_cannot_be_searched_by_is_refused(
    reader: EntityReader, values: list[tuple[str, str]], field: str, reason: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        reader.search("pupil", values, 10)
    assert [(v.field, v.reason) for v in refused.value.violations] == [(field, reason)]


def test_too_little_says_what_would_be_enough(reader: EntityReader) -> None:
    with pytest.raises(InvalidRequest, match="code; name and town; phone; phone and name"):
        reader.search("pupil", [("town", "x")], 10)


def test_an_unknown_type_is_refused(reader: EntityReader) -> None:
    with pytest.raises(InvalidRequest, match="pupil"):
        reader.search("dragon", [("name", "x")], 10)


def test_an_exact_type_is_found_by_its_key_beyond_doubt(town: Town) -> None:
    reader = EntityReader(town.store, lambda: town.types)
    ref = town.licence(MARKET, "1", type_code="JY1", number="JY1")
    (match,) = reader.search("licence", [("type_code", "jy1"), ("number", "jy1")], 10)
    assert (match.ref, match.weight) == (ref, EXACT_WEIGHT)
    assert match.probability == pytest.approx(1)
    assert reader.search("licence", [("type_code", "jy1"), ("number", "jy2")], 10) == []


def test_a_type_without_a_model_finds_unweighed_what_shares_block_keys_most_first(town: Town) -> None:
    reader = EntityReader(town.store, lambda: town.types)
    number = resident_id("33020319900101001")
    one = town.person(HEALTH, "1", name="张伟国", birth_date="1990-01-01")
    both = town.person(POLICE, "1", name="张伟国", resident_id=number, birth_date="1990-01-01")
    query = [("name", "张伟国"), ("resident_id", number)]
    found = reader.search("person", query, 10)
    assert [(match.ref, match.weight, match.probability) for match in found] == [(both, None, None), (one, None, None)]
    assert reader.search("person", query, 10, least_weight=-100.0) == []


def test_a_probability_is_two_to_the_weight_over_one_and_that_however_far_out() -> None:
    assert probability(0.0) == 0.5
    assert probability(3.0) == pytest.approx(8 / 9)
    assert probability(-3.0) == pytest.approx(1 / 9)
    assert probability(1e6) == 1.0
    assert probability(-1e6) == pytest.approx(0.0)
    assert not math.isnan(probability(-math.inf) or 0.0)
