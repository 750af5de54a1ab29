"""Where entities' relations lead, such as a licence to its holder.

Always true after `update`: a relation leads to the one entity whose golden code is the referring entity's code, or,
where it has no code, to the one whose golden name is the name it gives; where nothing or more than one thing fits,
a review task is open that says so. It follows the present golden records, whichever came first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from matching.schema import EntityType, Relation
from matching.survivorship import GoldenValue
from service.application.golden import decode_golden
from service.application.outcomes import Settled
from service.storage.base import EntityState, RelationRow, Snapshot, TaskKind, TaskRow, UnitOfWork

__all__ = ["update_relations"]

MOST_REFERRING = 10_000
"""Entities that one golden value's change can make look again; a name that more of them give is nobody's."""


def update_relations(work: UnitOfWork, types: Mapping[str, EntityType], settled: Mapping[str, Settled]) -> None:
    """Works out anew every relation that what was settled can have changed."""
    for entity_type in types.values():
        if entity_type.relations:
            _update(work, entity_type, settled)


def _update(work: UnitOfWork, entity_type: EntityType, settled: Mapping[str, Settled]) -> None:
    mine = settled.get(entity_type.name, Settled())
    entities = set(mine.entities)
    for relation in entity_type.relations:
        entities |= _referring(work, entity_type, relation, settled)
    touched, questions = set(mine.records), []
    for entity in sorted(entities):
        version = work.entities.latest(entity)
        if version is None or version.state is not EntityState.ACTIVE:
            work.relations.drop([entity])
            continue
        touched.update(ref for ref, _ in version.members)
        golden = decode_golden(version.golden)
        # All of an entity's relations, not only the one that changed: its other questions stay open by being asked.
        for relation in entity_type.relations:
            lead = _lead(work, relation, golden)
            work.relations.put([RelationRow(entity, relation.name, lead.target, lead.by)])
            if lead.target is None:
                subject = f"{TaskKind.RELATION_UNRESOLVED}:{entity}:{relation.name}"
                first = version.members[0][0]
                kind = TaskKind.RELATION_UNRESOLVED
                questions.append(TaskRow(kind, entity_type.name, subject, first, None, None, lead.by))
    work.tasks.reconcile(entity_type.name, [TaskKind.RELATION_UNRESOLVED], touched, questions)


def _referring(
    work: UnitOfWork, entity_type: EntityType, relation: Relation, settled: Mapping[str, Settled]
) -> set[int]:
    """The entities whose code or name is one of the changed golden keys of a target."""
    found: set[int] = set()
    for target in relation.targets:
        for attribute, value in settled.get(target.type, Settled()).keys:
            for mine, theirs in ((relation.code, target.code), (relation.by_name, target.name)):
                if attribute == theirs:
                    found.update(work.golden_keys.find(entity_type.name, mine, value, MOST_REFERRING))
    return found


class _Lead(NamedTuple):
    target: int | None
    by: str


def _lead(work: Snapshot, relation: Relation, golden: Mapping[str, GoldenValue]) -> _Lead:
    code, name = golden.get(relation.code), golden.get(relation.by_name)
    if code:
        fitting = _fitting(work, [(t.type, t.code) for t in relation.targets], code.winner.standard)
        by = "code"
    elif name:
        fitting = _fitting(work, [(t.type, t.name) for t in relation.targets], name.winner.standard)
        by = "name"
    else:
        return _Lead(None, "nothing_given")
    if len(fitting) == 1:
        return _Lead(fitting.pop(), by)
    return _Lead(None, "several_fit" if fitting else "none_fits")


def _fitting(work: Snapshot, places: list[tuple[str, str]], value: str) -> set[int]:
    return {entity for kind, attribute in places for entity in work.golden_keys.find(kind, attribute, value, 2)}
