"""What a store promises of records, their versions and their current forms."""

from dataclasses import replace

import msgspec
import pytest
from msgspec import structs

from matching.records import RecordRef
from matching.standardise.value import Mark, StandardValue
from service.errors import StoreConflict
from service.storage.base import Store
from tests.contract.rows import HEALTH, POLICE, SCHOOL, added, current, many_refs, version


def test_a_version_comes_back_as_it_was_stored(store: Store) -> None:
    values = {"姓名": ("欧阳娜娜", "𠮷田"), "empty": ("",), "emoji": ("👨‍👩‍👧", "a\nb\t\0c")}
    sent = replace(version(RecordRef("公安局", "编号/1"), values=values), observed_given=False)
    with store.write() as unit:
        unit.records.add_version(sent)
        assert unit.records.latest(sent.ref) == sent
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.records.latest(sent.ref) == sent
        assert list(snapshot.records.latest(sent.ref).values) == list(values)  # type: ignore[union-attr]


def test_a_record_keeps_its_handle_and_every_version_oldest_first(store: Store) -> None:
    sent = [
        version(number=1),
        version(number=2, values={"name": ("王大明",)}),
        version(number=3, values={}, withdrawn=True),
        version(number=4),
    ]
    handles = set()
    for one in sent:
        with store.write() as unit:
            handles.add(unit.records.add_version(one))
            unit.commit()
    with store.read() as snapshot:
        assert snapshot.records.versions(POLICE) == sent
        assert snapshot.records.latest(POLICE) == sent[-1]
        assert snapshot.records.handles([POLICE]) == {POLICE: (*handles, "person", 4, False)}


def test_a_withdrawal_is_the_latest_version(store: Store) -> None:
    (handle,) = added(store, POLICE)
    withdrawal = version(number=2, values={}, withdrawn=True)
    with store.write() as unit:
        unit.records.add_version(withdrawal)
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.records.latest(POLICE) == withdrawal
        assert snapshot.records.handles([POLICE]) == {POLICE: (handle, "person", 2, True)}


@pytest.mark.parametrize("number", [1, 3])
def test_only_the_next_version_is_taken(store: Store, number: int) -> None:
    added(store, POLICE)
    with store.write() as unit, pytest.raises(StoreConflict, match="next"):
        unit.records.add_version(version(number=number))


def test_a_first_version_is_number_1(store: Store) -> None:
    with store.write() as unit, pytest.raises(StoreConflict, match="next"):
        unit.records.add_version(version(number=2))


@pytest.mark.parametrize("number", [1, 2])
def test_a_record_belongs_to_one_entity_type(store: Store, number: int) -> None:
    added(store, POLICE)
    with store.write() as unit, pytest.raises(StoreConflict, match="type"):
        unit.records.add_version(version(number=number, entity_type="licence"))


def test_a_conflict_leaves_the_unit_of_work_fit_to_commit(store: Store) -> None:
    added(store, POLICE)
    with store.write() as unit:
        with pytest.raises(StoreConflict):
            unit.records.add_version(version(POLICE))
        unit.records.add_version(version(HEALTH))
        assert unit.commit() == 2
    with store.read() as snapshot:
        assert len(snapshot.records.versions(POLICE)) == 1
        assert len(snapshot.records.versions(HEALTH)) == 1


def test_records_are_told_apart_by_source_and_by_id(store: Store) -> None:
    refs = [RecordRef("a", "1"), RecordRef("a", "2"), RecordRef("b", "1"), RecordRef("a", "1 "), RecordRef("a", "A")]
    handles = added(store, *refs)
    assert len(set(handles)) == len(refs)
    with store.read() as snapshot:
        found = snapshot.records.handles([*refs, RecordRef("a", "a"), RecordRef("c", "1")])
        assert {ref: row[0] for ref, row in found.items()} == dict(zip(refs, handles, strict=True))


def test_ids_that_hold_a_nul_are_ids_like_others(store: Store) -> None:
    refs = [RecordRef("a", "1\0"), RecordRef("a", "1"), RecordRef("a", "1\0002")]
    handles = added(store, *refs)
    with store.read() as snapshot:
        assert [snapshot.records.handles([ref])[ref][0] for ref in refs] == handles


def test_what_was_never_seen_has_no_versions(store: Store) -> None:
    with store.read() as snapshot:
        assert snapshot.records.handles([POLICE]) == {}
        assert snapshot.records.latest(POLICE) is None
        assert snapshot.records.versions(POLICE) == []
        assert list(snapshot.records.all_current("person")) == []


def test_nothing_may_be_asked_for_and_given(store: Store) -> None:
    with store.write() as unit:
        assert unit.records.handles([]) == {}
        assert unit.records.current([]) == {}
        unit.records.put_current([])
        unit.records.drop_current([])
        assert unit.commit() == 0


def test_thousands_of_records_in_one_call(store: Store) -> None:
    refs = many_refs(5_000)
    handles = added(store, *refs)
    with store.write() as unit:
        unit.records.put_current(current(handle, ref) for handle, ref in zip(handles, refs, strict=True))
        unit.commit()
    with store.read() as snapshot:
        assert {ref: row[0] for ref, row in snapshot.records.handles(iter(refs)).items()} == dict(
            zip(refs, handles, strict=True)
        )
        assert snapshot.records.current(iter(handles)).keys() == set(handles)
        assert [row.ref for row in snapshot.records.all_current("person")] == refs


# -- current forms


def test_a_current_record_comes_back_as_it_was_put(store: Store) -> None:
    (handle,) = added(store, POLICE)
    row = current(handle)
    with store.write() as unit:
        unit.records.put_current([row])
        assert unit.records.current([handle]) == {handle: row}
        unit.commit()
    with store.read() as snapshot:
        (found,) = snapshot.records.current([handle]).values()
        assert found == row
        assert found.values["phone"][0].repairs == ("spaces", "country")
        assert dict(found.values) == dict(row.values)
        assert list(snapshot.records.all_current("person")) == [row]


def test_the_parts_of_values_are_not_stored(store: Store) -> None:
    (handle,) = added(store, POLICE)
    value = StandardValue("王小明", "王小明", Mark.VALID, parts={"standard": "王小明", "surname": "王"})
    with store.write() as unit:
        unit.records.put_current([structs.replace(current(handle), values={"name": (value,)})])
        (found,) = unit.records.current([handle]).values()
    assert found.values["name"] == (msgspec.structs.replace(value, parts={}),)


def test_a_current_record_is_replaced_whole(store: Store) -> None:
    (handle,) = added(store, POLICE)
    for number in (1, 2, 3):
        row = structs.replace(current(handle, number=number), features={f"feature {number}": "x"}, values={})
        with store.write() as unit:
            unit.records.put_current([row])
            unit.commit()
        with store.read() as snapshot:
            assert snapshot.records.current([handle]) == {handle: row}


def test_a_current_record_changed_twice_under_one_version_is_the_last_one(store: Store) -> None:
    (handle,) = added(store, POLICE)
    for feature in ("a", "b"):
        row = structs.replace(current(handle), features={feature: "x"})
        with store.write() as unit:
            unit.records.put_current([current(handle)])
            assert unit.records.current([handle])[handle].features == current(handle).features
            unit.records.put_current([row])
            assert unit.records.current([handle])[handle].features == {feature: "x"}
            unit.commit()
        with store.read() as snapshot:
            assert snapshot.records.current([handle])[handle].features == {feature: "x"}


def test_a_current_record_that_was_rolled_back_is_the_one_before(store: Store) -> None:
    (handle,) = added(store, POLICE)
    with store.write() as unit:
        unit.records.put_current([current(handle)])
        unit.commit()
    for kept in (False, True):
        row = structs.replace(current(handle), features={"kept": str(kept)})
        with store.write() as unit:
            unit.records.put_current([row])
            assert unit.records.current([handle]) == {handle: row}
            if kept:
                unit.commit()
        with store.read() as snapshot:
            assert snapshot.records.current([handle]) == {handle: row if kept else current(handle)}


def test_a_snapshot_keeps_seeing_the_current_record_of_its_commit(store: Store) -> None:
    (handle,) = added(store, POLICE)
    with store.write() as unit:
        unit.records.put_current([current(handle)])
        unit.commit()
    changed = structs.replace(current(handle), features={})
    with store.read() as before:
        with store.write() as unit:
            unit.records.put_current([changed])
            unit.commit()
        with store.read() as after:
            assert after.records.current([handle]) == {handle: changed}
        assert before.records.current([handle]) == {handle: current(handle)}


def test_a_withdrawn_record_has_no_current_form(store: Store) -> None:
    handles = added(store, POLICE, HEALTH)
    with store.write() as unit:
        unit.records.put_current([current(handles[0]), current(handles[1], HEALTH)])
        unit.commit()
    with store.write() as unit:
        unit.records.drop_current(handles[:1])
        unit.commit()
    with store.read() as snapshot:
        assert snapshot.records.current([*handles, 404]).keys() == {handles[1]}
        assert [row.ref for row in snapshot.records.all_current("person")] == [HEALTH]


def test_all_current_records_of_a_type_come_ordered_by_ref(store: Store) -> None:
    refs = [SCHOOL, RecordRef("公安", "1"), POLICE, RecordRef("police", "𠮷"), RecordRef("police", "￿"), HEALTH]
    handles = added(store, *refs)
    (other,) = added(store, RecordRef("police", "0"), entity_type="licence")
    with store.write() as unit:
        unit.records.put_current(current(handle, ref) for handle, ref in zip(handles, refs, strict=True))
        unit.records.put_current([current(other, RecordRef("police", "0"), entity_type="licence")])
        unit.commit()
    with store.read() as snapshot:
        assert [row.ref for row in snapshot.records.all_current("person")] == sorted(refs)
        assert [row.record for row in snapshot.records.all_current("licence")] == [other]
        assert list(snapshot.records.all_current("unknown")) == []


def test_an_iteration_goes_on_while_others_commit_and_its_snapshot_answers_other_questions(store: Store) -> None:
    refs = many_refs(3_000)
    handles = added(store, *refs)
    with store.write() as unit:
        unit.records.put_current(current(handle, ref) for handle, ref in zip(handles, refs, strict=True))
        unit.commit()
    seen: list[RecordRef] = []
    with store.read() as snapshot:
        for row in snapshot.records.all_current("person"):
            if len(seen) % 1_000 == 0:
                with store.write() as unit:
                    unit.records.drop_current(handles)
                    unit.commit()
                assert len(snapshot.records.current(handles)) == len(handles)
            seen.append(row.ref)
    assert seen == refs
