"""Points 1 to 6 of "what must always hold" in the design, each by name. Their properties are searched elsewhere too."""

from __future__ import annotations

from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest

from matching.features import RecordStandardiser
from matching.records import RecordRef
from matching.schema import EntityType
from matching.scoring import Scorer
from matching.survivorship import Rule
from service.application.golden import decode_golden
from service.application.reconcile import reconcile
from service.application.submissions import Intake
from service.application.types_in_force import TypeInForce, in_force
from service.catalogue.sources import Contract, Source
from service.errors import ConfigurationChanged
from service.storage.base import Snapshot, TaskKind, Verdict
from tests.pupils import NOON, School, accepted, gone, open_school, pupil, pupil_model, pupil_sources, said

A, B, C, D, E = (RecordRef("clinic", name) for name in "ABCDE")
TWIN = {"name": "Cy", "phone": "r", "town": "y"}


def entity_of(snapshot: Snapshot, ref: RecordRef) -> int:
    record = snapshot.records.handles([ref])[ref][0]
    return snapshot.membership.of([record])[record]


def leads_to(school: School, entity_id: str) -> str:
    """The id that an id leads to in the end."""
    with school.store.read() as snapshot:
        row = snapshot.entities.by_id(entity_id)
        assert row is not None
        for _ in range(100):
            if row.merged_into is None:
                return row.id
            row = snapshot.entities.rows([row.merged_into])[row.merged_into]
    raise AssertionError("a redirect that never ends")


def test_point_1_acknowledged_is_durable_and_the_same_sent_again_changes_nothing(tmp_path: Path) -> None:
    """1. Acknowledged is durable: what was answered is there after the process, and sending it again changes nothing.

    (`kill -9` and fsync: tests of the store and faults; here the file is copied as it is, without closing anything.)
    """
    school = open_school(tmp_path)
    told = [said(A, **TWIN), said(B, **TWIN), said(C, None, name="An")]
    answers = accepted(school.tell(*told))
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in tmp_path.glob("yishu.db*"):
        (copy / file.name).write_bytes(file.read_bytes())
    school.store.close()
    again = open_school(copy)
    before = again.commits()
    repeated = accepted(again.tell(*told))
    assert [(a.ref, a.version, a.entity_id) for a in repeated] == [(a.ref, a.version, a.entity_id) for a in answers]
    assert {a.outcome for a in repeated} == {"UNCHANGED"}
    assert again.commits() == before
    again.store.close()


def test_point_2_incremental_equals_batch_in_every_order(tmp_path: Path) -> None:
    """2. Incremental equals batch: every order of arrival gives what linking everything gives.

    (Corrections, withdrawals and decisions in any order: tests/properties/test_incremental_equals_batch.py.)
    """
    told = [said(A, **TWIN, code="33"), said(B, **TWIN), said(C, **TWIN, code="44"), said(D, name="Cy", code="33")]
    found = set()
    for number, order in enumerate(permutations(told)):
        folder = tmp_path / str(number)
        folder.mkdir()
        school = open_school(folder)
        with closing(school.store):
            for submission in order:
                accepted(school.tell(submission))
            with school.store.read() as snapshot:
                entities = {ref: entity_of(snapshot, ref) for ref in (A, B, C, D)}
                changes = snapshot.changes.since(0, 1_000)
            found.add(frozenset(frozenset(r for r in entities if entities[r] == e) for e in entities.values()))
            if number % 8 == 0:
                reconcile(school.store, school.intake, {"pupil": pupil()}, school.pupil)
                with school.store.read() as snapshot:
                    assert snapshot.changes.since(0, 1_000) == changes
    assert len(found) == 1


def test_point_3_every_golden_value_has_one_source(school: School) -> None:
    """3. Every golden value has one source: record, version, rule and when; the values that lost are listed too."""
    police = RecordRef("registry", "1")
    school.tell(said(police, name="Cy", code="33", phone="r"), said(B, **TWIN, code="33"))
    school.tell(said(B, name="Cyy", code="33", phone=["s", "r"]))
    assert school.entity_id(police) == school.entity_id(B)
    with school.store.read() as snapshot:
        version = snapshot.entities.latest(entity_of(snapshot, B))
        assert version is not None
        members = dict(version.members)
        golden = decode_golden(version.golden)
        for value in golden.values():
            for sourced in (value.winner, *value.losing):
                stored = snapshot.records.versions(sourced.ref)[sourced.version - 1]
                assert members[sourced.ref] == sourced.version == stored.version
                assert sourced.raw in {raw for raws in stored.values.values() for raw in raws}
                assert (sourced.observed_at, sourced.received_at) == (stored.observed_at, stored.received_at)
    assert (golden["name"].winner.raw, golden["name"].rule) == ("Cy", Rule.AUTHORITY)
    assert [(v.raw, v.ref, v.version) for v in golden["name"].losing] == [("Cyy", B, 2)]
    assert (golden["phone"].winner.raw, golden["phone"].rule) == ("s", Rule.RECORD_ORDER)
    assert [(v.raw, v.ref) for v in golden["phone"].losing] == [("r", B), ("r", police)]


def test_point_4_entity_ids_are_stable(school: School) -> None:
    """4. Entity ids are stable: a merge keeps the older and redirects the other for ever; a split leaves the id with
    the largest part; an id is never used again."""
    school.tell(said(A, name="An", code="11"))
    school.tell(said(B, name="Bo", code="22"), said(C, name="Bo", code="22"))
    older, younger = school.entity_id(A), school.entity_id(B)
    assert older != younger == school.entity_id(C)

    decision = school.steward.decide(A, B, Verdict.MATCH, "lisi", "")
    assert {school.entity_id(ref) for ref in (A, B, C)} == {older}
    assert leads_to(school, younger) == older

    school.steward.revoke(decision.decision, "lisi")
    assert school.entity_id(B) == school.entity_id(C) == older, "the largest part keeps the id"
    fresh = school.entity_id(A)
    assert fresh not in {older, younger}
    assert leads_to(school, younger) == older

    school.steward.decide(A, B, Verdict.MATCH, "lisi", "")
    assert {school.entity_id(ref) for ref in (A, B, C)} == {older}
    assert leads_to(school, fresh) == leads_to(school, younger) == older

    school.tell(*(gone(ref) for ref in (A, B, C)))
    school.tell(said(A, name="An", code="11"))
    assert school.entity_id(A) not in {older, younger, fresh}, "an id that retired does not come back"
    with school.store.read() as snapshot:
        ids = [change.entity_id for change in snapshot.changes.since(0, 100) if change.kind in ("CREATED", "SPLIT")]
    assert len(ids) == len(set(ids))


def test_point_5_a_stewards_word_is_kept(school: School) -> None:
    """5. A steward's word is kept, through corrections, withdrawal, return and reconciling, until it is revoked."""
    school.tell(said(A, **TWIN), said(B, **TWIN), said(C, name="An", code="11"), said(D, name="Bo", code="22"))
    apart = school.steward.decide(A, B, Verdict.NON_MATCH, "lisi", "twins")
    together = school.steward.decide(C, D, Verdict.MATCH, "lisi", "renamed")

    def as_decided() -> bool:
        return school.entity_id(A) != school.entity_id(B) and school.entity_id(C) == school.entity_id(D)

    assert as_decided()
    school.tell(said(A, **TWIN), said(B, **TWIN, code="33"), said(A, **TWIN, code="33"), said(C, name="Di", code="11"))
    assert as_decided()
    school.tell(gone(B), gone(D))
    school.tell(said(D, name="Bo", code="22"), said(B, **TWIN))
    assert as_decided()
    reconcile(school.store, school.intake, {"pupil": pupil()}, school.pupil)
    assert as_decided()
    with school.store.read() as snapshot:
        asked = {(task.kind, task.first, task.second) for _, task, _ in snapshot.tasks.open("pupil", 9)}
    assert (TaskKind.DECISION_CONTRADICTED, C, D) in asked, "evidence and decision disagree, and it is said"

    school.steward.revoke(apart.decision, "lisi")
    school.steward.revoke(together.decision, "lisi")
    assert school.entity_id(A) == school.entity_id(B)
    assert school.entity_id(C) != school.entity_id(D)


@pytest.mark.parametrize("go_between", [[], [E]], ids=["directly", "through a record without an identifier"])
def test_point_6_two_valid_identifiers_never_merge_by_themselves(school: School, go_between: list[RecordRef]) -> None:
    """6. Two valid strong identifiers never merge by themselves, however heavy the rest weighs; a task asks instead."""
    school.tell(said(A, **TWIN, code="33"), *(said(ref, **TWIN) for ref in go_between), said(B, **TWIN, code="44"))
    assert school.entity_id(A) != school.entity_id(B)
    with school.store.read() as snapshot:
        kinds = {task.kind for _, task, _ in snapshot.tasks.open("pupil", 9)}
    assert kinds == {TaskKind.IDENTIFIER_CONFLICT}
    school.tell(said(B, **TWIN, code="4"))
    assert school.entity_id(A) == school.entity_id(B), "an invalid identifier is none"
    school.tell(said(B, **TWIN, code=" 3 3 "))
    assert school.entity_id(A) == school.entity_id(B), "after normalisation they are the same"
    school.tell(said(B, **TWIN, code="44"))
    assert school.entity_id(A) != school.entity_id(B)
    school.steward.decide(A, B, Verdict.MATCH, "lisi", "the same person")
    assert school.entity_id(A) == school.entity_id(B)


def test_what_is_answered_is_so_at_that_moment(school: School) -> None:
    """An answer's entity is the one that the store gives right after."""
    for told in (said(A, **TWIN), said(B, NOON, name="An"), said(B, **TWIN), said(C, **TWIN)):
        (answer,) = accepted(school.tell(told))
        assert answer.entity_id == school.entity_id(answer.ref)


@pytest.mark.parametrize(
    "change",
    [
        {"thresholds": {"match": 1.0, "review": -1.0}},
        {"thresholds": {"match": 2.0, "review": -9.0}},
        {"identifiers": []},
        {"authorities": ["clinic"]},
    ],
    ids=["match", "review", "identifiers", "authorities"],
)
def test_a_store_written_under_another_configuration_is_not_written_on_until_it_is_relinked(
    school: School, change: dict[str, object]
) -> None:
    """2, where the configuration changes: old edges, entities and golden values are never mixed with new ones."""
    school.tell(said(A, **TWIN), said(B, **TWIN), said(RecordRef("registry", "1"), name="Bo", phone="r", town="y"))
    changed = EntityType.model_validate({**pupil().model_dump(by_alias=True), **change})
    with school.store.read() as snapshot, pytest.raises(ConfigurationChanged, match="run `yishu relink pupil`"):
        in_force({"pupil": changed}, snapshot, pupil_sources())
    kind = TypeInForce(changed, RecordStandardiser(changed), school.pupil.model, 1, Scorer(changed, pupil_model()))
    reconcile(school.store, school.intake, {"pupil": changed}, kind)
    with school.store.read() as snapshot:
        assert in_force({"pupil": changed}, snapshot, pupil_sources())["pupil"].entity_type is changed


def test_a_store_whose_values_were_read_by_other_codes_is_not_written_on_until_it_is_relinked(school: School) -> None:
    """As above: what a value was sent as may stand for another thing now."""
    ref = RecordRef("clinic", "1")
    school.tell(said(ref, name="Bo", town="0"))
    coded = {**pupil_sources(), "clinic": Source(name="Clinic", types={"pupil": Contract(codes={"town": {"0": "x"}})})}
    with school.store.read() as snapshot, pytest.raises(ConfigurationChanged, match="run `yishu relink pupil`"):
        in_force({"pupil": pupil()}, snapshot, coded)
    reconcile(school.store, Intake(coded, {"pupil": pupil()}), {"pupil": pupil()}, school.pupil)
    with school.store.read() as snapshot:
        assert in_force({"pupil": pupil()}, snapshot, coded)["pupil"].entity_type is pupil()
        golden = snapshot.entities.latest(entity_of(snapshot, ref))
        assert golden is not None
        assert decode_golden(golden.golden)["town"].winner.standard == "x"
    with school.store.read() as snapshot, pytest.raises(ConfigurationChanged, match="run `yishu relink pupil`"):
        in_force({"pupil": pupil()}, snapshot, pupil_sources())


def test_relinking_finds_entities_by_what_is_newly_configured(school: School) -> None:
    school.tell(said(A, **TWIN))
    tables = pupil().model_dump(by_alias=True)
    tables["attributes"]["town"]["lookup"] = True
    changed = EntityType.model_validate(tables)
    kind = TypeInForce(changed, RecordStandardiser(changed), school.pupil.model, 1, school.pupil.scorer)
    reconcile(school.store, school.intake, {"pupil": changed}, kind)
    with school.store.read() as snapshot:
        assert snapshot.golden_keys.find("pupil", "town", "y", 2) == [entity_of(snapshot, A)]
