"""Names of persons (GB/T 28039 for their pinyin): Han names, names of other peoples with ·, and Latin names.

Standard form: simplified characters, · between the parts of a name, no other space in a Han name; a Latin name in
capitals with single spaces. Notes in brackets and forms of address are taken off. Former names are further values.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from matching.standardise.finding import Finding, Parse, repaired, semantic_type
from matching.standardise.pinyin import latin_syllables, name_reading, sound
from matching.standardise.simplified import simplified
from matching.standardise.surnames import split_surname
from matching.standardise.text_form import DASHES, FILLERS, HAN
from matching.standardise.value import Options, Part

__all__ = ["PERSON_NAME"]

_PARTS: Final = ("surname", "given", "pinyin", "initials", "sound", "characters")

_HAN: Final = re.compile(f"[{HAN}]")
_DOTS: Final = re.compile(r"\s*[·••・‧∙⋅●▪᛫﹒.。․]+\s*")
_LOST: Final = re.compile(r"[?\ufffd□■〓▇▢◻*]")
_OPENING: Final = "([{【〔「『《<〈"
_CLOSING: Final = ")]}】〕」』》>〉"
_BRACKETS: Final = str.maketrans("", "", _OPENING + _CLOSING)
_AFTER: Final = re.compile(r"(?<=.)(?:先生|女士|小姐|太太|夫人|同志|老师|同学)$")
_BEFORE: Final = re.compile(r"^(?:MR|MRS|MS|MISS|DR|PROF)\b\.? +(?=\S)")
_TWICE: Final = re.compile(rf"([{HAN}·]+) *[A-Z][A-Z' -]+")
_HAN_NAME: Final = re.compile(rf"[{HAN}]+(?:·[{HAN}]+)*")
_APOSTROPHES: Final = str.maketrans("\u2019\u2018\u02bc\u02bb`\xb4", "'" * 6)
_DASHES: Final = re.compile(f"[{DASHES}]+")
_HAN_ENDS: Final = "·-,、;:'\" "
_SPACES: Final = re.compile(r"\s+")


def _without_notes(text: str) -> str:
    if not any(c in _OPENING for c in text):
        return text
    depth, kept = 0, []
    for character in text:
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(character)
    outside = "".join(kept).strip()
    return outside or text.translate(_BRACKETS)


def _with_dots(text: str) -> str:
    text = _DASHES.sub("-", text.translate(_APOSTROPHES))
    if _HAN.search(text):
        return _DOTS.sub("·", text).strip(_HAN_ENDS)
    return _SPACES.sub(" ", _DOTS.sub(" ", text)).strip(" ,;:-'\"")


def _without_spaces(text: str) -> str:
    """A Han name without its spaces; the space before a Latin spelling stays, to be told from it."""
    return re.sub(rf"(?<=[{HAN}·?*]) +(?=[{HAN}·?*])", "", text) if _HAN.search(text) else text


def _once(text: str) -> str:
    """Of a name written in Han and again in Latin letters, the Han."""
    twice = _TWICE.fullmatch(text)
    return twice[1] if twice else text


_STEPS: Final = (
    ("note", _without_notes),
    ("separators", _with_dots),
    ("case", str.upper),
    ("title", lambda text: _BEFORE.sub("", _AFTER.sub("", text))),
    ("traditional", simplified),
    ("spaces", _without_spaces),
    ("note", _once),
)


def _is_written(name: str) -> bool:
    """Whether a name is letters of one of the scripts that are not Han, with their marks, and what joins words."""
    if not name[:1].isalpha() or _HAN.search(name):
        return False
    return all(c.isalpha() or c in " '-" or unicodedata.category(c)[0] == "M" for c in name)


def _parse(text: str) -> Finding:
    name, repairs = repaired(text, _STEPS)
    if name.count(",") == 1 and not _HAN.search(name):
        return _comma_name(name, repairs)
    if _LOST.search(name):
        return _lost(name)
    if _HAN_NAME.fullmatch(name):
        return _han_name(name, repairs)
    if _is_written(name):
        return Finding(name, _sounds(latin_syllables(name)), repairs)
    mixed = _HAN.search(name) is not None and not any(c.isdigit() for c in name)
    return Finding(name, reason="mixed_script" if mixed else "characters")


def _comma_name(name: str, repairs: tuple[str, ...]) -> Finding:
    """A Latin name as SURNAME, GIVEN: in standard form without the comma."""
    surname, given = (" ".join(half.split()) for half in name.split(","))
    found = _parse(f"{surname} {given}")
    if not found.reason:
        parts: dict[str, Part] = {**found.parts, "surname": surname, "given": given}
        found = found._replace(parts=parts)
    return found._replace(repairs=tuple(dict.fromkeys((*repairs, *found.repairs, "separators"))))


def _han_name(name: str, repairs: tuple[str, ...]) -> Finding:
    characters: Part = tuple(sorted(set(name.replace("·", ""))))
    if len(name) == 1:
        return Finding(name, {"characters": characters}, reason="incomplete")
    first, dot, _ = name.partition("·")
    surname, given = ("", first) if dot else split_surname(name)
    syllables = name_reading("" if dot else surname, name.replace("·", "") if dot else given)
    parts: dict[str, Part] = {"surname": surname, "given": given, "characters": characters, **_sounds(syllables)}
    return Finding(name, parts, repairs)


def _lost(name: str) -> Finding:
    """A name in which a character was lost or masked: what is left of it, and no sound, which would be a guess."""
    kept: Part = tuple(sorted(set(_HAN.findall(name))))
    surname, _ = split_surname(name)
    known = "" if _LOST.search(surname) or not _HAN.match(name) or "·" in name else surname
    return Finding(name, {"characters": kept, "surname": known}, reason="masked" if "*" in name else "lost_character")


def _sounds(syllables: tuple[str, ...]) -> dict[str, Part]:
    return {
        "pinyin": " ".join(syllables),
        "initials": "".join(syllable[0] for syllable in syllables),
        "sound": " ".join([sound(syllable) for syllable in syllables]),
    }


def _parser(_: Options) -> Parse:
    return _parse


PERSON_NAME: Final = semantic_type("person_name", _PARTS, _parser, fillers=FILLERS | {"无名", "无姓名"}, cached=16_384)
