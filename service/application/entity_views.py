"""Entities as readers see them, made from what a store's snapshot holds.

Always true: a view tells one committed state; following a redirect ends at an entity that is not merged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from matching.records import RecordRef
from matching.survivorship import GoldenValue
from service.application.golden import decode_golden
from service.errors import NotFound
from service.storage.base import EntityRow, EntityState, EntityVersion, Snapshot

__all__ = ["EntityVersionView", "EntityView", "ModelVersions", "RelationView", "Views", "survivor"]


class RelationView(NamedTuple):
    """A reference from one entity to another; `entity_id` is empty where nothing, or more than one thing, fits."""

    name: str
    entity_id: str
    by: str
    """`code`, `name`, or why there is no target: `none_fits`, `several_fit`, `code_invalid`, `nothing_given`."""


@dataclass(frozen=True, slots=True)
class EntityView:
    """One version of an entity. `golden` and `members` are empty where it is not ACTIVE."""

    id: str
    entity_type: str
    state: EntityState
    version: int
    golden: Mapping[str, GoldenValue]
    """In the configuration's order of attributes."""
    members: tuple[tuple[RecordRef, int], ...]
    """The records with their versions, by RecordRef."""
    relations: tuple[RelationView, ...]
    """Of the present version; empty for every other."""
    updated_at: datetime
    """When this version was made."""
    model_version: int
    """The number of the model in force when it was made; 0 for a type without one."""
    merged_into: str
    """The id this one redirects to; empty where it is not merged."""


@dataclass(frozen=True, slots=True)
class EntityVersionView:
    """What an entity was from one commit on, and what made this version."""

    entity: EntityView
    reason: str


class ModelVersions:
    """Models' numbers by their handles, remembered: a stored model never changes. Shared between threads."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}

    def of(self, snapshot: Snapshot, model: int | None) -> int:
        """The number of a model within its type; 0 for none."""
        if model is None:
            return 0
        number = self._numbers.get(model)
        if number is None:
            row = snapshot.models.get(model)
            number = self._numbers[model] = row.version if row else 0
        return number


class Views:
    """Makes views from one snapshot."""

    def __init__(self, snapshot: Snapshot, models: ModelVersions) -> None:
        self._snapshot = snapshot
        self._models = models

    def present(self, entity: int) -> EntityView:
        """The entity as it is now, or the one that it redirects to."""
        row = survivor(self._snapshot, entity)
        latest = self._snapshot.entities.latest(row.entity)
        if latest is None:
            raise NotFound("no such entity")
        return self.view(row, latest)

    def by_id(self, entity_id: str) -> EntityRow:
        """
        Raises:
            NotFound: the id was never given.
        """
        row = self._snapshot.entities.by_id(entity_id)
        if row is None:
            raise NotFound("no such entity")
        return row

    def as_of(self, entity: int, at: datetime) -> EntityView:
        """The entity as it was, in its own state of that time.

        Raises:
            NotFound: it did not exist yet.
        """
        version = self._snapshot.entities.as_of(entity, at)
        if version is None:
            raise NotFound("the entity did not exist at that time")
        return self.view(_row(self._snapshot, entity), version)

    def view(self, row: EntityRow, version: EntityVersion) -> EntityView:
        merged_into = "" if version.merged_into is None else _row(self._snapshot, version.merged_into).id
        return EntityView(
            id=row.id,
            entity_type=row.entity_type,
            state=version.state,
            version=version.version,
            golden=decode_golden(version.golden),
            members=version.members,
            relations=self._relations(row.entity) if version.version == row.version else (),
            updated_at=version.at,
            model_version=self._models.of(self._snapshot, version.model),
            merged_into=merged_into,
        )

    def _relations(self, entity: int) -> tuple[RelationView, ...]:
        snapshot = self._snapshot
        return tuple(
            RelationView(row.name, "" if row.target is None else survivor(snapshot, row.target).id, row.by)
            for row in snapshot.relations.of(entity)
        )


def survivor(snapshot: Snapshot, entity: int) -> EntityRow:
    """Where an entity's id leads now: itself, unless it is merged."""
    row = _row(snapshot, entity)
    while row.merged_into is not None:
        row = _row(snapshot, row.merged_into)
    return row


def _row(snapshot: Snapshot, entity: int) -> EntityRow:
    return snapshot.entities.rows([entity])[entity]
