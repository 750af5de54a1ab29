"""Names of organisations (企业名称登记管理规定, art. 6: division, brand 字号, trade, legal form 组织形式).

Standard form: simplified, capitals, brackets as ( ), no space beside a Han character. A branch is another organisation
than its parent: `branch` says which, and `core`, `brand`, `trade` and `legal_form` then speak of the parent.
"""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.finding import Finding, Parse, repaired, semantic_type
from matching.standardise.organisation_words import BRANCH_ENDINGS, LEGAL_FORMS, TRADES
from matching.standardise.places import PREFECTURES, PROVINCES
from matching.standardise.simplified import simplified
from matching.standardise.text_form import BRACKETS_AND_DASHES, HAN
from matching.standardise.value import Options

__all__ = ["ORGANISATION_NAME"]

_PARTS: Final = ("core", "region", "legal_form", "branch", "brand", "trade")

_SPACES: Final = re.compile(rf"(?<=[{HAN}()]) +| +(?=[{HAN}()])")
_STATUS: Final = re.compile(r"\((?:已)?(?:注销|吊销|迁出|歇业|停业|停用|作废|筹建|筹)(?:,?未注销|已注销)?\)$")
_ENDS: Final = " 。.,、;:!\"'“”‘’*#-_"
_LONGEST_WITH_BRANCH: Final = 120
"""Characters; the search for a branch in a longer name would cost more than it could find."""
_LETTER: Final = re.compile(r"[^\W\d_]")
_HAN: Final = re.compile(f"[{HAN}]")


def _alternatives(words: tuple[str, ...] | frozenset[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


_PLACES: Final = _alternatives(frozenset(PROVINCES) | frozenset(PREFECTURES))
_REGION: Final = re.compile(
    rf"(?:中国|中华人民共和国)?(?:(?:{_PLACES})(?:省|市|自治区)?)*(?:[{HAN}]{{1,3}}?(?:新区|市|区|县|旗|镇|乡)(?![{HAN}]?$))?"
)
_PLACE_ENDINGS: Final = frozenset("省市区县旗镇乡")
_PLACE_NOTE: Final = re.compile(rf"\(((?:中国|{_PLACES})(?:省|市|[{HAN}]{{1,3}}[区县])?)\)")
_BRANCH: Final = re.compile(
    rf"(.{{2,}}?(?:公司|集团|厂|合作社|事务所|银行|医院|学校|大学|中学|小学|研究院|中心|联社)(?:股份)?(?:有限(?:责任)?公司)?)\(?(.{{0,30}}?(?:{_alternatives(BRANCH_ENDINGS)}))\)?"
)
_LEGAL_FORM: Final = re.compile(
    rf"(?:{_alternatives(LEGAL_FORMS)}|(?:,? ?CO\.?,? ?)?,? LTD\.?|,? (?:INC|LLC|CORP)\.?)(?:\([^()]{{1,12}}\))?$"
)
_TRADE: Final = re.compile(_alternatives(TRADES))
_BRACKETED: Final = re.compile(r"\([^()]*\)|[()]")

_STEPS: Final = (
    ("brackets", lambda text: text.translate(BRACKETS_AND_DASHES)),
    ("punctuation", lambda text: text.strip(_ENDS)),
    ("note", lambda text: _STATUS.sub("", text)),
    ("spaces", lambda text: _SPACES.sub("", text)),
    ("case", str.upper),
    ("traditional", simplified),
)


def _parse(text: str) -> Finding:
    name, repairs = repaired(text, _STEPS)
    if not _LETTER.search(name):
        return Finding(name, reason="characters")
    return Finding(name, _parts(name), repairs)


def _parts(name: str) -> dict[str, str]:
    parent, branch = _split_branch(name)
    form = _LEGAL_FORM.search(parent)
    body = parent[: form.start()] if form and form.start() > 1 else parent
    region, body = _split_region(body)
    core = _BRACKETED.sub("", body).strip(" ,.") or body
    brand, trade = _split_brand(core)
    return {
        "core": core,
        "region": region,
        "legal_form": parent[form.start() :].lstrip(" ,") if form and form.start() > 1 else "",
        "branch": branch,
        "brand": brand,
        "trade": trade,
    }


def _split_branch(name: str) -> tuple[str, str]:
    """(parent, branch): ("宁波某某有限公司", "海曙分公司"); branch is empty for a name that is no branch's."""
    found = _BRANCH.fullmatch(name) if len(name) <= _LONGEST_WITH_BRANCH else None
    return (found[1], found[2]) if found else (name, "")


def _split_region(body: str) -> tuple[str, str]:
    """The place a name begins with, or has in brackets, and the rest; a name that is all place stays whole."""
    found = _REGION.match(body)
    region = found[0] if found and len(body) - found.end() > 2 else ""
    noted = _PLACE_NOTE.search(body)
    # A short name that leads may be part of a brand (阿里巴巴); a place in brackets is surely one.
    if noted and region[-1:] not in _PLACE_ENDINGS:
        return noted[1], body[: noted.start()] + body[noted.end() :]
    return region, body[len(region) :]


def _split_brand(core: str) -> tuple[str, str]:
    """(brand, trade) at the first word of a trade after two characters; empty where no such word is known."""
    found = _TRADE.search(core, 2) if _HAN.search(core) else None
    return (core[: found.start()], core[found.start() :]) if found else ("", "")


def _parser(_: Options) -> Parse:
    return _parse


ORGANISATION_NAME: Final = semantic_type("organisation_name", _PARTS, _parser, cached=16_384)
