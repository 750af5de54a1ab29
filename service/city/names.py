"""Names of people, drawn by sex and year of birth, with the family's habits."""

from __future__ import annotations

from bisect import bisect_right
from random import Random

from service.city.characters import ERAS, GIVEN, MINORITY_GIVEN, RARE_CHARACTERS, SURNAME_WEIGHTS, TRANSLITERATED
from service.city.drawing import Weighted, pick

__all__ = ["foreign_name", "given_name", "minority_name", "sibling_given_name", "surname", "surname_of"]

_SURNAMES = Weighted(SURNAME_WEIGHTS)
_COMPOUND = frozenset(name for name, _ in SURNAME_WEIGHTS if len(name) == 2)

WHOLE_NAMES = 0.22
"""Share of people whose given name is one of those that many bear."""
ONE_CHARACTER = (0.04, 0.22, 0.30, 0.16, 0.07)
"""Share of one-character names among the others, by era."""
RARE = 0.012
"""Share of people, born since 1960, with a rare character in their name."""


def surname(rng: Random) -> str:
    """A surname, as frequent as it is in the country."""
    return _SURNAMES.draw(rng)


def surname_of(name: str) -> str:
    """The surname that a Han name begins with."""
    return name[:2] if name[:2] in _COMPOUND and len(name) > 2 else name[:1]


def given_name(rng: Random, sex: str, year: int) -> str:
    """A given name of one or two characters for a person born then."""
    era = bisect_right(ERAS, year)
    table = GIVEN[sex][era]
    draw = rng.random()
    if draw < WHOLE_NAMES:
        return pick(rng, table.whole)
    second = pick(rng, RARE_CHARACTERS) if era and rng.random() < RARE else pick(rng, table.second)
    if draw < WHOLE_NAMES + (1 - WHOLE_NAMES) * ONE_CHARACTER[era]:
        return second
    return pick(rng, table.first) + second


def sibling_given_name(rng: Random, elder: str, sex: str, year: int) -> str:
    """A given name that shares its first character with the elder sibling's."""
    second = pick(rng, GIVEN[sex][bisect_right(ERAS, year)].second)
    if second == elder[-1] or second == elder[0]:
        return given_name(rng, sex, year)
    return elder[0] + second


def minority_name(rng: Random) -> str:
    """A Uyghur name: given name · father's name."""
    own = pick(rng, MINORITY_GIVEN)
    father = pick(rng, MINORITY_GIVEN)
    return f"{own}·{father}"


def foreign_name(rng: Random) -> tuple[str, str]:
    """(nation, name): the name as in the passport, or for a third of people in Chinese."""
    nation, latin, chinese = pick(rng, TRANSLITERATED)
    return nation, chinese if rng.random() < 0.33 else latin
