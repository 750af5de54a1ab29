"""Which questions an outcome leaves for a steward.

Always true after `review`: of the pair questions that touch the neighbourhood's records, exactly those are open that
the present edges, decisions and entities raise; so a question closes itself when the data changes the answer. Two
entities are asked about once, by the heaviest pair of records between them, and no more once a steward told two of
their records apart, or was unsure of them, for as long as these records belong to the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from matching.clustering import Conflict, Outcome, Parting
from matching.records import RecordRef
from service.application.neighbourhoods import Gathered
from service.application.types_in_force import TypeInForce
from service.storage.base import CurrentRecord, Decision, EdgeRow, TaskKind, TaskRow, UnitOfWork, Verdict

__all__ = ["review"]

PAIR_KINDS = (TaskKind.REVIEW_PAIR, TaskKind.IDENTIFIER_CONFLICT, TaskKind.DECISION_CONTRADICTED)
Pair = tuple[RecordRef, RecordRef]


def review(
    work: UnitOfWork, kind: TypeInForce, gathered: Gathered, outcome: Outcome, withdrawn: Set[RecordRef]
) -> None:
    """Opens and closes the pair questions about what was gathered and about records that were withdrawn.

    Memberships must be written already.
    """
    refs = {record: row.ref for record, row in gathered.rows.items()}
    outside = {end for edge in gathered.edges for end in (edge.first, edge.second)} - refs.keys()
    refs.update((record, row.ref) for record, row in work.records.current(outside).items())
    decided = _last_verdicts(gathered.decisions)
    decided_rows = _decided_rows(work, gathered, decided)
    refs.update((row.record, ref) for ref, row in decided_rows.items())
    entity_of = {refs[record]: entity for record, entity in work.membership.of(refs).items()}
    weights = {(refs[e.first], refs[e.second]): e.weight for e in gathered.edges if _both(refs, e)}
    overruled = {(c.first, c.second): c for c in outcome.conflicts}
    asked = [
        *_between(kind, weights, entity_of, decided, overruled),
        *_contradictory(kind, outcome),
        *_contradicted(kind, decided_rows, decided, weights),
    ]
    tasks = {task.subject: task for task in asked}
    touched = {row.ref for row in gathered.rows.values()} | withdrawn
    work.tasks.reconcile(kind.name, PAIR_KINDS, touched, tasks.values())


def _both(refs: Mapping[int, RecordRef], edge: EdgeRow) -> bool:
    return edge.first in refs and edge.second in refs


def _last_verdicts(decisions: list[Decision]) -> dict[Pair, Verdict]:
    ordered = sorted(decisions, key=lambda decision: decision.decision)
    return {(decision.first, decision.second): decision.verdict for decision in ordered}


def _between(
    kind: TypeInForce,
    weights: Mapping[Pair, float],
    entity_of: Mapping[RecordRef, int],
    decided: Mapping[Pair, Verdict],
    overruled: Mapping[Pair, Conflict],
) -> list[TaskRow]:
    """The heaviest questionable and undecided pair between each two entities that no decision holds apart."""
    answered = {
        frozenset((entity_of[first], entity_of[second]))
        for (first, second), verdict in decided.items()
        if verdict is not Verdict.MATCH and first in entity_of and second in entity_of
    }
    heaviest: dict[frozenset[int], tuple[float, RecordRef, RecordRef, TaskKind]] = {}
    for pair, weight in weights.items():
        task = _question(kind, weight, overruled.get(pair))
        between = frozenset((entity_of[pair[0]], entity_of[pair[1]]))
        if task is None or len(between) == 1 or between in answered or pair in decided:
            continue
        candidate = (-weight, *pair, task)
        heaviest[between] = min(heaviest.get(between, candidate), candidate)
    return [
        TaskRow(task, kind.name, _subject(task, first, second), first, second, -negative)
        for negative, first, second, task in heaviest.values()
    ]


def _question(kind: TypeInForce, weight: float, conflict: Conflict | None) -> TaskKind | None:
    """What a pair of two entities asks: a link that strong identifiers overruled (likely a typing error that is valid
    by chance, or a wrong identifier), or a weight between the thresholds."""
    if conflict and conflict.parted_by is Parting.IDENTIFIER:
        return TaskKind.IDENTIFIER_CONFLICT
    return TaskKind.REVIEW_PAIR if kind.keep_weight <= weight < kind.link_weight else None


def _contradictory(kind: TypeInForce, outcome: Outcome) -> Iterator[TaskRow]:
    """MATCH decisions that other decisions overruled."""
    for conflict in outcome.conflicts:
        if conflict.weight is None:
            pair = (conflict.first, conflict.second)
            subject = _subject(TaskKind.DECISION_CONTRADICTED, *pair)
            yield TaskRow(TaskKind.DECISION_CONTRADICTED, kind.name, subject, *pair, None, "other_decisions")


def _decided_rows(
    work: UnitOfWork, gathered: Gathered, decided: Mapping[Pair, Verdict]
) -> dict[RecordRef, CurrentRecord]:
    """The current records that decisions speak of: a NON_MATCH may be about one outside the neighbourhood."""
    rows = {row.ref: row for row in gathered.rows.values()}
    outside = {ref for pair in decided for ref in pair} - rows.keys()
    if outside:
        handles = [known[0] for known in work.records.handles(outside).values()]
        rows.update((row.ref, row) for row in work.records.current(handles).values())
    return rows


def _contradicted(
    kind: TypeInForce,
    rows: Mapping[RecordRef, CurrentRecord],
    decided: Mapping[Pair, Verdict],
    weights: Mapping[Pair, float],
) -> Iterator[TaskRow]:
    """Decisions against which the evidence speaks: matches that weigh too little or have different strong identifiers,
    non-matches that share one."""
    for pair, verdict in decided.items():
        if pair[0] not in rows or pair[1] not in rows or verdict is Verdict.UNSURE:
            continue
        detail = _contradiction(kind, verdict, weights.get(pair), rows[pair[0]].features, rows[pair[1]].features)
        if detail:
            subject = _subject(TaskKind.DECISION_CONTRADICTED, *pair)
            yield TaskRow(TaskKind.DECISION_CONTRADICTED, kind.name, subject, *pair, weights.get(pair), detail)


def _contradiction(
    kind: TypeInForce,
    verdict: Verdict,
    weight: float | None,
    first: Mapping[str, object],
    second: Mapping[str, object],
) -> str:
    held = [(first[name], second[name]) for name in kind.entity_type.identifiers if first[name] and second[name]]
    if verdict is Verdict.NON_MATCH:
        return "same_identifier" if any(one == other for one, other in held) else ""
    if any(one != other for one, other in held):
        return "different_identifiers"
    return "low_weight" if weight is not None and weight < kind.keep_weight else ""


def _subject(task: TaskKind, first: RecordRef, second: RecordRef) -> str:
    """Joined by what no record id may hold, so that no two questions have one subject."""
    return "\x1f".join((task, *first, *second))
