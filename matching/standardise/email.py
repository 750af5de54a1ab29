"""Electronic mail addresses (RFC 5321), in lower case: no mail system in use tells local parts apart by case."""

from __future__ import annotations

import re
from typing import Final

from matching.standardise.finding import Finding, Parse, repaired, semantic_type
from matching.standardise.value import Options

__all__ = ["EMAIL"]

_FORM: Final = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}"
)
_SPACES: Final = re.compile(r"\s+")
_STEPS: Final = (
    ("scheme", lambda text: text[7:] if text[:7].lower() == "mailto:" else text),
    ("spaces", lambda text: _SPACES.sub("", text)),
    ("case", str.lower),
)


def _parse(text: str) -> Finding:
    address, repairs = repaired(text, _STEPS)
    if len(address) > 254 or not _FORM.fullmatch(address):
        return Finding(address, reason="format")
    local, _, domain = address.partition("@")
    return Finding(address, {"local": local, "domain": domain}, repairs)


def _parser(_: Options) -> Parse:
    return _parse


EMAIL: Final = semantic_type("email", ("local", "domain"), _parser)
