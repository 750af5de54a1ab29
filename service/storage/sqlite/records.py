"""Records and their versions in SQLite. Versions are only ever added; a current record is replaced whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matching.records import RecordRef
from service.errors import StoreConflict
from service.storage.base import CurrentRecord, RecordVersion
from service.storage.encoding import (
    StoredValues,
    decode_features,
    decode_values,
    encode_features,
    encode_standard_values,
    encode_values,
    from_micros,
    to_micros,
)
from service.storage.sqlite.session import Row, Session, array_of

__all__ = ["SqliteRecords"]

_VERSIONS = """
SELECT entity_type, record_version.version, sent, observed_at, observed_given, received_at,
       record_version.withdrawn, request_id
  FROM record
  JOIN record_version USING (record)
 WHERE source = ? AND record_id = ?
"""


class SqliteRecords:
    def __init__(self, session: Session) -> None:
        self._session = session

    def handles(self, refs: Iterable[RecordRef]) -> dict[RecordRef, tuple[int, str, int, bool]]:
        session = self._session
        found = session.many(
            """
            SELECT source, record_id, record, entity_type, version, withdrawn
              FROM record
             WHERE source = ? AND record_id = ?
            """,
            session.by_source(refs),
        )
        return {
            RecordRef(session.name("source", source), record_id): (
                record,
                session.name("entity_type", entity_type),
                version,
                bool(withdrawn),
            )
            for source, record_id, record, entity_type, version, withdrawn in found
        }

    def latest(self, ref: RecordRef) -> RecordVersion | None:
        found = self._versions(ref, "ORDER BY record_version.version DESC LIMIT 1")
        return found[0] if found else None

    def versions(self, ref: RecordRef) -> list[RecordVersion]:
        return self._versions(ref, "ORDER BY record_version.version")

    def _versions(self, ref: RecordRef, order: str) -> list[RecordVersion]:
        session = self._session
        source = session.number("source", ref.source)
        return [
            RecordVersion(
                ref=RecordRef(*ref),
                entity_type=session.name("entity_type", entity_type),
                version=version,
                values=decode_values(sent),
                observed_at=from_micros(observed_at),
                observed_given=bool(observed_given),
                received_at=from_micros(received_at),
                withdrawn=bool(withdrawn),
                request_id=request_id,
            )
            for entity_type, version, sent, observed_at, observed_given, received_at, withdrawn, request_id
            in session.rows(_VERSIONS + order, (source, ref.record_id))
        ]  # fmt: skip

    def add_version(self, version: RecordVersion) -> int:
        record = self._next(version)
        self._session.change(
            """
            INSERT INTO record_version (record, version, commit_number, observed_at, observed_given, received_at,
                                        withdrawn, request_id, sent)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                record,
                version.version,
                self._session.commit,
                to_micros(version.observed_at),
                version.observed_given,
                to_micros(version.received_at),
                version.withdrawn,
                version.request_id,
                encode_values(version.values),
            ),
        )
        return record

    def _next(self, version: RecordVersion) -> int:
        """Makes this the record's latest version; its handle."""
        session = self._session
        session.must_write()
        source, entity_type = (
            session.numbered("source", version.ref.source),
            session.numbered("entity_type", version.entity_type),
        )
        if version.version == 1:
            row = session.row(
                """
                INSERT INTO record (source, record_id, entity_type, version, withdrawn) VALUES (?, ?, ?, 1, ?)
                ON CONFLICT DO NOTHING RETURNING record
                """,
                (source, version.ref.record_id, entity_type, version.withdrawn),
            )
        else:
            row = session.row(
                """
                UPDATE record SET version = version + 1, withdrawn = ?
                 WHERE source = ? AND record_id = ? AND entity_type = ? AND version = ?
                RETURNING record
                """,
                (version.withdrawn, source, version.ref.record_id, entity_type, version.version - 1),
            )
        if row is None:
            raise StoreConflict(f"version {version.version} is not the next of this record, or it is of another type")
        return int(row[0])

    # -- current records

    def put_current(self, rows: Iterable[CurrentRecord]) -> None:
        session = self._session
        session.change_many(
            """
            INSERT OR REPLACE INTO current_record (record, commit_number, entity_type, source, record_id, version,
                                                   observed_at, received_at, features, standard_values)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                (
                    row.record,
                    session.commit,
                    session.numbered("entity_type", row.entity_type),
                    session.numbered("source", row.ref.source),
                    row.ref.record_id,
                    row.version,
                    to_micros(row.observed_at),
                    to_micros(row.received_at),
                    encode_features(row.features),
                    encode_standard_values(row.values),
                )
                for row in rows
            ],
        )

    def drop_current(self, records: Iterable[int]) -> None:
        self._session.change_many("DELETE FROM current_record WHERE record = ?", [(record,) for record in records])

    def current(self, records: Iterable[int]) -> dict[int, CurrentRecord]:
        wanted = array_of(records)
        if wanted is None:
            return {}
        found = self._session.rows(
            """
            SELECT record, entity_type, source, record_id, version, observed_at, received_at, features, standard_values
              FROM carray(?) AS wanted
             CROSS JOIN current_record ON record = wanted.value
            """,
            (wanted,),
        )
        return {row[0]: self._decoded(row) for row in found}

    def all_current(self, entity_type: str) -> Iterator[CurrentRecord]:
        session = self._session
        number = session.number("entity_type", entity_type)
        sources = sorted((name, source) for source, name in session.rows("SELECT number, name FROM source"))
        for _, source in sources:
            portions = session.stream(
                """
                SELECT record, current_record.entity_type, current_record.source, current_record.record_id,
                       current_record.version, observed_at, received_at, features, standard_values
                  FROM record
                 CROSS JOIN current_record USING (record)
                 WHERE record.source = ? AND record.entity_type = ?
                 ORDER BY record.record_id
                """,
                (source, number),
            )
            for portion in portions:
                yield from map(self._decoded, portion)

    def _decoded(self, row: Row) -> CurrentRecord:
        record, entity_type, source, record_id, version, observed_at, received_at, features, standard_values = row
        name = self._session.name
        received = from_micros(received_at)
        return CurrentRecord(
            record,
            RecordRef(name("source", source), record_id),
            name("entity_type", entity_type),
            version,
            StoredValues(standard_values),
            decode_features(features),
            received if observed_at == received_at else from_micros(observed_at),
            received,
        )
