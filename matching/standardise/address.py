"""Addresses (GB/T 23705, DB33/T for rooms): province, prefecture, district, town, street, number, building, unit, room.

Standard form: simplified, capitals, no spaces beside a Han character, brackets as ( ), whole as written otherwise:
nothing is added that the text does not say, but `province` is known from a prefecture's name and stated as a part.
"""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.finding import Finding, Parse, repaired, semantic_type
from matching.standardise.places import PREFECTURES, PROVINCE_OF_PREFECTURE, PROVINCES
from matching.standardise.simplified import simplified
from matching.standardise.text_form import BRACKETS_AND_DASHES, HAN
from matching.standardise.value import Options

__all__ = ["ADDRESS"]

_DIVISION_PARTS: Final = ("province", "city", "district", "town")
_PARTS: Final = (*_DIVISION_PARTS, "street", "village", "number", "building", "unit", "room", "tail")

_SPACES: Final = re.compile(rf"(?<=[{HAN}()0-9]) +(?=[{HAN}()0-9#-])|(?<=[0-9#-]) +(?=[{HAN}])")
_ENDS: Final = " 。.,、;:!\"'“”‘’*_"
_LETTER: Final = re.compile(r"[^\W\d_]")


def _alternatives(names: dict[str, str]) -> str:
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


_H: Final = f"[{HAN}]"
_PROVINCE: Final = re.compile(rf"(?:中国)?({_alternatives(PROVINCES)})(?:省|市|自治区)?")
_CITY: Final = re.compile(rf"({_alternatives(PREFECTURES)})(?:市|地区|盟)?(?![路街县])")
_DISTRICT: Final = re.compile(
    rf"((?:市辖区|{_H}{{1,14}}?(?:自治县|自治旗|新区|市|区|县|旗)))(?![{HAN}]{{0,1}}[路街巷]|小区)"
)
_TOWN: Final = re.compile(rf"({_H}{{1,12}}?(?:街道|镇|乡|苏木|开发区|管委会|林场|农场))(?:办事处)?(?![路街])")
_STREET: Final = re.compile(
    rf"((?:{_H}|[0-9A-Z]){{1,12}}?(?:大道|大街|胡同|公路|路|街|道|巷|弄堂)(?:[东南西北中一二三四五六七八九十]段)?)"
)
_VILLAGE: Final = re.compile(
    rf"((?:{_H}|[0-9A-Z]){{1,14}}?(?:社区|小区|村委会|新村|花园|公寓|家园|花苑|苑|村|庄|里|城|大厦|广场|中心|园区|园))"
)
_NUMBER: Final = re.compile(
    r"((?:[0-9]{1,5}弄)?[0-9]{1,5}(?:[-之][0-9]{1,4})?[A-Z]?(?=号)|[0-9]{1,5}(?=弄))(?:号(?![楼幢])|弄)院?"
)
_BUILDING: Final = re.compile(
    r"([0-9]{1,4}[A-Z]?|[A-Z][0-9]{0,3}|[一二三四五六七八九十]{1,3})(?:号楼|号?幢|#楼?|栋|座|楼)"
)
_UNIT: Final = re.compile(r"([0-9]{1,2}|[A-Z]|[一二三四五六七八九十]{1,2}|[甲乙丙丁])(?:单元|门)")
_FLOOR: Final = re.compile(r"[0-9]{1,3}(?:层|F|楼)")
_ROOM: Final = re.compile(r"([A-Z]?[0-9]{1,5}[A-Z]?)(?:室|房间?|号房?|户)?$")
_CHAIN: Final = re.compile(r"([0-9]{1,4})(?:幢|号楼|栋)?-([0-9]{1,2})(?:单元)?-([0-9]{2,5})室?$")

_STEPS: Final = (
    ("brackets", lambda text: text.translate(BRACKETS_AND_DASHES)),
    ("punctuation", lambda text: text.strip(_ENDS)),
    ("spaces", lambda text: _SPACES.sub("", text)),
    ("case", str.upper),
    ("traditional", simplified),
)


def _parse(text: str) -> Finding:
    address, repairs = repaired(text, _STEPS)
    if not _LETTER.search(address):
        return Finding(address, reason="characters")
    return Finding(address, _parts(address), repairs)


def _parts(address: str) -> dict[str, str]:
    province, city, rest = _division(address)
    parts = {"province": province, "city": city}
    for name, form in (("district", _DISTRICT), ("town", _TOWN), ("street", _STREET)):
        parts[name], rest = _taken(form, rest)
    if not parts["street"]:
        parts["village"], rest = _taken(_VILLAGE, rest)
    parts["number"], rest = _taken(_NUMBER, rest)
    if "village" not in parts:
        parts["village"], rest = _taken(_VILLAGE, rest)
    return parts | _inside(rest)


def _division(address: str) -> tuple[str, str, str]:
    """Province and prefecture by name, and the rest; the prefecture's province where only that is written."""
    province, rest = "", address
    found = _PROVINCE.match(rest)
    if found:
        province, rest = PROVINCES[found[1]], rest[found.end() :]
        # A municipality is often written twice (北京市北京市), and so is a province before 吉林市.
        if rest.startswith(province) and province not in PREFECTURES:
            rest = rest[len(province) :]
    found = _CITY.match(rest)
    if found and province in ("", PROVINCE_OF_PREFECTURE[PREFECTURES[found[1]]]):
        city = PREFECTURES[found[1]]
        return PROVINCE_OF_PREFECTURE[city], city, rest[found.end() :]
    return province, "", rest


def _inside(rest: str) -> dict[str, str]:
    """Building, unit and room from what follows the number, and the tail that is none of them."""
    chain = _CHAIN.search(rest)
    if chain:
        building, unit, room = chain.groups()
        return {"building": building, "unit": unit, "room": room, "tail": rest[: chain.start()]}
    parts = {}
    parts["building"], rest = _cut(_BUILDING, rest)
    parts["unit"], rest = _cut(_UNIT, rest)
    rest = _FLOOR.sub("", rest, count=1)
    parts["room"], rest = _cut(_ROOM, rest)
    return parts | {"tail": rest.strip("-()")}


def _taken(form: re.Pattern[str], text: str) -> tuple[str, str]:
    """What a form gives at the start of a text, and the text behind it."""
    found = form.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def _cut(form: re.Pattern[str], text: str) -> tuple[str, str]:
    """What a form gives anywhere in a text, and the text without it."""
    found = form.search(text)
    return (found[1], text[: found.start()] + text[found.end() :]) if found else ("", text)


def _parser(_: Options) -> Parse:
    return _parse


ADDRESS: Final = semantic_type("address", _PARTS, _parser, cached=16_384)
