"""From what one type's parser finds in cleaned text to a whole StandardValue: the frame every type shares.

Always true: the frame cleans, refuses what is too long, knows fillers and caches; a parser sees only text that is
clean, not empty, not a filler and at most LONGEST characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from functools import lru_cache
from typing import NamedTuple

from matching.standardise.text_form import FILLERS, clean, is_filler
from matching.standardise.value import Mark, Options, Part, SemanticType, Standardise, StandardValue

__all__ = ["LONGEST", "Finding", "Parse", "framed", "refuse_unknown", "repaired", "semantic_type"]

LONGEST = 1_000
"""Characters. A longer text is INVALID `too_long`, is not looked into, and has an empty standard form and no parts."""

_ROUNDS = 40


class Finding(NamedTuple):
    """What a parser found. An empty standard form means ABSENT, a reason INVALID, repairs REPAIRED, else VALID.

    `parts` leaves out `standard`, which the frame adds; parts that are empty are dropped. Where agreeing on a refused
    text would say nothing (a filler number), `comparable` is False and the value has no parts at all.
    """

    standard: str
    parts: Mapping[str, Part] = {}
    repairs: tuple[str, ...] = ()
    reason: str = ""
    comparable: bool = True


Parse = Callable[[str], Finding]
Step = tuple[str, Callable[[str], str]]


def repaired(text: str, steps: Iterable[Step]) -> tuple[str, tuple[str, ...]]:
    """The text after (kind of repair, change) steps, taken until nothing changes any more, and the kinds that did."""
    kinds: dict[str, None] = {}
    for _ in range(_ROUNDS):
        before = text
        for kind, change in steps:
            changed = change(text)
            if changed != text:
                kinds[kind] = None
                text = changed
        if text == before:
            break
        text = clean(text)
    return text, tuple(kinds)


def refuse_unknown(name: str, options: Options, allowed: Iterable[str]) -> None:
    """Raise ValueError for the first option that a type does not have, naming those it has."""
    known = sorted(allowed)
    for option in options:
        if option not in known:
            has = f"its options are {', '.join(known)}" if known else "it has no options"
            raise ValueError(f"{name}: unknown option {option!r}; {has}")


def framed(
    parse: Parse, fillers: Set[str] = FILLERS, cached: int = 4_096, meant: Set[str] = frozenset()
) -> Standardise:
    """A Standardise around a parser, remembering the values of the `cached` texts last used.

    Texts in `meant` (casefolded) go to the parser even where they look like a filler.
    """

    def is_absent(text: str) -> bool:
        return is_filler(text, fillers) and text.casefold() not in meant

    @lru_cache(maxsize=cached)
    def within_length(raw: str) -> StandardValue:
        text = clean(raw)
        if is_absent(text):
            return StandardValue(raw, "", Mark.ABSENT)
        if len(text) > LONGEST:
            return _too_long(raw)
        found = parse(text)
        if len(found.standard) > LONGEST:  # some capitals are longer in lower case, and the reverse
            return _too_long(raw)
        return StandardValue(raw, "", Mark.ABSENT) if is_absent(found.standard) else _value(raw, found)

    def standardise(raw: str) -> StandardValue:
        return within_length(raw) if len(raw) <= LONGEST else _too_long(raw)

    return standardise


def semantic_type(
    name: str,
    parts: Iterable[str],
    parser: Callable[[Options], Parse],
    options: Iterable[str] = (),
    fillers: Set[str] = FILLERS,
    cached: int = 4_096,
) -> SemanticType:
    """A type with the part `standard` and these parts, whose parser is made from options of these names."""

    def build(given: Options) -> Standardise:
        refuse_unknown(name, given, options)
        return framed(parser(given), fillers, cached)

    return SemanticType(name, frozenset(parts) | {"standard"}, build)


def _too_long(raw: str) -> StandardValue:
    return StandardValue(raw, "", Mark.INVALID, reason="too_long")


def _value(raw: str, found: Finding) -> StandardValue:
    if found.reason:
        parts = {"standard": found.standard, **found.parts} if found.comparable else {}
        return StandardValue(raw, found.standard, Mark.INVALID, reason=found.reason, parts=_present(parts))
    mark = Mark.REPAIRED if found.repairs else Mark.VALID
    parts = {"standard": found.standard, **found.parts}
    return StandardValue(raw, found.standard, mark, found.repairs, parts=_present(parts))


def _present(parts: Mapping[str, Part]) -> dict[str, Part]:
    return {name: part for name, part in parts.items() if part}
