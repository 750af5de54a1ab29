"""The servers themselves: health, reflection, limits, metrics, logs, starting and stopping."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from matching.errors import ConfigurationError
from service.api.server import Address, ApiServer, resolver_server, verifier_server
from service.application.answers import Answer
from service.application.submissions import Submission, Withdrawal
from service.bootstrap import ResolverParts, open_verifier
from service.client import YishuClient, YishuError
from service.errors import StoreUnavailable
from service.settings import Settings
from tests.service.api.serving import FREE_PORT, Serve, Served, occupy, person, resident_id, submission
from yishu.v1.verification_service_pb2 import PersonClaim

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


def health(client: YishuClient, service: str = "") -> int:
    stub: Any = health_pb2_grpc.HealthStub(client.channel)
    return int(stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=10).status)


@pytest.mark.parametrize("service", ["", "yishu.v1.RecordService", "yishu.v1.EntityService"])
def test_a_resolver_that_can_read_its_store_is_serving(client: YishuClient, service: str) -> None:
    assert health(client, service) == SERVING


def test_a_service_that_is_not_here_has_no_health(client: YishuClient) -> None:
    with pytest.raises(grpc.RpcError, match="NOT_FOUND"):
        health(client, "yishu.v1.VerificationService")


def test_a_verifier_that_can_read_the_store_is_serving(verifier: YishuClient) -> None:
    assert health(verifier, "yishu.v1.VerificationService") == SERVING


def test_health_is_what_the_probe_says_now(parts: ResolverParts) -> None:
    broken = threading.Event()

    def probe() -> None:
        if broken.is_set():
            raise StoreUnavailable("gone")

    def make() -> ApiServer:
        return resolver_server(FREE_PORT, parts.submitter.submit, parts.records, parts.entities, probe)

    served = Served(make)
    with YishuClient(served.target) as client:
        assert health(client) == SERVING
        broken.set()
        assert health(client) == NOT_SERVING
        broken.clear()
        assert health(client) == SERVING
    served.stop()


def test_who_watches_health_hears_that_the_server_is_stopping(parts: ResolverParts) -> None:
    def make() -> ApiServer:
        return resolver_server(FREE_PORT, parts.submitter.submit, parts.records, parts.entities, parts.probe)

    served = Served(make)
    with YishuClient(served.target) as client:
        stub: Any = health_pb2_grpc.HealthStub(client.channel)
        watch = stub.Watch(health_pb2.HealthCheckRequest(), timeout=20)
        assert next(watch).status == SERVING
        stopping = threading.Thread(target=served.stop)
        stopping.start()
        assert next(watch).status == NOT_SERVING
        watch.cancel()
        stopping.join()


def test_reflection_describes_every_service(client: YishuClient, verifier: YishuClient) -> None:
    asked = ProtoReflectionDescriptorDatabase(client.channel)
    assert {"yishu.v1.RecordService", "yishu.v1.EntityService", "grpc.health.v1.Health"} <= set(asked.get_services())
    assert "yishu.v1.VerificationService" in ProtoReflectionDescriptorDatabase(verifier.channel).get_services()
    described = asked.FindFileContainingSymbol("yishu.v1.RecordService")
    assert "SubmitRecords" in {method.name for method in described.service[0].method}


def test_a_message_over_the_limit_is_refused_and_the_server_goes_on(client: YishuClient) -> None:
    with pytest.raises(YishuError) as refused:
        client.submit(person("p-1", name="x" * 5_000_000))
    assert refused.value.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert client.submit(person("p-1")).entity_id


def test_an_address_in_use_is_refused_at_start(parts: ResolverParts, client: YishuClient, settings: Settings) -> None:
    opened = open_verifier(settings)
    first = Served(lambda: verifier_server(FREE_PORT, opened.verifier, opened.probe))
    taken = Address("127.0.0.1", first.server.port)
    with pytest.raises(ConfigurationError, match=r"127\.0\.0\.1:\d+: cannot be listened on"):
        Served(lambda: verifier_server(taken, opened.verifier, opened.probe))
    first.stop()
    opened.close()


def test_verifiers_share_a_port(parts: ResolverParts, settings: Settings) -> None:
    opened = open_verifier(settings)
    first = Served(lambda: verifier_server(Address("127.0.0.1", 0, reuse_port=True), opened.verifier, opened.probe))
    shared = Address("127.0.0.1", first.server.port, reuse_port=True)
    second = Served(lambda: verifier_server(shared, opened.verifier, opened.probe))
    first.stop()
    with YishuClient(second.target) as client:
        answer = client.verify_person(PersonClaim(resident_id=resident_id(1)), YishuClient.context("许可"))
        assert answer.fields == []
    second.stop()
    opened.close()


def test_a_call_in_flight_is_answered_while_the_server_stops(parts: ResolverParts) -> None:
    taken, go_on = threading.Event(), threading.Event()

    def slow(item: Submission | Withdrawal) -> Future[Answer]:
        occupy(parts.store, go_on)
        taken.set()
        return parts.submitter.submit(item)

    served = Served(lambda: resolver_server(FREE_PORT, slow, parts.records, parts.entities, parts.probe))
    with YishuClient(served.target) as client:
        answered: list[str] = []
        calling = threading.Thread(target=lambda: answered.append(client.submit(person("p-1")).entity_id))
        calling.start()
        assert taken.wait(10)
        stopping = threading.Thread(target=served.stop)
        stopping.start()
        go_on.set()
        stopping.join()
        calling.join()
    assert len(answered) == 1


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_calls_are_counted_and_timed_by_method_and_code(client: YishuClient) -> None:
    method = "/yishu.v1.EntityService/GetEntity"
    counted = metric("yishu_rpc_total", method=method, code="NOT_FOUND")
    timed = metric("yishu_rpc_seconds_count", method=method)
    with pytest.raises(YishuError):
        client.get_entity("nobody")
    assert metric("yishu_rpc_total", method=method, code="NOT_FOUND") == counted + 1
    assert metric("yishu_rpc_seconds_count", method=method) == timed + 1


def test_a_call_whose_time_ran_out_is_counted_as_that(serve: Serve) -> None:
    ended = threading.Event()

    def never(item: Submission | Withdrawal) -> Future[Answer]:
        ended.set()
        return Future()

    method, code = "/yishu.v1.RecordService/SubmitRecord", "DEADLINE_EXCEEDED"
    counted = metric("yishu_rpc_total", method=method, code=code)
    client = serve(never)
    client.timeout = 0.1
    with pytest.raises(YishuError):
        client.submit(person("p-1"))
    assert ended.is_set()
    client.timeout = 10
    assert health(client) == SERVING  # one more round: the server has seen the end of the call
    assert metric("yishu_rpc_total", method=method, code=code) == counted + 1


@pytest.fixture
def failing(serve: Serve) -> YishuClient:
    def broken(item: Submission | Withdrawal) -> Future[Answer]:
        raise ValueError(f"cannot read {item}")

    return serve(broken)


def test_a_defect_is_internal_and_can_be_found_in_the_log_by_its_request_id(failing: YishuClient) -> None:
    with capture_logs() as logs, pytest.raises(YishuError) as defect:
        failing.submit(person("p-1"))
    assert (defect.value.code, defect.value.reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    (line,) = [line for line in logs if line["event"] == "defect"]
    assert line["call_id"] == defect.value.request_id
    assert line["fault"].startswith("ValueError at ")
    assert "broken" in line["fault"]


def test_no_value_reaches_the_log_or_the_metrics(client: YishuClient, failing: YishuClient) -> None:
    marked = ["王秘密", "MARKED-REQUEST", "MARKED-RECORD", "MARKED-COLUMN"]
    sent = person(marked[2], name=marked[0], **{marked[3]: marked[0]})
    with capture_logs() as logs:
        for served in (client, failing):
            with pytest.raises(YishuError):
                served.submit(sent, marked[1])
        list(client.submit_stream([submission(marked[1], sent), submission(marked[1], person(marked[2]))]))
    told = f"{logs} {[sample for family in REGISTRY.collect() for sample in family.samples]}"
    assert logs
    assert [mark for mark in marked if mark in told] == []


@pytest.fixture
def flaky(parts: ResolverParts, settings: Settings) -> Iterator[YishuClient]:
    """A verifier whose store cannot be read at the first two tries."""
    opened = open_verifier(settings)
    refusals = iter(range(2))
    read = opened.store.read

    class Flaky:
        def read(self) -> object:
            if next(refusals, None) is not None:
                raise StoreUnavailable("gone")
            return read()

    opened.verifier._store = Flaky()  # type: ignore[assignment]
    served = Served(lambda: verifier_server(FREE_PORT, opened.verifier, opened.probe))
    with YishuClient(served.target) as client:
        yield client
    served.stop()
    opened.close()


def test_the_usual_retry_policy_hides_a_short_failure_of_the_store(flaky: YishuClient) -> None:
    answer = flaky.verify_person(PersonClaim(resident_id=resident_id(1)), YishuClient.context("许可"))
    assert answer.request_id


def test_nobody_there_is_unavailable_without_a_reason() -> None:
    with YishuClient("127.0.0.1:1", timeout=5) as client:
        with pytest.raises(YishuError) as nobody:
            client.submit(person("p-1"))
        assert (nobody.value.code, nobody.value.reason) == (grpc.StatusCode.UNAVAILABLE, "")
        with pytest.raises(TimeoutError):
            client.wait_until_ready(0.05)
