"""What linking looks things up by, in SQLite: block keys and weighed pairs; and the models that weighed them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

import apsw

from service.errors import StoreConflict
from service.storage.base import EdgeRow, ModelRow
from service.storage.encoding import decode_numbered, encode, from_micros, to_micros
from service.storage.sqlite.session import Session, array_of

__all__ = ["SqliteBlockKeys", "SqliteEdges", "SqliteModels"]


class SqliteBlockKeys:
    """A record's keys are kept twice: one row a key to find records by, one row a record to know its keys by."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def replace(self, entity_type: str, keys: Mapping[int, Iterable[tuple[int, str]]]) -> None:
        session = self._session
        number = session.numbered("entity_type", entity_type)
        gone: list[tuple[int, int, str, int]] = []
        come: list[tuple[int, int, str, int]] = []
        rows: list[tuple[int, int, bytes]] = []
        before = self._stored(number, keys)
        for record, given in keys.items():
            new, old = set(given), before.get(record, set())
            if new != old:
                gone += [(number, rule, key, record) for rule, key in old - new]
                come += [(number, rule, key, record) for rule, key in new - old]
                rows.append((record, number, encode(sorted(new))))
        # In the order of the index: neighbours share a page.
        session.change_many(
            "DELETE FROM block_key WHERE entity_type = ? AND rule = ? AND key = ? AND record = ?", sorted(gone)
        )
        session.change_many("INSERT INTO block_key (entity_type, rule, key, record) VALUES (?, ?, ?, ?)", sorted(come))
        session.change_many(
            "INSERT OR REPLACE INTO record_block_keys (record, entity_type, keys) VALUES (?, ?, ?)", sorted(rows)
        )

    def of(self, entity_type: str, records: Iterable[int]) -> dict[int, set[tuple[int, str]]]:
        wanted = list(records)
        number = self._session.number("entity_type", entity_type)
        found = {} if number is None else self._stored(number, wanted)
        return {record: found.get(record, set()) for record in wanted}

    def _stored(self, entity_type: int, records: Iterable[int]) -> dict[int, set[tuple[int, str]]]:
        wanted = array_of(records)
        if wanted is None:
            return {}
        found = self._session.rows(
            """
            SELECT record, keys
              FROM carray(?) AS wanted
             CROSS JOIN record_block_keys ON record = wanted.value
             WHERE entity_type = ?
            """,
            (wanted, entity_type),
        )
        return {record: decode_numbered(keys) for record, keys in found}

    def members(self, entity_type: str, key: tuple[int, str], limit: int) -> list[int]:
        rule, text = key
        found = self._session.rows(
            """
            SELECT record
              FROM block_key
             WHERE entity_type = ? AND rule = ? AND key = ?
             ORDER BY record
             LIMIT ?
            """,
            (self._session.number("entity_type", entity_type), rule, text, limit),
        )
        return [record for (record,) in found]

    def members_of(
        self, entity_type: str, keys: Iterable[tuple[int, str]], limit: int
    ) -> dict[tuple[int, str], list[int]]:
        number = self._session.number("entity_type", entity_type)
        by_rule: defaultdict[int, list[str]] = defaultdict(list)
        members: dict[tuple[int, str], list[int]] = {}
        for rule, text in keys:
            if "\0" in text:  # carray's texts end there
                members[rule, text] = self.members(entity_type, (rule, text), limit)
            else:
                by_rule[rule].append(text)
        for rule, texts in by_rule.items():
            found = self._session.rows(
                """
                SELECT wanted.value, (SELECT group_concat(record)
                                        FROM (SELECT record
                                                FROM block_key
                                               WHERE entity_type = ? AND rule = ? AND key = wanted.value
                                               ORDER BY record
                                               LIMIT ?))
                  FROM carray(?) AS wanted
                """,
                (number, rule, limit, apsw.carray(tuple(texts))),
            )
            for text, joined in found:
                members[rule, text] = sorted(map(int, joined.split(","))) if joined else []
        return members


class SqliteEdges:
    def __init__(self, session: Session) -> None:
        self._session = session

    def replace_of(self, records: Iterable[int], edges: Iterable[EdgeRow]) -> None:
        """Only the difference is written: most edges of a record that is looked at again are as they were."""
        before = {(edge.first, edge.second): edge for edge in self.of(records)}
        after = {(edge.first, edge.second): edge for edge in edges}
        gone = before.keys() - after.keys()
        come = [edge for pair, edge in after.items() if before.get(pair) != edge]
        self._session.change_many("DELETE FROM edge WHERE first = ? AND second = ?", sorted(gone))
        self._put(come)

    def of(self, records: Iterable[int]) -> list[EdgeRow]:
        wanted = array_of(records)
        if wanted is None:
            return []
        found = self._session.rows(
            """
            SELECT first, second, weight, model
              FROM carray(?1) AS wanted
             CROSS JOIN edge ON first = wanted.value
             UNION
            SELECT first, second, weight, model
              FROM carray(?1) AS wanted
             CROSS JOIN edge ON second = wanted.value
            """,
            (wanted,),
        )
        return [EdgeRow(*row) for row in found]

    def replace_all(self, entity_type: str, edges: Iterable[EdgeRow]) -> None:
        self._session.change(
            "DELETE FROM edge WHERE first IN (SELECT record FROM record WHERE entity_type = ?)",
            (self._session.number("entity_type", entity_type),),
        )
        self._put(edges)

    def _put(self, edges: Iterable[EdgeRow]) -> None:
        self._session.change_many(
            "INSERT OR REPLACE INTO edge (first, second, weight, model) VALUES (?, ?, ?, ?)",
            sorted((edge.first, edge.second, edge.weight, edge.model) for edge in edges),
        )


_MODELS = """
SELECT model.model, name, version, digest, body, note, created_at
  FROM model
  JOIN entity_type ON entity_type.number = model.entity_type
"""


class SqliteModels:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, entity_type: str, digest: str, body: bytes, note: str, created_at: datetime) -> ModelRow:
        session = self._session
        number = session.numbered("entity_type", entity_type)
        (row,) = session.rows("SELECT coalesce(max(version), 0) + 1 FROM model WHERE entity_type = ?", (number,))
        session.change(
            """
            INSERT INTO model (entity_type, version, digest, body, note, created_at) VALUES (?, ?, ?, ?, ?, ?)
            """,
            (number, row[0], digest, body, note, to_micros(created_at)),
        )
        model = session.connection.last_insert_rowid()
        return ModelRow(model, entity_type, row[0], digest, body, note, created_at)

    def get(self, model: int) -> ModelRow | None:
        found = _models(self._session, "WHERE model.model = ?", model)
        return found[0] if found else None

    def list(self, entity_type: str) -> list[ModelRow]:
        return _models(self._session, "WHERE name = ? ORDER BY version", entity_type)

    def publish(self, entity_type: str, model: int | None) -> None:
        if model is None:
            number = self._session.numbered("entity_type", entity_type)
            self._session.change("DELETE FROM published_model WHERE entity_type = ?", (number,))
            return
        row = self.get(model)
        if row is None or row.entity_type != entity_type:
            raise StoreConflict(f"there is no model {model} of type {entity_type} to publish")
        self._session.change(
            "INSERT OR REPLACE INTO published_model (entity_type, model) VALUES (?, ?)",
            (self._session.numbered("entity_type", entity_type), model),
        )

    def published(self, entity_type: str) -> ModelRow | None:
        found = _models(
            self._session, "JOIN published_model ON published_model.model = model.model WHERE name = ?", entity_type
        )
        return found[0] if found else None


def _models(session: Session, which: str, key: object) -> list[ModelRow]:
    return [
        ModelRow(model, name, version, digest, body, note, from_micros(created_at))
        for model, name, version, digest, body, note, created_at in session.rows(_MODELS + which, (key,))
    ]
