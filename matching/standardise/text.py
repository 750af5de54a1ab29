"""Free text: cleaned, and folded for comparing without case, accents or traditional characters."""

from __future__ import annotations

from typing import Final

from matching.standardise.finding import Finding, Parse, semantic_type
from matching.standardise.simplified import simplified
from matching.standardise.text_form import clean, without_accents
from matching.standardise.value import Options

__all__ = ["TEXT"]


def _parse(text: str) -> Finding:
    return Finding(text, {"folded": clean(without_accents(simplified(text).casefold()))})


def _parser(_: Options) -> Parse:
    return _parse


TEXT: Final = semantic_type("text", ("folded",), _parser)
