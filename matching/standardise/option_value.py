"""Reading the options of a semantic type: each getter gives a typed value or raises ValueError that says which."""

from __future__ import annotations

from collections.abc import Collection

from matching.standardise.value import Options

__all__ = ["choice", "flag", "number", "text"]


def flag(name: str, options: Options, option: str, default: bool) -> bool:
    """A true or false option."""
    value = options.get(option, default)
    if not isinstance(value, bool):
        raise ValueError(f"{name}: option {option!r} must be true or false, not {value!r}")
    return value


def number(name: str, options: Options, option: str) -> int | None:
    """A whole number, or None where it is not given."""
    value = options.get(option)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise ValueError(f"{name}: option {option!r} must be a whole number, not {value!r}")
    return value


def text(name: str, options: Options, option: str, default: str) -> str:
    """A text option."""
    value = options.get(option, default)
    if not isinstance(value, str):
        raise ValueError(f"{name}: option {option!r} must be text, not {value!r}")
    return value


def choice(name: str, options: Options, option: str, allowed: Collection[str]) -> str:
    """One of a few words, or an empty text where it is not given."""
    value = text(name, options, option, "")
    if value and value not in allowed:
        raise ValueError(f"{name}: option {option!r} must be one of {', '.join(sorted(allowed))}, not {value!r}")
    return value
