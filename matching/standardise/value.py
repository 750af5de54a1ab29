"""What standardising a value gives: its standard form, a mark, what was repaired, and parts to build features from.

Always true: standardising is a pure function of the text and the options; it never raises on any text; it is
idempotent (the standard form of a VALID or REPAIRED value standardises to itself, VALID); the raw form is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

__all__ = ["Mark", "Options", "Part", "SemanticType", "StandardValue", "Standardise"]


class Mark(StrEnum):
    """How far a value can be trusted, by its form alone."""

    VALID = "VALID"
    """In standard form already, or differing only in width and surrounding space."""
    REPAIRED = "REPAIRED"
    """Changed into a valid standard form; `repairs` lists what was changed."""
    INVALID = "INVALID"
    """Kept and comparable as text, but never a strong identifier; `reason` says why."""
    ABSENT = "ABSENT"
    """Empty, or one of the fillers that stand for nothing (无, 不详, N/A, ...)."""


Part = str | tuple[str, ...]
"""One value of a part, or several (a part whose name is a plural)."""


class StandardValue(msgspec.Struct, frozen=True, array_like=True):
    """One value of a record after standardising.

    `parts` holds what features are built from, by the names that the semantic type declares; `standard` is a part
    of every type. An empty part is left out. INVALID values have `standard` (the cleaned text) and at most such
    parts as are sound without validity.
    """

    raw: str
    standard: str
    mark: Mark
    repairs: tuple[str, ...] = ()
    reason: str = ""
    parts: Mapping[str, Part] = {}

    @property
    def usable(self) -> bool:
        """VALID or REPAIRED: may become a golden value, and a strong identifier where its type is one."""
        mark = self.mark
        return mark is Mark.VALID or mark is Mark.REPAIRED


Options = Mapping[str, object]
"""What an attribute's configuration may add for its semantic type, such as a code list's codes."""

Standardise = Callable[[str], StandardValue]


@dataclass(frozen=True, slots=True)
class SemanticType:
    """A kind of value that a configuration can name.

    `build(options)` gives the function for one attribute and raises ValueError (which option, what was expected)
    for options it does not know. `parts` are the names that `StandardValue.parts` may hold.
    """

    name: str
    parts: frozenset[str]
    build: Callable[[Options], Standardise]
