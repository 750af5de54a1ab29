"""One batch of submissions through the whole of linking, in one commit: the story of `how a record travels`.

Always true: when `resolve` returns, everything it answered as accepted is durable and linked; a submission that is
refused changes nothing but the quarantine; a batch leaves what its submissions would have left one by one, and answers
with the entities that records belong to after all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from matching.errors import FieldViolation, RecordRejected
from service.application.answers import Accepted, Answer, Checked, Found, Item, Rejected
from service.application.checking import Checker
from service.application.linking import link
from service.application.neighbourhoods import gather
from service.application.outcomes import Settled, settle
from service.application.relations import update_relations
from service.application.submissions import AcceptedSubmission, Intake, Submission, Withdrawal
from service.application.types_in_force import TypeInForce, digest_settings
from service.application.versions import Submitted, VersionWriter
from service.errors import NotFound
from service.storage.base import QuarantineRow, Store, UnitOfWork

__all__ = ["Resolver"]

LONGEST_KEPT_NAME = 200
LONGEST_KEPT_RECORD = 20_000
"""Characters of values that quarantine keeps of one submission."""
MOST_KEPT = 500
"""Values, and violations."""


class Resolver:
    """Resolves batches, one at a time. Not thread-safe: the batcher's one thread calls it."""

    def __init__(
        self, store: Store, intake: Intake, types: Mapping[str, TypeInForce], clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._intake = intake
        self._types = dict(types)
        self._settings_kept = False
        self.checker = Checker(intake, clock)

    @property
    def types(self) -> Mapping[str, TypeInForce]:
        """The entity types as they are in force."""
        return self._types

    def put_in_force(self, kind: TypeInForce) -> None:
        """From the next batch on, this is the type; the store must have been relinked under it already."""
        self._types[kind.name] = kind

    def resolve(self, batch: Sequence[Item]) -> list[Answer]:
        """Checks and resolves; see `resolve_checked`."""
        return self.resolve_checked([self.checker.check(item) for item in batch])

    def resolve_checked(self, batch: Sequence[Checked]) -> list[Answer]:
        """An answer for each, in their order.

        Raises:
            StoreUnavailable: nothing of the batch was kept.
            EngineError: the same.
        """
        with self._store.write() as work:
            if not self._settings_kept:
                self._keep_settings(work)
            answers = self._take_in(work, batch)
            work.commit()
        self._settings_kept = True
        return answers

    def _take_in(self, work: UnitOfWork, batch: Sequence[Checked]) -> list[Answer]:
        refs = [found.ref for _, found in batch if not isinstance(found, Rejected)]
        writer = VersionWriter(work, refs)
        taken: list[Submitted | Rejected] = []
        for item, found in batch:
            done = _write(writer, found)
            # At once, not at the end: what comes after it in the batch may put it right.
            taken.append(self._refused(work, item, done) if isinstance(done, Rejected) else done)
        self._link(work, writer)
        entity_ids = _entity_ids(work, [done for done in taken if isinstance(done, Submitted)])
        return [
            done if isinstance(done, Rejected) else _accepted(found, done, entity_ids)
            for (_, found), done in zip(batch, taken, strict=True)
        ]

    def _link(self, work: UnitOfWork, writer: VersionWriter) -> None:
        settled: dict[str, Settled] = {}
        for name, changed in writer.changed.items():
            kind = self._types[name]
            gathered = gather(work, kind, link(work, kind, changed))
            withdrawn = {writer.refs[record] for record, row in changed.items() if row is None}
            settled[name] = settle(work, kind, gathered, withdrawn)
        update_relations(work, {kind.name: kind.entity_type for kind in self._types.values()}, settled)

    def _keep_settings(self, work: UnitOfWork) -> None:
        """Notes under which configurations the store's values, features, edges and entities are made."""
        for kind in self._types.values():
            for setting, digest in digest_settings(kind.entity_type, self._intake.codes_digest(kind.name)).items():
                if work.setting(setting) is None:
                    work.put_setting(setting, digest)

    def _refused(self, work: UnitOfWork, item: Item, refused: Rejected) -> Rejected:
        """Puts a refused submission into quarantine, where its source is known."""
        if not isinstance(item, Submission) or not self._intake.knows_source(item.source):
            return refused
        row = QuarantineRow(
            quarantine=0,
            source=item.source,
            record_id=_storable(item.record_id[:LONGEST_KEPT_NAME]),
            entity_type=_storable(item.entity_type[:LONGEST_KEPT_NAME]),
            values=_kept(item.columns),
            violations=tuple((v.field, v.reason, v.description) for v in refused.violations[:MOST_KEPT]),
            received_at=work.at,
            request_id=_storable(item.request_id[:LONGEST_KEPT_NAME]),
        )
        return Rejected(refused.request_id, refused.violations, work.quarantine.add(row))


def _kept(columns: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What quarantine keeps of a submission: all of an ordinary one, the beginning of a measureless one."""
    kept, room = [], LONGEST_KEPT_RECORD
    for column, value in columns[:MOST_KEPT]:
        pair = (_storable(column[:LONGEST_KEPT_NAME]), _storable(value[: max(room, 0)]))
        room -= len(pair[0]) + len(pair[1])
        kept.append(pair)
    return tuple(kept)


def _storable(text: str) -> str:
    """The text with ? for what UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _write(writer: VersionWriter, item: Found) -> Submitted | Rejected:
    try:
        if isinstance(item, AcceptedSubmission):
            return writer.submit(item)
        return writer.withdraw(item) if isinstance(item, Withdrawal) else item
    except RecordRejected as rejected:
        return Rejected(item.request_id, rejected.violations)
    except NotFound:
        violation = FieldViolation("record_id", "NOT_FOUND", "no such record was ever submitted")
        return Rejected(item.request_id, (violation,))


def _entity_ids(work: UnitOfWork, taken: Sequence[Submitted]) -> dict[int, str]:
    """The entity id of each record that has an entity."""
    entity_of = work.membership.of([done.record for done in taken])
    rows = work.entities.rows(set(entity_of.values()))
    return {record: rows[entity].id for record, entity in entity_of.items()}


def _accepted(check: Found, done: Submitted, entity_ids: Mapping[int, str]) -> Accepted:
    standard = check.standard if isinstance(check, AcceptedSubmission) else {}
    entity_id = entity_ids.get(done.record, "")
    return Accepted(check.request_id, done.ref, done.version, done.outcome, entity_id, standard)
