"""Sources as configured, and the contract each has for each entity type it sends.

Always true of `Sources` that were loaded: every attribute that a contract names exists in its type.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from matching.errors import ConfigurationError, FieldViolation
from matching.features import RecordStandardiser
from matching.records import Values
from matching.schema import EntityType
from matching.standardise.value import StandardValue
from matching.toml_file import parse_toml, validated

__all__ = ["Contract", "Source", "Sources", "codes_digest", "load_sources"]

Columns = Iterable[tuple[str, str]]
"""(column or attribute, value) as a department sends them."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Contract(_Strict):
    """What a source sends of one entity type, and under which names."""

    required: tuple[str, ...] = ()
    """Attributes without which a record is refused."""
    record_id: str = ""
    """Its column with the record's id, in files."""
    observed_at: str = ""
    """Its column with the time of observation, in files."""
    columns: dict[str, str] = {}
    """Its column to the attribute. Attributes may always be sent under their own names."""
    codes: dict[str, dict[str, str]] = {}
    """Attribute to its own codes and what they stand for; what is not listed passes unchanged."""

    @cached_property
    def column_of(self) -> Mapping[str, str]:
        """Attribute to the name a violation should use: the source's own column where it has one."""
        return {attribute: column for column, attribute in self.columns.items()}

    def read(self, entity_type: EntityType, columns: Columns) -> tuple[Values, list[FieldViolation]]:
        """Columns to attributes, values as they came; and the columns that lead to no attribute."""
        values: dict[str, list[str]] = {}
        violations = []
        for column, value in columns:
            attribute = self.columns.get(column, column)
            if attribute in entity_type.attributes:
                values.setdefault(attribute, []).append(value)
            else:
                known = f"not a column of this source's {entity_type.name}"
                violations.append(FieldViolation(column[:100], "UNKNOWN_ATTRIBUTE", known))
        return {name: tuple(found) for name, found in values.items()}, violations

    def standardised(self, standardiser: RecordStandardiser, values: Values) -> dict[str, tuple[StandardValue, ...]]:
        """Values standardised after the source's own codes are replaced; each keeps its raw form.

        Raises:
            RecordRejected: as `RecordStandardiser.values`.
        """
        standard = standardiser.values({name: self._coded(name, raws) for name, raws in values.items()})
        for name in self.codes.keys() & values.keys():
            pairs = zip(standard[name], values[name], strict=True)
            standard[name] = tuple(replace(value, raw=raw) for value, raw in pairs)
        return standard

    def _coded(self, attribute: str, raws: tuple[str, ...]) -> tuple[str, ...]:
        codes = self.codes.get(attribute)
        return tuple(codes.get(raw.strip(), raw) for raw in raws) if codes else raws


class Source(_Strict):
    """A department's system."""

    name: str
    types: dict[str, Contract] = Field(min_length=1)


class Sources(_Strict):
    """Every source, by the id that clients, records and lineage name it by."""

    sources: dict[str, Source] = Field(min_length=1)


def load_sources(path: Path, types: Mapping[str, EntityType]) -> Mapping[str, Source]:
    """The sources that a file configures.

    Raises:
        ConfigurationError: the path, the line or key, and what was expected.
    """
    sources = validated(Sources, parse_toml(path), path).sources
    for source_id, source in sources.items():
        if not (source_id.isascii() and source_id.replace("_", "").isalnum() and source_id == source_id.lower()):
            raise ConfigurationError(str(path), f"sources.{source_id}: expected lower-case letters, digits and _")
        for type_name, contract in source.types.items():
            _check(contract, types.get(type_name), f"sources.{source_id}.types.{type_name}", path)
    return sources


def codes_digest(sources: Mapping[str, Source], entity_type: str) -> str:
    """Changes when a value of this type that was sent before would now stand for another: with the sources' codes.

    What is not listed passes unchanged, so a source without codes is as one that is not there.
    """
    contracts = {source_id: source.types.get(entity_type) for source_id, source in sources.items()}
    coded = {
        source_id: {attribute: codes for attribute, codes in contract.codes.items() if codes}
        for source_id, contract in contracts.items()
        if contract
    }
    used = {source_id: codes for source_id, codes in coded.items() if codes}
    return hashlib.sha256(json.dumps(used, sort_keys=True).encode()).hexdigest()[:16]


def _check(contract: Contract, entity_type: EntityType | None, place: str, path: Path) -> None:
    if entity_type is None:
        raise ConfigurationError(str(path), f"{place}: there is no such type in types/")
    for key, names in (
        ("required", contract.required),
        ("columns", contract.columns.values()),
        ("codes", contract.codes.keys()),
    ):
        unknown = sorted(set(names) - entity_type.attributes.keys())
        if unknown:
            known = ", ".join(entity_type.attributes)
            raise ConfigurationError(str(path), f"{place}.{key}: no attribute {unknown}; expected some of: {known}")
