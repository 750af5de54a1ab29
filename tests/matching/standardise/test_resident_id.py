"""Resident identity numbers: GB 11643's own example, what departments type, and agreement with python-stdnum."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from matching.standardise import Mark, standardiser
from matching.standardise.check_digits import resident_check
from matching.standardise.today import today

standardise = standardiser("resident_id", {})

WOMAN = "11010519491231002X"  # the examples of GB 11643-1999
MAN = "440524188001010014"


@pytest.mark.parametrize(
    ("written", "standard", "repairs"),
    [
        (WOMAN, WOMAN, ()),
        (MAN, MAN, ()),
        ("１１０１０５１９４９１２３１００２Ｘ", WOMAN, ()),
        ("  11010519491231002X\t", WOMAN, ()),
        ("\ufeff11010519491231002X\u200b", WOMAN, ()),
        ("11010519491231002x", WOMAN, ("case",)),
        ("110105 19491231 002X", WOMAN, ("separators",)),
        ("110105-19491231-002X", WOMAN, ("separators",)),
        ("110105—19491231—002x", WOMAN, ("separators", "case")),
        ("'11010519491231002X", WOMAN, ("separators",)),
        ("11010519491231002×", WOMAN, ("check_letter",)),
        ("11010519491231002Х", WOMAN, ("check_letter",)),
        ("110105491231002", WOMAN, ("fifteen_digits",)),
        ("110105 491231 002", WOMAN, ("separators", "fifteen_digits")),
        ("810000199408230021", "810000199408230021", ()),
        ("830000199201300022", "830000199201300022", ()),
    ],
)
def test_a_number_as_departments_type_it(written: str, standard: str, repairs: tuple[str, ...]) -> None:
    value = standardise(written)
    assert (value.standard, value.repairs, value.usable) == (standard, repairs, True)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("110105194912310021", "checksum"),
        ("110105194912310020", "checksum"),
        ("11010519491231002", "length"),
        ("1101051949123100", "length"),
        ("11010519491231002XX", "length"),
        ("1101051949123100O2X", "characters"),
        ("X1010519491231002X", "characters"),
        ("1101051949123I002X", "characters"),
        ("3.30106E+17", "characters"),
        ("身份证", "characters"),
        ("110105194913310021", "birth_date"),
        ("110105194902300023", "birth_date"),
        ("110105174912310027", "birth_date"),
        ("110105491331002", "birth_date"),
        ("99010519491231002X", "region"),
        ("010105491231002", "region"),
        ("111111111111111111", "filler"),
        ("000000000000000000", "filler"),
        ("123456789012345678", "filler"),
        ("123456789012345", "filler"),
        ("11111111111111111X", "filler"),
    ],
)
def test_a_wrong_number_is_refused_with_its_reason(written: str, reason: str) -> None:
    value = standardise(written)
    assert (value.mark, value.reason) == (Mark.INVALID, reason)


def test_the_number_tells_region_birth_date_and_sex() -> None:
    assert dict(standardise(WOMAN).parts) == {
        "standard": WOMAN,
        "region": "110105",
        "province": "11",
        "birth_date": "1949-12-31",
        "sex": "2",
        "last_four": "002X",
    }
    assert standardise(MAN).parts["sex"] == "1"


def test_a_filler_has_nothing_to_compare() -> None:
    assert dict(standardise("1" * 18).parts) == {}


def test_nobody_is_born_after_today() -> None:
    def born(day: date) -> str:
        body = f"330203{day:%Y%m%d}001"
        return body + resident_check(body)

    assert standardise(born(today())).usable
    assert standardise(born(today() + timedelta(days=2))).reason == "birth_date"


def test_check_characters_agree_with_stdnum() -> None:
    numbers = random.Random(1)
    for _ in range(20_000):
        body = f"{numbers.randrange(10**17):017}"
        assert resident_check(body) == ric.calc_check_digit(body + "0")


@given(
    province=st.sampled_from(["11", "33", "44", "65", "81"]),
    place=st.integers(0, 9999),
    born=st.dates(date(1900, 1, 1), date(2020, 1, 1)),
    serial=st.integers(1, 999),
)
def test_what_is_generated_is_read_back(province: str, place: int, born: date, serial: int) -> None:
    body = f"{province}{place:04}{born:%Y%m%d}{serial:03}"
    value = standardise(body + resident_check(body))
    assert value.mark is Mark.VALID
    assert value.parts["birth_date"] == born.isoformat()
    assert value.parts["sex"] == str(2 - serial % 2)
    assert value.parts["region"] == body[:6]


@given(born=st.dates(date(1900, 1, 1), date(1999, 12, 31)), serial=st.integers(1, 999))
def test_fifteen_digits_become_the_eighteen_they_were_taken_from(born: date, serial: int) -> None:
    body = f"330203{born:%Y%m%d}{serial:03}"
    value = standardise(body[:6] + body[8:])
    assert (value.standard, value.repairs) == (body + resident_check(body), ("fifteen_digits",))
