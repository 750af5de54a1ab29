"""TOML files to checked configuration, with the place named where they are wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from matching.errors import ConfigurationError

__all__ = ["parse_toml", "validated"]

M = TypeVar("M", bound=BaseModel)


def parse_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        ConfigurationError: it cannot be read, is not UTF-8 or is not TOML (with the line and column).
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(str(path), f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(str(path), f"is not UTF-8 at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(str(path), f"is not TOML: {error}") from error


def validated(model: type[M], tables: Any, path: Path) -> M:
    """`tables` as a `model`.

    Raises:
        ConfigurationError: the first key that is wrong, and what was expected there.
    """
    try:
        return model.model_validate(tables)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ConfigurationError(str(path), f"{key}: {first['msg'].removeprefix('Value error, ')}") from error
