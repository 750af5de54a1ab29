"""Telephone numbers: forms that departments type, and agreement of the quick path with the library."""

from __future__ import annotations

import random

import phonenumbers
import pytest

from matching.standardise import Mark, standardiser

standardise = standardiser("phone", {})


def is_valid_by_library(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "CN"))
    except phonenumbers.NumberParseException:
        return False


@pytest.mark.parametrize(
    ("written", "standard", "kind"),
    [
        ("13812345678", "+8613812345678", "mobile"),
        ("+8613812345678", "+8613812345678", "mobile"),
        ("8613812345678", "+8613812345678", "mobile"),
        ("008613812345678", "+8613812345678", "mobile"),
        ("013812345678", "+8613812345678", "mobile"),
        ("１３８１２３４５６７８", "+8613812345678", "mobile"),
        ("138-1234-5678", "+8613812345678", "mobile"),
        ("138 1234 5678", "+8613812345678", "mobile"),
        ("(+86)138 1234 5678", "+8613812345678", "mobile"),
        ("手机：13812345678", "+8613812345678", "mobile"),
        ("0574-87654321", "+8657487654321", "fixed"),
        ("(0574)87654321", "+8657487654321", "fixed"),
        ("0574—87654321转8001", "+8657487654321", "fixed"),
        ("86-574-87654321", "+8657487654321", "fixed"),
        ("010-62345678", "+861062345678", "fixed"),
        ("400-800-8820", "+864008008820", "service"),
        ("+1 650 253 0000", "+16502530000", "fixed_or_mobile"),
        ("+852 2123 4567", "+85221234567", "fixed"),
    ],
)
def test_a_number_as_departments_type_it(written: str, standard: str, kind: str) -> None:
    value = standardise(written)
    assert (value.standard, value.parts["kind"], value.usable) == (standard, kind, True)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1381234567", "number"),
        ("138123456789", "number"),
        ("10012345678", "number"),
        ("12345", "number"),
        ("87654321", "area_code"),
        ("11111111111", "filler"),
        ("00000000", "filler"),
        ("13812345678/13900000000", "several"),
        ("87654321、87654322", "several"),
        ("张三", "characters"),
        ("138****5678", "characters"),
    ],
)
def test_a_wrong_number_is_refused_with_its_reason(written: str, reason: str) -> None:
    assert (standardise(written).mark, standardise(written).reason) == (Mark.INVALID, reason)


def test_an_extension_is_kept_beside_the_number() -> None:
    assert standardise("0574-87654321转8001").parts["extension"] == "8001"


def test_a_local_number_is_read_with_the_area_code_of_the_configuration() -> None:
    at_home = standardiser("phone", {"area_code": "574"})
    assert (at_home("87654321").standard, at_home("87654321").repairs) == ("+8657487654321", ("area_code",))


def test_an_area_code_of_letters_is_refused() -> None:
    with pytest.raises(ValueError, match="area_code"):
        standardiser("phone", {"area_code": "NB"})


def test_the_quick_path_agrees_with_the_library() -> None:
    numbers = random.Random(3)
    for _ in range(3_000):
        written = f"1{numbers.randrange(10**10):010}"
        valid = is_valid_by_library(written)
        assert standardise(written).usable is valid or standardise(written).reason == "filler"
        if valid:
            assert standardise(written).standard == f"+86{written}"
