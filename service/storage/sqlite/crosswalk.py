"""Which record belongs to which entity, over time, and what entities are found by and lead to, in SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from service.storage.base import RelationRow
from service.storage.encoding import decode_texts, encode, to_micros
from service.storage.sqlite.session import Session, array_of

__all__ = ["SqliteGoldenKeys", "SqliteMembership", "SqliteRelations"]


class SqliteMembership:
    """What is now is in one table, what was in another, each with the commits it held from and up to."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def assign(self, moves: Mapping[int, int | None]) -> None:
        session = self._session
        before = self._stored(moves)
        moved = [
            (record, entity) for record, entity in sorted(moves.items()) if before.get(record, (None,))[0] != entity
        ]
        # What began in this very commit was never seen: it leaves no past.
        session.change_many(
            "INSERT INTO past_membership (record, from_commit, to_commit, entity) VALUES (?, ?, ?, ?)",
            [
                (record, before[record][1], session.commit, before[record][0])
                for record, _ in moved
                if record in before and before[record][1] < session.commit
            ],
        )
        session.change_many(
            "INSERT OR REPLACE INTO membership (record, entity, from_commit) VALUES (?, ?, ?)",
            [(record, entity, session.commit) for record, entity in moved if entity is not None],
        )
        session.change_many(
            "DELETE FROM membership WHERE record = ?", [(record,) for record, entity in moved if entity is None]
        )

    def of(self, records: Iterable[int]) -> dict[int, int]:
        wanted = array_of(records)
        if wanted is None:
            return {}
        found = self._session.rows(
            """
            SELECT record, entity
              FROM carray(?) AS wanted
             CROSS JOIN membership ON record = wanted.value
            """,
            (wanted,),
        )
        return dict(found)

    def _stored(self, records: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Entity and the commit since when."""
        wanted = array_of(records)
        if wanted is None:
            return {}
        found = self._session.rows(
            """
            SELECT record, entity, from_commit
              FROM carray(?) AS wanted
             CROSS JOIN membership ON record = wanted.value
            """,
            (wanted,),
        )
        return {record: (entity, from_commit) for record, entity, from_commit in found}

    def members(self, entities: Iterable[int]) -> dict[int, list[int]]:
        members: dict[int, list[int]] = {entity: [] for entity in entities}
        wanted = array_of(members)
        if wanted is not None:
            found = self._session.rows(
                """
                SELECT entity, record
                  FROM carray(?) AS wanted
                 CROSS JOIN membership ON entity = wanted.value
                """,
                (wanted,),
            )
            for entity, record in found:
                members[entity].append(record)
        return {entity: sorted(records) for entity, records in members.items()}

    def as_of(self, record: int, at: datetime) -> int | None:
        row = self._session.row(
            """
            WITH then_commit (number) AS (SELECT max(number) FROM commit_log WHERE at <= ?2)
            SELECT entity
              FROM membership, then_commit
             WHERE record = ?1 AND from_commit <= number
             UNION ALL
            SELECT entity
              FROM past_membership, then_commit
             WHERE record = ?1 AND from_commit <= number AND number < to_commit
            """,
            (record, to_micros(at)),
        )
        return None if row is None else int(row[0])


class SqliteGoldenKeys:
    """Kept as block keys are: one row a key to find entities by, one row an entity to know its keys by."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def replace(self, entity_type: str, keys: Mapping[int, Iterable[tuple[str, str]]]) -> None:
        session = self._session
        number = session.numbered("entity_type", entity_type)
        gone: list[tuple[int, int, str, int]] = []
        come: list[tuple[int, int, str, int]] = []
        rows: list[tuple[int, int, bytes]] = []
        before = self.of(keys)
        for entity, given in keys.items():
            new, old = set(given), before[entity]
            if new != old:
                gone += [(number, session.numbered("attribute", name), value, entity) for name, value in old - new]
                come += [(number, session.numbered("attribute", name), value, entity) for name, value in new - old]
                rows.append((entity, number, encode(sorted(new))))
        session.change_many(
            "DELETE FROM golden_key WHERE entity_type = ? AND attribute = ? AND value = ? AND entity = ?", sorted(gone)
        )
        session.change_many(
            "INSERT INTO golden_key (entity_type, attribute, value, entity) VALUES (?, ?, ?, ?)", sorted(come)
        )
        session.change_many(
            "INSERT OR REPLACE INTO entity_golden_keys (entity, entity_type, keys) VALUES (?, ?, ?)", sorted(rows)
        )

    def of(self, entities: Iterable[int]) -> dict[int, set[tuple[str, str]]]:
        keys: dict[int, set[tuple[str, str]]] = {entity: set() for entity in entities}
        wanted = array_of(keys)
        if wanted is not None:
            found = self._session.rows(
                """
                SELECT entity, keys
                  FROM carray(?) AS wanted
                 CROSS JOIN entity_golden_keys ON entity = wanted.value
                """,
                (wanted,),
            )
            keys.update((entity, decode_texts(stored)) for entity, stored in found)
        return keys

    def find(self, entity_type: str, attribute: str, value: str, limit: int) -> list[int]:
        session = self._session
        found = session.rows(
            """
            SELECT entity
              FROM golden_key
             WHERE entity_type = ? AND attribute = ? AND value = ?
             ORDER BY entity
             LIMIT ?
            """,
            (session.number("entity_type", entity_type), session.number("attribute", attribute), value, limit),
        )
        return [entity for (entity,) in found]


class SqliteRelations:
    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, rows: Iterable[RelationRow]) -> None:
        self._session.change_many(
            'INSERT OR REPLACE INTO relation (entity, name, target, "by") VALUES (?, ?, ?, ?)',
            [(row.entity, row.name, row.target, row.by) for row in rows],
        )

    def drop(self, entities: Iterable[int]) -> None:
        self._session.change_many("DELETE FROM relation WHERE entity = ?", [(entity,) for entity in entities])

    def of(self, entity: int) -> list[RelationRow]:
        return self._relations("WHERE entity = ? ORDER BY name", entity)

    def to(self, target: int) -> list[RelationRow]:
        return self._relations("WHERE target = ? ORDER BY entity, name", target)

    def _relations(self, which: str, entity: int) -> list[RelationRow]:
        found = self._session.rows(f'SELECT entity, name, target, "by" FROM relation {which}', (entity,))
        return [RelationRow(*row) for row in found]
