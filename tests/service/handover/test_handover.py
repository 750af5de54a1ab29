"""What a receiver hands to the resolver is answered, whatever becomes of either end."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from matching.errors import EngineError
from matching.records import RecordRef
from service.application.answers import Accepted, Answer, Checked, Item, Rejected
from service.application.batcher import Batcher, Submitter
from service.application.checking import Checker
from service.application.resolve import Resolver
from service.application.versions import Outcome
from service.errors import StoreUnavailable
from service.handover import ReceiverEnd, ResolverEnd
from tests.pupils import SOURCES, School, gone, open_school, said

HERE = SOURCES[0]


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    opened = open_school(tmp_path)
    yield opened
    opened.close()


class Handover:
    """A receiver's submitter, the resolver's batcher, and the socket pair between them."""

    def __init__(self, school: School, resolver: Resolver | None = None) -> None:
        self.gone = threading.Event()
        self.batcher = Batcher(resolver or school.resolver)
        self.resolver_end, receiver_end = socket.socketpair()
        ResolverEnd(self.resolver_end, self.batcher)
        checker = Checker(school.intake, lambda: datetime.now(UTC))
        self.submitter = Submitter(checker, ReceiverEnd(receiver_end, self.gone.set))

    def close(self) -> None:
        self.submitter.close()
        self.batcher.close()


@pytest.fixture
def handover(school: School) -> Iterator[Handover]:
    made = Handover(school)
    yield made
    made.close()


def test_a_submission_comes_back_accepted_with_its_entity_and_its_standard_values(
    school: School, handover: Handover
) -> None:
    answer = handover.submitter.submit(said(RecordRef(HERE, "1"), name="anna")).result(10)
    assert isinstance(answer, Accepted)
    assert (answer.ref, answer.version, answer.outcome) == (RecordRef(HERE, "1"), 1, Outcome.CREATED)
    assert answer.entity_id == school.entity_id(RecordRef(HERE, "1"))
    assert answer.standard["name"][0].raw == "anna"


def test_what_breaks_its_contract_comes_back_with_the_fields_and_is_in_quarantine(
    school: School, handover: Handover
) -> None:
    answer = handover.submitter.submit(said(RecordRef(HERE, "1"), phone="5550001")).result(10)
    assert isinstance(answer, Rejected)
    assert [violation.field for violation in answer.violations] == ["name"]
    with school.store.read() as snapshot:
        (kept,) = snapshot.quarantine.list(HERE, 10)
    assert kept.quarantine == answer.quarantine


def test_a_record_is_corrected_and_withdrawn_in_the_order_of_the_caller(handover: Handover) -> None:
    ref = RecordRef(HERE, "1")
    items: list[Item] = [said(ref, name="anna"), said(ref, name="anne"), gone(ref), said(ref, name="anja")]
    answers = [future.result(10) for future in [handover.submitter.submit(item) for item in items]]
    assert [answer.version for answer in answers if isinstance(answer, Accepted)] == [1, 2, 3, 4]


def test_a_thousand_at_once_are_each_answered_once(handover: Handover) -> None:
    futures = [handover.submitter.submit(said(RecordRef(HERE, str(n)), name=f"pupil {n}")) for n in range(1_000)]
    answers = [future.result(30) for future in futures]
    refs = [answer.ref for answer in answers if isinstance(answer, Accepted)]
    assert refs == [RecordRef(HERE, str(n)) for n in range(1_000)]


def test_when_the_resolver_is_gone_everything_taken_fails_as_unavailable(school: School) -> None:
    handover = Handover(school, Stuck(school))
    taken = [handover.submitter.submit(said(RecordRef(HERE, str(n)), name="anna")) for n in range(600)]
    handover.resolver_end.shutdown(socket.SHUT_RDWR)
    for future in taken:
        with pytest.raises(StoreUnavailable):
            future.result(10)
    assert handover.gone.wait(10)
    Stuck.go_on.set()
    handover.close()


def test_when_a_receiver_is_gone_what_it_sent_is_resolved_and_others_are_answered(school: School) -> None:
    stuck = Stuck(school)
    batcher = Batcher(stuck)
    left, others = Handover(school), Handover(school)
    for one in (left, others):
        one.batcher.close()
        one.resolver_end, end = socket.socketpair()
        ResolverEnd(one.resolver_end, batcher)
        one.submitter = Submitter(Checker(school.intake, lambda: datetime.now(UTC)), ReceiverEnd(end, one.gone.set))
    vanished = left.submitter.submit(said(RecordRef(HERE, "1"), name="anna"))
    assert stuck.began.wait(10)
    left.resolver_end.shutdown(socket.SHUT_RDWR)
    with pytest.raises(StoreUnavailable):
        vanished.result(10)
    Stuck.go_on.set()
    answer = others.submitter.submit(said(RecordRef(HERE, "2"), name="anne")).result(10)
    assert isinstance(answer, Accepted)
    assert school.entity_id(RecordRef(HERE, "1"))
    others.submitter.close()
    batcher.close()


@pytest.mark.parametrize("failure", [StoreUnavailable("the disk is full"), EngineError("it failed")])
def test_what_the_resolver_fails_with_is_what_the_caller_gets(school: School, failure: Exception) -> None:
    handover = Handover(school, Failing(school, failure))
    with pytest.raises(type(failure)):
        handover.submitter.submit(said(RecordRef(HERE, "1"), name="anna")).result(10)
    handover.close()


def test_one_defect_fails_one_submission_and_not_its_batch(school: School) -> None:
    handover = Handover(school, Allergic(school, RecordRef(HERE, "7")))
    futures = [handover.submitter.submit(said(RecordRef(HERE, str(n)), name=f"pupil {n}")) for n in range(20)]
    failed = [n for n, future in enumerate(futures) if future.exception(10)]
    assert failed == [7]
    handover.close()


class Stuck(Resolver):
    """Resolves nothing until it may go on."""

    go_on = threading.Event()

    def __init__(self, school: School) -> None:
        super().__init__(school.store, school.intake, school.types, lambda: datetime.now(UTC))
        self.began = threading.Event()
        Stuck.go_on = threading.Event()

    def resolve_checked(self, batch: Sequence[Checked]) -> list[Answer]:
        self.began.set()
        assert Stuck.go_on.wait(30)
        return super().resolve_checked(batch)


class Failing(Resolver):
    """Fails always."""

    def __init__(self, school: School, failure: Exception) -> None:
        super().__init__(school.store, school.intake, school.types, lambda: datetime.now(UTC))
        self.failure = failure

    def resolve_checked(self, batch: Sequence[Checked]) -> list[Answer]:
        raise self.failure


class Allergic(Resolver):
    """Fails on one record."""

    def __init__(self, school: School, ref: RecordRef) -> None:
        super().__init__(school.store, school.intake, school.types, lambda: datetime.now(UTC))
        self.ref = ref

    def resolve_checked(self, batch: Sequence[Checked]) -> list[Answer]:
        if any(found.ref == self.ref for _, found in batch if not isinstance(found, Rejected)):
            raise ZeroDivisionError
        return super().resolve_checked(batch)
