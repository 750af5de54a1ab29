"""Addresses: standard form, and the division, street, number and room told apart."""

from __future__ import annotations

import pytest

from matching.standardise import Mark, standardiser

standardise = standardiser("address", {})
PARTS = ("province", "city", "district", "town", "street", "village", "number", "building", "unit", "room", "tail")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "浙江省宁波市海曙区南门街道环城西路南段123号5幢2单元301室",
            "浙江省 宁波市 海曙区 南门街道 环城西路南段 - 123 5 2 301 -",
        ),
        ("宁波海曙区灵桥路15弄3号402", "浙江省 宁波市 海曙区 - 灵桥路 - 15弄3 - - 402 -"),
        ("浙江宁波鄞州区东柳街道幸福苑3-2-501", "浙江省 宁波市 鄞州区 东柳街道 - 幸福苑 - 3 2 501 -"),
        ("广东省深圳市南山区科技园", "广东省 深圳市 南山区 - - 科技园 - - - - -"),
        ("吉林省吉林市昌邑区解放路1号", "吉林省 吉林市 昌邑区 - 解放路 - 1 - - - -"),
        ("北京市北京市海淀区中关村大街1号", "北京市 - 海淀区 - 中关村大街 - 1 - - - -"),
        ("上海市浦东新区张江镇祖冲之路2288弄3号楼", "上海市 - 浦东新区 张江镇 祖冲之路 - 2288 3 - - -"),
        ("余姚市马渚镇渚北村12号", "- - 余姚市 马渚镇 - 渚北村 12 - - - -"),
        ("新疆乌鲁木齐市天山区", "新疆维吾尔自治区 乌鲁木齐市 天山区 - - - - - - - -"),
        ("云南省大理白族自治州大理市下关镇", "云南省 大理白族自治州 大理市 下关镇 - - - - - - -"),
        ("人民路12号院3号楼1单元502", "- - - - 人民路 - 12 3 1 502 -"),
        ("宁波市鄞州区潘火街道王家弄村", "浙江省 宁波市 鄞州区 潘火街道 - 王家弄村 - - - - -"),
        ("重庆市渝中区民权路28号", "重庆市 - 渝中区 - 民权路 - 28 - - - -"),
    ],
)
def test_the_parts_of_an_address_are_told_apart(written: str, told: str) -> None:
    parts = standardise(written).parts
    assert " ".join(str(parts.get(part, "-")) for part in PARTS) == told


@pytest.mark.parametrize(
    ("written", "standard", "repairs"),
    [
        ("宁波市 海曙区 灵桥路 3 号", "宁波市海曙区灵桥路3号", ("spaces",)),
        ("宁波市海曙区灵桥路３号", "宁波市海曙区灵桥路3号", ()),
        ("寧波市海曙區靈橋路3號", "宁波市海曙区灵桥路3号", ("traditional",)),
        ("宁波市海曙区灵桥路3号a座", "宁波市海曙区灵桥路3号A座", ("case",)),
        ("宁波市海曙区灵桥路3号。", "宁波市海曙区灵桥路3号", ("punctuation",)),
        ("灵桥路3号【后门】", "灵桥路3号(后门)", ("brackets",)),
    ],
)
def test_an_address_as_departments_type_it(written: str, standard: str, repairs: tuple[str, ...]) -> None:
    value = standardise(written)
    assert (value.standard, value.repairs, value.usable) == (standard, repairs, True)


def test_an_address_without_a_letter_is_refused() -> None:
    assert standardise("123").mark is Mark.INVALID
