"""SubmitRecord and SubmitRecords: every answer names what was wrong, and nothing that is sent stops a stream."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime

import grpc
import pytest

from service.application.answers import Answer
from service.application.submissions import Submission, Withdrawal
from service.client import YishuClient, YishuError
from service.errors import Overloaded
from tests.service.api.serving import Serve, licence, person, record, resident_id, submission, withdrawal
from yishu.v1 import record_pb2 as records
from yishu.v1 import record_service_pb2 as wire


def bad_input() -> Iterator[tuple[str, records.Record, str, str]]:
    """What is wrong, a record that has it, and the field and reason that must come back."""
    yield "unknown source", person("1", source="nobody"), "source", "UNKNOWN_SOURCE"
    yield "unknown type", record("public_security", "1", "dog", name="旺财"), "entity_type", "UNKNOWN_TYPE"
    yield "type that this source does not send", licence("1", "N1", source="education"), "entity_type", "UNKNOWN_TYPE"
    yield "no record id", person(""), "record_id", "REQUIRED"
    yield "record id too long", person("x" * 201), "record_id", "TOO_LONG"
    yield "control characters in the record id", person("a\x00b"), "record_id", "CONTROL_CHARACTERS"
    yield "no values", record("public_security", "1", "person"), "values", "REQUIRED"
    yield "missing required value", record("public_security", "1", "person", sex="1"), "XM", "REQUIRED"
    yield "filler for a required value", person("1", name="不详"), "XM", "REQUIRED"
    yield "oversized value", person("1", name="王" * 1_000_000), "XM", "TOO_LONG"
    yield "control characters", person("1", name="王\x07"), "name", "CONTROL_CHARACTERS"
    yield "unknown attribute", person("1", shoe_size="42"), "shoe_size", "UNKNOWN_ATTRIBUTE"
    thousand = [(f"attribute_{number}", "x") for number in range(1_000)]
    yield "1,000 attributes", record("public_security", "1", "person", *thousand), "values", "TOO_MANY_VALUES"
    yield "a date in 2190", observed(person("1"), datetime(2190, 1, 1, tzinfo=UTC)), "observed_at", "IN_THE_FUTURE"
    beyond = person("1")
    beyond.observed_at.seconds = 10**15
    yield "a time that is none", beyond, "observed_at", "OUT_OF_RANGE"


def observed(sent: records.Record, at: datetime) -> records.Record:
    sent.observed_at.FromDatetime(at)
    return sent


BAD_INPUT = pytest.mark.parametrize(
    ("sent", "field", "reason"), [pytest.param(*case[1:], id=case[0]) for case in bad_input()]
)


def test_a_record_that_keeps_its_contract_is_accepted_with_its_entity(client: YishuClient) -> None:
    accepted = client.submit(person("p-1", resident_id=resident_id(1)), "r-1")
    assert (accepted.ref.source, accepted.ref.record_id, accepted.version) == ("public_security", "p-1", 1)
    assert accepted.outcome == wire.SUBMISSION_OUTCOME_CREATED
    assert accepted.entity_id
    assert not accepted.findings


def test_the_same_submission_again_changes_nothing(client: YishuClient) -> None:
    first = client.submit(person("p-1"))
    again = client.submit(person("p-1"))
    assert (again.version, again.outcome) == (1, wire.SUBMISSION_OUTCOME_UNCHANGED)
    assert again.entity_id == first.entity_id


def test_a_correction_is_the_next_version(client: YishuClient) -> None:
    client.submit(person("p-1"))
    corrected = client.submit(person("p-1", name="王晓明"))
    assert (corrected.version, corrected.outcome) == (2, wire.SUBMISSION_OUTCOME_UPDATED)


def test_what_standardising_noticed_comes_back(client: YishuClient) -> None:
    accepted = client.submit(person("p-1", resident_id="110101199003070000", birth_date="2190-01-01"))
    found = {finding.attribute: finding for finding in accepted.findings}
    assert found["resident_id"].mark == records.MARK_INVALID
    assert found["resident_id"].reason == "checksum"
    assert found["birth_date"].mark == records.MARK_INVALID
    assert found["birth_date"].reason


@BAD_INPUT
def test_bad_input_alone_is_refused_with_field_and_reason(
    client: YishuClient, sent: records.Record, field: str, reason: str
) -> None:
    with pytest.raises(YishuError) as refused:
        client.submit(sent)
    assert refused.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert refused.value.reason == "RECORD_REJECTED"
    assert (field, reason) in {(violation.field, violation.reason) for violation in refused.value.violations}
    assert all(violation.description for violation in refused.value.violations)


@BAD_INPUT
def test_bad_input_in_a_stream_is_refused_with_field_and_reason_and_the_stream_goes_on(
    client: YishuClient, sent: records.Record, field: str, reason: str
) -> None:
    around = [submission("before", person("p-1")), submission("bad", sent), submission("after", person("p-2"))]
    answers = {answer.request_id: answer for answer in client.submit_stream(around)}
    assert answers.keys() == {"before", "bad", "after"}
    assert answers["before"].HasField("accepted")
    assert answers["after"].HasField("accepted")
    violations = answers["bad"].rejected.violations
    assert (field, reason) in {(violation.field, violation.reason) for violation in violations}


def test_a_record_id_used_by_another_type_is_refused_and_the_stream_goes_on(client: YishuClient) -> None:
    client.submit(person("1", source="human_resources"))
    taken = record("human_resources", "1", "organisation", name="连云港市大地商贸有限公司")
    answers = {
        a.request_id: a for a in client.submit_stream([submission("taken", taken), submission("p", person("2"))])
    }
    (violation,) = answers["taken"].rejected.violations
    assert (violation.field, violation.reason) == ("record_id", "RECORD_ID_IN_USE")
    assert answers["p"].HasField("accepted")


def test_a_refusal_never_repeats_the_value(client: YishuClient) -> None:
    with pytest.raises(YishuError) as refused:
        client.submit(person("1", name="欧阳\x07震华", shoe_size="四十二码"))
    told = f"{refused.value} {refused.value.violations}"
    assert "震华" not in told
    assert "四十二码" not in told


def test_a_refusal_says_where_it_is_in_quarantine(client: YishuClient) -> None:
    with pytest.raises(YishuError) as refused:
        client.submit(person("1", name="王\x07"))
    listed = client.quarantine("public_security").records
    assert refused.value.facts["quarantine_id"] == str(listed[0].quarantine_id)


def test_hundreds_of_wrong_fields_still_end_in_a_status_that_clients_can_read(client: YishuClient) -> None:
    with pytest.raises(YishuError) as refused:
        client.submit(record("public_security", "1", "person", *[(f"attribute_{n}", "x") for n in range(490)]))
    assert refused.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert refused.value.violations[-1].reason == "MORE_VIOLATIONS"
    assert len(refused.value.violations) > 20


def test_every_element_of_a_stream_is_answered_once(client: YishuClient) -> None:
    sent = [submission(f"r-{number}", person(f"p-{number}")) for number in range(2_500)]
    answers = [answer.request_id for answer in client.submit_stream(sent)]
    assert len(answers) == 2_500
    assert set(answers) == {f"r-{number}" for number in range(2_500)}


def test_a_stream_withdraws_too(client: YishuClient) -> None:
    client.submit(person("p-1"))
    wanted = [withdrawal("w", "public_security", "p-1"), withdrawal("never", "public_security", "p-2")]
    answers = {answer.request_id: answer for answer in client.submit_stream(wanted)}
    assert answers["w"].accepted.outcome == wire.SUBMISSION_OUTCOME_WITHDRAWN
    assert answers["w"].accepted.entity_id == ""
    assert answers["never"].rejected.violations[0].reason == "NOT_FOUND"


def test_submissions_of_one_record_in_a_stream_are_resolved_in_their_order(client: YishuClient) -> None:
    sent = [submission(str(number), person("p-1", name=f"王小{name}")) for number, name in enumerate("明红刚丽", 1)]
    versions = {answer.request_id: answer.accepted.version for answer in client.submit_stream(sent)}
    assert versions == {"1": 1, "2": 2, "3": 3, "4": 4}


def test_an_element_without_an_action_is_refused(client: YishuClient) -> None:
    sent = [wire.SubmitRecordsRequest(request_id="empty"), submission("p", person("1"))]
    answers = {answer.request_id: answer for answer in client.submit_stream(sent)}
    assert answers["empty"].rejected.violations[0].field == "action"
    assert answers["p"].HasField("accepted")


def test_a_lone_submission_to_a_full_resolver_is_told_when_to_try_again(serve: Serve) -> None:
    def full(item: Submission | Withdrawal) -> Future[Answer]:
        raise Overloaded(retry_after=2.5)

    with pytest.raises(YishuError) as refused:
        serve(full).submit(person("1"))
    assert refused.value.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert refused.value.retry_after == 2.5
