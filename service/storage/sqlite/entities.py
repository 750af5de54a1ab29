"""Entities, their versions and what changed, in SQLite. Versions and changes are only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from service.errors import StoreConflict
from service.storage.base import Change, ChangeKind, EntityRow, EntityState, EntityVersion
from service.storage.encoding import decode_members, encode, from_micros, to_micros
from service.storage.sqlite.session import Row, Session, array_of

__all__ = ["SqliteChanges", "SqliteEntities"]

_STATES = {state.value: state for state in EntityState}
_KINDS = {kind.value: kind for kind in ChangeKind}

_VERSIONS = """
SELECT entity, version, commit_number, at, state, merged_into, members, golden, reason, model
  FROM entity_version
  JOIN commit_log ON number = commit_number
 WHERE entity = ?
"""

_ADVANCE_ACTIVE = "UPDATE entity SET version = version + 1 WHERE entity = ? AND version = ? AND state = 'ACTIVE'"
_ADVANCE = "UPDATE entity SET state = ?, merged_into = ?, version = version + 1 WHERE entity = ? AND version = ?"


class SqliteEntities:
    def __init__(self, session: Session) -> None:
        self._session = session

    def create(self, entity_id: str, entity_type: str) -> int:
        session = self._session
        session.must_write()
        row = session.row(
            """
            INSERT INTO entity (id, entity_type, state, version, created) VALUES (?, ?, 'ACTIVE', 0, ?)
            ON CONFLICT DO NOTHING RETURNING entity
            """,
            (entity_id, session.numbered("entity_type", entity_type), session.commit),
        )
        if row is None:
            raise StoreConflict(f"entity id {entity_id} was used before")
        return int(row[0])

    def rows(self, entities: Iterable[int]) -> dict[int, EntityRow]:
        wanted = array_of(entities)
        if wanted is None:
            return {}
        found = self._session.rows(
            """
            SELECT entity, id, entity_type, state, merged_into, version, created
              FROM carray(?) AS wanted
             CROSS JOIN entity ON entity = wanted.value
            """,
            (wanted,),
        )
        return {row[0]: self._entity(row) for row in found}

    def by_id(self, entity_id: str) -> EntityRow | None:
        row = self._session.row(
            "SELECT entity, id, entity_type, state, merged_into, version, created FROM entity WHERE id = ?",
            (entity_id,),
        )
        return None if row is None else self._entity(row)

    def _entity(self, row: Row) -> EntityRow:
        entity, entity_id, entity_type, state, merged_into, version, created = row
        name = self._session.name("entity_type", entity_type)
        return EntityRow(entity, entity_id, name, _STATES[state], merged_into, version, created)

    def add_version(self, version: EntityVersion) -> None:
        session = self._session
        if not self._advance(version):
            raise StoreConflict(f"version {version.version} is not the next of entity {version.entity}")
        session.change(
            """
            INSERT INTO entity_version (entity, version, commit_number, state, merged_into, members, golden, reason,
                                        model)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                version.entity,
                version.version,
                session.commit,
                version.state.value,
                version.merged_into,
                encode(version.members),
                version.golden,
                version.reason,
                version.model,
            ),
        )

    def _advance(self, version: EntityVersion) -> bool:
        """Makes the entity what the version says; False where it is not the next one."""
        at = (version.entity, version.version - 1)
        change = self._session.change
        # Most versions leave the state as it is: then the index of ACTIVE entities need not be touched.
        if version.state is EntityState.ACTIVE and change(_ADVANCE_ACTIVE, at):
            return True
        return change(_ADVANCE, (version.state.value, version.merged_into, *at)) == 1

    def latest(self, entity: int) -> EntityVersion | None:
        row = self._session.row(_VERSIONS + "ORDER BY version DESC LIMIT 1", (entity,))
        return None if row is None else _version(row)

    def versions(self, entity: int) -> list[EntityVersion]:
        return [_version(row) for row in self._session.rows(_VERSIONS + "ORDER BY version", (entity,))]

    def as_of(self, entity: int, at: datetime) -> EntityVersion | None:
        row = self._session.row(
            _VERSIONS
            + """
              AND commit_number <= (SELECT max(number) FROM commit_log WHERE at <= ?)
            ORDER BY version DESC
            LIMIT 1
            """,
            (entity, to_micros(at)),
        )
        return None if row is None else _version(row)

    def count(self, entity_type: str) -> int:
        row = self._session.row(
            "SELECT count(*) FROM entity WHERE entity_type = ? AND state = 'ACTIVE'",
            (self._session.number("entity_type", entity_type),),
        )
        return int(row[0]) if row else 0


def _version(row: Row) -> EntityVersion:
    entity, version, commit, at, state, merged_into, members, golden, reason, model = row
    return EntityVersion(
        entity=entity,
        version=version,
        commit=commit,
        at=from_micros(at),
        state=_STATES[state],
        merged_into=merged_into,
        members=decode_members(members),
        golden=golden,
        reason=reason,
        model=model,
    )


class SqliteChanges:
    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, kind: ChangeKind, entity_id: str, other_id: str = "") -> None:
        self._session.change(
            "INSERT INTO change (commit_number, kind, entity_id, other_id) VALUES (?, ?, ?, ?)",
            (self._session.commit, kind.value, entity_id, other_id),
        )

    def since(self, sequence: int, limit: int) -> list[Change]:
        found = self._session.rows(
            """
            SELECT sequence, commit_number, at, kind, entity_id, other_id
              FROM change
              JOIN commit_log ON number = commit_number
             WHERE sequence > ?
             ORDER BY sequence
             LIMIT ?
            """,
            (sequence, limit),
        )
        return [
            Change(number, commit, from_micros(at), _KINDS[kind], entity_id, other_id)
            for number, commit, at, kind, entity_id, other_id in found
        ]
