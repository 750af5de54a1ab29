"""Point 2 of what must always hold, looked for by Hypothesis on the real store, resolver, steward and engine.

Records are submitted, corrected, sent again and withdrawn, decisions made and revoked, the service restarted, in any
order and batch sizes. After every step the stored edges, the partition, every golden record and the open questions
are those that linking everything from scratch gives.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from matching.features import RecordStandardiser
from matching.records import RecordRef
from matching.survivorship import GoldenValue
from service.application.golden import decode_golden
from service.application.reconcile import reconcile
from service.application.submissions import Submission, Withdrawal
from service.errors import NotFound
from service.storage.base import EntityState, RecordVersion, Snapshot, Verdict
from tests.properties.oracle import Edges, Oracle, Pair, Task, Truth
from tests.pupils import NOON, SOURCES, School, accepted, gone, open_school, pupil, pupil_model, pupil_scorer, said

REFS = st.builds(RecordRef, st.sampled_from(SOURCES), st.sampled_from("1234"))
TIMES = st.sampled_from([NOON, NOON + timedelta(days=1), NOON + timedelta(days=2)])
NAMES = st.sampled_from(["An", "an", "Bo", "Cy"])
CODES = st.sampled_from(["11", "22", "33", "7"])
TOWNS = st.sampled_from(["x", "y"])
PHONES = st.lists(st.sampled_from("pqr"), min_size=1, max_size=3)
VALUES = st.fixed_dictionaries({"name": NAMES}, optional={"code": CODES, "phone": PHONES, "town": TOWNS})
SUBMISSIONS = st.builds(lambda ref, at, values: said(ref, at, **values), REFS, TIMES, VALUES)
BATCHES = st.lists(st.one_of(SUBMISSIONS, SUBMISSIONS, SUBMISSIONS, REFS.map(gone)), min_size=1, max_size=8)
VERDICTS = st.sampled_from(Verdict)

ORACLE = Oracle(pupil(), pupil_model(), pupil_scorer())


class Town(RuleBasedStateMachine):
    """A service under everything that can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="yishu-"))
        self.school = open_school(self.folder)
        self.decisions: list[tuple[int, Pair, Verdict]] = []
        self.last: dict[RecordRef, Submission] = {}
        self.refs_ever: set[RecordRef] = set()
        self.owners: dict[str, frozenset[RecordRef]] = {}

    def teardown(self) -> None:
        self.school.store.close()
        shutil.rmtree(self.folder)

    # -- what happens

    @initialize(batch=st.lists(SUBMISSIONS, max_size=12))
    def a_first_batch_comes(self, batch: list[Submission]) -> None:
        self._tell(batch)

    @rule(batch=BATCHES)
    def a_batch_comes(self, batch: list[Submission | Withdrawal]) -> None:
        self._tell(batch)

    @rule(ref=REFS, values=VALUES, at=TIMES)
    def one_record_comes(self, ref: RecordRef, values: dict[str, str], at: object) -> None:
        assert at is not None
        self._tell([said(ref, NOON, **values)])

    @precondition(lambda self: self.last)
    @rule(data=st.data())
    def records_come_again_and_change_nothing(self, data: st.DataObject) -> None:
        again = data.draw(st.lists(st.sampled_from(sorted(self.last)), min_size=1, max_size=3))
        before = self.school.commits()
        answers = accepted(self.school.tell(*(self.last[ref] for ref in again)))
        assert {answer.outcome for answer in answers} == {"UNCHANGED"}
        assert self.school.commits() == before

    @rule(first=REFS, second=REFS, verdict=VERDICTS)
    def a_steward_decides(self, first: RecordRef, second: RecordRef, verdict: Verdict) -> None:
        if first == second:
            return
        try:
            decision = self.school.steward.decide(first, second, verdict, "lisi", "seen")
        except NotFound:
            assert not {first, second} <= self.refs_ever
            return
        low, high = sorted((first, second))
        self.decisions.append((decision.decision, (low, high), verdict))

    @precondition(lambda self: self.decisions)
    @rule(data=st.data())
    def a_decision_is_revoked(self, data: st.DataObject) -> None:
        decision = data.draw(st.sampled_from(self.decisions))
        self.school.steward.revoke(decision[0], "lisi")
        self.decisions.remove(decision)

    @rule()
    def the_service_restarts(self) -> None:
        self.school.store.close()
        self.school = open_school(self.folder)

    # -- what must hold

    @invariant()
    def the_store_holds_what_linking_everything_gives(self) -> None:
        with self.school.store.read() as snapshot:
            truth = ORACLE.truth(self._current(snapshot), self._verdicts())
            assert stored_edges(snapshot) == truth.edges
            assert stored_golden(snapshot) == truth.golden
            assert open_tasks(snapshot) == truth.tasks

    @invariant()
    def ids_lead_to_living_entities_and_never_change_hands(self) -> None:
        with self.school.store.read() as snapshot:
            handles = snapshot.records.handles(self.refs_ever)
            ref_of = {known[0]: ref for ref, known in handles.items()}
            owned: dict[str, frozenset[RecordRef]] = {}
            for entity, records in _members(snapshot, ref_of).items():
                row = snapshot.entities.rows([entity])[entity]
                assert row.state is EntityState.ACTIVE
                owned[row.id] = frozenset(ref_of[record] for record in records)
            for entity_id in self.owners.keys() - owned.keys():
                _ends(snapshot, entity_id, owned)
            for entity_id in owned.keys() & self.gone_ids:
                raise AssertionError(f"{entity_id} was given up and came back")
            self.gone_ids |= self.owners.keys() - owned.keys()
            self.owners = owned

    @property
    def gone_ids(self) -> set[str]:
        return self.__dict__.setdefault("_gone_ids", set())  # type: ignore[no-any-return]

    @gone_ids.setter
    def gone_ids(self, ids: set[str]) -> None:
        self.__dict__["_gone_ids"] = ids

    # -- now and then, the long way round

    @rule()
    def splink_over_everything_finds_the_same_edges(self) -> None:
        with self.school.store.read() as snapshot:
            current = self._current(snapshot)
        standardiser = RecordStandardiser(pupil())
        rows = {ref: standardiser.features(standardiser.values(v.values)) for ref, v in current.items()}
        assert ORACLE.splink_edges(rows) == ORACLE.edges(rows, {})

    @rule()
    def reconciling_everything_changes_nothing(self) -> None:
        with self.school.store.read() as snapshot:
            before = len(snapshot.changes.since(0, 100_000))
        outcome = reconcile(self.school.store, self.school.intake, self.school.types, self.school.pupil)
        assert outcome.entities == outcome.entities_before
        with self.school.store.read() as snapshot:
            assert len(snapshot.changes.since(0, 100_000)) == before

    @rule(order=st.randoms(use_true_random=False), size=st.integers(1, 6))
    def another_order_and_batch_size_give_the_same(self, order: object, size: int) -> None:
        shuffle = order.shuffle  # type: ignore[attr-defined]
        told = [self.last[ref] for ref in sorted(self.last)]
        shuffle(told)
        with tempfile.TemporaryDirectory() as folder:
            other = open_school(Path(folder))
            try:
                items = iter(told)
                while batch := list(islice(items, size)):
                    accepted(other.tell(*batch))
                for pair, verdict in self._verdicts().items():
                    if set(pair) <= self.last.keys():
                        other.steward.decide(*pair, verdict, "lisi", "seen")
                with other.store.read() as theirs, self.school.store.read() as ours:
                    assert plain_golden(theirs) == plain_golden(ours)
                    assert open_tasks(theirs) == open_tasks(ours)
            finally:
                other.store.close()

    # -- bookkeeping

    def _tell(self, batch: Sequence[Submission | Withdrawal]) -> None:
        self.school.tell(*batch)
        for item in batch:
            if isinstance(item, Submission):
                ref = RecordRef(item.source, item.record_id)
                self.last[ref] = item
                self.refs_ever.add(ref)
            else:
                self.last.pop(item.ref, None)

    def _current(self, snapshot: Snapshot) -> dict[RecordRef, RecordVersion]:
        """The current records: which they are, and what they say, is what was told; the version is the store's."""
        found = {}
        for ref, told in self.last.items():
            version = snapshot.records.latest(ref)
            assert version is not None
            assert not version.withdrawn
            assert [(n, v) for n, values in version.values.items() for v in values] == list(told.columns)
            assert version.observed_at == told.observed_at
            found[ref] = version
        return found

    def _verdicts(self) -> dict[Pair, Verdict]:
        return {pair: verdict for _, pair, verdict in sorted(self.decisions)}


def _members(snapshot: Snapshot, records: Mapping[int, RecordRef]) -> dict[int, list[int]]:
    return snapshot.membership.members(set(snapshot.membership.of(records).values()))


def _ends(snapshot: Snapshot, entity_id: str, owned: Mapping[str, frozenset[RecordRef]]) -> None:
    """An id that owns nothing any more is retired, or leads to one that does."""
    row = snapshot.entities.by_id(entity_id)
    assert row is not None
    seen = set()
    while row.merged_into is not None:
        assert row.state is EntityState.MERGED
        assert row.entity not in seen
        seen.add(row.entity)
        row = snapshot.entities.rows([row.merged_into])[row.merged_into]
    assert (row.state is EntityState.RETIRED) == (row.id not in owned)


def stored_edges(snapshot: Snapshot) -> Edges:
    refs = {row.record: row.ref for row in snapshot.records.all_current("pupil")}
    return {(refs[edge.first], refs[edge.second]): edge.weight for edge in snapshot.edges.of(refs)}


def stored_golden(snapshot: Snapshot) -> dict[tuple[RecordRef, ...], bytes]:
    """Every entity of a current record as its records by the crosswalk, with its golden record."""
    refs = {row.record: row.ref for row in snapshot.records.all_current("pupil")}
    found = {}
    for entity, records in _members(snapshot, refs).items():
        version = snapshot.entities.latest(entity)
        assert version is not None
        members = tuple(sorted(refs[record] for record in records))
        assert tuple(ref for ref, _ in version.members) == members
        found[members] = version.golden
    assert sum(map(len, found)) == len(refs)
    return found


def plain_golden(snapshot: Snapshot) -> dict[tuple[RecordRef, ...], dict[str, object]]:
    """As `stored_golden`, without what the order of arrival may show in: versions and times of receipt."""
    return {
        members: {name: _plain(value) for name, value in decode_golden(golden).items()}
        for members, golden in stored_golden(snapshot).items()
    }


def _plain(value: GoldenValue) -> object:
    sourced = [(v.raw, v.standard, v.mark, v.ref, v.observed_at) for v in (value.winner, *value.losing)]
    return (sourced, value.rule, value.assurance)


def open_tasks(snapshot: Snapshot) -> set[Task]:
    found = [task for _, task, _ in snapshot.tasks.open("pupil", 100_000)]
    tasks = {(t.kind, t.first, t.second, t.weight) for t in found if t.second is not None}
    assert len(tasks) == len(found)
    return tasks


def profile(steps: int, nightly_steps: int) -> settings:
    """The profile in force, with as many steps an example as it can bear."""
    nightly = settings.default is not None and settings.default.max_examples > 1_000
    return settings(stateful_step_count=nightly_steps if nightly else steps)


def test_at_every_moment_the_store_holds_what_linking_everything_from_scratch_gives() -> None:
    run_state_machine_as_test(Town, settings=profile(12, 50))  # type: ignore[no-untyped-call]
