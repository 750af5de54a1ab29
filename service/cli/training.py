"""`yishu train` and `yishu relink`: models, made from what a store holds or from a generated city."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from matching.errors import ConfigurationError, RecordRejected
from matching.features import RecordStandardiser
from matching.model import Model, write_model_text
from matching.records import FeatureRow, RecordRef
from matching.training import train as train_model
from service.application.submissions import Intake, Submission
from service.application.train import train_on_store
from service.bootstrap import open_store
from service.bootstrap import relink as relink_type
from service.catalogue.configuration import Configuration, load_configuration
from service.city import generate
from service.cli.context import CliContext, console, failures_shown, notes

__all__ = ["relink", "train"]


def train(
    context: typer.Context,
    entity_type: Annotated[str, typer.Argument(metavar="TYPE", help="The entity type to train.")],
    publish: Annotated[bool, typer.Option(help="Link everything anew under it, and make it the one in force.")] = False,
    note: Annotated[str, typer.Option(help="Why it was trained; kept with the version.")] = "",
    city: Annotated[int, typer.Option(help="Train on a generated city of so many people, not on the store.")] = 0,
    seed: Annotated[int, typer.Option(help="The city's seed.")] = 7,
    output: Annotated[Path | None, typer.Option(help="With --city: the file to write the model to.")] = None,
) -> None:
    """Train a type's model without labels, and store it as a new version.

    The store must not be in use by a resolver. With --city the model goes to a file instead: this is how the models
    that ship with Yishu were made.
    """
    cli: CliContext = context.obj
    with failures_shown():
        settings = cli.settings()
        if city:
            _train_on_city(settings.configs, entity_type, city, seed, output)
            return
        configuration = load_configuration(settings.configs)
        known = configuration.expect_type(entity_type)
        store = open_store(settings.store.path)
        try:
            row, model = train_on_store(store, known, note)
        finally:
            store.close()
        _tell(model)
        console.print(f"{entity_type}: model version {row.version}, trained on {model.records:,} records")
        if publish:
            _relink(cli, entity_type, row.model)
        else:
            console.print(f"`yishu relink {entity_type} --model {row.version}` links everything anew under it")


def relink(
    context: typer.Context,
    entity_type: Annotated[str, typer.Argument(metavar="TYPE", help="The entity type to link anew.")],
    model: Annotated[int, typer.Option(help="The model version to put in force; the published one unless given.")] = 0,
) -> None:
    """Work a type out from scratch: after its configuration changed, or to put another model version in force.

    The store must not be in use by a resolver. Ids stay with the entities that hold the most of them.
    """
    cli: CliContext = context.obj
    with failures_shown():
        settings = cli.settings()
        load_configuration(settings.configs).expect_type(entity_type)
        _relink(cli, entity_type, _handle(settings.store.path, entity_type, model) if model else None)


def _relink(cli: CliContext, entity_type: str, model: int | None) -> None:
    with notes.status(f"linking every {entity_type} anew"):
        done = relink_type(cli.settings(), entity_type, model)
    console.print(
        f"{entity_type}: {done.records:,} records, {done.edges:,} edges, "
        f"{done.entities_before:,} entities before, {done.entities:,} now"
    )


def _handle(path: Path, entity_type: str, version: int) -> int:
    store = open_store(path, read_only=True)
    try:
        with store.read() as snapshot:
            versions = {row.version: row.model for row in snapshot.models.list(entity_type)}
    finally:
        store.close()
    if version not in versions:
        raise ConfigurationError(entity_type, f"no model version {version}; there are: {sorted(versions) or 'none'}")
    return versions[version]


def _train_on_city(configs: Path, entity_type: str, people: int, seed: int, output: Path | None) -> None:
    configuration = load_configuration(configs, with_models=False)
    known = configuration.expect_type(entity_type)
    with notes.status(f"training {entity_type} on a city of {people:,} people, seed {seed}"):
        model = train_model(known, _city_rows(configuration, entity_type, people, seed))
    _tell(model)
    path = output or configs / "models" / f"{entity_type}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write_model_text(model))
    console.print(f"{path}: trained on {model.records:,} records of the city", markup=False)


def _city_rows(configuration: Configuration, entity_type: str, people: int, seed: int) -> list[FeatureRow]:
    """The features of a city's records of one type, ordered by RecordRef; those its departments got wrong left out."""
    intake = Intake(configuration.sources, configuration.types)
    standardiser = RecordStandardiser(configuration.types[entity_type])
    rows: list[tuple[RecordRef, FeatureRow]] = []
    for sent in generate(people, seed).submissions():
        if sent.entity_type != entity_type:
            continue
        try:
            accepted = intake.accept(
                Submission("", sent.source, sent.record_id, entity_type, sent.values, sent.observed_at),
                datetime.now(UTC),
            )
        except RecordRejected:
            continue
        rows.append((accepted.ref, standardiser.features(accepted.standard)))
    return [features for _, features in sorted(rows, key=lambda row: row[0])]


def _tell(model: Model) -> None:
    for warning in model.warnings:
        notes.print(f"warning: {warning}", style="yellow", markup=False)
