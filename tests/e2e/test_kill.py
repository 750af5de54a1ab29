"""`kill -9` of the resolver in the middle of a stream, at moments drawn by a seed.

Always so: acknowledged is durable, nothing is there twice, and in the end everything is as if nobody had killed it.
`pytest tests/e2e/test_kill.py --kills 50` kills fifty times; `--kill-seed 2` at other moments.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from matching.records import RecordRef
from service.bootstrap import open_store
from service.city import Key, Submission
from service.client import YishuError
from service.demo.census import take_census
from service.demo.installation import Installation, installed
from service.settings import default_configs
from tests.e2e.watching import good_records, key_of, request_of
from yishu.v1.record_service_pb2 import (
    SUBMISSION_OUTCOME_CREATED,
    SUBMISSION_OUTCOME_UNCHANGED,
    SubmitRecordsResponse,
)

pytestmark = pytest.mark.xdist_group("kill")

Outcome = dict[frozenset[Key], dict[str, tuple[Any, ...]]]
"""The records of an entity to its golden values: everything but ids and the times at which Yishu did its work."""
PEOPLE_A_KILL = 120
"""So that there is always more to send than is acknowledged between two kills."""
LONGEST_DELAY = 0.05
"""Seconds between an answer and the kill: about what a batch takes, so that every part of one is met."""


def test_killed_in_the_middle_of_a_stream_it_keeps_what_it_acknowledged(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    kills: int = request.config.getoption("--kills")
    moments = Random(request.config.getoption("--kill-seed"))
    sent = good_records(people=200 + PEOPLE_A_KILL * kills, seed=11)
    acknowledged: set[Key] = set()
    (tmp_path / "killed").mkdir()
    with installed(default_configs(), tmp_path / "killed", role="resolver") as service:
        for kill in range(kills):
            service.wait_until_serving()
            left = [record for record in sent if key_of(record) not in acknowledged]
            answers = moments.randrange(max(1, len(left) // (kills - kill + 1)))
            acknowledged |= set(stream_and_kill(service, left, answers, moments.uniform(0, LONGEST_DELAY)))
            expect_in_store(service, sent, acknowledged)
            service.start()
        assert 0 < len(acknowledged) < len(sent), "no kill met the stream in its middle"
        service.wait_until_serving()
        again = dict(stream(service, sent))
        assert again.keys() == {key_of(record) for record in sent}
        assert {again[key] for key in acknowledged} <= {SUBMISSION_OUTCOME_UNCHANGED}
        assert set(again.values()) <= {SUBMISSION_OUTCOME_CREATED, SUBMISSION_OUTCOME_UNCHANGED}
        expect_in_store(service, sent, set(again))
        found = outcome(service, sent)
    assert found == undisturbed_outcome(tmp_path / "undisturbed", sent)


def stream(service: Installation, records: Sequence[Submission]) -> Iterator[tuple[Key, int]]:
    """Each record's answer: what the submission did."""
    with service.resolver_client() as client:
        for answer in client.submit_stream(request_of(number, it) for number, it in enumerate(records)):
            yield acknowledgement(answer, records)


def acknowledgement(answer: SubmitRecordsResponse, records: Sequence[Submission]) -> tuple[Key, int]:
    assert answer.WhichOneof("result") == "accepted", answer
    return key_of(records[int(answer.request_id)]), answer.accepted.outcome


def stream_and_kill(service: Installation, records: Sequence[Submission], answers: int, delay: float) -> Iterator[Key]:
    """The records that were acknowledged before the resolver was killed, `delay` seconds after so many answers."""
    killer = threading.Timer(delay, service.kill)
    if not answers:
        killer.start()
    try:
        for number, (key, _) in enumerate(stream(service, records), 1):
            yield key
            if number == answers:
                killer.start()
    except YishuError:
        pass  # the stream broke off, as it must
    finally:
        killer.join()


def expect_in_store(service: Installation, sent: Sequence[Submission], acknowledged: set[Key]) -> None:
    """Every acknowledged record is there, in one version and one entity; none is there twice."""
    store = open_store(service.store, read_only=True)
    try:
        with store.read() as snapshot:
            handles = snapshot.records.handles(RecordRef(it.source, it.record_id) for it in sent)
            present = {(kind, ref.source, ref.record_id) for ref, (_, kind, _, _) in handles.items()}
            assert acknowledged <= present, f"{len(acknowledged - present)} acknowledged records were lost"
            assert {version for _, _, version, _ in handles.values()} <= {1}
            entity_of = snapshot.membership.of(handle for handle, _, _, _ in handles.values())
            members = snapshot.membership.members(set(entity_of.values()))
            assert sorted(it for own in members.values() for it in own) == sorted(entity_of)
            assert len(entity_of) == len(handles), "a record without an entity"
    finally:
        store.close()


def outcome(service: Installation, sent: Sequence[Submission]) -> Outcome:
    with service.resolver_client() as client:
        answered = {
            key_of(it): client_entity for it, client_entity in zip(sent, entity_ids(service, sent), strict=True)
        }
        census = take_census(client, answered)
    return {
        frozenset((entity.entity_type, it.ref.source, it.ref.record_id) for it in entity.members): {
            golden.attribute: (
                golden.value,
                golden.assurance,
                golden.rule,
                golden.source.ref.source,
                golden.source.ref.record_id,
                golden.source.observed_at.seconds,
                tuple((it.raw, it.ref.source, it.ref.record_id) for it in golden.losing),
            )
            for golden in entity.values
        }
        for entity in census.entities.values()
    }


def entity_ids(service: Installation, sent: Sequence[Submission]) -> list[str]:
    """The entity in each record's answer, when it is sent once more."""
    found = [""] * len(sent)
    with service.resolver_client() as client:
        for answer in client.submit_stream(request_of(number, it) for number, it in enumerate(sent)):
            found[int(answer.request_id)] = answer.accepted.entity_id
    return found


def undisturbed_outcome(folder: Path, sent: Sequence[Submission]) -> Outcome:
    folder.mkdir()
    with installed(default_configs(), folder, role="resolver") as service:
        service.wait_until_serving()
        return outcome(service, sent)
