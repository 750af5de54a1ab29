"""What a store promises of snapshots, units of work and commits, whatever is in them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from matching.records import RecordRef
from service.errors import StoreConflict, StoreReadOnly, StoreUnavailable
from service.storage.base import ChangeKind, Store
from tests.contract.conftest import OpenStore
from tests.contract.rows import HEALTH, POLICE, added, version


def test_a_new_store_is_at_commit_0(store: Store) -> None:
    with store.read() as snapshot:
        assert snapshot.commit_number == 0


def test_commits_are_numbered_from_1_without_gaps(store: Store) -> None:
    numbers: list[int] = []
    for kept in (True, False, True, False, False, True):
        with store.write() as unit:
            unit.put_setting("round", f"{len(numbers)} {kept}")
            if kept:
                expected = unit.commit_number
                numbers.append(unit.commit())
                assert numbers[-1] == expected
    assert numbers == [1, 2, 3]


def test_leaving_a_unit_of_work_without_commit_changes_nothing(store: Store) -> None:
    with store.write() as unit:
        unit.records.add_version(version())
        unit.put_setting("name", "value")
    with store.read() as snapshot:
        assert snapshot.commit_number == 0
        assert snapshot.setting("name") is None
        assert snapshot.records.handles([POLICE]) == {}


def test_an_exception_in_a_unit_of_work_changes_nothing(store: Store) -> None:
    def fail_half_way() -> None:
        with store.write() as unit:
            unit.records.add_version(version())
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail_half_way()
    with store.read() as snapshot:
        assert snapshot.records.handles([POLICE]) == {}
    assert added(store, POLICE)


def test_names_first_used_in_a_unit_that_was_rolled_back_can_be_used_again(store: Store) -> None:
    with store.write() as unit:
        unit.records.add_version(version(RecordRef("never kept", "1"), entity_type="never kept"))
    (handle,) = added(store, RecordRef("kept", "1"), entity_type="kept")
    with store.read() as snapshot:
        assert snapshot.records.handles([RecordRef("never kept", "1"), RecordRef("kept", "1")]) == {
            RecordRef("kept", "1"): (handle, "kept", 1, False)
        }


def test_what_was_committed_is_there_after_reopening(open_store: OpenStore) -> None:
    store = open_store()
    added(store, POLICE)
    store.close()
    with open_store().read() as snapshot:
        assert snapshot.commit_number == 1
        assert POLICE in snapshot.records.handles([POLICE])


def test_a_unit_of_work_sees_what_it_changed(store: Store) -> None:
    with store.write() as unit:
        handle = unit.records.add_version(version())
        assert unit.records.handles([POLICE]) == {POLICE: (handle, "person", 1, False)}


def test_nobody_sees_a_change_before_its_commit(store: Store) -> None:
    with store.write() as unit:
        unit.records.add_version(version())
        with store.read() as snapshot:
            assert snapshot.records.handles([POLICE]) == {}
            assert snapshot.commit_number == 0
        unit.commit()
    with store.read() as snapshot:
        assert POLICE in snapshot.records.handles([POLICE])


def test_a_snapshot_sees_one_commit_whatever_is_committed_meanwhile(store: Store) -> None:
    added(store, POLICE)
    with store.read() as snapshot:
        added(store, HEALTH)
        assert snapshot.records.handles([POLICE, HEALTH]).keys() == {POLICE}
        assert snapshot.commit_number == 1


def test_a_unit_of_work_that_changed_nothing_commits_nothing(store: Store) -> None:
    added(store, POLICE)
    with store.write() as unit:
        assert unit.records.latest(POLICE) is not None
        unit.quarantine.resolve(POLICE)
        unit.membership.assign({})
        assert unit.commit() == 1
    with store.read() as snapshot:
        assert snapshot.commit_number == 1


def test_times_of_commits_are_utc_and_strictly_increase(store: Store) -> None:
    before = datetime.now(UTC)
    times = []
    for round_ in range(50):
        with store.write() as unit:
            unit.put_setting("round", str(round_))
            times.append(unit.at)
            unit.commit()
    assert before <= times[0] <= times[-1] <= datetime.now(UTC) + timedelta(milliseconds=1)
    assert all(earlier < later for earlier, later in pairwise(times))


def test_units_of_work_take_turns_across_threads(store: Store) -> None:
    inside = threading.Lock()

    def count_up(_: int) -> int:
        with store.write() as unit:
            assert inside.acquire(blocking=False), "two units of work at once"
            unit.put_setting("count", str(int(unit.setting("count") or 0) + 1))
            inside.release()
            return unit.commit()

    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(count_up, range(64)))
    assert sorted(numbers) == list(range(1, 65))
    with store.read() as snapshot:
        assert snapshot.setting("count") == "64"


def test_threads_read_while_another_writes(store: Store) -> None:
    stop = threading.Event()

    def read_until_stopped(_: int) -> int:
        last = 0
        while not stop.is_set():
            with store.read() as snapshot:
                count = len(snapshot.changes.since(0, 1_000))
                assert count == 3 * snapshot.commit_number
                assert count >= last
                last = count
        return last

    with ThreadPoolExecutor(4) as threads:
        readers = [threads.submit(read_until_stopped, number) for number in range(4)]
        try:
            for _ in range(50):
                with store.write() as unit:
                    for _ in range(3):
                        unit.changes.append(ChangeKind.CREATED, "e")
                    unit.commit()
        finally:
            stop.set()
        assert all(reader.result() <= 150 for reader in readers)


def test_a_second_unit_of_work_in_one_thread_is_refused_rather_than_waited_for(store: Store) -> None:
    with store.write():
        with pytest.raises(StoreConflict, match="already"):
            store.write()
        with pytest.raises(StoreConflict, match="already"):
            store.close()
    assert added(store, POLICE)


def test_a_snapshot_and_a_unit_of_work_are_over_when_left(store: Store) -> None:
    with store.read() as snapshot:
        pass
    with store.write() as unit:
        unit.put_setting("name", "value")
        unit.commit()
        with pytest.raises(StoreConflict, match="over"):
            unit.put_setting("name", "other")
    with pytest.raises(StoreConflict, match="over"):
        snapshot.records.handles([POLICE])
    with pytest.raises(StoreConflict, match="over"):
        unit.commit()


def test_an_iteration_is_over_with_its_snapshot(store: Store) -> None:
    with store.read() as snapshot:
        records = snapshot.records.all_current("person")
    with pytest.raises(StoreConflict, match="over"):
        next(records)


def test_a_snapshot_cannot_change_anything(store: Store) -> None:
    with store.read() as snapshot:
        with pytest.raises(StoreReadOnly):
            snapshot.records.add_version(version())  # type: ignore[attr-defined, unused-ignore]
        with pytest.raises(StoreReadOnly):
            snapshot.changes.append(ChangeKind.CREATED, "e")
        with pytest.raises(StoreReadOnly):
            snapshot.entities.create("e", "person")
        with pytest.raises(StoreReadOnly):
            snapshot.edges.replace_all("person", [])


def test_a_failed_statement_makes_the_unit_of_work_unfit_to_commit(store: Store) -> None:
    with store.write() as unit:
        unit.put_setting("name", "value")
        with pytest.raises(StoreConflict):
            unit.membership.assign({404: 404})
        with pytest.raises(StoreUnavailable, match="nothing was changed"):
            unit.commit()
    with store.read() as snapshot:
        assert snapshot.setting("name") is None
    assert added(store, POLICE)


def test_settings_are_replaced(store: Store) -> None:
    for value in ("one", "two", "三"):
        with store.write() as unit:
            unit.put_setting("name", value)
            unit.commit()
    with store.read() as snapshot:
        assert snapshot.setting("name") == "三"
        assert snapshot.setting("other") is None


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.read()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.write()


def test_a_store_opened_to_read_follows_the_writer_and_writes_nothing(open_store: OpenStore) -> None:
    writer = open_store()
    reader = open_store(read_only=True)
    added(writer, POLICE)
    with reader.read() as snapshot:
        assert POLICE in snapshot.records.handles([POLICE])
        added(writer, HEALTH)
        assert HEALTH not in snapshot.records.handles([HEALTH])
    with reader.read() as snapshot:
        assert HEALTH in snapshot.records.handles([HEALTH])
    with pytest.raises(StoreReadOnly):
        reader.write()


def test_there_is_one_writing_store_at_a_time(open_store: OpenStore) -> None:
    first = open_store()
    with pytest.raises(StoreUnavailable, match="writes"):
        open_store()
    first.close()
    assert added(open_store(), POLICE)
