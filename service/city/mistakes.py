"""The mistakes that clerks and old systems make, each a function from a right text to a wrong one.

Pure but for the stream of random numbers. Where a mistake cannot be made in a text, the text is returned unchanged, so
that a caller can tell by comparing.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from service.city.characters import RARE_CHARACTERS
from service.city.drawing import pick
from service.city.identifiers import resident_id_check
from service.city.lookalikes import PINYIN, SAME_SHAPE, SAME_SOUND, TRADITIONAL

__all__ = [
    "FILLERS",
    "day_month_swapped",
    "day_off",
    "digit_wrong",
    "full_width",
    "homophone",
    "latin",
    "miswritten",
    "noted",
    "pinyin",
    "rare_lost",
    "recomputed",
    "separators",
    "shape_alike",
    "spaced",
    "traditional",
    "transposed",
]

FILLERS = ("无", "不详", "/", "N/A", "未知", "-")
"""What is typed where a form asks for something that nobody knows."""

_RARE = frozenset(RARE_CHARACTERS)
_FULL_WIDTH = {c: c + 0xFEE0 for c in range(0x21, 0x7F)}


def _replaced(rng: Random, name: str, alike: dict[str, str]) -> str:
    places = [i for i, c in enumerate(name) if c in alike]
    if not places:
        return name
    # Clerks know surnames; one wrong character in four is in the first place all the same.
    place = places[0] if len(places) == 1 or rng.random() < 0.25 else places[1 + int(rng.random() * (len(places) - 1))]
    return name[:place] + pick(rng, alike[name[place]]) + name[place + 1 :]


def homophone(rng: Random, name: str) -> str:
    """One character replaced by another of its sound (同音字)."""
    return _replaced(rng, name, SAME_SOUND)


def shape_alike(rng: Random, name: str) -> str:
    """One character replaced by one that looks like it (形近字)."""
    return _replaced(rng, name, SAME_SHAPE)


def miswritten(rng: Random, name: str) -> str:
    """A homophone, or somewhat less often a character that looks like it."""
    return homophone(rng, name) if rng.random() < 0.6 else shape_alike(rng, name)


def traditional(name: str) -> str:
    """In traditional characters."""
    return name.translate(TRADITIONAL)


def rare_lost(rng: Random, name: str) -> str:
    """Rare characters lost to "?" or a box."""
    mark = "?" if rng.random() < 0.7 else "□" if rng.random() < 0.6 else "？"
    return "".join(mark if c in _RARE else c for c in name)


def spaced(rng: Random, name: str) -> str:
    """A space inside or at the end, of either width."""
    space = "　" if rng.random() < 0.4 else " "
    return name[0] + space + name[1:] if rng.random() < 0.7 else name + space


def noted(rng: Random, name: str) -> str:
    """A title or a note in brackets after the name."""
    return name + pick(rng, ("(户主)", "（已婚）", "(学生)", "（代）", "(小)", " 先生"))


def pinyin(name: str) -> str:
    """In capital letters, where the sounds of all characters are known."""
    sounds = [PINYIN.get(c) for c in name]
    known = [s.upper() for s in sounds if s]
    return " ".join([known[0], "".join(known[1:])]).strip() if len(known) == len(sounds) else name


def separators(rng: Random, name: str) -> str:
    """The separator of a name of two parts written otherwise, or left out."""
    return name.replace("·", pick(rng, ("•", "．", "﹒", ".", "・", "-", " ", ""))) if "·" in name else name


def latin(rng: Random, name: str) -> str:
    """A name in Latin letters in capitals, or with the last part first; not a mistake but another custom."""
    parts = name.split(" ")
    if len(parts) == 1:
        return name
    return name.upper() if rng.random() < 0.7 else " ".join([parts[-1], *parts[:-1]])


def full_width(text: str) -> str:
    """Digits, letters and signs in full width."""
    return text.translate(_FULL_WIDTH)


def digit_wrong(rng: Random, number: str) -> str:
    """One digit typed wrong; the check character of an ID always notices."""
    places = [i for i, c in enumerate(number) if c.isdigit()]
    if not places:
        return number
    place = pick(rng, places)
    wrong = str((int(number[place]) + 1 + int(rng.random() * 9)) % 10)
    return number[:place] + wrong + number[place + 1 :]


def transposed(rng: Random, number: str) -> str:
    """Two neighbours that differ, swapped."""
    places = [i for i in range(len(number) - 1) if number[i] != number[i + 1]]
    if not places:
        return number
    place = pick(rng, places)
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def recomputed(rng: Random, number: str) -> str:
    """A resident ID with one wrong digit in its sequence and the check made to fit: valid, and not this person's."""
    sequence = (int(number[14:17]) + 2 + 2 * int(rng.random() * 200)) % 1000
    body = f"{number[:14]}{sequence:03d}"
    return body + resident_id_check(body)


def day_off(rng: Random, day: date) -> date:
    """Off by a day, ten days, a month or a year, as one wrong key makes it."""
    step = pick(rng, (1, -1, 10, -10, 30, -31, 365, -365))
    return day + timedelta(days=step)


def day_month_swapped(day: date) -> date:
    """Day and month swapped, where that gives a date."""
    return date(day.year, day.day, day.month) if day.day <= 12 else day
