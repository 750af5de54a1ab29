"""Streams that end half-way, stores that fail half-way, and callers that are slower or faster than the resolver."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future

import grpc
import pytest

from matching.errors import EngineError
from matching.records import RecordRef
from service.application.answers import Answer
from service.application.submissions import Submission, Withdrawal
from service.bootstrap import ResolverParts
from service.client import YishuClient, YishuError
from service.errors import NotFound, Overloaded, StoreUnavailable
from tests.service.api.serving import Serve, occupy, person, submission
from yishu.v1.record_service_pb2 import SubmitRecordsRequest, SubmitRecordsResponse

Item = Submission | Withdrawal
STREAM = "/yishu.v1.RecordService/SubmitRecords"


def raw_stream(client: YishuClient, requests: Iterator[SubmitRecordsRequest]) -> grpc.Call:
    open_stream = client.channel.stream_stream(
        STREAM, SubmitRecordsRequest.SerializeToString, SubmitRecordsResponse.FromString
    )
    call: grpc.Call = open_stream(requests)
    return call


def open_ended(most: int, until: threading.Event) -> Iterator[SubmitRecordsRequest]:
    """Some requests, and then nothing: neither another one nor an end."""
    for number in range(most):
        yield submission(f"r-{number}", person(f"p-{number}"))
    until.wait(30)


def held(parts: ResolverParts, name: str) -> bool:
    """Whether the record was taken in; if it was, it is whole and has its entity."""
    try:
        view = parts.records.get(RecordRef("public_security", name))
    except NotFound:
        return False
    assert view.version == 1
    assert view.entity_id
    return True


def test_a_caller_that_breaks_off_leaves_whole_records_and_a_server_that_goes_on(
    client: YishuClient, parts: ResolverParts
) -> None:
    gone = threading.Event()
    call = raw_stream(client, open_ended(300, gone))
    answered = {next(iter(call)).request_id for _ in range(3)}  # type: ignore[call-overload]
    call.cancel()
    gone.set()
    assert client.submit(person("after")).entity_id
    parts.submitter.close()
    taken = {number for number in range(300) if held(parts, f"p-{number}")}
    assert {f"r-{number}" for number in taken} >= answered
    # The fixture checks that nothing of the stream is left running in the server.


def test_a_caller_that_vanishes_while_its_batch_is_resolved_does_not_hurt_the_batcher(
    serve: Serve, parts: ResolverParts
) -> None:
    taken, go_on = threading.Event(), threading.Event()

    def slow(item: Item) -> Future[Answer]:
        if item.request_id == "vanishing":
            occupy(parts.store, go_on)
            taken.set()
        return parts.submitter.submit(item)

    client = serve(slow)
    call = raw_stream(client, iter([submission("vanishing", person("p-1"))]))
    assert taken.wait(10)
    call.cancel()
    go_on.set()
    assert client.submit(person("p-2")).entity_id
    assert held(parts, "p-1")


def test_a_lone_caller_that_runs_out_of_time_does_not_hurt_the_batcher(serve: Serve, parts: ResolverParts) -> None:
    go_on = threading.Event()

    def slow(item: Item) -> Future[Answer]:
        if item.request_id == "hasty":
            occupy(parts.store, go_on)
        return parts.submitter.submit(item)

    client = serve(slow)
    client.timeout = 0.1
    with pytest.raises(YishuError) as late:
        client.submit(person("p-1"), "hasty")
    assert late.value.code is grpc.StatusCode.DEADLINE_EXCEEDED
    go_on.set()
    client.timeout = 30.0
    assert client.submit(person("p-2")).entity_id
    assert held(parts, "p-1")


@pytest.mark.parametrize(
    ("failure", "code", "reason"),
    [
        (StoreUnavailable("/var/lib/yishu.db: disk full"), grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE"),
        (EngineError("王小明"), grpc.StatusCode.INTERNAL, "ENGINE_FAILED"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_batch_that_fails_ends_the_stream_after_what_was_durable_is_answered(
    serve: Serve, parts: ResolverParts, failure: Exception, code: grpc.StatusCode, reason: str, at_once: bool
) -> None:
    def failing(item: Item) -> Future[Answer]:
        if item.request_id != "r-100":
            return parts.submitter.submit(item)
        if at_once:
            raise failure
        failed: Future[Answer] = Future()
        failed.set_exception(failure)
        return failed

    answered = []
    sent = (submission(f"r-{number}", person(f"p-{number}")) for number in range(100_000))
    with pytest.raises(YishuError) as ended:
        answered += [answer.request_id for answer in serve(failing).submit_stream(sent)]
    assert ended.value.code is code
    assert ended.value.reason == reason
    assert "disk full" not in str(ended.value)
    assert "王小明" not in str(ended.value)


def test_what_was_durable_before_a_failure_is_answered_before_the_stream_ends(
    serve: Serve, parts: ResolverParts
) -> None:
    def failing(item: Item) -> Future[Answer]:
        if item.request_id == "bad":
            raise StoreUnavailable("gone")
        return parts.submitter.submit(item)

    sent = [*(submission(f"r-{number}", person(f"p-{number}")) for number in range(50)), submission("bad", person("x"))]
    answers = serve(failing).submit_stream(sent)
    answered = [next(answers).request_id for _ in range(50)]
    assert set(answered) == {f"r-{number}" for number in range(50)}
    with pytest.raises(YishuError, match="STORE_UNAVAILABLE"):
        next(answers)


def test_a_stream_waits_for_a_full_resolver_instead_of_being_refused(serve: Serve, parts: ResolverParts) -> None:
    refusals = iter(range(5))

    def full_at_first(item: Item) -> Future[Answer]:
        if next(refusals, None) is not None:
            raise Overloaded(retry_after=1.0)
        return parts.submitter.submit(item)

    sent = [submission(f"r-{number}", person(f"p-{number}")) for number in range(10)]
    assert all(answer.HasField("accepted") for answer in serve(full_at_first).submit_stream(sent))


def test_no_more_than_a_thousand_records_of_a_stream_are_taken_and_not_answered(serve: Serve) -> None:
    taken: list[Future[Answer]] = []
    thousand = threading.Event()

    def never(item: Item) -> Future[Answer]:
        taken.append(Future())
        if len(taken) == 1_000:
            thousand.set()
        return taken[-1]

    client = serve(never)
    call = raw_stream(client, (submission(f"r-{number}", person("p")) for number in range(5_000)))
    assert thousand.wait(20)
    assert client.quarantine("public_security").total == 0  # one more round through the server's loop
    assert len(taken) == 1_000
    call.cancel()


def test_a_callers_own_error_is_raised_to_the_caller(client: YishuClient) -> None:
    def broken() -> Iterator[SubmitRecordsRequest]:
        yield submission("r-1", person("p-1"))
        raise LookupError("the file is damaged")

    with pytest.raises(LookupError, match="damaged"):
        list(client.submit_stream(broken()))


def test_the_client_takes_no_more_than_it_may_have_in_flight(client: YishuClient) -> None:
    asked = 0

    def requests() -> Iterator[SubmitRecordsRequest]:
        nonlocal asked
        for number in range(100):
            asked += 1
            yield submission(f"r-{number}", person(f"p-{number}"))

    answered = 0
    for _ in client.submit_stream(requests(), most_in_flight=5):
        answered += 1
        assert asked <= answered + 5
    assert answered == 100


def test_leaving_the_loop_ends_the_stream(client: YishuClient) -> None:
    sent = (submission(f"r-{number}", person(f"p-{number}")) for number in range(100_000))
    answers = client.submit_stream(sent)
    assert next(answers).request_id
    answers.close()  # type: ignore[attr-defined]
    assert client.submit(person("after")).entity_id
