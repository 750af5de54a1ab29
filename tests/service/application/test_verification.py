"""Claims against a real store: who holds the key, what is answered, and what never is."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from matching.errors import ConfigurationError
from matching.survivorship import Assurance
from matching.verification import FieldResult, VerificationResult
from service.application.verification import Answer, Verifier
from service.errors import Refused, StaleAnswer, StoreUnavailable
from service.storage.base import Verdict
from service.storage.sqlite import SqliteStore
from tests.town import ASKING, HEALTH, MARKET, NOON, POLICE, Town, resident_id, shipped_types, uscc

ZHANG, WANG = resident_id("33020319900101001"), resident_id("33020319851231442")
FIRM = uscc(12345678)
EXACT, NORMALISED, MISMATCH, NOT_HELD = FieldResult


def results(answer: Answer) -> dict[str, FieldResult]:
    return {field.field: field.result for field in answer.fields}


@pytest.fixture
def zhang(town: Town) -> Town:
    """A town in which the police know 张伟国."""
    town.person(POLICE, "1", name="张伟国", resident_id=ZHANG, birth_date="1990-01-01", sex="男", phone="13800000000")
    return town


# -- the results


def test_match_tells_fields_in_the_message_s_order_with_authority_assurance_and_versions(zhang: Town) -> None:
    answer = zhang.verifier.verify_person(ASKING, {"birth_date": "1990-01-01", "name": "张伟国", "resident_id": ZHANG})
    assert (answer.result, answer.request_id, answer.status) == (VerificationResult.MATCH, "r-1", "")
    assert results(answer) == {"resident_id": EXACT, "name": EXACT, "birth_date": EXACT}
    assert [field.field for field in answer.fields] == ["resident_id", "name", "birth_date"]
    assert {(field.assurance, field.authority) for field in answer.fields} == {(Assurance.AUTHORITATIVE, POLICE)}
    assert (answer.golden_version, answer.model_version, answer.as_of) == (1, 0, NOON)


def test_mismatch_tells_which_field_disagrees(zhang: Town) -> None:
    answer = zhang.verifier.verify_person(ASKING, {"resident_id": ZHANG, "name": "张伟民", "birth_date": "1990-01-01"})
    assert answer.result is VerificationResult.MISMATCH
    assert results(answer) == {"resident_id": EXACT, "name": MISMATCH, "birth_date": EXACT}


def test_a_field_that_nobody_gave_is_not_held(zhang: Town) -> None:
    claim = {"resident_id": ZHANG, "household_address": "宁波市海曙区解放南路1号"}
    answer = zhang.verifier.verify_person(ASKING, claim)
    assert answer.result is VerificationResult.MISMATCH
    assert results(answer) == {"resident_id": EXACT, "household_address": NOT_HELD}


def test_the_key_alone_asks_whether_it_is_held(zhang: Town) -> None:
    assert zhang.verifier.verify_person(ASKING, {"resident_id": ZHANG}).result is VerificationResult.MATCH


def test_a_valid_key_that_nobody_holds_is_not_found_and_tells_nothing_more(zhang: Town) -> None:
    answer = zhang.verifier.verify_person(ASKING, {"resident_id": WANG, "name": "张伟国"})
    assert answer == Answer("r-1", VerificationResult.NOT_FOUND)


def test_the_dead_are_not_current(town: Town) -> None:
    town.person(POLICE, "1", name="王小明", resident_id=WANG, life_status="死亡注销")
    answer = town.verifier.verify_person(ASKING, {"resident_id": WANG, "name": "王小明"})
    assert (answer.result, answer.status) == (VerificationResult.NOT_CURRENT, "DECEASED")
    assert results(answer) == {"resident_id": EXACT, "name": EXACT}


def test_that_somebody_died_is_not_told_to_who_does_not_know_the_name(town: Town) -> None:
    town.person(POLICE, "1", name="王小明", resident_id=WANG, life_status="死亡注销")
    answer = town.verifier.verify_person(ASKING, {"resident_id": WANG, "name": "李四"})
    assert (answer.result, answer.status) == (VerificationResult.MISMATCH, "")


def test_a_key_that_two_entities_hold_alike_is_ambiguous_and_tells_nothing_more(town: Town) -> None:
    town.person(POLICE, "1", name="王小明", resident_id=WANG)
    town.person(POLICE, "2", name="李四", resident_id=WANG)
    answer = town.verifier.verify_person(ASKING, {"resident_id": WANG, "name": "王小明"})
    assert answer == Answer("r-1", VerificationResult.AMBIGUOUS)


def test_of_two_entities_that_hold_a_key_the_one_with_more_behind_it_answers(town: Town) -> None:
    """A department typed somebody else's number: it is still the number of whom the police say."""
    town.person(HEALTH, "1", name="李四", resident_id=WANG)
    town.person(POLICE, "1", name="王小明", resident_id=WANG)
    answer = town.verifier.verify_person(ASKING, {"resident_id": WANG, "name": "王小明"})
    assert (answer.result, answer.fields[0].authority) == (VerificationResult.MATCH, POLICE)


def test_a_key_that_a_hundred_entities_hold_tells_nobody_apart(town: Town) -> None:
    for number in range(100):
        town.person(POLICE, str(number), name="王小明", document_number="E12345678")
    answer = town.verifier.verify_person(ASKING, {"document_number": "E12345678"})
    assert answer.result is VerificationResult.AMBIGUOUS


# -- the fields: hard cases


@pytest.mark.parametrize(
    ("has", "claimed"),
    [
        ("11010519491231002X", "11010519491231002x"),
        ("11010519491231002X", "110105491231002"),
        ("110105491231002", "１１０１０５１９４９１２３１００２Ｘ"),
        ("11010519491231002x", "110105-19491231-002X "),
    ],
)
def test_a_number_is_the_same_number_in_every_published_form(town: Town, has: str, claimed: str) -> None:
    town.person(POLICE, "1", name="张伟国", resident_id=has)
    answer = town.verifier.verify_person(ASKING, {"resident_id": claimed, "name": "張偉國"})
    assert answer.result is VerificationResult.MATCH
    assert results(answer) == {"resident_id": NORMALISED, "name": NORMALISED}


def test_a_person_without_a_resident_id_is_found_by_another_document(town: Town) -> None:
    town.person(POLICE, "1", name="JOHN SMITH", document_number="E12345678")
    answer = town.verifier.verify_person(ASKING, {"document_number": "e12345678", "name": "John Smith"})
    assert answer.result is VerificationResult.MATCH


def test_where_both_numbers_are_claimed_the_resident_id_is_the_key_and_the_other_is_compared(town: Town) -> None:
    town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    town.person(POLICE, "2", name="王小明", document_number="E12345678")
    answer = town.verifier.verify_person(ASKING, {"resident_id": ZHANG, "document_number": "E12345678"})
    assert results(answer) == {"resident_id": EXACT, "document_number": NOT_HELD}


def test_a_correction_answers_at_once_and_a_withdrawal_leaves_nothing(zhang: Town) -> None:
    ref = zhang.person(POLICE, "1", name="张卫国", resident_id=ZHANG)
    answer = zhang.verifier.verify_person(ASKING, {"resident_id": ZHANG, "name": "张卫国"})
    assert (answer.result, answer.golden_version) == (VerificationResult.MATCH, 2)
    zhang.withdraw(ref)
    assert zhang.verifier.verify_person(ASKING, {"resident_id": ZHANG}).result is VerificationResult.NOT_FOUND


def test_a_merged_entity_s_key_answers_as_its_survivor(town: Town) -> None:
    first = town.person(POLICE, "1", name="张伟国", phone="13800000000", document_number="E12345678")
    second = town.person(HEALTH, "1", name="张伟国", resident_id=ZHANG)
    town.steward.decide(first, second, Verdict.MATCH, "steward", "")
    for key in ({"resident_id": ZHANG}, {"document_number": "E12345678"}):
        answer = town.verifier.verify_person(ASKING, key | {"name": "张伟国"})
        assert answer.result is VerificationResult.MATCH
    assert answer.fields[0].authority == POLICE


def test_the_model_version_is_the_number_of_the_model_that_the_golden_record_was_made_under(town: Town) -> None:
    with town.store.write() as work:
        work.models.add("organisation", "d", b"1", "", NOON)
        work.models.add("person", "d", b"1", "", NOON)
        model = work.models.add("person", "d", b"2", "", NOON)
        work.commit()
    town.resolver.put_in_force(replace(town.types["person"], model=model.model, model_version=model.version))
    town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    assert town.verifier.verify_person(ASKING, {"resident_id": ZHANG}).model_version == 2


# -- organisations


def test_an_organisation_is_verified_with_its_legal_representative(town: Town) -> None:
    town.organisation(
        MARKET, "1", name="宁波某某餐饮有限公司", uscc=FIRM, status="存续",
        legal_representative="张伟国", legal_representative_id=ZHANG,
    )  # fmt: skip
    claim = {
        "uscc": FIRM.lower(),
        "name": "寧波某某餐飲有限公司",
        "legal_representative": "張偉國",
        "legal_representative_id": ZHANG,
    }
    answer = town.verifier.verify_organisation(ASKING, claim)
    assert answer.result is VerificationResult.MATCH
    assert results(answer)["legal_representative"] is NORMALISED
    wrong = town.verifier.verify_organisation(ASKING, claim | {"legal_representative": "李四"})
    assert results(wrong)["legal_representative"] is MISMATCH


def test_a_revoked_organisation_is_not_current(town: Town) -> None:
    town.organisation(MARKET, "1", name="宁波某某餐饮有限公司", uscc=FIRM, status="吊销")
    answer = town.verifier.verify_organisation(ASKING, {"uscc": FIRM})
    assert (answer.result, answer.status) == (VerificationResult.NOT_CURRENT, "REVOKED")


# -- licences

FOOD = {"type_code": "JY1", "number": "JY13302030012345"}


def test_a_licence_is_found_by_type_and_number_together(town: Town) -> None:
    town.licence(MARKET, "1", **FOOD, holder_name="宁波某某餐饮有限公司", holder_code=FIRM)
    town.licence(HEALTH, "1", type_code="WS1", number=FOOD["number"], holder_name="宁波别家餐饮有限公司")
    claim = {**FOOD, "holder_name": "宁波某某餐饮有限公司", "holder_code": FIRM}
    answer = town.verifier.verify_licence(ASKING, claim)
    assert answer.result is VerificationResult.MATCH
    assert set(results(answer).values()) == {EXACT}
    other = town.verifier.verify_licence(ASKING, {**claim, "type_code": "XX1"})
    assert other == Answer("r-1", VerificationResult.NOT_FOUND)


@pytest.mark.parametrize(
    ("dates", "result", "status"),
    [
        ({"valid_to": "2026-02-28"}, VerificationResult.NOT_CURRENT, "EXPIRED"),
        ({"valid_to": "2026-03-01"}, VerificationResult.MATCH, ""),
        ({"valid_to": "长期"}, VerificationResult.MATCH, ""),
        ({"valid_from": "2026-03-02"}, VerificationResult.NOT_CURRENT, "NOT_YET_VALID"),
        ({"status": "注销"}, VerificationResult.NOT_CURRENT, "CANCELLED"),
        ({"status": "有效", "valid_to": "2020-01-01"}, VerificationResult.NOT_CURRENT, "EXPIRED"),
    ],
)
def test_a_licence_is_current_within_its_dates_and_by_its_status(
    town: Town, dates: dict[str, str], result: VerificationResult, status: str
) -> None:
    town.licence(MARKET, "1", **FOOD, **dates)
    answer = town.verifier.verify_licence(ASKING, FOOD)
    assert (answer.result, answer.status) == (result, status)


def test_today_is_the_day_where_the_city_is(town: Town) -> None:
    """17:00 UTC is one o'clock in the morning of the next day in China."""
    town.licence(MARKET, "1", **FOOD, valid_to="2026-03-01")
    evening = Verifier(town.store, shipped_types(), lambda: NOON + timedelta(hours=5))
    assert evening.verify_licence(ASKING, FOOD).status == "EXPIRED"


def test_a_licence_without_a_code_answers_for_the_code_of_the_one_holder_that_fits_its_name(town: Town) -> None:
    """The name alone ties the two, so no more than one source stands behind the code."""
    town.organisation(MARKET, "1", name="宁波某某餐饮有限公司", uscc=FIRM, status="存续")
    town.licence(MARKET, "2", **FOOD, holder_name="宁波某某餐饮有限公司")
    answer = town.verifier.verify_licence(ASKING, {**FOOD, "holder_code": f"{FIRM[:9]} {FIRM[9:]}"})
    assert answer.result is VerificationResult.MATCH
    assert answer.fields[2].result is NORMALISED
    assert (answer.fields[2].assurance, answer.fields[2].authority) == (Assurance.SINGLE, MARKET)
    other = town.verifier.verify_licence(ASKING, {**FOOD, "holder_code": uscc(87654321)})
    assert other.result is VerificationResult.MISMATCH


def test_a_person_can_be_the_holder_that_fits(town: Town) -> None:
    town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    town.licence(MARKET, "1", **FOOD, holder_name="张伟国")
    assert town.verifier.verify_licence(ASKING, {**FOOD, "holder_code": ZHANG}).result is VerificationResult.MATCH


def test_a_licence_whose_holder_is_not_known_holds_no_code(town: Town) -> None:
    town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    town.person(POLICE, "2", name="张伟国", resident_id=WANG)
    town.licence(MARKET, "1", **FOOD, holder_name="张伟国")
    answer = town.verifier.verify_licence(ASKING, {**FOOD, "holder_code": ZHANG})
    assert results(answer)["holder_code"] is NOT_HELD


# -- what is not answered


def test_an_answer_older_than_is_accepted_is_refused_with_its_age(town: Town) -> None:
    town.observed_at = NOON - timedelta(days=3)
    town.person(POLICE, "1", name="张伟国", resident_id=ZHANG)
    week, day = (replace(ASKING, max_staleness=timedelta(days=days)) for days in (7, 1))
    claim = {"resident_id": ZHANG}
    assert town.verifier.verify_person(week, claim).result is VerificationResult.MATCH
    with pytest.raises(StaleAnswer) as refused:
        town.verifier.verify_person(day, claim)
    assert (refused.value.age_seconds, refused.value.accepted_seconds) == (3 * 86_400, 86_400)


def test_a_store_that_cannot_be_read_is_never_not_found(zhang: Town) -> None:
    zhang.store.close()
    with pytest.raises(StoreUnavailable):
        zhang.verifier.verify_person(ASKING, {"resident_id": WANG})


def test_a_verifier_reads_a_store_opened_to_read_and_sees_the_next_commit(zhang: Town, tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "yishu.db", read_only=True) as store:
        verifier = Verifier(store, shipped_types(), lambda: NOON)
        assert verifier.verify_person(ASKING, {"resident_id": ZHANG}).result is VerificationResult.MATCH
        assert verifier.verify_person(ASKING, {"resident_id": WANG}).result is VerificationResult.NOT_FOUND
        zhang.person(POLICE, "2", name="王小明", resident_id=WANG)
        assert verifier.verify_person(ASKING, {"resident_id": WANG}).result is VerificationResult.MATCH


def test_a_city_without_the_entity_type_refuses_its_questions(town: Town) -> None:
    people_only = Verifier(town.store, {"person": shipped_types()["person"]}, lambda: NOON)
    with pytest.raises(Refused, match="organisation"):
        people_only.verify_organisation(ASKING, {"uscc": FIRM})


def test_a_key_that_entities_are_not_found_by_is_refused_at_start(town: Town) -> None:
    person = shipped_types()["person"]
    number = person.attributes["resident_id"].model_copy(update={"lookup": False})
    blind = person.model_copy(update={"attributes": {**person.attributes, "resident_id": number}})
    with pytest.raises(ConfigurationError, match=r"attributes\.resident_id"):
        Verifier(town.store, {"person": blind}, lambda: NOON)


def test_a_claim_may_ask_what_the_city_s_type_has_no_attribute_for(town: Town) -> None:
    person = shipped_types()["person"]
    kept = {name: attribute for name, attribute in person.attributes.items() if name != "household_address"}
    verifier = Verifier(town.store, {"person": person.model_copy(update={"attributes": kept})}, lambda: NOON)
    town.person(POLICE, "1", name="张伟国", resident_id=ZHANG, household_address="宁波市海曙区解放南路1号")
    claim = {"resident_id": ZHANG, "household_address": "宁波市海曙区解放南路1号"}
    assert results(verifier.verify_person(ASKING, claim))["household_address"] is NOT_HELD
