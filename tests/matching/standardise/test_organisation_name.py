"""Organisation names: standard form, and region, brand, trade, legal form and branch told apart."""

from __future__ import annotations

import pytest

from matching.standardise import Mark, standardiser

standardise = standardiser("organisation_name", {})


@pytest.mark.parametrize(
    ("written", "standard", "repairs"),
    [
        ("阿里巴巴（中国）有限公司", "阿里巴巴(中国)有限公司", ()),
        ("阿里巴巴【中国】有限公司", "阿里巴巴(中国)有限公司", ("brackets",)),
        ("宁波 星辰 科技 有限公司", "宁波星辰科技有限公司", ("spaces",)),
        ("寧波星辰科技有限公司", "宁波星辰科技有限公司", ("traditional",)),
        ("宁波星辰科技有限公司。", "宁波星辰科技有限公司", ("punctuation",)),
        ("宁波星辰科技有限公司（已注销）", "宁波星辰科技有限公司", ("note",)),
        ("ABC Co., Ltd", "ABC CO., LTD", ("case",)),
        ("宁波abc科技有限公司", "宁波ABC科技有限公司", ("case",)),
        ("ＡＢＣ有限公司", "ABC有限公司", ()),
    ],
)
def test_a_name_as_departments_type_it(written: str, standard: str, repairs: tuple[str, ...]) -> None:
    value = standardise(written)
    assert (value.standard, value.repairs, value.usable) == (standard, repairs, True)


@pytest.mark.parametrize("written", ["12345", "()", "2020-1", "???"])
def test_a_name_without_a_letter_is_refused(written: str) -> None:
    assert standardise(written).mark in (Mark.INVALID, Mark.ABSENT)
    assert not standardise(written).parts.keys() - {"standard"}


@pytest.mark.parametrize(
    ("name", "region", "core", "legal_form", "brand", "trade"),
    [
        ("宁波市鄞州区星辰科技有限责任公司", "宁波市鄞州区", "星辰科技", "有限责任公司", "星辰", "科技"),
        ("浙江省宁波市星辰商贸有限公司", "浙江省宁波市", "星辰商贸", "有限公司", "星辰", "商贸"),
        ("宁波星辰科技股份有限公司", "宁波", "星辰科技", "股份有限公司", "星辰", "科技"),
        ("星辰(宁波)科技有限公司", "宁波", "星辰科技", "有限公司", "星辰", "科技"),
        ("星辰科技(宁波)有限公司", "宁波", "星辰科技", "有限公司", "星辰", "科技"),
        ("阿里巴巴(中国)有限公司", "中国", "阿里巴巴", "有限公司", None, None),
        ("深圳市腾讯计算机系统有限公司", "深圳市", "腾讯计算机系统", "有限公司", "腾讯", "计算机系统"),
        ("宁波星辰投资合伙企业(有限合伙)", "宁波", "星辰投资", "合伙企业(有限合伙)", "星辰", "投资"),
        ("北京大学", None, "北京大学", None, None, None),
        ("中国银行", None, "中国银行", None, None, None),
        ("ABC CO., LTD", None, "ABC", "CO., LTD", None, None),
    ],
)
def test_the_parts_of_a_name_are_told_apart(
    name: str, region: str | None, core: str, legal_form: str | None, brand: str | None, trade: str | None
) -> None:
    parts = standardise(name).parts
    told = [parts.get(part) for part in ("region", "core", "legal_form", "brand", "trade")]
    assert told == [region, core, legal_form, brand, trade]


@pytest.mark.parametrize(
    ("name", "branch", "core"),
    [
        ("宁波老百姓大药房有限公司海曙第二分店", "海曙第二分店", "老百姓大药房"),
        ("中国工商银行股份有限公司宁波分行", "宁波分行", "工商银行"),
        ("宁波星辰科技有限公司第二分公司", "第二分公司", "星辰科技"),
        ("宁波星辰科技有限公司(海曙分公司)", "海曙分公司", "星辰科技"),
        ("宁波星辰科技有限公司", None, "星辰科技"),
        ("海曙老王小吃店", None, "海曙老王小吃店"),
    ],
)
def test_a_branch_is_told_from_its_parent(name: str, branch: str | None, core: str) -> None:
    parts = standardise(name).parts
    assert (parts.get("branch"), parts["core"]) == (branch, core)


def test_a_missing_legal_form_or_region_leaves_the_core_the_same() -> None:
    written = [
        "宁波星辰科技有限公司",
        "星辰科技有限公司",
        "宁波星辰科技",
        "星辰科技有限责任公司",
        "星辰（宁波）科技有限公司",
    ]
    assert {standardise(name).parts["core"] for name in written} == {"星辰科技"}
