"""Linking everything of a type from scratch, in one commit.

Always true: the store is, afterwards, what submitting all its current records under this configuration and model in
any order would have left; ids stay with the entities that hold the most of them; nothing is shown half-way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matching.blocking import block_keys
from matching.reconcile import link_all
from matching.schema import EntityType
from service.application.linking import relink_pairs
from service.application.neighbourhoods import Gathered
from service.application.outcomes import settle
from service.application.relations import update_relations
from service.application.submissions import Intake
from service.application.types_in_force import EXACT_WEIGHT, TypeInForce, digest_settings
from service.storage.base import CurrentRecord, EdgeRow, Store, UnitOfWork

__all__ = ["Reconciliation", "reconcile"]

Progress = Callable[[str, int], None]
"""Called with a step's name and how many records or edges it dealt with."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a reconciliation did."""

    records: int
    edges: int
    entities_before: int
    entities: int


def reconcile(
    store: Store,
    intake: Intake,
    types: Mapping[str, EntityType],
    kind: TypeInForce,
    progress: Progress = lambda step, done: None,
) -> Reconciliation:
    """Standardises, links and settles every current record of `kind` anew; from now on its model is the published one.

    Raises:
        EngineError: nothing was changed.
        StoreUnavailable: nothing was changed.
    """
    with store.write() as work:
        before = work.entities.count(kind.name)
        rows = _standardise_again(work, intake, kind)
        progress("standardised", len(rows))
        edges = _edges(work, kind, rows)
        work.edges.replace_all(kind.name, edges)
        relink_pairs(work, kind, _decided(work, kind))
        progress("linked", len(edges))
        handles = {row.record: row for row in rows}
        gathered = Gathered(
            rows=handles,
            edges=work.edges.of(handles),
            decisions=work.decisions.all_in_force(kind.name),
            before=work.membership.of(handles),
        )
        settled = settle(work, kind, gathered)
        progress("settled", work.entities.count(kind.name))
        update_relations(work, types, {kind.name: settled})
        work.models.publish(kind.name, kind.model or None)
        for setting, digest in digest_settings(kind.entity_type, intake.codes_digest(kind.name)).items():
            work.put_setting(setting, digest)
        outcome = Reconciliation(len(rows), len(edges), before, work.entities.count(kind.name))
        work.commit()
    return outcome


def _standardise_again(work: UnitOfWork, intake: Intake, kind: TypeInForce) -> list[CurrentRecord]:
    """Every current record under the present configuration, ordered by RecordRef; the store's are replaced."""
    rows = []
    for row in work.records.all_current(kind.name):
        raws = {name: tuple(value.raw for value in values) for name, values in row.values.items()}
        standard = intake.standardise_again(row.ref, kind.name, raws)
        features = kind.standardiser.features(standard)
        rows.append(
            CurrentRecord(
                row.record, row.ref, kind.name, row.version, standard, features, row.observed_at, row.received_at
            )
        )
    work.records.put_current(rows)
    work.block_keys.replace(kind.name, {row.record: block_keys(kind.entity_type, row.features) for row in rows})
    return rows


def _edges(work: UnitOfWork, kind: TypeInForce, rows: list[CurrentRecord]) -> list[EdgeRow]:
    if kind.entity_type.match == "exact":
        return _exact_edges(kind, rows)
    if kind.scorer is None:
        return []
    found = link_all(kind.entity_type, kind.scorer.model, (row.features for row in rows), kind.keep_weight)
    return [EdgeRow(rows[first].record, rows[second].record, weight, kind.model) for first, second, weight in found]


def _exact_edges(kind: TypeInForce, rows: list[CurrentRecord]) -> list[EdgeRow]:
    blocks: dict[tuple[int, str], list[int]] = {}
    for row in rows:
        for key in block_keys(kind.entity_type, row.features):
            blocks.setdefault(key, []).append(row.record)
    return [
        EdgeRow(members[low], members[high], EXACT_WEIGHT, 0)
        for members in blocks.values()
        for high in range(len(members))
        for low in range(high)
    ]


def _decided(work: UnitOfWork, kind: TypeInForce) -> set[int]:
    """The current records that decisions in force are about: their decided pairs get edges at any weight."""
    decisions = work.decisions.all_in_force(kind.name)
    refs = {ref for decision in decisions for ref in (decision.first, decision.second)}
    return {known[0] for known in work.records.handles(refs).values() if not known[3]}
