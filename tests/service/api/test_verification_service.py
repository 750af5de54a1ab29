"""Verification over the wire: each result, each field result, and what a malformed claim is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import grpc
import pytest

from service.bootstrap import ResolverParts
from service.client import YishuClient, YishuError
from tests.service.api.serving import credit_code, licence, person, record, resident_id
from yishu.v1 import verification_pb2 as wire
from yishu.v1.entity_pb2 import ASSURANCE_AUTHORITATIVE
from yishu.v1.verification_service_pb2 import LicenceClaim, OrganisationClaim, PersonClaim

CONTEXT = YishuClient.context("道路运输从业资格许可", request_id="q-1")
ID = resident_id(1)
LICENCE_TYPE = "11100000000013127D001"


@pytest.fixture
def city(client: YishuClient) -> None:
    """A few people, an organisation and licences."""
    client.submit(person("p-1", name="王小明", resident_id=ID, sex="1"))
    client.submit(person("p-2", name="张国华", resident_id=resident_id(3), life_status="DECEASED"))
    client.submit(person("p-3", name="李红", resident_id=resident_id(5)))
    client.submit(person("p-4", name="赵刚", resident_id=resident_id(5)))
    values = {"name": "连云港大地商贸有限公司", "uscc": credit_code(1), "status": "ACTIVE"}
    client.submit(record("market_regulation", "o-1", "organisation", **values))
    client.submit(licence("l-1", "苏食证第1号", holder_code=credit_code(1), status="VALID"))
    client.submit(licence("l-2", "苏食证第2号", status="REVOKED"))


def fields(answer: wire.Verification) -> dict[str, wire.FieldResult.ValueType]:
    return {field.field: field.result for field in answer.fields}


def test_a_claim_that_agrees_is_a_match_with_all_that_stands_behind_it(city: None, verifier: YishuClient) -> None:
    answer = verifier.verify_person(PersonClaim(resident_id=ID, name="王小明"), CONTEXT)
    assert answer.result == wire.VERIFICATION_RESULT_MATCH
    assert answer.request_id == "q-1"
    assert [field.field for field in answer.fields] == ["resident_id", "name"]
    assert set(fields(answer).values()) == {wire.FIELD_RESULT_EXACT}
    assert {field.authority for field in answer.fields} == {"public_security"}
    assert {field.assurance for field in answer.fields} == {ASSURANCE_AUTHORITATIVE}
    assert answer.HasField("as_of")
    assert answer.golden_version == 1
    assert answer.status == ""


def test_a_value_in_another_form_is_normalised(city: None, verifier: YishuClient) -> None:
    answer = verifier.verify_person(PersonClaim(resident_id=ID, name="王 小明", sex="男"), CONTEXT)
    assert answer.result == wire.VERIFICATION_RESULT_MATCH
    assert fields(answer)["sex"] == wire.FIELD_RESULT_NORMALISED


def test_a_claim_that_disagrees_is_a_mismatch_and_never_tells_the_stored_value(
    city: None, verifier: YishuClient
) -> None:
    answer = verifier.verify_person(PersonClaim(resident_id=ID, name="王大明", phone="13800000000"), CONTEXT)
    assert answer.result == wire.VERIFICATION_RESULT_MISMATCH
    assert fields(answer) == {
        "resident_id": wire.FIELD_RESULT_EXACT,
        "name": wire.FIELD_RESULT_MISMATCH,
        "phone": wire.FIELD_RESULT_NOT_HELD,
    }
    assert "王小明".encode() not in answer.SerializeToString()


def test_a_valid_key_that_nobody_holds_is_not_found(city: None, verifier: YishuClient) -> None:
    answer = verifier.verify_person(PersonClaim(resident_id=resident_id(99), name="王小明"), CONTEXT)
    assert answer.result == wire.VERIFICATION_RESULT_NOT_FOUND
    assert not answer.fields
    assert not answer.HasField("as_of")


def test_a_subject_that_is_no_longer_current_says_so(city: None, verifier: YishuClient) -> None:
    answer = verifier.verify_person(PersonClaim(resident_id=resident_id(3), name="张国华"), CONTEXT)
    assert (answer.result, answer.status) == (wire.VERIFICATION_RESULT_NOT_CURRENT, "DECEASED")


def test_a_key_that_two_hold_is_ambiguous(city: None, verifier: YishuClient) -> None:
    answer = verifier.verify_person(PersonClaim(resident_id=resident_id(5), name="李红"), CONTEXT)
    assert answer.result == wire.VERIFICATION_RESULT_AMBIGUOUS
    assert not answer.fields


def test_an_organisation_is_verified_by_its_credit_code(city: None, verifier: YishuClient) -> None:
    claim = OrganisationClaim(uscc=credit_code(1).lower(), name="连云港大地商贸有限公司")
    answer = verifier.verify_organisation(claim, CONTEXT)
    assert answer.result == wire.VERIFICATION_RESULT_MATCH


def test_a_licence_is_verified_with_its_holder(city: None, verifier: YishuClient) -> None:
    claim = LicenceClaim(type_code=LICENCE_TYPE, number="苏食证第1号", holder_code=credit_code(1))
    assert verifier.verify_licence(claim, CONTEXT).result == wire.VERIFICATION_RESULT_MATCH
    revoked = verifier.verify_licence(LicenceClaim(type_code=LICENCE_TYPE, number="苏食证第2号"), CONTEXT)
    assert (revoked.result, revoked.status) == (wire.VERIFICATION_RESULT_NOT_CURRENT, "REVOKED")


@pytest.mark.parametrize(
    ("claim", "field", "reason"),
    [
        (PersonClaim(resident_id="110101199003070000"), "claim.resident_id", "CHECKSUM"),
        (PersonClaim(name="王小明"), "claim.resident_id", "REQUIRED"),
        (PersonClaim(resident_id=ID, birth_date="2190-02-30"), "claim.birth_date", ""),
        (PersonClaim(resident_id=ID, name="王" * 1_000), "claim.name", "TOO_LONG"),
        (PersonClaim(resident_id=ID, name="王\x07"), "claim.name", "CONTROL_CHARACTERS"),
    ],
)
def test_a_malformed_claim_is_an_invalid_argument_that_names_the_field(
    verifier: YishuClient, claim: PersonClaim, field: str, reason: str
) -> None:
    with pytest.raises(YishuError) as refused:
        verifier.verify_person(claim, CONTEXT)
    assert refused.value.code is grpc.StatusCode.INVALID_ARGUMENT
    wrong = {violation.field: violation.reason for violation in refused.value.violations}
    assert wrong[field].startswith(reason)


def test_a_question_without_a_purpose_is_refused(verifier: YishuClient) -> None:
    with pytest.raises(YishuError) as refused:
        verifier.verify_person(PersonClaim(resident_id=ID), wire.VerificationContext())
    assert {violation.field for violation in refused.value.violations} == {"context.request_id", "context.purpose"}


def test_an_answer_older_than_accepted_is_refused_with_its_age(client: YishuClient, verifier: YishuClient) -> None:
    old = person("p-1", resident_id=ID)
    old.observed_at.FromDatetime(datetime.now(UTC) - timedelta(days=10))
    client.submit(old)
    context = YishuClient.context("许可", max_staleness=timedelta(days=1))
    with pytest.raises(YishuError) as stale:
        verifier.verify_person(PersonClaim(resident_id=ID), context)
    assert (stale.value.code, stale.value.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "STALE_ANSWER")
    assert float(stale.value.facts["age_seconds"]) == pytest.approx(10 * 86_400, abs=60)
    assert float(stale.value.facts["accepted_seconds"]) == 86_400


def test_a_length_of_time_that_is_none_is_refused(verifier: YishuClient) -> None:
    context = YishuClient.context("许可")
    context.max_staleness.seconds = 10**17
    with pytest.raises(YishuError) as refused:
        verifier.verify_person(PersonClaim(resident_id=ID), context)
    assert refused.value.violations[0].field == "context.max_staleness"


def test_what_is_committed_is_verified_at_once_by_another_store_handle(
    city: None, client: YishuClient, verifier: YishuClient, parts: ResolverParts
) -> None:
    client.submit(person("p-1", name="王晓明", resident_id=ID))
    answer = verifier.verify_person(PersonClaim(resident_id=ID, name="王晓明"), CONTEXT)
    assert answer.result == wire.VERIFICATION_RESULT_MATCH
    assert answer.golden_version == 2


def test_a_resolver_does_not_answer_verifications(client: YishuClient) -> None:
    with pytest.raises(YishuError) as missing:
        client.verify_person(PersonClaim(resident_id=ID), CONTEXT)
    assert missing.value.code is grpc.StatusCode.UNIMPLEMENTED
