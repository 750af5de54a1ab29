"""Which questions an outcome leaves for a steward.

Always true after `review`: of the pair questions that touch the neighbourhood's records, exactly those are open that
the present edges, decisions and entities raise; so a question closes itself when the data changes the answer. Two
entities are asked about once, by the heaviest pair of records between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from matching.clustering import Outcome, Parting
from matching.records import RecordRef
from service.application.neighbourhoods import Gathered
from service.application.types_in_force import TypeInForce
from service.storage.base import Decision, EdgeRow, TaskKind, TaskRow, UnitOfWork, Verdict

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
    entity_of = work.membership.of(refs)
    decided = _last_verdicts(gathered.decisions)
    weights = {(refs[e.first], refs[e.second]): e.weight for e in gathered.edges if _both(refs, e)}
    tasks = {
        **_between(kind, gathered.edges, refs, entity_of, decided),
        **{task.subject: task for task in _conflicts(kind, outcome, decided)},
        **{task.subject: task for task in _contradicted(kind, gathered, decided, weights)},
    }
    touched = {row.ref for row in gathered.rows.values()} | withdrawn
    work.tasks.reconcile(kind.name, PAIR_KINDS, touched, tasks.values())


def _both(refs: Mapping[int, RecordRef], edge: EdgeRow) -> bool:
    return edge.first in refs and edge.second in refs


def _last_verdicts(decisions: list[Decision]) -> dict[Pair, Verdict]:
    ordered = sorted(decisions, key=lambda decision: decision.decision)
    return {(decision.first, decision.second): decision.verdict for decision in ordered}


def _between(
    kind: TypeInForce,
    edges: list[EdgeRow],
    refs: Mapping[int, RecordRef],
    entity_of: Mapping[int, int],
    decided: Mapping[Pair, Verdict],
) -> dict[str, TaskRow]:
    """The heaviest undecided pair in the review band between each two entities."""
    heaviest: dict[frozenset[int], tuple[float, RecordRef, RecordRef]] = {}
    for edge in edges:
        if not kind.keep_weight <= edge.weight < kind.link_weight or not _both(refs, edge):
            continue
        pair = (refs[edge.first], refs[edge.second])
        between = frozenset((entity_of[edge.first], entity_of[edge.second]))
        if len(between) == 1 or pair in decided:
            continue
        candidate = (-edge.weight, *pair)
        heaviest[between] = min(heaviest.get(between, candidate), candidate)
    tasks = [
        TaskRow(TaskKind.REVIEW_PAIR, kind.name, _subject(TaskKind.REVIEW_PAIR, first, second), first, second, -negative)
        for negative, first, second in heaviest.values()
    ]
    return {task.subject: task for task in tasks}


def _conflicts(kind: TypeInForce, outcome: Outcome, decided: Mapping[Pair, Verdict]) -> Iterator[TaskRow]:
    """Links that strong identifiers overruled: likely a typing error that is valid by chance, or a wrong identifier."""
    for conflict in outcome.conflicts:
        pair = (conflict.first, conflict.second)
        if conflict.weight is not None and conflict.parted_by is Parting.IDENTIFIER and pair not in decided:
            subject = _subject(TaskKind.IDENTIFIER_CONFLICT, *pair)
            yield TaskRow(TaskKind.IDENTIFIER_CONFLICT, kind.name, subject, *pair, conflict.weight)
        elif conflict.weight is None:
            subject = _subject(TaskKind.DECISION_CONTRADICTED, *pair)
            yield TaskRow(TaskKind.DECISION_CONTRADICTED, kind.name, subject, *pair, None, "other_decisions")


def _contradicted(
    kind: TypeInForce, gathered: Gathered, decided: Mapping[Pair, Verdict], weights: Mapping[Pair, float]
) -> Iterator[TaskRow]:
    """Decisions against which the evidence speaks: matches that weigh too little or have different strong identifiers,
    non-matches that share one."""
    rows = {row.ref: row for row in gathered.rows.values()}
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
    return f"{task}:{first}:{second}"
