"""The how-to pages cannot drift: every key, option and command is documented, and nothing is that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from matching import schema
from matching.standardise import SEMANTIC_TYPES
from service import settings
from service.catalogue import sources
from service.cli.app import app
from service.cli.department_file import FileLayout

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md", ROOT / "README.zh-CN.md"]

MODELS: dict[str, type[BaseModel]] = {
    "[store]": settings.StoreSettings,
    "[resolver]": settings.ResolverSettings,
    "[verifier]": settings.VerifierSettings,
    "[log]": settings.LogSettings,
    "[metrics]": settings.MetricsSettings,
    "At the top of sources.toml": sources.Sources,
    "[sources.ID]": sources.Source,
    "[sources.ID.types.TYPE]": sources.Contract,
    "At the top of a type": schema.EntityType,
    "[attributes]": schema.Attribute,
    "[features]": schema.Feature,
    "[[blocking]]": schema.BlockingRule,
    "[[comparisons]]": schema.Comparison,
    "levels": schema.Level,
    "[thresholds]": schema.Thresholds,
    "[training]": schema.Training,
    "[[relations]]": schema.Relation,
    "targets": schema.RelationTarget,
    "[status]": schema.VerifiedStatus,
    "MAPPING.toml": FileLayout,
}
"""The heading in docs/configuration.md to the model whose keys are listed under it."""


def sections(page: Path) -> dict[str, str]:
    """Heading to what stands under it, up to the next heading."""
    parts = re.split(r"^#{2,3} (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> dict[str, list[str]]:
    """First cell, without its backticks, to the other cells of each line of a table."""
    lines = re.findall(r"^\| `([^`]+)` \|(.*)\|$", text, flags=re.MULTILINE)
    return {first: [cell.strip() for cell in rest.split("|")] for first, rest in lines}


def keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def models_reached(model: Any, found: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """A model, and every model that its fields hold."""
    if isinstance(model, type) and issubclass(model, BaseModel) and model not in found:
        found.add(model)
        for field in model.model_fields.values():
            models_reached(field.annotation, found)
    for part in getattr(model, "__args__", ()):
        models_reached(part, found)
    return found


def commands(command: Any, path: tuple[str, ...] = ("yishu",)) -> Iterator[tuple[str, Any]]:
    """Every command with its name; groups without options of their own are left out."""
    inner = getattr(command, "commands", {})
    if command.params or not inner:
        yield " ".join(path), command
    for name, sub in inner.items():
        yield from commands(sub, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("heading", MODELS)
def test_every_key_is_documented(heading: str) -> None:
    assert rows(sections(DOCS / "configuration.md")[heading]).keys() == keys(MODELS[heading])


def test_no_model_of_the_configuration_is_forgotten() -> None:
    roots = (schema.EntityType, sources.Sources, settings.Settings, FileLayout)
    reached = {model for root in roots for model in models_reached(root, set())}
    assert reached == {*MODELS.values(), settings.Settings}


@pytest.mark.parametrize(
    "heading", [heading for heading, model in MODELS.items() if model.__module__ == settings.__name__]
)
def test_every_default_of_the_service_is_the_real_one(heading: str) -> None:
    documented = rows(sections(DOCS / "configuration.md")[heading])
    defaults = {name: str(field.default) for name, field in MODELS[heading].model_fields.items()}
    assert {key: cells[0] for key, cells in documented.items()} == defaults


def test_the_keys_at_the_top_of_the_service_file_are_documented() -> None:
    simple = {
        name: str(field.default)
        for name, field in settings.Settings.model_fields.items()
        if name != "configs" and not isinstance(field.default, BaseModel)
    }
    documented = rows(sections(DOCS / "configuration.md")["At the top of service.toml"])
    assert {key: cells[0] for key, cells in documented.items()} == simple


@pytest.mark.parametrize(
    "heading", [heading for heading, model in MODELS.items() if model.__module__ == schema.__name__]
)
def test_defaults_of_a_type_that_are_numbers_are_the_real_ones(heading: str) -> None:
    documented = rows(sections(DOCS / "configuration.md")[heading])
    for name, field in MODELS[heading].model_fields.items():
        if field.default is not PydanticUndefined and type(field.default) in {int, float}:
            assert documented[field.alias or name][0] == str(field.default)


def test_every_semantic_type_is_documented_with_its_parts() -> None:
    documented = rows(sections(DOCS / "configuration.md")["Semantic types"])
    parts = {name: set(re.findall(r"`(\w+)`", cells[0])) for name, cells in documented.items()}
    assert parts == {name: set(known.parts) | {"standard"} for name, known in SEMANTIC_TYPES.items()}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_every_option(name: str) -> None:
    documented = rows(sections(DOCS / "cli.md")[f"`{name}`"])
    options = {
        spelling if spelling.startswith("-") else spelling.upper().replace("ENTITY_TYPE", "TYPE")
        for parameter in COMMANDS[name].params
        for spelling in (*parameter.opts, *parameter.secondary_opts)
        if spelling != "--help"
    }
    assert documented.keys() == options


def test_no_command_is_documented_that_does_not_exist() -> None:
    assert {heading.strip("`") for heading in sections(DOCS / "cli.md")} == COMMANDS.keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_house_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(((?!https?:)[^)#\s]+)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_shows_exists(page: Path) -> None:
    shown = re.findall(r"(?:^|`|bin/)yishu ([a-z]+)", page.read_text("utf-8"), flags=re.MULTILINE)
    assert set(shown) <= {name.split()[1] for name in COMMANDS if " " in name}
