"""Values of a closed list that the configuration gives: what a department writes, to the standard code it means.

`codes = {"营业" = "1", "吊销" = "3"}`: keys are compared cleaned and casefolded; the standard
codes stand for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matching.standardise.finding import Finding, Parse, framed, refuse_unknown
from matching.standardise.text_form import FILLERS, clean
from matching.standardise.value import Options, SemanticType, Standardise

__all__ = ["CODE"]

NAME: Final = "code"


def _codes(options: Options) -> Mapping[str, str]:
    given = options.get("codes")
    if not isinstance(given, Mapping) or not given or not all(isinstance(t, str) for kv in given.items() for t in kv):
        raise ValueError(f"{NAME}: option 'codes' must be a table from what is written to the standard code")
    codes = {standard.casefold(): standard for standard in given.values()}
    if len(codes) < len(set(given.values())):
        raise ValueError(f"{NAME}: option 'codes' has standard codes that differ only in case")
    for written, standard in given.items():
        if not standard or clean(standard) != standard or not clean(written):
            raise ValueError(f"{NAME}: option 'codes' has an entry that is empty or not in clean form: {written!r}")
        if codes.setdefault(clean(written).casefold(), standard) != standard:
            raise ValueError(f"{NAME}: option 'codes' gives two meanings to {written!r}")
    return codes


def _parser(codes: Mapping[str, str]) -> Parse:
    def parse(text: str) -> Finding:
        standard = codes.get(text.casefold())
        if standard is None:
            return Finding(text, reason="not_in_list")
        return Finding(standard, repairs=() if standard == text else ("coded",))

    return parse


def _build(options: Options) -> Standardise:
    refuse_unknown(NAME, options, ("codes",))
    codes = _codes(options)
    return framed(_parser(codes), FILLERS, cached=1_024, meant=codes.keys())


CODE: Final = SemanticType(NAME, frozenset({"standard"}), _build)
