"""A claim against a golden record: the two tables of DOMAIN.md, and that nothing is disclosed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.records import RecordRef
from matching.schema import VerifiedStatus
from matching.standardise import standardiser
from matching.standardise.value import StandardValue
from matching.survivorship import Assurance, GoldenValue, Rule, SourcedValue
from matching.verification import FieldResult, VerificationResult, Verified, best_assured, not_current, verify

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 1)
STATUS = VerifiedStatus(
    attribute="status", not_current=("REVOKED", "DECEASED"), valid_from="valid_from", valid_to="valid_to"
)
READ = {
    "resident_id": standardiser("resident_id", {}),
    "name": standardiser("person_name", {}),
    "company": standardiser("organisation_name", {}),
    "address": standardiser("address", {}),
    "birth_date": standardiser("date", {}),
    "issuer": standardiser("text", {}),
    "phone": standardiser("phone", {}),
    "sex": standardiser("code", {"codes": {"男": "1", "女": "2"}}),
}
EXACT, NORMALISED, MISMATCH, NOT_HELD = FieldResult


def held(
    standard: str,
    raw: str | None = None,
    observed_at: datetime = NOON,
    assurance: Assurance = Assurance.AUTHORITATIVE,
    source: str = "public_security",
) -> GoldenValue:
    read = standardiser("text", {})(standard)
    ref = RecordRef(source, "1")
    winner = SourcedValue(standard if raw is None else raw, standard, read.mark, ref, 1, observed_at, observed_at)
    return GoldenValue(winner, Rule.ONLY_VALUE, assurance, ())


def golden(field: str, raw: str) -> dict[str, GoldenValue]:
    return {field: held(READ[field](raw).standard, raw)}


def claimed(**texts: str) -> dict[str, StandardValue]:
    return {field: READ[field](text) for field, text in texts.items()}


def asked(claim: Mapping[str, StandardValue], has: Mapping[str, GoldenValue]) -> Verified:
    return verify(claim, has, STATUS, TODAY)


def test_match_means_that_every_field_asked_agrees() -> None:
    has = {"name": held("王小明"), "birth_date": held("1990-01-01"), "phone": held("+8613800000000")}
    answer = asked(claimed(name="王小明", birth_date="1990-01-01"), has)
    assert answer.result is VerificationResult.MATCH
    assert [(field.field, field.result) for field in answer.fields] == [("name", EXACT), ("birth_date", EXACT)]


def test_mismatch_means_that_a_field_disagrees_and_says_which() -> None:
    has = {"name": held("王小明"), "birth_date": held("1990-01-01")}
    answer = asked(claimed(name="王小明", birth_date="1990-01-02"), has)
    assert answer.result is VerificationResult.MISMATCH
    assert [field.result for field in answer.fields] == [EXACT, MISMATCH]


def test_a_field_for_which_nothing_is_held_is_not_held_and_prevents_a_match() -> None:
    answer = asked(claimed(name="王小明", phone="13800000000"), {"name": held("王小明")})
    assert answer.result is VerificationResult.MISMATCH
    assert [field.result for field in answer.fields] == [EXACT, NOT_HELD]
    assert (answer.fields[1].assurance, answer.fields[1].authority) == (None, "")


def test_a_field_tells_its_assurance_and_the_source_that_answers() -> None:
    has = {"name": held("王小明", assurance=Assurance.CORROBORATED, source="health")}
    (field,) = asked(claimed(name="李四"), has).fields
    assert (field.assurance, field.authority) == (Assurance.CORROBORATED, "health")


@pytest.mark.parametrize(
    ("has", "word"),
    [
        ({"status": held("REVOKED")}, "REVOKED"),
        ({"status": held("DECEASED", "死亡注销")}, "DECEASED"),
        ({"status": held("ACTIVE")}, ""),
        ({}, ""),
        ({"valid_to": held("2026-02-28")}, "EXPIRED"),
        ({"valid_to": held("2026-03-01")}, ""),
        ({"valid_to": held("9999-12-31", "长期")}, ""),
        ({"valid_from": held("2026-03-02")}, "NOT_YET_VALID"),
        ({"valid_from": held("2026-03-01")}, ""),
        ({"status": held("REVOKED"), "valid_to": held("2020-01-01")}, "REVOKED"),
        ({"status": held("ACTIVE"), "valid_to": held("2020-01-01")}, "EXPIRED"),
    ],
)
def test_not_current_is_by_status_then_by_date_and_says_the_status(has: dict[str, GoldenValue], word: str) -> None:
    assert not_current(has, STATUS, TODAY) == word
    answer = asked(claimed(name="王小明"), {"name": held("王小明"), **has})
    expected = VerificationResult.NOT_CURRENT if word else VerificationResult.MATCH
    assert (answer.result, answer.status) == (expected, word)
    assert [field.result for field in answer.fields] == [EXACT]


def test_who_does_not_know_the_subject_is_not_told_that_it_is_not_current() -> None:
    has = {"name": held("王小明"), "status": held("DECEASED"), "valid_to": held("2020-01-01")}
    for claim in (claimed(name="李四"), claimed(name="王小明", phone="13800000000")):
        answer = asked(claim, has)
        assert (answer.result, answer.status) == (VerificationResult.MISMATCH, "")


def test_a_type_without_a_status_is_always_current() -> None:
    answer = verify(claimed(name="王小明"), {"name": held("王小明"), "status": held("REVOKED")}, None, TODAY)
    assert answer.result is VerificationResult.MATCH


@pytest.mark.parametrize(
    ("field", "has", "claim"),
    [
        ("resident_id", "11010519491231002X", "11010519491231002X"),
        ("name", "王小明", "王小明"),
        ("name", "王 小明", "王 小明"),
        ("name", "王 小明", "王小明"),
        ("address", "北京市东城区王府井大街1号", "北京市东城区王府井大街1号"),
        ("birth_date", "1990年1月1日", "1990-01-01"),
        ("birth_date", "1990年1月1日", "1990年1月1日"),
        ("sex", "男", "1"),
    ],
)
def test_exact_is_equal_as_sent_to_what_the_source_sent_or_to_its_standard_form(
    field: str, has: str, claim: str
) -> None:
    (answer,) = asked(claimed(**{field: claim}), golden(field, has)).fields
    assert answer.result is EXACT


@pytest.mark.parametrize(
    ("field", "has", "claim"),
    [
        ("resident_id", "11010519491231002X", "11010519491231002x"),
        ("resident_id", "11010519491231002X", "１１０１０５１９４９１２３１００２Ｘ"),
        ("resident_id", "11010519491231002X", "110105491231002"),
        ("resident_id", "110105491231002", "110105 1949 1231 002X"),
        ("name", "张伟国", "張偉國"),
        ("name", "買買提·艾力", "买买提•艾力"),
        ("name", "王小明", "王 小 明"),
        ("company", "宁波海曙某某餐饮有限公司(分店)", "寧波海曙某某餐飲有限公司（分店）"),
        ("address", "北京市东城区王府井大街1号", "北京市東城區王府井大街１號"),
        ("birth_date", "1990-01-01", "1990/1/1"),
        ("issuer", "臺北市政府衛生局", "台北市政府卫生局"),
        ("phone", "13800000000", "138-0000-0000"),
        ("sex", "1", "男"),
    ],
)
def test_normalised_is_equal_by_the_published_rules(field: str, has: str, claim: str) -> None:
    (answer,) = asked(claimed(**{field: claim}), golden(field, has)).fields
    assert answer.result is NORMALISED


@pytest.mark.parametrize(
    ("field", "has", "claim"),
    [
        ("name", "王小明", "王小民"),
        ("name", "王小明", "王晓明"),
        ("company", "宁波海曙某某餐饮有限公司", "宁波海曙某某餐饮有限公司江北分公司"),
        ("address", "北京市东城区王府井大街1号", "北京市东城区王府井大街11号"),
        ("birth_date", "1990-01-02", "1990-02-01"),
        ("issuer", "市卫生局", "市卫生健康委员会"),
    ],
)
def test_near_is_not_equal(field: str, has: str, claim: str) -> None:
    (answer,) = asked(claimed(**{field: claim}), golden(field, has)).fields
    assert answer.result is MISMATCH


def test_a_source_s_own_code_does_not_stand_for_the_same_text_in_a_claim() -> None:
    """A source that writes 1 for female holds raw "1", standard "2"."""
    has = {"sex": held("2", raw="1")}
    assert [field.result for field in asked(claimed(sex="1"), has).fields] == [MISMATCH]
    assert [field.result for field in asked(claimed(sex="2"), has).fields] == [EXACT]


def test_as_of_is_when_the_oldest_value_that_the_result_rests_on_was_observed() -> None:
    day = timedelta(days=1)
    has = {
        "name": held("王小明", observed_at=NOON - 2 * day),
        "birth_date": held("1990-01-01", observed_at=NOON - 5 * day),
        "phone": held("+8613800000000", observed_at=NOON - 90 * day),
        "status": held("ACTIVE", observed_at=NOON - 7 * day),
    }
    assert asked(claimed(name="王小明"), has).as_of == NOON - 7 * day
    assert asked(claimed(name="李四"), has).as_of == NOON - 2 * day
    assert asked(claimed(name="李四", birth_date="1990-01-01"), has).as_of == NOON - 5 * day
    assert asked(claimed(name="王小明"), {}).as_of is None


def test_of_several_that_hold_a_key_those_are_best_for_whom_most_stands() -> None:
    several = {
        1: held("x", assurance=Assurance.SINGLE),
        2: held("x", assurance=Assurance.CORROBORATED),
        3: held("x", assurance=Assurance.CORROBORATED),
    }
    assert best_assured(several) == [2, 3]
    assert best_assured({**several, 4: held("x")}) == [4]
    assert best_assured({}) == []


texts = st.text(alphabet="王李明0123456789Xx年- ", min_size=4, max_size=10)


@given(
    st.dictionaries(st.sampled_from(["name", "birth_date", "issuer"]), texts, min_size=1),
    st.dictionaries(st.sampled_from(["name", "birth_date", "issuer", "valid_to", "valid_from"]), texts),
    st.sampled_from(["", "ACTIVE", "REVOKED"]),
)
def test_a_verification_holds_no_stored_value_but_the_status_of_what_is_not_current(
    claim: dict[str, str], stored: dict[str, str], status: str
) -> None:
    has = {name: held(text) for name, text in stored.items()} | ({"status": held(status)} if status else {})
    answer = asked({name: READ[name](text) for name, text in claim.items()}, has)
    told = [answer.result, answer.status]
    for field in answer.fields:
        told += [field.field, field.result, field.assurance or "", field.authority]
    words = {answer.status} if answer.result is VerificationResult.NOT_CURRENT else {""}
    assert answer.status in words
    assert answer.status in {"", "EXPIRED", "NOT_YET_VALID", "REVOKED"}
    assert not any(text in word for text in stored.values() for word in told if word)
    assert (answer.result is VerificationResult.MISMATCH) == any(
        field.result in (MISMATCH, NOT_HELD) for field in answer.fields
    )
