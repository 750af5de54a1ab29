"""Point 2 of what must always hold, looked for by Hypothesis on the real store, resolver, steward and engine.

Records are submitted, corrected, sent again and withdrawn, decisions made and revoked, the service restarted, in any
order and batch sizes. After every step the stored edges, the partition, every golden record and the open questions
are those that linking everything from scratch gives.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence, Set
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from matching.features import RecordStandardiser
from matching.model import Model, encode_model
from matching.records import RecordRef
from matching.survivorship import GoldenValue
from service.application.golden import decode_golden
from service.application.reconcile import reconcile
from service.application.submissions import Submission, Withdrawal
from service.storage.base import EntityState, RecordVersion, Snapshot, Verdict
from tests.properties.oracle import Edges, Oracle, Pair, Task
from tests.pupils import (
    NOON,
    SOURCES,
    School,
    accepted,
    gone,
    open_school,
    pupil,
    pupil_model,
    pupil_under,
    said,
    scorer_of,
)

REFS = st.builds(RecordRef, st.sampled_from(SOURCES), st.sampled_from("123456"))
TIMES = st.sampled_from([NOON, NOON + timedelta(days=1), NOON + timedelta(days=2)])
Values = dict[str, str | list[str]]

PEOPLE: list[Values] = [
    {"name": "An", "code": "11", "phone": ["p"], "town": "x"},
    {"name": "Bo", "code": "22", "phone": ["p", "q"], "town": "x"},
    {"name": "Cy", "code": "33", "phone": ["r"], "town": "y"},
    {"name": "Cy", "code": "44", "phone": ["r", "s"], "town": "y"},
]
"""A common name, people who share a phone, and twins."""
OTHERWISE: dict[str, st.SearchStrategy[str | list[str]]] = {
    "name": st.sampled_from(["An", "an", "Bo", "Cy"]),
    "code": st.sampled_from(["11", "22", "33", "44", "7"]),
    "phone": st.lists(st.sampled_from("pqrs"), min_size=1, max_size=3),
    "town": st.sampled_from(["x", "y"]),
}


@st.composite
def told_of_somebody(draw: st.DrawFn) -> Values:
    """What a source says of one of a few people, some of it wrong, some of it missing."""
    values = dict(draw(st.sampled_from(PEOPLE)))
    for name in draw(st.sets(st.sampled_from(sorted(OTHERWISE)), max_size=2)):
        values[name] = draw(OTHERWISE[name])
    for name in draw(st.sets(st.sampled_from(["code", "phone", "town"]), max_size=2)):
        del values[name]
    return values


SUBMISSIONS = st.builds(lambda ref, at, values: said(ref, at, **values), REFS, TIMES, told_of_somebody())
BATCHES = st.lists(st.one_of(SUBMISSIONS, SUBMISSIONS, SUBMISSIONS, REFS.map(gone)), min_size=1, max_size=8)
VERDICTS = st.sampled_from(Verdict)

STRICTER = Model(
    pupil().name,
    pupil().model_digest,
    {**pupil_model().settings, "probability_two_random_records_match": 0.04},
    pupil_model().term_frequencies,
    0,
)
"""Another model, under which everything weighs less."""
ORACLES = {
    body: Oracle(pupil(), model, scorer_of(body))
    for model in (pupil_model(), STRICTER)
    for body in [encode_model(model)]
}


class Town(RuleBasedStateMachine):
    """A service under everything that can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.model = encode_model(pupil_model())
        self.folder = Path(tempfile.mkdtemp(prefix="yishu-"))
        self.school = open_school(self.folder)
        self.decisions: list[tuple[int, Pair, Verdict]] = []
        self.last: dict[RecordRef, Submission] = {}
        self.refs_ever: set[RecordRef] = set()
        self.living: set[str] = set()
        self.given_up: set[str] = set()

    def teardown(self) -> None:
        self.school.close()
        shutil.rmtree(self.folder)

    # -- what happens

    @initialize(batch=st.lists(SUBMISSIONS, min_size=6, max_size=20))
    def a_first_batch_comes(self, batch: list[Submission]) -> None:
        self._tell(batch)

    @rule(batch=BATCHES)
    def a_batch_comes(self, batch: list[Submission | Withdrawal]) -> None:
        self._tell(batch)

    @rule(submission=SUBMISSIONS)
    def one_record_comes(self, submission: Submission) -> None:
        self._tell([submission])

    @precondition(lambda self: self.last)
    @rule(data=st.data())
    def records_come_again_and_change_nothing(self, data: st.DataObject) -> None:
        again = data.draw(st.lists(st.sampled_from(sorted(self.last)), min_size=1, max_size=3))
        before = self.school.commits()
        answers = accepted(self.school.tell(*(self.last[ref] for ref in again)))
        assert {answer.outcome for answer in answers} == {"UNCHANGED"}
        assert self.school.commits() == before

    @precondition(lambda self: len(self.refs_ever) > 1)
    @rule(data=st.data(), verdict=VERDICTS)
    def a_steward_decides(self, data: st.DataObject, verdict: Verdict) -> None:
        pairs = st.lists(st.sampled_from(sorted(self.refs_ever)), min_size=2, max_size=2, unique=True)
        decided = sorted({pair for _, pair, _ in self.decisions})
        again = st.sampled_from(decided).map(lambda pair: list(reversed(pair))) if decided else pairs
        first, second = data.draw(pairs | again)
        decision = self.school.steward.decide(first, second, verdict, "lisi", "seen")
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
        self.school.close()
        self.school = open_school(self.folder)

    # -- what must hold

    @invariant()
    def the_store_holds_what_linking_everything_gives(self) -> None:
        with self.school.store.read() as snapshot:
            truth = self.oracle.truth(self._current(snapshot), self._verdicts())
            assert stored_edges(snapshot) == truth.edges
            assert stored_golden(snapshot) == truth.golden
            assert open_tasks(snapshot) == truth.tasks

    @invariant()
    def an_id_that_is_given_up_leads_on_and_never_comes_back(self) -> None:
        with self.school.store.read() as snapshot:
            records = {known[0] for known in snapshot.records.handles(self.refs_ever).values()}
            entities = snapshot.entities.rows(set(snapshot.membership.of(records).values()))
            living = {row.id for row in entities.values()}
            self.given_up |= self.living - living
            self.living = living
            assert {row.state for row in entities.values()} <= {EntityState.ACTIVE}
            assert not self.given_up & living
            for entity_id in self.given_up:
                leads_to(snapshot, entity_id, living)

    # -- now and then, the long way round

    @rule(data=st.data())
    def the_long_way_round_comes_to_the_same(self, data: st.DataObject) -> None:
        way = data.draw(st.sampled_from([self.splink, self.reconciliation, self.another_model, self.another_order]))
        way(data)

    def splink(self, _: st.DataObject) -> None:
        """Splink's own predict over everybody finds the edges that weighing one another's blocks does."""
        with self.school.store.read() as snapshot:
            current = self._current(snapshot)
        standardiser = RecordStandardiser(pupil())
        rows = {ref: standardiser.features(standardiser.values(v.values)) for ref, v in current.items()}
        assert self.oracle.splink_edges(rows) == self.oracle.edges(rows, {})

    def reconciliation(self, _: st.DataObject) -> None:
        """The service's own linking of everything anew changes nothing."""
        with self.school.store.read() as snapshot:
            before = snapshot.changes.since(0, 100_000)
        reconcile(self.school.store, self.school.intake, {"pupil": pupil()}, self.school.pupil)
        with self.school.store.read() as snapshot:
            assert snapshot.changes.since(0, 100_000) == before

    def another_model(self, _: st.DataObject) -> None:
        """Another model takes over: everything is linked anew under it, ids and decisions stay."""
        self.model = next(body for body in ORACLES if body != self.model)
        store = self.school.store
        with store.write() as work:
            known = [row for row in work.models.list("pupil") if row.body == self.model]
            row = known[0] if known else work.models.add("pupil", pupil().model_digest, self.model, "", NOON)
            work.commit()
        reconcile(store, self.school.intake, {"pupil": pupil()}, pupil_under(row))
        self.the_service_restarts()

    def another_order(self, data: st.DataObject) -> None:
        """The same records and decisions, told to a new service in another order and in other batches."""
        told = data.draw(st.permutations([self.last[ref] for ref in sorted(self.last)]))
        size = data.draw(st.integers(1, 6))
        with tempfile.TemporaryDirectory() as folder, closing(self._another_school(Path(folder))) as other:
            for start in range(0, len(told), size):
                accepted(other.tell(*told[start : start + size]))
            for pair, verdict in self._verdicts().items():
                if set(pair) <= self.last.keys():
                    other.steward.decide(*pair, verdict, "lisi", "seen")
            with other.store.read() as theirs, self.school.store.read() as ours:
                assert plain_golden(theirs) == plain_golden(ours)
                assert open_tasks(theirs) == open_tasks(ours)

    # -- bookkeeping

    @property
    def oracle(self) -> Oracle:
        return ORACLES[self.model]

    def _another_school(self, folder: Path) -> School:
        """A new one under the present model."""
        with closing(open_school(folder)) as made, made.store.write() as work:
            row = work.models.add("pupil", pupil().model_digest, self.model, "", NOON)
            work.models.publish("pupil", row.model)
            work.commit()
        return open_school(folder)

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


def leads_to(snapshot: Snapshot, entity_id: str, living: Set[str]) -> None:
    """An id that owns nothing any more is retired, or redirects, in the end, to one that lives or is retired."""
    row = snapshot.entities.by_id(entity_id)
    assert row is not None
    seen: set[int] = set()
    while row.merged_into is not None:
        assert row.state is EntityState.MERGED
        assert row.entity not in seen
        seen.add(row.entity)
        row = snapshot.entities.rows([row.merged_into])[row.merged_into]
    assert row.state is (EntityState.ACTIVE if row.id in living else EntityState.RETIRED)


def stored_edges(snapshot: Snapshot) -> Edges:
    refs = {row.record: row.ref for row in snapshot.records.all_current("pupil")}
    return {(refs[edge.first], refs[edge.second]): edge.weight for edge in snapshot.edges.of(refs)}


def stored_golden(snapshot: Snapshot) -> dict[tuple[RecordRef, ...], bytes]:
    """Every entity of a current record as its records by the crosswalk, with its golden record."""
    refs = {row.record: row.ref for row in snapshot.records.all_current("pupil")}
    found = {}
    entities = set(snapshot.membership.of(refs).values())
    for entity, records in snapshot.membership.members(entities).items():
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


def test_at_every_moment_the_store_holds_what_linking_everything_from_scratch_gives() -> None:
    nightly = settings().max_examples > 1_000
    steps = settings(max_examples=2_000, stateful_step_count=50) if nightly else settings(stateful_step_count=10)
    run_state_machine_as_test(Town, settings=steps)
