"""What must hold for every semantic type, whatever the text."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.standardise import SEMANTIC_TYPES, Mark, Options, Standardise, standardiser
from matching.standardise.text_form import clean

OPTIONS: Mapping[str, Options] = {"code": {"codes": {"营业": "1", "吊销": "3", "-": "9"}}}
NAMES = sorted(SEMANTIC_TYPES)
FUNCTIONS: Mapping[str, Standardise] = {name: standardiser(name, OPTIONS.get(name, {})) for name in NAMES}
LICENCE_DATE = standardiser("date", {"future": True})

PIECES = [
    *("张三", "欧阳修", "單", "买买提·吐尔逊", "（张三", "先生", "女士)", "Mr. ", "O'Brien", "ZHANG SAN", "Ü"),
    *("宁波市海曙区", "浙江省", "(中国)", "科技有限公司", "第二分公司", "集团", "店", "(已注销)", "Co., Ltd."),
    *("合伙企业(有限合伙)", "南门街道", "灵桥路", "15弄", "3号", "2幢", "1单元", "301室", "-", "#", "3-2-501"),
    *("11010519491231002X", "110105491231002", "91350100M000100Y43", "D2143569-X", "440301103097413", "×"),
    *("13812345678", "+86", "0574-87654321", "转8001", "/", "(", ")", "1990", "年", "13", "月", "4", "日"),
    *("T00:00:00Z", "男", "1-", "无", "不详", "N/A", "0", "?", "*", "·", ".", ",", "长期", "  ", "\u200b", "\u3000"),
    *("\ufeff", "\ud800", "\u0301", "İ", "ß", "ﷺ", "１"),
]
texts = st.one_of(
    st.text(),
    st.lists(st.sampled_from(PIECES), max_size=7).map("".join),
    st.text(st.sampled_from("".join(PIECES))),
)
thorough = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", NAMES)
@thorough
@given(text=texts)
def test_a_standard_form_standardises_to_itself(name: str, text: str) -> None:
    value = FUNCTIONS[name](text)
    again = FUNCTIONS[name](value.standard)
    assert again.standard == value.standard
    if value.usable:
        assert again.mark is Mark.VALID


@pytest.mark.parametrize("name", NAMES)
@thorough
@given(text=texts)
def test_a_value_is_whole_and_its_mark_tells_how_it_was_got(name: str, text: str) -> None:
    value = FUNCTIONS[name](text)
    assert value.raw == text
    assert set(value.parts) <= SEMANTIC_TYPES[name].parts
    assert all(part for part in value.parts.values())
    assert bool(value.repairs) is (value.mark is Mark.REPAIRED)
    assert bool(value.reason) is (value.mark is Mark.INVALID)
    if value.mark is Mark.ABSENT:
        assert (value.standard, dict(value.parts)) == ("", {})
    if value.mark is Mark.VALID:
        assert value.standard == clean(text)
    if value.usable:
        assert value.parts["standard"] == value.standard


@thorough
@given(text=texts)
def test_a_date_that_may_lie_ahead_standardises_to_itself(text: str) -> None:
    value = LICENCE_DATE(text)
    assert LICENCE_DATE(value.standard).standard == value.standard


@thorough
@given(text=texts)
def test_clean_text_is_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned == cleaned.strip()
    cleaned.encode()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["", " ", "\u3000\t\n", "\u200b", "N/A", "--", "/"])
def test_nothing_is_absent(name: str, text: str) -> None:
    assert FUNCTIONS[name](text).mark is (Mark.REPAIRED if (name, text) == ("code", "-") else Mark.ABSENT)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"latin_name", "sex"}))
@pytest.mark.parametrize("text", ["无", "不详", "未知", "空", "ｎｕｌｌ", "None", " 暂无 "])
def test_a_filler_is_absent(name: str, text: str) -> None:
    assert FUNCTIONS[name](text).mark is Mark.ABSENT


HUGE = ["张" * 100_000, "1" * 100_000, "公司店" * 33_000, "\u0301\u0323" * 50_000, " " * 100_000 + "1"]
LONG = [
    *("公司" * 499, "有限公司分" * 199, "路号" * 499, "A " * 499, "a.@" * 333, "1-" * 499, "\u0315\u0323" * 499),
    *("张·" * 499, "區縣" * 499, "ﷺ" * 999, "(" * 999, "a" * 999, "中国" * 499, "- " * 499 + "a"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", HUGE + LONG)
def test_no_text_takes_long(name: str, text: str) -> None:
    started = time.perf_counter()
    value = FUNCTIONS[name](text)
    assert time.perf_counter() - started < 0.05
    assert len(value.standard) <= 2_000


@pytest.mark.parametrize("name", NAMES)
def test_a_text_of_more_than_a_thousand_characters_is_refused_unread(name: str) -> None:
    value = FUNCTIONS[name]("1" * 1_001)
    assert (value.mark, value.reason, value.standard, dict(value.parts)) == (Mark.INVALID, "too_long", "", {})


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_option_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=rf"{name}: unknown option 'colour'"):
        standardiser(name, {**OPTIONS.get(name, {}), "colour": 1})


def test_a_standard_form_that_grows_too_long_is_refused() -> None:
    value = FUNCTIONS["email"]("İ" * 999)
    assert (value.reason, value.standard) == ("too_long", "")


def test_an_unknown_type_is_refused_with_the_types_there_are() -> None:
    with pytest.raises(ValueError, match=r"'person'; there are .*person_name"):
        standardiser("person", {})


@pytest.mark.parametrize("name", NAMES)
def test_every_type_is_known_by_its_own_name_and_has_a_standard_form(name: str) -> None:
    assert SEMANTIC_TYPES[name].name == name
    assert "standard" in SEMANTIC_TYPES[name].parts
