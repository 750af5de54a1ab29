"""A verification discloses nothing: whatever is asked, no answer and no refusal holds what only the store knew."""

from collections.abc import Iterator
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.verification import VerificationResult
from service.application.golden import decode_golden
from service.errors import InvalidRequest
from tests.town import ASKING, HEALTH, MARKET, POLICE, Town, open_town, resident_id, shipped_types, uscc

ZHANG, WANG, NOBODY = (resident_id(body) for body in ("33020319900101001", "33020319851231442", "33020319700101001"))
FIRM, OTHER = uscc(12345678), uscc(87654321)

PEOPLE = (
    {"name": "張伟国", "resident_id": ZHANG, "birth_date": "1990年1月1日", "sex": "男", "phone": "13812345678"},
    {"name": "王小明", "resident_id": WANG, "household_address": "宁波市海曙区解放南路18号", "life_status": "死亡注销"},
    {"name": "欧阳娜娜", "document_number": "E12345678", "birth_date": "19780209"},
)
FIRMS = (
    {"name": "宁波某某餐饮有限公司", "uscc": FIRM, "status": "吊销", "legal_representative": "李建国"},
    {"name": "宁波别家酒楼有限公司", "uscc": OTHER, "status": "存续", "address": "宁波市鄞州区中山东路99号"},
)
LICENCES = (
    {"type_code": "JY1", "number": "JY13302030012345", "holder_name": "宁波别家酒楼有限公司", "valid_to": "2031-05-06"},
    {"type_code": "JY1", "number": "JY13302030054321", "holder_code": FIRM, "valid_to": "2019-08-07"},
    {"type_code": "WS2", "number": "JY13302030054321", "holder_name": "张伟国", "issuer": "海曙区卫生健康局"},
)
WRONG = ("赵六", NOBODY, uscc(11112222), "1991-02-03", "JY99999999999999", "2", "19780299", "无", "x\x00", "?" * 300)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    opened = open_town(tmp_path_factory.mktemp("town"))
    for number, values in enumerate(PEOPLE):
        opened.person(POLICE, str(number), **values)
    opened.person(HEALTH, "1", name="王晓明", resident_id=WANG, phone="13987654321")
    for number, values in enumerate(FIRMS):
        opened.organisation(MARKET, f"f{number}", **values)
    for number, values in enumerate(LICENCES):
        opened.licence(MARKET, f"l{number}", **values)
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def stored(town: Town) -> frozenset[str]:
    """Every golden value, raw and standard, and every value that lost."""
    found: set[str] = set()
    with town.store.read() as snapshot:
        for entity_type in shipped_types():
            records = [row.record for row in snapshot.records.all_current(entity_type)]
            for entity in snapshot.membership.of(records).values():
                version = snapshot.entities.latest(entity)
                assert version is not None
                for value in decode_golden(version.golden).values():
                    found.update(text for one in (value.winner, *value.losing) for text in (one.raw, one.standard))
    return frozenset(found)


def claims(entity_type: str, said: tuple[dict[str, str], ...], fields: tuple[str, ...]) -> st.SearchStrategy[object]:
    """Claims whose fields are what somebody's record says, or wrong."""
    texts = {name: [values[name] for values in said if name in values] for name in fields}
    filled = {name: st.sampled_from([*true, *WRONG] or WRONG) for name, true in texts.items()}
    return st.tuples(st.just(entity_type), st.fixed_dictionaries({}, optional=filled))


ANY_CLAIM = st.one_of(
    claims("person", PEOPLE, ("resident_id", "document_number", "name", "birth_date", "sex", "phone")),
    claims("person", PEOPLE, ("resident_id", "name", "household_address")),
    claims("organisation", FIRMS, ("uscc", "name", "legal_representative", "legal_representative_id", "address")),
    claims("licence", LICENCES, ("type_code", "number", "holder_name", "holder_code", "issuer", "valid_to")),
)


@given(ANY_CLAIM)
def test_no_answer_holds_a_stored_value_that_the_claim_did_not_bring(
    town: Town, stored: frozenset[str], asked: tuple[str, dict[str, str]]
) -> None:
    entity_type, claim = asked
    verify = getattr(town.verifier, f"verify_{entity_type}")
    try:
        answer = verify(ASKING, claim)
    except InvalidRequest as refused:
        told = [str(refused), *(part for violation in refused.violations for part in astuple(violation))]
    else:
        told = [answer.request_id, answer.result.value]
        told += [part.value if hasattr(part, "value") else part for field in answer.fields for part in astuple(field)]
        told = [text for text in told if text]
        if answer.status:
            assert answer.result is VerificationResult.NOT_CURRENT
            assert answer.status in {"DECEASED", "REVOKED", "EXPIRED"}
    secrets = stored - set(claim.values())
    assert not [secret for secret in secrets for text in told if secret == text or (len(secret) > 1 and secret in text)]
    assert not [value for value in claim.values() for text in told if len(value) > 1 and value in text]
