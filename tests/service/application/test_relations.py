"""A licence leads to its holder: by code, or by name if exactly one fits; whichever came first; else a task asks."""

from __future__ import annotations

from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest

from matching.features import RecordStandardiser
from matching.records import RecordRef
from matching.schema import EntityType
from service.application.submissions import Submission
from service.application.types_in_force import TypeInForce
from service.catalogue.sources import Contract, Source
from service.storage.base import TaskKind, Verdict
from service.storage.sqlite import SqliteStore
from tests.pupils import NOON, accepted, school_of
from tests.town import HEALTH, MARKET, POLICE, Town, open_town, resident_id, uscc

ZHANG, LI = resident_id("33020319850315123"), resident_id("33020319900101456")
LICENCE = {"type_code": "食品经营许可证", "number": "JY1330203"}


def lead(town: Town, licence: RecordRef) -> tuple[str, str]:
    """The id of the entity that a licence's holder relation leads to (empty for none), and by what."""
    with town.store.read() as snapshot:
        record = snapshot.records.handles([licence])[licence][0]
        (relation,) = snapshot.relations.of(snapshot.membership.of([record])[record])
        if relation.target is None:
            return "", relation.by
        return snapshot.entities.rows([relation.target])[relation.target].id, relation.by


def entity_id(town: Town, ref: RecordRef) -> str:
    with town.store.read() as snapshot:
        record = snapshot.records.handles([ref])[ref][0]
        entity = snapshot.membership.of([record])[record]
        return snapshot.entities.rows([entity])[entity].id


def questions(town: Town) -> list[tuple[RecordRef, str]]:
    with town.store.read() as snapshot:
        tasks = [task for _, task, _ in snapshot.tasks.open("licence", 100)]
    assert {task.kind for task in tasks} <= {TaskKind.RELATION_UNRESOLVED}
    return [(task.first, task.detail) for task in tasks]


def test_the_holder_is_found_by_code_whichever_came_first(tmp_path: Path) -> None:
    told = {
        "person": lambda town: town.person(POLICE, "1", name="张伟国", resident_id=ZHANG),
        "namesake": lambda town: town.person(POLICE, "2", name="张伟国", resident_id=LI),
        "licence": lambda town: town.licence(HEALTH, "9", **LICENCE, holder_name="张伟国", holder_code=ZHANG.lower()),
    }
    for order in permutations(told):
        folder = tmp_path / "-".join(order)
        folder.mkdir()
        town = open_town(folder)
        with closing(town.store):
            refs = {name: told[name](town) for name in order}
            assert lead(town, refs["licence"]) == (entity_id(town, refs["person"]), "code")
            assert questions(town) == []


def test_an_organisation_is_found_by_its_credit_code(town: Town) -> None:
    firm = town.organisation(MARKET, "1", name="宁波市海曙区四明餐饮有限公司", uscc=uscc(7), status="存续")
    licence = town.licence(HEALTH, "9", **LICENCE, holder_name="别的名称", holder_code=uscc(7))
    assert lead(town, licence) == (entity_id(town, firm), "code")


def test_without_a_code_the_only_one_of_the_name_is_the_holder(town: Town) -> None:
    licence = town.licence(HEALTH, "9", **LICENCE, holder_name="张伟国")
    assert questions(town) == [(licence, "none_fits")]
    person = town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    assert lead(town, licence) == (entity_id(town, person), "name")
    assert questions(town) == []


def test_a_name_that_several_have_is_asked_about_until_one_is_left(town: Town) -> None:
    first = town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    licence = town.licence(HEALTH, "9", **LICENCE, holder_name="张伟国")
    second = town.person(POLICE, "2", name="张伟国", resident_id=LI)
    assert lead(town, licence) == ("", "several_fit")
    assert questions(town) == [(licence, "several_fit")]
    town.withdraw(first)
    assert lead(town, licence) == (entity_id(town, second), "name")
    assert questions(town) == []


def test_a_code_that_nobody_has_is_asked_about_though_the_name_fits(town: Town) -> None:
    town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    licence = town.licence(HEALTH, "9", **LICENCE, holder_name="张伟国", holder_code=LI)
    assert lead(town, licence) == ("", "none_fits")
    assert questions(town) == [(licence, "none_fits")]


def test_a_code_that_two_entities_have_is_asked_about(town: Town) -> None:
    town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    town.person(POLICE, "2", name="李小明", resident_id=ZHANG)
    licence = town.licence(HEALTH, "9", **LICENCE, holder_code=ZHANG)
    assert lead(town, licence) == ("", "several_fit")


def test_a_licence_that_names_nobody_is_asked_about(town: Town) -> None:
    licence = town.licence(HEALTH, "9", **LICENCE)
    assert questions(town) == [(licence, "nothing_given")]


def test_a_holder_that_is_withdrawn_opens_the_question_again_and_its_return_closes_it(town: Town) -> None:
    licence = town.licence(HEALTH, "9", **LICENCE, holder_code=ZHANG)
    person = town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    assert questions(town) == []
    town.withdraw(person)
    assert lead(town, licence) == ("", "none_fits")
    assert questions(town) == [(licence, "none_fits")]
    town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    assert lead(town, licence) == (entity_id(town, person), "code")
    assert questions(town) == []


def test_a_holder_whose_code_is_corrected_is_left_for_the_one_it_names(town: Town) -> None:
    zhang = town.person(POLICE, "1", name="张伟国", resident_id=LI)
    licence = town.licence(HEALTH, "9", **LICENCE, holder_code=ZHANG)
    assert questions(town) == [(licence, "none_fits")]
    town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    assert lead(town, licence) == (entity_id(town, zhang), "code")
    town.person(POLICE, "1", name="张伟国", resident_id=LI)
    assert lead(town, licence) == ("", "none_fits")


def test_a_holder_that_merges_is_followed_to_its_survivor(town: Town) -> None:
    first = town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    second = town.person(HEALTH, "2", name="张伟国", resident_id=ZHANG)
    licence = town.licence(HEALTH, "9", **LICENCE, holder_code=ZHANG)
    assert lead(town, licence) == ("", "several_fit")
    decision = town.steward.decide(first, second, Verdict.MATCH, "steward", "")
    assert lead(town, licence) == (entity_id(town, first), "code")
    assert questions(town) == []
    town.steward.revoke(decision.decision, "steward")
    assert lead(town, licence) == ("", "several_fit")
    assert questions(town) == [(licence, "several_fit")]


def test_a_licence_that_is_corrected_leads_elsewhere_and_one_that_is_withdrawn_asks_nothing(town: Town) -> None:
    zhang = town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    li = town.person(POLICE, "2", name="李小明", resident_id=LI)
    licence = town.licence(HEALTH, "9", **LICENCE, holder_code=ZHANG)
    assert lead(town, licence) == (entity_id(town, zhang), "code")
    town.licence(HEALTH, "9", **LICENCE, holder_code=LI)
    assert lead(town, licence) == (entity_id(town, li), "code")
    town.licence(HEALTH, "9", **LICENCE)
    assert questions(town) == [(licence, "nothing_given")]
    town.withdraw(licence)
    assert questions(town) == []


def test_two_licences_with_one_number_are_one_and_ask_once(town: Town) -> None:
    one = town.licence(HEALTH, "9", **LICENCE)
    other = town.licence(MARKET, "8", **LICENCE)
    assert entity_id(town, one) == entity_id(town, other)
    assert questions(town) == [(min(one, other), "nothing_given")]
    town.withdraw(min(one, other))
    assert questions(town) == [(max(one, other), "nothing_given")]


def test_licences_of_different_numbers_stay_two_whatever_a_steward_is_unsure_of(town: Town) -> None:
    """An exact type is joined by its key and by MATCH decisions, and by nothing else."""
    one = town.licence(HEALTH, "1", type_code="食品经营许可证", number="A1")
    other = town.licence(HEALTH, "2", type_code="食品经营许可证", number="B2")
    town.steward.decide(one, other, Verdict.UNSURE, "steward", "")
    assert entity_id(town, one) != entity_id(town, other)
    town.steward.decide(one, other, Verdict.MATCH, "steward", "")
    assert entity_id(town, one) == entity_id(town, other)


def test_each_of_two_relations_keeps_its_own_question(tmp_path: Path) -> None:
    """The answer to one must not close the question of the other."""
    text = {"semantic": "text", "lookup": True}
    exact = {"match": "exact", "features": {"key": {"from": ["key.standard"]}}, "exact_on": ["key"]}
    target = {"type": "firm", "code": "key", "name": "title"}
    firm = EntityType.model_validate({"name": "firm", **exact, "attributes": {"key": text, "title": text}})
    permit = EntityType.model_validate(
        {
            "name": "permit",
            **exact,
            "attributes": dict.fromkeys(("key", "owner", "owner_name", "agent", "agent_name"), text),
            "relations": [
                {"name": name, "code": name, "by_name": f"{name}_name", "targets": [target]}
                for name in ("owner", "agent")
            ],
        }
    )
    types = {kind.name: TypeInForce(kind, RecordStandardiser(kind), 0, 0, None) for kind in (firm, permit)}
    sources = {"office": Source(name="Office", types={"firm": Contract(), "permit": Contract()})}
    with SqliteStore.open(tmp_path / "yishu.db") as store:
        office = school_of(store, sources, types)

        def tell(record_id: str, entity_type: str, **values: str) -> None:
            accepted(office.tell(Submission("r", "office", record_id, entity_type, tuple(values.items()), NOON)))

        def open_questions() -> set[str]:
            with store.read() as snapshot:
                return {task.subject.rpartition(":")[2] for _, task, _ in snapshot.tasks.open("permit", 9)}

        tell("p", "permit", key="P", owner="F1", agent="F2")
        assert open_questions() == {"owner", "agent"}
        tell("f1", "firm", key="F1")
        assert open_questions() == {"agent"}
        tell("f2", "firm", key="F2")
        assert open_questions() == set()


@pytest.mark.parametrize("code", ["不详", ""])
def test_a_filler_is_no_code(town: Town, code: str) -> None:
    person = town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    licence = town.licence(HEALTH, "9", **LICENCE, holder_name="张伟国", holder_code=code)
    assert lead(town, licence) == (entity_id(town, person), "name")


@pytest.mark.parametrize("name", [{"holder_name": "张伟国"}, {}], ids=["with a name", "without one"])
def test_a_code_that_can_be_nobodys_is_asked_about_though_the_name_fits(town: Town, name: dict[str, str]) -> None:
    """Who typed it meant somebody, who need not be the one of that name."""
    person = town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    licence = town.licence(HEALTH, "9", **LICENCE, **name, holder_code="110101199001011231")
    assert lead(town, licence) == ("", "code_invalid")
    assert questions(town) == [(licence, "code_invalid")]
    town.licence(HEALTH, "9", **LICENCE, **name, holder_code=ZHANG)
    assert lead(town, licence) == (entity_id(town, person), "code")
    assert questions(town) == []


def test_a_code_that_one_record_has_wrong_and_another_right_is_the_code(town: Town) -> None:
    person = town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    wrong = town.licence(MARKET, "8", **LICENCE, holder_name="张伟国", holder_code="110101199001011231")
    nothing = town.licence(HEALTH, "9", **LICENCE, holder_name="张伟国")
    assert lead(town, wrong) == ("", "code_invalid")
    right = town.licence(HEALTH, "9", **LICENCE, holder_name="张伟国", holder_code=ZHANG)
    assert right == nothing
    assert lead(town, right) == (entity_id(town, person), "code")
    town.withdraw(right)
    assert questions(town) == [(wrong, "code_invalid")]
    town.licence(HEALTH, "9", **LICENCE, holder_name="张伟国")
    town.withdraw(wrong)
    assert lead(town, right) == (entity_id(town, person), "name")


def test_a_name_leads_to_its_holder_however_many_licences_give_it(town: Town) -> None:
    """The licence comes after 10,000 others of the name, which only their golden keys stand for here."""
    with town.store.write() as work:
        others = [work.entities.create(f"other-{number}", "licence") for number in range(10_000)]
        work.golden_keys.replace("licence", {other: [("holder_name", "张伟国")] for other in others})
        work.commit()
    licence = town.licence(HEALTH, "9", **LICENCE, holder_name="张伟国")
    person = town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    assert lead(town, licence) == (entity_id(town, person), "name")
    assert questions(town) == []
