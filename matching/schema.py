"""An entity type as configured: attributes, features, blocking rules, comparisons, thresholds, authorities.

A type is a TOML file; another type needs another file, not code. Always true of an `EntityType` that was loaded:
every name it mentions exists, every semantic type accepts its options, and it is frozen.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from matching.errors import ConfigurationError
from matching.standardise import SEMANTIC_TYPES
from matching.toml_file import parse_toml, validated

__all__ = [
    "Attribute",
    "BlockingRule",
    "Comparison",
    "EntityType",
    "Feature",
    "Level",
    "Relation",
    "Thresholds",
    "VerifiedStatus",
    "load_entity_type",
]

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


_ENGINES_OWN = re.compile(r"unique_id|tf_.*|key_[0-9]+")
"""Columns that `feature_table` and `reconcile` put beside the features."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Attribute(_Strict):
    """What a source may say of a thing, and how its values are standardised."""

    semantic: str
    options: dict[str, Any] = {}
    title: str = ""
    max_length: int = Field(default=500, ge=1, le=10_000)
    max_values: int = Field(default=8, ge=1, le=100)
    authorities: tuple[str, ...] = ()
    """Sources that answer for this attribute, best first; empty: the type's `authorities`."""
    lookup: bool = False
    """Golden values are indexed: entities can be looked up, verified and referred to by it."""

    @model_validator(mode="after")
    def _semantic_type_takes_the_options(self) -> Self:
        if self.semantic not in SEMANTIC_TYPES:
            raise ValueError(f"semantic: unknown type {self.semantic!r}; expected one of {sorted(SEMANTIC_TYPES)}")
        SEMANTIC_TYPES[self.semantic].build(self.options)
        return self


class Feature(_Strict):
    """A standardised column that matching compares: the first of `sources` that has a value."""

    sources: tuple[str, ...] = Field(alias="from", min_length=1)
    """`attribute.part`, in order of preference."""
    usable: bool = False
    """Only from VALID or REPAIRED values."""
    many: bool = False
    """A list: the parts of all values of all `sources` together."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class BlockingRule(_Strict):
    """Features that must be equal for two records to be compared; of a list, one element must be."""

    features: tuple[str, ...] = Field(min_length=1)
    cap: int = Field(default=200, ge=2, le=100_000)
    """A block with more members than this is too common to compare on, and makes no pairs."""


class Level(_Strict):
    """One level of a comparison, written out: either a level of Splink's library (`use`, `args`) or SQL."""

    use: str = ""
    args: dict[str, Any] = {}
    sql: str = ""
    label: str = ""
    null: bool = False
    m: float | None = Field(default=None, gt=0, lt=1)
    u: float | None = Field(default=None, gt=0, lt=1)
    term_frequency: str = ""

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> Self:
        if bool(self.use) == bool(self.sql):
            raise ValueError("expected either `use` (a level of Splink's library) or `sql` (a condition), not both")
        return self


class Comparison(_Strict):
    """How a feature or several are compared: a comparison of Splink's library (`use`, `args`) or levels written out."""

    name: Name
    use: str = ""
    args: dict[str, Any] = {}
    term_frequency: bool = False
    levels: tuple[Level, ...] = ()

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> Self:
        if bool(self.use) == bool(self.levels):
            raise ValueError("expected either `use` (a comparison of Splink's library) or `levels`, not both")
        if self.levels and self.term_frequency:
            raise ValueError("term_frequency belongs to a level where levels are written out")
        return self


class Thresholds(_Strict):
    """Match weights (log2 of the Bayes factor with the prior): link from `match`, ask a steward from `review`."""

    match: float
    review: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.review > self.match:
            raise ValueError(f"review: expected at most match ({self.match}), got {self.review}")
        return self


class RelationTarget(_Strict):
    """A type that a relation can lead to, and which of its attributes the code and the name are compared with."""

    type: Name
    code: Name
    name: Name


class Relation(_Strict):
    """A reference to another entity, by code, or by name where there is no code and just one fits."""

    name: Name
    code: Name
    by_name: Name
    targets: tuple[RelationTarget, ...] = Field(min_length=1)


class VerifiedStatus(_Strict):
    """Which attribute says whether the thing is current, and which of its standard values are not."""

    attribute: Name
    not_current: tuple[str, ...] = ()
    valid_from: Name | None = None
    valid_to: Name | None = None


class Training(_Strict):
    """How parameters are estimated without labels."""

    deterministic: tuple[tuple[str, ...], ...] = ()
    """Rules that hardly ever pair different things; with `recall` they give the prior."""
    recall: float = Field(default=0.7, gt=0, le=1)
    em: tuple[tuple[str, ...], ...] = ()
    """Rules to block on, one EM session each; together they must leave every comparison free once."""
    max_pairs: float = Field(default=2e6, ge=1e3)
    seed: int = 1


class EntityType(_Strict):
    """One entity type as configured."""

    name: Name
    title: str = ""
    match: Literal["model", "exact"] = "model"
    """`model`: Splink weighs the pairs. `exact`: equal `exact_on` features are one thing, nothing else is."""
    authorities: tuple[str, ...] = ()
    attributes: dict[Name, Attribute] = Field(min_length=1)
    features: dict[Name, Feature] = Field(min_length=1)
    identifiers: tuple[str, ...] = ()
    """Strong identifiers: features of which two different values never end in one entity without a decision."""
    exact_on: tuple[str, ...] = ()
    blocking: tuple[BlockingRule, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    thresholds: Thresholds = Thresholds(match=10, review=3)
    training: Training = Training()
    relations: tuple[Relation, ...] = ()
    status: VerifiedStatus | None = None

    @cached_property
    def rules(self) -> tuple[BlockingRule, ...]:
        """The blocking rules in force; an exact type has one, without a cap that data could reach."""
        if self.match == "exact":
            return (BlockingRule(features=self.exact_on, cap=100_000),)
        return self.blocking

    @cached_property
    def model_digest(self) -> str:
        """Changes when what a model is trained for does: features, how they are made, and comparisons."""
        parts = self.model_dump(mode="json", include={"name", "features", "comparisons"})
        parts["semantics"] = {name: [a.semantic, a.options] for name, a in self.attributes.items()}
        return _digest(parts)

    @cached_property
    def outcome_digest(self) -> str:
        """Changes when stored entities could: with all that decides on edges, clusters, golden records, relations."""
        decides = {"match", "exact_on", "blocking", "thresholds", "identifiers", "relations"}
        parts = self.model_dump(mode="json", include=decides)
        parts["model"] = self.model_digest
        parts["attributes"] = [[name, self.authorities_of(name), a.lookup] for name, a in self.attributes.items()]
        return _digest(parts)

    def authorities_of(self, attribute: str) -> tuple[str, ...]:
        """The sources that answer for an attribute, best first."""
        return self.attributes[attribute].authorities or self.authorities

    @model_validator(mode="after")
    def _every_name_exists(self) -> Self:
        for name, feature in self.features.items():
            self._check_feature(name, feature)
        self._expect_features("identifiers", self.identifiers)
        self._expect_features("exact_on", self.exact_on)
        for number, rule in enumerate(self.blocking):
            self._expect_features(f"blocking.{number}.features", rule.features)
        for names in (*self.training.deterministic, *self.training.em):
            self._expect_features("training", names)
            self._expect_single("training", names)
        for relation in self.relations:
            self._expect_attributes(f"relations.{relation.name}", (relation.code, relation.by_name))
        if self.status:
            dates = tuple(a for a in (self.status.valid_from, self.status.valid_to) if a)
            self._expect_attributes("status", (self.status.attribute, *dates))
        self._check_comparisons()
        self._check_match()
        return self

    def _check_comparisons(self) -> None:
        names = [comparison.name for comparison in self.comparisons]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"comparisons: expected each name once, and {twice} come more often")
        for comparison in self.comparisons:
            for number, level in enumerate(comparison.levels):
                if level.term_frequency:
                    place = f"comparisons.{comparison.name}.levels.{number}.term_frequency"
                    self._expect_features(place, (level.term_frequency,))
                    self._expect_single(place, (level.term_frequency,))

    def _check_match(self) -> None:
        if self.match == "exact" and not self.exact_on:
            raise ValueError("exact_on: expected the features that must be equal, because match is 'exact'")
        if self.match == "model" and not (self.blocking and self.comparisons):
            raise ValueError("expected at least one [[blocking]] and one [[comparisons]], because match is 'model'")
        self._expect_single("exact_on", self.exact_on)
        self._expect_single("identifiers", self.identifiers)
        doubtful = [n for n in self.identifiers if not self.features[n].usable]
        if doubtful:
            raise ValueError(f"identifiers: expected features with usable = true, and {doubtful} may be invalid values")

    def _check_feature(self, name: str, feature: Feature) -> None:
        if _ENGINES_OWN.fullmatch(name):
            raise ValueError(f"features.{name}: expected another name; the engine has columns of this one")
        for source in feature.sources:
            attribute, _, part = source.partition(".")
            if attribute not in self.attributes:
                raise ValueError(f"features.{name}.from: no attribute {attribute!r}; expected attribute.part")
            parts = SEMANTIC_TYPES[self.attributes[attribute].semantic].parts
            if part not in parts:
                raise ValueError(f"features.{name}.from: {source!r}: expected a part of {attribute}: {sorted(parts)}")

    def _expect_features(self, place: str, names: tuple[str, ...]) -> None:
        unknown = [n for n in names if n not in self.features]
        if unknown:
            raise ValueError(f"{place}: no feature {unknown}; expected some of {sorted(self.features)}")

    def _expect_single(self, place: str, names: tuple[str, ...]) -> None:
        many = [n for n in names if self.features[n].many]
        if many:
            raise ValueError(f"{place}: expected features of one value, and {many} are lists")

    def _expect_attributes(self, place: str, names: tuple[str, ...]) -> None:
        unknown = [n for n in names if n not in self.attributes]
        if unknown:
            raise ValueError(f"{place}: no attribute {unknown}; expected some of {sorted(self.attributes)}")


def _digest(parts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def load_entity_type(path: Path) -> EntityType:
    """The entity type that a file configures; its name must be the file's.

    Raises:
        ConfigurationError: the path, the line or key, and what was expected.
    """
    entity_type = validated(EntityType, parse_toml(path), path)
    if entity_type.name != path.stem:
        raise ConfigurationError(str(path), f"name: expected {path.stem!r}, the file's name, got {entity_type.name!r}")
    return entity_type
