"""A configuration folder as a whole: entity types, sources, shipped models.

Always true of a `Configuration` that was loaded: its files agree with each other, and every comparison can be built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matching.errors import ConfigurationError, ModelError
from matching.model import Model, read_model_text
from matching.schema import EntityType, load_entity_type
from matching.training import untrained_settings
from service.catalogue.sources import Source, load_sources

__all__ = ["Configuration", "load_configuration"]


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a city edits."""

    folder: Path
    types: Mapping[str, EntityType]
    sources: Mapping[str, Source]
    models: Mapping[str, Model]
    """The models shipped with the types, for stores that have none yet."""

    def expect_type(self, name: str) -> EntityType:
        """
        Raises:
            ConfigurationError: there is no such type; names those there are.
        """
        if name not in self.types:
            known = ", ".join(self.types)
            raise ConfigurationError(str(self.folder / "types"), f"no type {name!r}; there are: {known}")
        return self.types[name]


def load_configuration(folder: Path, with_models: bool = True) -> Configuration:
    """Loads and checks `types/*.toml`, `sources.toml` and (`with_models`) `models/*.json` of a folder.

    Raises:
        ConfigurationError: the path, the line or key, and what was expected.
    """
    paths = sorted((folder / "types").glob("*.toml"))
    if not paths:
        raise ConfigurationError(str(folder / "types"), "expected at least one entity type, NAME.toml")
    types = {path.stem: load_entity_type(path) for path in paths}
    sources = load_sources(folder / "sources.toml", types)
    for path in paths:
        _check_type(types[path.stem], types, path)
        _check_authorities(types[path.stem], sources, path)
        _check_status(types[path.stem], path)
    model_paths = sorted((folder / "models").glob("*.json")) if with_models else []
    models = {path.stem: _load_model(path, types) for path in model_paths}
    return Configuration(folder, types, sources, models)


def _check_type(entity_type: EntityType, types: Mapping[str, EntityType], path: Path) -> None:
    if entity_type.match == "model":
        try:
            untrained_settings(entity_type)
        except ConfigurationError as error:
            raise ConfigurationError(str(path), f"{error.place}: {error.problem}") from error
    for relation in entity_type.relations:
        for attribute in (relation.code, relation.by_name):
            _expect_lookup(entity_type, attribute, f"relations.{relation.name}", path)
        for target in relation.targets:
            if target.type not in types:
                raise ConfigurationError(str(path), f"relations.{relation.name}: no type {target.type!r} in types/")
            for attribute in (target.code, target.name):
                _expect_lookup(types[target.type], attribute, f"relations.{relation.name}.{target.type}", path)


def _expect_lookup(entity_type: EntityType, attribute: str, place: str, path: Path) -> None:
    found = entity_type.attributes.get(attribute)
    if found is None or not found.lookup:
        raise ConfigurationError(
            str(path), f"{place}: expected {attribute} to be an attribute of {entity_type.name} with lookup = true"
        )


def _check_authorities(entity_type: EntityType, sources: Mapping[str, Source], path: Path) -> None:
    own = {f"attributes.{name}.authorities": found.authorities for name, found in entity_type.attributes.items()}
    for place, authorities in {"authorities": entity_type.authorities, **own}.items():
        unknown = [source for source in authorities if source not in sources]
        if unknown:
            known = ", ".join(sources)
            raise ConfigurationError(
                str(path), f"{place}: no source {unknown} in sources.toml; expected some of: {known}"
            )


def _check_status(entity_type: EntityType, path: Path) -> None:
    """Only a code list tells which standard values an attribute can have."""
    status = entity_type.status
    attribute = entity_type.attributes[status.attribute] if status else None
    if status is None or attribute is None or attribute.semantic != "code":
        return
    codes = sorted(set(attribute.options["codes"].values()))
    unknown = sorted(set(status.not_current) - set(codes))
    if unknown:
        raise ConfigurationError(
            str(path),
            f"status.not_current: {unknown} are no standard codes of {status.attribute}; expected some of {codes}",
        )


def _load_model(path: Path, types: Mapping[str, EntityType]) -> Model:
    try:
        model = read_model_text(path.read_bytes())
    except (OSError, ModelError) as error:
        raise ConfigurationError(str(path), f"is not a model: {error}") from error
    entity_type = types.get(model.entity_type)
    if entity_type is None or path.stem != model.entity_type:
        raise ConfigurationError(str(path), f"expected the model of a type named {path.stem}, got {model.entity_type}")
    if model.digest != entity_type.model_digest:
        raise ConfigurationError(
            str(path),
            f"was trained for configuration {model.digest}, and types/{path.stem}.toml is {entity_type.model_digest}: "
            f"remove the file, or train it again (`yishu train {path.stem} --city 20000 --output {path}`)",
        )
    return model
