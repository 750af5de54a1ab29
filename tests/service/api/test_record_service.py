"""Records read back, withdrawn, and listed in quarantine."""

from __future__ import annotations

from datetime import UTC, datetime

import grpc
import pytest

from service.client import YishuClient, YishuError
from tests.service.api.serving import licence, person, record, resident_id
from yishu.v1.record_pb2 import MARK_REPAIRED, MARK_VALID, RecordRef
from yishu.v1.record_service_pb2 import SUBMISSION_OUTCOME_UNCHANGED, SUBMISSION_OUTCOME_WITHDRAWN

REF = RecordRef(source="public_security", record_id="p-1")


def test_a_record_comes_back_as_it_was_sent_with_what_standardising_made_of_it(client: YishuClient) -> None:
    sent = person("p-1", name="王小明", resident_id=resident_id(1).lower(), birth_date="1990年3月7日")
    sent.observed_at.FromDatetime(datetime(2025, 5, 1, 8, 30, tzinfo=UTC))
    accepted = client.submit(sent)
    read = client.get_record(REF)
    values = {value.attribute: value for value in read.values}
    assert values["name"].raw == "王小明"
    assert (values["birth_date"].raw, values["birth_date"].standard) == ("1990年3月7日", "1990-03-07")
    assert values["birth_date"].mark in (MARK_VALID, MARK_REPAIRED)
    assert read.observed_at == sent.observed_at
    assert read.received_at.seconds > 0
    assert (read.entity_type, read.version, read.latest_version) == ("person", 1, 1)
    assert read.entity_id == accepted.entity_id


def test_every_version_can_be_read(client: YishuClient) -> None:
    client.submit(person("p-1", name="王小明"))
    client.submit(person("p-1", name="王晓明"))
    first, last = client.get_record(REF, 1), client.get_record(REF)
    assert (first.values[0].raw, first.version, first.latest_version) == ("王小明", 1, 2)
    assert (last.values[0].raw, last.version) == ("王晓明", 2)


@pytest.mark.parametrize("version", [0, 7])
def test_a_record_that_is_not_there_is_not_found(client: YishuClient, version: int) -> None:
    if version:
        client.submit(person("p-1"))
    with pytest.raises(YishuError) as missing:
        client.get_record(REF, version)
    assert missing.value.code is grpc.StatusCode.NOT_FOUND


def test_a_version_below_zero_is_refused(client: YishuClient) -> None:
    with pytest.raises(YishuError) as refused:
        client.get_record(REF, -1)
    assert refused.value.violations[0].field == "version"


def test_a_withdrawn_record_leaves_its_entity_and_keeps_its_versions(client: YishuClient) -> None:
    entity_id = client.submit(person("p-1")).entity_id
    withdrawn = client.withdraw(REF, "w-1")
    assert (withdrawn.outcome, withdrawn.version, withdrawn.entity_id) == (SUBMISSION_OUTCOME_WITHDRAWN, 2, "")
    assert client.get_record(REF).withdrawn
    assert not client.get_record(REF, 1).withdrawn
    assert client.get_entity(entity_id).entity_id == entity_id
    assert client.withdraw(REF).outcome == SUBMISSION_OUTCOME_UNCHANGED


def test_what_was_never_there_cannot_be_withdrawn(client: YishuClient) -> None:
    with pytest.raises(YishuError) as missing:
        client.withdraw(REF)
    assert (missing.value.code, missing.value.reason) == (grpc.StatusCode.NOT_FOUND, "NOT_FOUND")


def test_a_record_of_an_unknown_source_cannot_be_withdrawn(client: YishuClient) -> None:
    with pytest.raises(YishuError) as refused:
        client.withdraw(RecordRef(source="nobody", record_id="1"))
    assert refused.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert refused.value.violations[0].reason == "UNKNOWN_SOURCE"


def refused_submissions(client: YishuClient, many: int) -> None:
    for number in range(many):
        with pytest.raises(YishuError):
            client.submit(person(f"p-{number}", name="不详"))


def test_quarantine_is_listed_page_by_page_oldest_first(client: YishuClient) -> None:
    refused_submissions(client, 5)
    seen, token = [], ""
    while True:
        page = client.quarantine("public_security", 2, token)
        seen += [kept.record.ref.record_id for kept in page.records]
        token = page.next_page_token
        assert page.total == 5
        assert len(page.records) <= 2
        if not token:
            break
    assert seen == [f"p-{number}" for number in range(5)]


def test_a_quarantined_submission_shows_what_was_sent_and_what_was_wrong(client: YishuClient) -> None:
    refused_submissions(client, 1)
    (kept,) = client.quarantine("public_security").records
    assert kept.record == person("p-0", name="不详")
    assert [(violation.field, violation.reason) for violation in kept.violations] == [("XM", "REQUIRED")]
    assert kept.received_at.seconds > 0


def test_a_corrected_record_leaves_quarantine(client: YishuClient) -> None:
    refused_submissions(client, 1)
    client.submit(person("p-0"))
    assert client.quarantine("public_security").total == 0


def test_one_source_does_not_see_anothers_quarantine(client: YishuClient) -> None:
    refused_submissions(client, 1)
    assert client.quarantine("health").total == 0


@pytest.mark.parametrize(
    ("size", "token", "field"), [(-1, "", "page_size"), (0, "next", "page_token"), (0, "-3", "page_token")]
)
def test_a_page_that_cannot_be_is_refused(client: YishuClient, size: int, token: str, field: str) -> None:
    with pytest.raises(YishuError) as refused:
        client.quarantine("public_security", size, token)
    assert refused.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert refused.value.violations[0].field == field


def test_however_large_what_was_refused_it_can_be_listed(client: YishuClient) -> None:
    large = [(f"column_{column}", "大" * 3_000) for column in range(400)]
    for number in range(6):
        with pytest.raises(YishuError):
            client.submit(record("public_security", f"p-{number}", "person", *large))
    seen, token = 0, ""
    while True:
        page = client.quarantine("public_security", page_token=token)
        seen += len(page.records)
        token = page.next_page_token
        if not token:
            break
    assert seen == page.total == 6


def test_quarantine_of_no_source_is_refused(client: YishuClient) -> None:
    with pytest.raises(YishuError) as refused:
        client.quarantine("")
    assert refused.value.violations[0].field == "source"


def test_licences_of_two_sources_with_one_number_are_one_entity(client: YishuClient) -> None:
    first = client.submit(licence("l-1", "苏食证第1号"))
    second = client.submit(licence("l-2", "苏食证第1号", source="data_bureau"))
    assert first.entity_id == second.entity_id
