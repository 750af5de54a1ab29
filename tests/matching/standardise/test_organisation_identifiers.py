"""Unified social credit codes, organisation codes, registration numbers: examples, refusals, agreement with stdnum."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc
from stdnum.iso7064 import mod_11_10

from matching.standardise import Mark, standardiser
from matching.standardise.check_digits import (
    USCC_ALPHABET,
    organisation_check,
    registration_check,
    uscc_check,
)

credit_code = standardiser("uscc", {})
organisation_code = standardiser("organisation_code", {})
registration_number = standardiser("registration_number", {})

EXAMPLE = "91350100M000100Y43"  # GB 32100-2015


@pytest.mark.parametrize(
    ("written", "standard", "repairs"),
    [
        (EXAMPLE, EXAMPLE, ()),
        ("91110000600037341L", "91110000600037341L", ()),
        ("91440300708461136T", "91440300708461136T", ()),
        ("914403001922038216", "914403001922038216", ()),
        ("91100000100003962T", "91100000100003962T", ()),
        ("９１３５０１００Ｍ０００１００Ｙ４３", EXAMPLE, ()),
        (" 91350100M000100Y43 ", EXAMPLE, ()),
        ("91350100m000100y43", EXAMPLE, ("case",)),
        ("9135 0100 M000 100Y 43", EXAMPLE, ("separators",)),
        ("91-350100-M000100Y4-3", EXAMPLE, ("separators",)),
    ],
)
def test_a_credit_code_as_departments_type_it(written: str, standard: str, repairs: tuple[str, ...]) -> None:
    value = credit_code(written)
    assert (value.standard, value.repairs, value.usable) == (standard, repairs, True)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("91350100M000100Y44", "checksum"),
        ("91350100M000100Y34", "checksum"),
        ("91350100M000010Y43", "checksum"),
        ("9135010OM000100Y43", "characters"),
        ("9I350100M000100Y43", "characters"),
        ("91350100M000100Y4S", "characters"),
        ("91350100M000100Y4", "length"),
        ("M000100Y4", "length"),
        ("91990100M000100Y43", "region"),
        ("9135A100M000100Y43", "region"),
        ("000000000000000000", "filler"),
        ("111111111111111111", "filler"),
        ("12345678901234567X", "filler"),
        ("统一社会信用代码", "characters"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_its_reason(written: str, reason: str) -> None:
    assert (credit_code(written).mark, credit_code(written).reason) == (Mark.INVALID, reason)


def test_a_credit_code_contains_the_organisation_code() -> None:
    assert dict(credit_code(EXAMPLE).parts) == {
        "standard": EXAMPLE,
        "organisation_code": "M000100Y4",
        "region": "350100",
        "authority": "9",
    }
    assert organisation_code("M000100Y-4").standard == credit_code(EXAMPLE).parts["organisation_code"]


def test_an_organisation_code_that_fails_its_own_check_is_no_part() -> None:
    body = "91350100M000100Y5"
    assert "organisation_code" not in credit_code(body + uscc_check(body)).parts


@pytest.mark.parametrize(
    ("written", "standard", "repairs"),
    [
        ("D2143569X", "D2143569X", ()),
        ("D2143569-X", "D2143569X", ("separators",)),
        ("d2143569－x", "D2143569X", ("separators", "case")),
        ("600037341", "600037341", ()),
        ("70846113-6", "708461136", ("separators",)),
        (" 19220382 1 ", "192203821", ("separators",)),
    ],
)
def test_an_organisation_code_as_departments_type_it(written: str, standard: str, repairs: tuple[str, ...]) -> None:
    value = organisation_code(written)
    assert (value.standard, value.repairs, value.usable) == (standard, repairs, True)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("D2143569-1", "checksum"),
        ("D2143596X", "checksum"),
        ("D214356X", "length"),
        ("D21435699X", "length"),
        ("D214356号X", "characters"),
        ("00000000-0", "filler"),
        ("12345678-9", "filler"),
    ],
)
def test_a_wrong_organisation_code_is_refused_with_its_reason(written: str, reason: str) -> None:
    assert (organisation_code(written).mark, organisation_code(written).reason) == (Mark.INVALID, reason)


@pytest.mark.parametrize(
    ("written", "standard", "repairs"),
    [
        ("110108000000016", "110108000000016", ()),
        ("440301103097413", "440301103097413", ()),
        (" １１０１０８０００００００１６ ", "110108000000016", ()),
        ("110108 000000016", "110108000000016", ("separators",)),
        ("440301103097413(1-1)", "440301103097413", ("copy",)),
        ("440301103097413（1/2）", "440301103097413", ("copy",)),
    ],
)
def test_a_registration_number_as_departments_type_it(written: str, standard: str, repairs: tuple[str, ...]) -> None:
    value = registration_number(written)
    assert (value.standard, value.repairs, value.usable) == (standard, repairs, True)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("110108000000017", "checksum"),
        ("3302001234567", "length"),
        ("企合浙总字第001234号", "characters"),
        ("000000000000000", "filler"),
    ],
)
def test_a_wrong_registration_number_is_refused_with_its_reason(written: str, reason: str) -> None:
    assert (registration_number(written).mark, registration_number(written).reason) == (Mark.INVALID, reason)


def test_check_characters_agree_with_stdnum() -> None:
    numbers = random.Random(2)
    for _ in range(20_000):
        body = "".join(numbers.choices(USCC_ALPHABET, k=17))
        assert uscc_check(body) == stdnum_uscc.calc_check_digit(body)
        digits = f"{numbers.randrange(10**14):014}"
        assert registration_check(digits) == mod_11_10.calc_check_digit(digits)


@given(
    prefix=st.sampled_from(["91", "92", "11", "12", "52", "N2", "A1", "Y1"]),
    region=st.sampled_from(["330203", "110105", "100000", "440300"]),
    body=st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8),
)
def test_what_is_generated_is_read_back(prefix: str, region: str, body: str) -> None:
    organisation = body + organisation_check(body)
    code = prefix + region + organisation
    value = credit_code(code + uscc_check(code))
    assert value.mark is Mark.VALID
    assert value.parts["organisation_code"] == organisation
    assert value.parts["region"] == region
    expected = Mark.INVALID if organisation_code(organisation).reason == "filler" else Mark.VALID
    assert organisation_code(organisation).mark is expected
