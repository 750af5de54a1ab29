"""The errors of matching, as one tree.

MatchingError
├── ConfigurationError        a type, source or service file that cannot be used: where, and what was expected
├── RecordRejected            a record that breaks its contract: every field and the reason, none of the values
├── ModelError
│   ├── ModelMismatch         a model used with a configuration it was not trained for
│   └── NotTrainable          too little data, or rules that reach no pairs, to train on
└── EngineError               the matching engine failed; it holds nothing, so the caller may start another
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "ConfigurationError",
    "EngineError",
    "FieldViolation",
    "MatchingError",
    "ModelError",
    "ModelMismatch",
    "NotTrainable",
    "RecordRejected",
]


class MatchingError(Exception):
    """Whatever goes wrong in matching."""


class ConfigurationError(MatchingError):
    """A configuration file that cannot be used. The message names the path, the place and what was expected."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One broken promise of a record or a claim: the field, a stable machine reason and the remedy in words.

    The description never repeats the value: it may be personal, and errors are logged.
    """

    field: str
    reason: str
    description: str


class RecordRejected(MatchingError):
    """A record that breaks its contract, with every violation found (at least one)."""

    def __init__(self, violations: Sequence[FieldViolation]) -> None:
        super().__init__("; ".join(f"{v.field}: {v.description}" for v in violations))
        self.violations = tuple(violations)


class ModelError(MatchingError):
    """A model that cannot be used or made."""


class ModelMismatch(ModelError):
    """A model that was trained for another configuration of the entity type."""


class NotTrainable(ModelError):
    """Training cannot give parameters from this data; the message says what is missing."""


class EngineError(MatchingError):
    """DuckDB or Splink failed on a request that was well formed."""
