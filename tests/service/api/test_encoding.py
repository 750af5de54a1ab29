"""Text that is not UTF-8, and bytes that are no message, over the wire."""

from __future__ import annotations

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.encoding import Misread, reader_of
from service.client import YishuClient, YishuError
from service.client.errors import typed_errors
from tests.service.api.serving import person, submission, withdrawal
from yishu.v1 import entity_service_pb2 as entity_wire
from yishu.v1 import record_service_pb2 as wire

RECORDS = "/yishu.v1.RecordService/"
MARKED = "qQzZqQ"
GBK = "王小明".encode("gbk")
"""Six bytes that are no UTF-8."""


def in_gbk(message: wire.SubmitRecordsRequest | wire.SubmitRecordRequest) -> bytes:
    """A message with what was marked replaced by bytes that are no UTF-8."""
    sent = message.SerializeToString()
    assert MARKED.encode() in sent
    return sent.replace(MARKED.encode(), GBK)


def answers_to(client: YishuClient, elements: list[bytes]) -> list[wire.SubmitRecordsResponse]:
    call = client.channel.stream_stream(RECORDS + "SubmitRecords", bytes, wire.SubmitRecordsResponse.FromString)
    return list(call(iter(elements)))


def submit(client: YishuClient, sent: bytes) -> YishuError:
    call = client.channel.unary_unary(RECORDS + "SubmitRecord", bytes, wire.SubmitRecordResponse.FromString)
    with pytest.raises(YishuError) as refused, typed_errors():
        call(sent)
    return refused.value


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (submission("r", person("1", name=MARKED)), "name"),
        (submission("r", person(MARKED)), "record_id"),
        (submission("r", person("1", source=MARKED)), "source"),
        (submission(MARKED, person("1")), "request_id"),
        (withdrawal("r", "public_security", MARKED), "record_id"),
    ],
)
def test_wrong_encoding_in_a_stream_is_refused_with_the_field_and_the_stream_goes_on(
    client: YishuClient, sent: wire.SubmitRecordsRequest, field: str
) -> None:
    good = submission("good", person("2")).SerializeToString()
    answers = answers_to(client, [in_gbk(sent), good])
    (refused,) = [answer for answer in answers if answer.request_id != "good"]
    wrong = [violation for violation in refused.rejected.violations if violation.reason == "WRONG_ENCODING"]
    assert [violation.field for violation in wrong] == [field]
    assert "UTF-8" in wrong[0].description
    assert len(answers) == 2


def test_bytes_that_are_no_message_are_refused_and_the_stream_goes_on(client: YishuClient) -> None:
    good = submission("good", person("2")).SerializeToString()
    answers = {answer.request_id: answer for answer in answers_to(client, [b"\xff\xff\xff", good])}
    (violation,) = answers[""].rejected.violations
    assert (violation.field, violation.reason) == ("request", "MALFORMED")
    assert answers["good"].HasField("accepted")


def test_a_lone_record_in_the_wrong_encoding_is_an_invalid_argument_and_kept_in_quarantine(client: YishuClient) -> None:
    sent = wire.SubmitRecordRequest(request_id="r", record=person("1", name=MARKED))
    refused = submit(client, in_gbk(sent))
    assert refused.code is grpc.StatusCode.INVALID_ARGUMENT
    assert [(v.field, v.reason) for v in refused.violations] == [("name", "WRONG_ENCODING")]
    (kept,) = client.quarantine("public_security").records
    assert kept.record.ref.record_id == "1"
    assert kept.violations[0].reason == "WRONG_ENCODING"


def test_a_lone_request_that_is_no_message_is_an_invalid_argument(client: YishuClient) -> None:
    refused = submit(client, b"\xff\xff\xff")
    assert refused.code is grpc.StatusCode.INVALID_ARGUMENT
    assert ("request", "MALFORMED") in {(v.field, v.reason) for v in refused.violations}


def test_every_other_rpc_names_the_field_that_is_no_utf8(client: YishuClient) -> None:
    sent = entity_wire.GetEntityRequest(entity_id=MARKED).SerializeToString().replace(MARKED.encode(), GBK)
    call = client.channel.unary_unary("/yishu.v1.EntityService/GetEntity", bytes, bytes)
    with pytest.raises(YishuError) as refused, typed_errors():
        call(sent)
    assert [(v.field, v.reason) for v in refused.value.violations] == [("entity_id", "WRONG_ENCODING")]


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(sent: bytes) -> None:
    reader = reader_of(RECORDS + "SubmitRecord")
    assert reader is not None
    assert isinstance(reader(sent), wire.SubmitRecordRequest | Misread)


@given(st.binary(min_size=1, max_size=50), st.integers(0, 60))
def test_a_damaged_message_is_read_or_says_what_is_wrong(damage: bytes, place: int) -> None:
    reader = reader_of(RECORDS + "SubmitRecords")
    assert reader is not None
    sent = submission("r-1", person("p-1", name="王小明", phone="13800000000")).SerializeToString()
    read = reader(sent[:place] + damage + sent[place + len(damage) :])
    assert not isinstance(read, Misread) or read.violations
