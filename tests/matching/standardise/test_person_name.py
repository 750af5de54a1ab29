"""Names of persons: forms that departments type, surnames, and features that survive the usual errors."""

from __future__ import annotations

import pytest

from matching.standardise import Mark, standardiser

standardise = standardiser("person_name", {})


@pytest.mark.parametrize(
    ("written", "standard", "repairs"),
    [
        ("张三", "张三", ()),
        (" 张三　", "张三", ()),
        ("张\u200b三", "张三", ()),
        ("张 三", "张三", ("spaces",)),
        ("张　小　明", "张小明", ("spaces",)),
        ("張學友", "张学友", ("traditional",)),
        ("劉備", "刘备", ("traditional",)),
        ("乾隆", "乾隆", ()),
        ("王五先生", "王五", ("title",)),
        ("李四 女士", "李四", ("title",)),
        ("曾国藩（已故）", "曾国藩", ("note",)),
        ("曾国藩(户主", "曾国藩", ("note",)),
        ("（张三）", "张三", ("note",)),
        ("【张三】", "张三", ("note",)),
        ("查良镛 ZHA LIANGYONG", "查良镛", ("note",)),
        ("买买提·吐尔逊", "买买提·吐尔逊", ()),
        ("买买提•吐尔逊", "买买提·吐尔逊", ("separators",)),
        ("买买提．吐尔逊", "买买提·吐尔逊", ("separators",)),
        ("买买提 · 吐尔逊", "买买提·吐尔逊", ("separators",)),
        ("买买提・吐尔逊·", "买买提·吐尔逊", ("separators",)),
        ("ZHANG SAN", "ZHANG SAN", ()),
        ("Zhang  San", "ZHANG SAN", ("case",)),
        ("Mr. Smith", "SMITH", ("separators", "case", "title")),
        ("O’Brien, John", "O'BRIEN JOHN", ("separators", "case")),
        ("Jean-Luc Picard", "JEAN-LUC PICARD", ("case",)),
        ("卡尔·马克思", "卡尔·马克思", ()),
        ("𠮷田", "𠮷田", ()),
    ],
)
def test_a_name_as_departments_type_it(written: str, standard: str, repairs: tuple[str, ...]) -> None:
    value = standardise(written)
    assert (value.standard, value.usable) == (standard, True)
    assert set(value.repairs) == set(repairs)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("张?三", "lost_character"),
        ("张？", "lost_character"),
        ("张□", "lost_character"),
        ("张\ufffd", "lost_character"),
        ("张*三", "masked"),
        ("**三", "masked"),
        ("123", "characters"),
        ("张三1", "characters"),
        ("@#￥", "characters"),
        ("张", "incomplete"),
        ("张先生", "incomplete"),
        ("张A", "mixed_script"),
    ],
)
def test_a_wrong_name_is_refused_with_its_reason(written: str, reason: str) -> None:
    assert (standardise(written).mark, standardise(written).reason) == (Mark.INVALID, reason)


@pytest.mark.parametrize(
    ("name", "surname", "given", "pinyin"),
    [
        ("张三", "张", "三", "zhang san"),
        ("欧阳修", "欧阳", "修", "ou yang xiu"),
        ("司马相如", "司马", "相如", "si ma xiang ru"),
        ("欧阳", "欧", "阳", "ou yang"),
        ("陈李婉若", "陈", "李婉若", "chen li wan ruo"),
        ("单雄信", "单", "雄信", "shan xiong xin"),
        ("曾国藩", "曾", "国藩", "zeng guo fan"),
        ("查良镛", "查", "良镛", "zha liang yong"),
        ("仇英", "仇", "英", "qiu ying"),
        ("区志强", "区", "志强", "ou zhi qiang"),
        ("解珍", "解", "珍", "xie zhen"),
        ("朴志勇", "朴", "志勇", "piao zhi yong"),
        ("任盈盈", "任", "盈盈", "ren ying ying"),
        ("尉迟恭", "尉迟", "恭", "yu chi gong"),
        ("万俟卨", "万俟", "卨", "mo qi xie"),
        ("吕布", "吕", "布", "lv bu"),
    ],
)
def test_surname_and_reading_are_told(name: str, surname: str, given: str, pinyin: str) -> None:
    parts = standardise(name).parts
    assert (parts["surname"], parts["given"], parts["pinyin"]) == (surname, given, pinyin)


def test_a_name_with_separators_has_no_surname_to_guess() -> None:
    parts = standardise("买买提·吐尔逊").parts
    assert parts["given"] == "买买提"
    assert "surname" not in parts


def test_a_latin_name_with_a_comma_says_its_surname() -> None:
    parts = standardise("Smith, John").parts
    assert (parts["surname"], parts["given"]) == ("SMITH", "JOHN")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张晓明", "章小铭"),  # homophones
        ("陈金林", "陈精宁"),  # -n/-ng, l/n
        ("朱志刚", "祝资刚"),  # zh/z
        ("张小明", "Zhang Xiaoming"),
        ("曾小乐", "ZENG XIAO LE"),
        ("吕建安", "LÜ JIAN'AN"),
    ],
)
def test_names_that_sound_alike_agree_on_their_sound(one: str, other: str) -> None:
    assert standardise(one).parts["sound"] == standardise(other).parts["sound"]


def test_a_lost_character_leaves_the_surname_and_the_others_to_compare() -> None:
    value = standardise("张?明")
    assert dict(value.parts) == {"standard": "张?明", "surname": "张", "characters": ("张", "明")}
    assert set(value.parts["characters"]) < set(standardise("张喆明").parts["characters"])
