"""Where entities' relations lead, such as a licence to its holder.

Always true after `update`: a relation leads to the one entity whose golden code is the referring entity's code, or,
where none of its records gives a code, to the one whose golden name is the name it gives; where nothing or more than
one thing fits, or every code given is invalid, a review task is open that says so. It follows the present golden
records, whichever came first, and however many entities refer to one.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import NamedTuple

from matching.schema import EntityType, Relation
from matching.standardise.value import Mark
from matching.survivorship import GoldenValue
from service.application.golden import decode_golden
from service.application.outcomes import Settled
from service.storage.base import EntityState, RelationRow, Snapshot, TaskKind, TaskRow, UnitOfWork

__all__ = ["update_relations"]

HOWEVER_MANY = sys.maxsize
"""A limit on what refers to one golden value would leave the others with what the order of arrival gave them."""


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
            lead = _lead(work, relation, entity, golden)
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
                    found.update(work.golden_keys.find(entity_type.name, mine, value, HOWEVER_MANY))
    return found


class _Lead(NamedTuple):
    target: int | None
    by: str


def _lead(work: Snapshot, relation: Relation, entity: int, golden: Mapping[str, GoldenValue]) -> _Lead:
    code, name = golden.get(relation.code), golden.get(relation.by_name)
    if code:
        fitting = _fitting(work, [(t.type, t.code) for t in relation.targets], code.winner.standard)
        by = "code"
    elif _gives_invalid(work, entity, relation.code):
        # Whoever wrote it meant somebody, who need not be the one with this name.
        return _Lead(None, "code_invalid")
    elif name:
        fitting = _fitting(work, [(t.type, t.name) for t in relation.targets], name.winner.standard)
        by = "name"
    else:
        return _Lead(None, "nothing_given")
    if len(fitting) == 1:
        return _Lead(fitting.pop(), by)
    return _Lead(None, "several_fit" if fitting else "none_fits")


def _gives_invalid(work: Snapshot, entity: int, attribute: str) -> bool:
    """Whether a record of the entity gives a value that is none of this attribute's; fillers are not given."""
    rows = work.records.current(work.membership.members([entity])[entity]).values()
    return any(value.mark is Mark.INVALID for row in rows for value in row.values.get(attribute, ()))


def _fitting(work: Snapshot, places: list[tuple[str, str]], value: str) -> set[int]:
    return {entity for kind, attribute in places for entity in work.golden_keys.find(kind, attribute, value, 2)}
