"""The types that are a list or a form and little more."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from matching.standardise import Mark, standardiser


def read(name: str, written: str, options: Mapping[str, object] | None = None) -> tuple[str, str]:
    """The standard form, and the reason or the mark."""
    value = standardiser(name, options or {})(written)
    return value.standard, value.reason or value.mark.value


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        *(
            ("男", "1"),
            ("男性", "1"),
            ("M", "1"),
            ("male", "1"),
            ("1", "1"),
            ("01", "1"),
            ("1-男", "1"),
            ("1 男性", "1"),
        ),
        *(("女", "2"), ("Ｆ", "2"), ("Female", "2"), ("2", "2"), ("2(女)", "2"), ("未知", "0"), ("0", "0"), ("9", "9")),
    ],
)
def test_sex_is_read_by_the_code_list_of_the_standard(written: str, standard: str) -> None:
    value = standardiser("sex", {})(written)
    assert (value.standard, value.usable) == (standard, True)
    assert value.parts.get("known") == (standard if standard in "12" else None)


@pytest.mark.parametrize("written", ["3", "x", "男女", "1-女", "男 2"])
def test_what_is_no_sex_is_refused(written: str) -> None:
    assert read("sex", written)[1] == "not_in_list"


def test_a_code_is_what_the_list_says_or_itself() -> None:
    options = {"codes": {"营业": "OPEN", "吊销": "REVOKED"}}
    assert read("code", "营业", options) == ("OPEN", "REPAIRED")
    assert read("code", "open", options) == ("OPEN", "REPAIRED")
    assert read("code", "OPEN", options) == ("OPEN", "VALID")
    assert read("code", "歇业", options) == ("歇业", "not_in_list")


@pytest.mark.parametrize(
    "options",
    [{}, {"codes": {}}, {"codes": ["a"]}, {"codes": {"a": 1}}, {"codes": {"a": "b", "b": "c"}}, {"codes": {"a": " b"}}],
)
def test_a_code_list_that_cannot_be_meant_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="codes"):
        standardiser("code", options)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        *(
            ("E12345678", "passport"),
            ("EA1234567", "passport"),
            ("G58421937", "passport"),
            ("h0830123401", "hk_macao_permit"),
        ),
        *(("M08301234", "hk_macao_permit"), ("08301234", "taiwan_permit"), ("军字第 123456 号", "military")),
        *(("USA110080010101", "foreigner_permanent"), ("810000199408230021", "residence_permit")),
        *(("11010519491231002X", "resident_id"), ("123-ABC-99999999", "other")),
    ],
)
def test_a_document_number_is_typed_by_its_form(written: str, kind: str) -> None:
    value = standardiser("document_number", {})(written)
    assert (value.usable, value.parts["kind"]) == (True, kind)
    assert value.parts["typed"] == f"{kind}:{value.standard}"


def test_a_document_number_of_a_stated_kind_must_have_its_form() -> None:
    assert read("document_number", "E12345678", {"kind": "passport"})[1] == "VALID"
    assert read("document_number", "E12345678", {"kind": "military"})[1] == "format"
    with pytest.raises(ValueError, match="kind"):
        standardiser("document_number", {"kind": "library card"})


@pytest.mark.parametrize(
    ("name", "written", "expected"),
    [
        ("document_number", "11010519491231003X", ("11010519491231003X", "checksum")),
        ("document_number", "111111111", ("111111111", "filler")),
        ("document_number", "护照", ("护照", "format")),
        ("licence_number", "浙餐证字〔2020〕第 001号", ("浙餐证字(2020)第001号", "REPAIRED")),
        ("licence_number", "jy13302030012345", ("JY13302030012345", "REPAIRED")),
        ("licence_number", "证照编号：JY1330203", ("JY1330203", "REPAIRED")),
        ("licence_number", "有效", ("有效", "characters")),
        ("licence_type", " 11100000000013127d001 ", ("11100000000013127D001", "REPAIRED")),
        ("licence_type", "?!", ("?!", "characters")),
        ("text", " Café　學習 ", ("Café 學習", "VALID")),
        ("email", "Robert255@Smith.NET", ("robert255@smith.net", "REPAIRED")),
        ("email", "mailto:a.b+c@x.gov.cn", ("a.b+c@x.gov.cn", "REPAIRED")),
        ("email", "a@b", ("a@b", "format")),
        ("email", "a b.com", ("ab.com", "format")),
        ("integer", "0042", ("42", "REPAIRED")),
        ("integer", "1,234.00", ("1234", "REPAIRED")),
        ("integer", "-5", ("-5", "VALID")),
        ("integer", "4.5", ("4.5", "format")),
        ("latin_name", "O'Brien", ("obrien", "REPAIRED")),
        ("latin_name", "Mary-Jane", ("mary jane", "REPAIRED")),
        ("latin_name", "JOSÉ", ("jose", "REPAIRED")),
        ("latin_name", "null", ("null", "VALID")),
        ("latin_name", "张三", ("张三", "characters")),
        ("digits", "12-34", ("1234", "REPAIRED")),
        ("digits", "0815", ("0815", "VALID")),
        ("digits", "12a4", ("12a4", "characters")),
        ("party_name", "张三", ("张三", "VALID")),
        ("party_name", "宁波星辰科技有限公司。", ("宁波星辰科技有限公司", "REPAIRED")),
        ("party_code", "11010519491231002x", ("11010519491231002X", "REPAIRED")),
        ("party_code", "91350100M000100Y43", ("91350100M000100Y43", "VALID")),
        ("party_code", "12345", ("12345", "length")),
    ],
)
def test_a_value_as_departments_type_it(name: str, written: str, expected: tuple[str, str]) -> None:
    assert read(name, written) == expected


def test_digits_of_a_stated_length_have_that_length() -> None:
    assert read("digits", "315000", {"length": 6}) == ("315000", "VALID")
    assert read("digits", "31500", {"length": 6}) == ("31500", "length")


def test_a_whole_number_keeps_its_limits() -> None:
    limits = {"least": 0, "most": 150}
    assert read("integer", "150", limits) == ("150", "VALID")
    assert read("integer", "151", limits) == ("151", "out_of_range")
    assert read("integer", "-1", limits) == ("-1", "out_of_range")


def test_text_is_folded_for_comparing() -> None:
    assert standardiser("text", {})("Café 學習").parts["folded"] == "cafe 学习"


def test_two_unknown_sexes_have_nothing_to_agree_on() -> None:
    value = standardiser("sex", {})("9")
    assert value.mark is Mark.VALID
    assert "known" not in value.parts
