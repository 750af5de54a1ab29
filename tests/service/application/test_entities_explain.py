"""Why an entity is one: its links with their evidence, bridges, the weakest link, and what was left outside."""

import pytest

from matching.records import RecordRef
from service.application.entities import EntityLink, EntityReader
from service.application.types_in_force import EXACT_WEIGHT
from service.storage.base import Verdict
from tests.pupils import School, accepted, pupil_features, pupil_scorer, said
from tests.town import HEALTH, MARKET, Town

ANN, BOB, CAT = (RecordRef(source, "1") for source in ("clinic", "registry", "school"))
DAN = RecordRef("school", "2")


@pytest.fixture
def reader(school: School) -> EntityReader:
    return EntityReader(school.store, lambda: school.types)


def ends(link: EntityLink) -> tuple[RecordRef, RecordRef]:
    return link.first, link.second


def test_each_link_shows_its_weight_as_the_sum_of_the_prior_and_each_comparison(
    school: School, reader: EntityReader
) -> None:
    accepted(school.tell(said(ANN, name="an", code="12"), said(BOB, name="an", code="12")))
    (link,) = reader.explain(school.entity_id(ANN)).links
    rows = [pupil_features(name="an", code="12")] * 2
    assert (ends(link), link.weight) == ((ANN, BOB), pupil_scorer().weigh(rows, [(0, 1)])[0])
    by_name = {part.comparison: part for part in link.comparisons}
    assert {name: part.label for name, part in by_name.items()} == {
        "name": "same", "code": "same", "phones": "missing", "town": "missing",
    }  # fmt: skip
    assert by_name["name"].term_frequency_weight < 0, "an is a common name"
    parts = sum(part.weight + part.term_frequency_weight for part in link.comparisons)
    assert link.prior_weight + parts == pytest.approx(link.weight)
    assert (link.decided, link.in_force, link.bridge) == (False, True, True)


def test_the_bridge_and_the_weakest_link_are_what_the_entity_hangs_on(school: School, reader: EntityReader) -> None:
    """ann, bob and cat share a code; dan hangs on cat by a phone and a name."""
    pair = [said(ref, name="ci", code="12") for ref in (ANN, BOB)]
    accepted(school.tell(*pair, said(CAT, name="ci", code="12", phone="1"), said(DAN, name="ci", phone="1")))
    explanation = reader.explain(school.entity_id(ANN))
    assert {ends(link) for link in explanation.links if link.bridge} == {(CAT, DAN)}
    assert {ends(link) for link in explanation.links} == {(ANN, BOB), (ANN, CAT), (BOB, CAT), (CAT, DAN)}
    assert ends(explanation.links[explanation.weakest]) == (CAT, DAN)
    weights = [link.weight or 0.0 for link in explanation.links]
    assert weights == sorted(weights, reverse=True)


def test_a_link_of_the_review_band_inside_an_entity_is_shown_but_holds_nothing(
    school: School, reader: EntityReader
) -> None:
    """bob and cat would be asked about, were they not one already through ann; without ann they would not be one."""
    accepted(
        school.tell(
            said(ANN, name="an", phone="1", code="12", town="x"),
            said(BOB, name="an", phone="1", code="12"),
            said(CAT, name="an", phone="1", town="x"),
        )
    )
    strong, *others, weak = reader.explain(school.entity_id(BOB)).links
    assert [ends(link) for link in (strong, *others)] == [(ANN, BOB), (ANN, CAT)]
    assert all(link.in_force and link.bridge for link in (strong, *others))
    assert (ends(weak), weak.in_force, weak.bridge) == ((BOB, CAT), False, False)
    assert weak.weight is not None
    assert school.pupil.keep_weight <= weak.weight < school.pupil.link_weight
    assert reader.explain(school.entity_id(BOB)).weakest == 1


def test_a_decision_is_a_link_of_its_own_and_stronger_than_any_weight(school: School, reader: EntityReader) -> None:
    accepted(school.tell(said(ANN, name="an", code="12"), said(BOB, name="an", code="12"), said(CAT, name="bo")))
    school.steward.decide(BOB, CAT, Verdict.MATCH, "steward", "same child")
    explanation = reader.explain(school.entity_id(CAT))
    first, second = explanation.links
    assert (ends(first), first.decided, first.in_force, first.bridge) == ((BOB, CAT), True, True, True)
    assert (ends(second), second.decided, second.bridge) == ((ANN, BOB), False, True)
    assert explanation.weakest == 1


def test_a_link_that_a_strong_identifier_overruled_is_outside_on_both_sides(
    school: School, reader: EntityReader
) -> None:
    accepted(
        school.tell(
            said(ANN, name="ci", code="11", phone="1", town="x"), said(BOB, name="ci", code="22", phone="1", town="x")
        )
    )
    one, other = (reader.explain(school.entity_id(ref)) for ref in (ANN, BOB))
    assert (one.links, one.weakest) == ((), -1)
    assert one.outside == other.outside
    (link,) = one.outside
    assert (ends(link), link.in_force, link.bridge) == ((ANN, BOB), False, False)
    assert link.weight is not None
    assert link.weight >= school.pupil.link_weight
    assert {part.comparison: part.label for part in link.comparisons}["code"] == "other"


def test_a_decided_pair_below_both_thresholds_is_outside_only_where_the_decision_was_to_match(
    school: School, reader: EntityReader
) -> None:
    accepted(school.tell(said(ANN, name="an", town="x", phone="1"), said(BOB, name="bo", town="y", phone="2")))
    school.steward.decide(ANN, BOB, Verdict.NON_MATCH, "steward", "")
    assert reader.explain(school.entity_id(ANN)).outside == ()


def test_a_merged_id_is_explained_as_its_survivor(school: School, reader: EntityReader) -> None:
    accepted(school.tell(said(ANN, name="an"), said(BOB, name="bo")))
    first, second = school.entity_id(ANN), school.entity_id(BOB)
    school.steward.decide(ANN, BOB, Verdict.MATCH, "steward", "")
    assert reader.explain(second) == reader.explain(first)
    assert reader.explain(second).entity_id == first


def test_an_entity_of_one_record_has_no_links_and_no_weakest(school: School, reader: EntityReader) -> None:
    accepted(school.tell(said(ANN, name="an")))
    explanation = reader.explain(school.entity_id(ANN))
    assert (explanation.links, explanation.weakest, explanation.outside) == ((), -1, ())


def test_a_licence_is_one_by_its_key_and_needs_no_more_evidence(town: Town) -> None:
    reader = EntityReader(town.store, lambda: town.types)
    first = town.licence(HEALTH, "1", type_code="JY1", number="JY1")
    second = town.licence(MARKET, "1", type_code="JY1", number="jy1")
    (link,) = reader.explain(reader.of_record(first).id).links
    assert (ends(link), link.weight, link.comparisons, link.bridge) == ((first, second), EXACT_WEIGHT, (), True)


def test_without_a_model_only_decisions_hold_an_entity_together(town: Town) -> None:
    reader = EntityReader(town.store, lambda: town.types)
    first = town.person(HEALTH, "1", name="张伟国", phone="13800000000")
    second = town.person(HEALTH, "2", name="张伟国", phone="13800000000")
    assert reader.of_record(first).id != reader.of_record(second).id
    town.steward.decide(first, second, Verdict.MATCH, "steward", "")
    (link,) = reader.explain(reader.of_record(first).id).links
    assert (link.weight, link.comparisons, link.decided, link.in_force) == (None, (), True, True)
