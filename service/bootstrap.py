"""Puts a running service together: the only file that names concrete classes.

Always true: what is opened here is closed by `close`; a resolver that was opened has a model in force for every type
whose model ships with the configuration.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from matching.model import Model
from matching.schema import EntityType
from service.application.batcher import Batcher, Onward, Submitter
from service.application.checking import Checker
from service.application.entities import EntityReader
from service.application.reconcile import Reconciliation, reconcile
from service.application.record_reader import RecordReader
from service.application.resolve import Resolver
from service.application.steward import Steward
from service.application.submissions import Intake
from service.application.train import add_model
from service.application.types_in_force import in_force, type_of_model
from service.application.verification import Verifier
from service.catalogue.configuration import Configuration, load_configuration
from service.errors import ConfigurationChanged, StoreUnavailable
from service.settings import Settings
from service.storage.base import Store
from service.storage.sqlite import SqliteStore

__all__ = [
    "ReceiverParts",
    "ResolverParts",
    "VerifierParts",
    "open_receiver",
    "open_resolver",
    "open_store",
    "open_verifier",
    "relink",
]


def now() -> datetime:
    """The time that records are stamped with."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ResolverParts:
    """A resolver, ready to be served."""

    configuration: Configuration
    store: Store
    resolver: Resolver
    batcher: Batcher
    submitter: Submitter
    steward: Steward
    entities: EntityReader
    records: RecordReader

    def probe(self) -> None:
        """Does what every call needs.

        Raises:
            StoreUnavailable: it cannot be done.
        """
        _probe(self.store)

    def close(self) -> None:
        """Answers what was taken, then closes the store."""
        self.submitter.close()
        self.store.close()


@dataclass(frozen=True, slots=True)
class ReceiverParts:
    """A receiver, ready to be served: what comes is checked here and handed to a resolver in another process."""

    store: Store
    submitter: Submitter
    entities: EntityReader
    records: RecordReader

    def probe(self) -> None:
        """As `ResolverParts.probe`."""
        _probe(self.store)

    def close(self) -> None:
        """As `ResolverParts.close`."""
        self.submitter.close()
        self.store.close()


@dataclass(frozen=True, slots=True)
class VerifierParts:
    """A verifier, ready to be served."""

    store: Store
    verifier: Verifier

    def probe(self) -> None:
        """As `ResolverParts.probe`."""
        _probe(self.store)

    def close(self) -> None:
        self.store.close()


def open_store(path: Path, read_only: bool = False) -> Store:
    """The store at a path; its folder is made where it is missing.

    Raises:
        StoreUnavailable, StoreIncompatible: with the remedy.
    """
    if not read_only:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"{path.parent}: cannot be made: {error.strerror}") from error
    return SqliteStore.open(path, read_only=read_only)


def open_resolver(settings: Settings) -> ResolverParts:
    """A resolver on the store that the settings name.

    Raises:
        ConfigurationError: a configuration file is wrong.
        ConfigurationChanged: the store was written under another configuration of a type.
        StoreUnavailable, StoreIncompatible: the store cannot be opened.
    """
    configuration = load_configuration(settings.configs)
    store = open_store(settings.store.path)
    try:
        _publish_shipped_models(store, configuration)
        with store.read() as snapshot:
            types = in_force(configuration.types, snapshot, configuration.sources)
    except BaseException:
        store.close()
        raise
    intake = Intake(configuration.sources, configuration.types)
    resolver = Resolver(store, intake, types, now)
    batcher = Batcher(resolver, settings.resolver.most_in_batch)
    return ResolverParts(
        configuration=configuration,
        store=store,
        resolver=resolver,
        batcher=batcher,
        submitter=Submitter(resolver.checker, batcher, settings.resolver.most_waiting),
        steward=Steward(store, resolver.types),
        entities=EntityReader(store, lambda: resolver.types),
        records=RecordReader(store, lambda: resolver.types, intake),
    )


def open_receiver(settings: Settings, onward: Onward) -> ReceiverParts:
    """A receiver that hands on to `onward`, and reads the store that its resolver writes; errors as `open_resolver`."""
    configuration = load_configuration(settings.configs)
    store = open_store(settings.store.path, read_only=True)
    try:
        with store.read() as snapshot:
            types = in_force(configuration.types, snapshot, configuration.sources)
    except BaseException:
        store.close()
        raise
    intake = Intake(configuration.sources, configuration.types)
    return ReceiverParts(
        store=store,
        submitter=Submitter(Checker(intake, now), onward, settings.resolver.most_waiting),
        entities=EntityReader(store, lambda: types),
        records=RecordReader(store, lambda: types, intake),
    )


def open_verifier(settings: Settings) -> VerifierParts:
    """A verifier on the store that the settings name, which it only reads; errors as `open_resolver`."""
    configuration = load_configuration(settings.configs)
    store = open_store(settings.store.path, read_only=True)
    return VerifierParts(store, Verifier(store, configuration.types, now))


def relink(settings: Settings, name: str, model: int | None = None) -> Reconciliation:
    """Works a type out from scratch under its present configuration, and under `model` from now on where one is given.

    The published model stays where it fits the configuration; where it does not, a shipped one takes its place, and
    where there is none either, the type is left without a model.

    Raises:
        As `open_resolver`, and EngineError; nothing was changed then.
    """
    configuration = load_configuration(settings.configs)
    entity_type = configuration.types[name]
    store = open_store(settings.store.path)
    try:
        if model is None:
            model = _fitting_model(store, entity_type, configuration.models.get(name))
        kind = type_of_model(entity_type, store, model)
        return reconcile(store, Intake(configuration.sources, configuration.types), configuration.types, kind)
    finally:
        store.close()


def _fitting_model(store: Store, entity_type: EntityType, shipped: Model | None) -> int:
    """The handle of the newest model for the present configuration, the shipped one added if there is none; or 0."""
    with store.read() as snapshot:
        wanted = entity_type.model_digest
        published = snapshot.models.published(entity_type.name)
        if published and published.digest == wanted:
            return published.model
        fitting = [row.model for row in snapshot.models.list(entity_type.name) if row.digest == wanted]
    if fitting:
        return fitting[-1]
    return add_model(store, shipped, "shipped with the configuration").model if shipped else 0


def _publish_shipped_models(store: Store, configuration: Configuration) -> None:
    """Gives types without any model the one that ships; records that are there already must be relinked under it."""
    for name, model in configuration.models.items():
        with store.read() as snapshot:
            known = snapshot.models.list(name)
            has_records = next(snapshot.records.all_current(name), None) is not None
        if known:
            continue
        if has_records:
            raise ConfigurationChanged(
                f"{name}: a model ships now, and the store was linked without: run `yishu relink {name}`"
            )
        row = add_model(store, model, "shipped with the configuration")
        with store.write() as work:
            work.models.publish(name, row.model)
            work.commit()


def _probe(store: Store) -> None:
    with store.read() as snapshot:
        snapshot.setting("probe")
