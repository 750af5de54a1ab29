"""Why an entity is one entity: its links with their evidence, what it hangs on, and what was left outside.

Always true: `links` are every edge kept between two of its records and every MATCH decision about two of them; only
those in force (decided, or at or above the match threshold) hold it together, and only they can be a bridge or the
weakest; `outside` are the edges and decisions that clustering overruled or that lie between the thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.explain import Pair, Tie, bridges, strength, weakest_of_strongest_tree
from matching.records import RecordRef
from matching.scoring import ComparisonWeight, PairWeight
from service.application.types_in_force import TypeInForce
from service.storage.base import CurrentRecord, EntityRow, Snapshot, Verdict

__all__ = ["EntityLink", "Explanation", "explain"]


@dataclass(frozen=True, slots=True)
class EntityLink:
    """Two records that evidence or a steward's decision ties; first < second."""

    first: RecordRef
    second: RecordRef
    weight: float | None
    """Match weight, log2, as stored; None where only a decision ties them."""
    prior_weight: float
    comparisons: tuple[ComparisonWeight, ...]
    """Each comparison's part; empty for an exact type, for a type without a model, and where `weight` is None."""
    decided: bool
    """A steward decided that they match."""
    in_force: bool
    """It holds the entity together: decided, or at or above the match threshold. Of outside links, none does."""
    bridge: bool
    """The entity would fall apart without it, all other links in force."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The links that hold an entity together, strongest first (decisions before all), and those that lead outside."""

    entity_id: str
    """The survivor's, where the id asked for was merged."""
    links: tuple[EntityLink, ...]
    weakest: int
    """The place in `links` of the weakest link of the strongest tree that joins all records; -1 for one record."""
    outside: tuple[EntityLink, ...]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What is known of an entity's records and those that they are tied to."""

    own: frozenset[RecordRef]
    rows: Mapping[RecordRef, CurrentRecord]
    weights: Mapping[Pair, float]
    """Of the edges kept that have an end in the entity."""
    decided: frozenset[Pair]
    """What stewards decided to match, with an end in the entity."""

    def inside(self, pair: Pair) -> bool:
        return self.own.issuperset(pair)

    def holds(self, pair: Pair, link_weight: float) -> bool:
        """Whether clustering follows it, nothing overruling it."""
        return pair in self.decided or self.weights[pair] >= link_weight

    def tie(self, pair: Pair) -> Tie:
        return Tie(*pair, None if pair in self.decided else self.weights[pair])


def explain(snapshot: Snapshot, kind: TypeInForce, entity: EntityRow) -> Explanation:
    """Why this entity, which must not be merged, is one entity.

    Raises:
        EngineError: the pairs could not be weighed.
    """
    evidence = _gather(snapshot, kind, entity.entity)
    pairs = sorted(evidence.weights.keys() | evidence.decided, key=lambda pair: strength(evidence.tie(pair)))
    inside = [pair for pair in pairs if evidence.inside(pair)]
    outside = [p for p in pairs if not evidence.inside(p) and evidence.holds(p, kind.keep_weight)]
    holding = {pair for pair in inside if evidence.holds(pair, kind.link_weight)}
    weakest = weakest_of_strongest_tree(evidence.tie(pair) for pair in holding)
    hanging_on = bridges(holding)
    parts = _parts(kind, evidence, [*inside, *outside])
    return Explanation(
        entity_id=entity.id,
        links=tuple(_link(evidence, parts, pair, pair in holding, pair in hanging_on) for pair in inside),
        weakest=inside.index(weakest) if weakest else -1,
        outside=tuple(_link(evidence, parts, pair, False, False) for pair in outside),
    )


def _gather(snapshot: Snapshot, kind: TypeInForce, entity: int) -> _Evidence:
    members = snapshot.membership.members([entity])[entity]
    edges = snapshot.edges.of(members)
    known = snapshot.records.current({*members, *(end for edge in edges for end in (edge.first, edge.second))})
    refs = {record: row.ref for record, row in known.items()}
    own = frozenset(refs[record] for record in members)
    rows = {row.ref: row for row in known.values()}
    return _Evidence(
        own=own,
        rows=rows,
        weights={(refs[edge.first], refs[edge.second]): edge.weight for edge in edges},
        decided=_decided(snapshot, kind, own),
    )


def _decided(snapshot: Snapshot, kind: TypeInForce, own: frozenset[RecordRef]) -> frozenset[Pair]:
    """Pairs of current records whose last decision in force is MATCH."""
    decisions = snapshot.decisions.of(kind.name, own)
    verdicts = {(decision.first, decision.second): decision.verdict for decision in decisions}
    pairs = [pair for pair, verdict in verdicts.items() if verdict is Verdict.MATCH]
    handles = snapshot.records.handles({ref for pair in pairs for ref in pair})
    current = {ref for ref, (_, _, _, withdrawn) in handles.items() if not withdrawn}
    return frozenset(pair for pair in pairs if current.issuperset(pair))


def _parts(kind: TypeInForce, evidence: _Evidence, pairs: Sequence[Pair]) -> dict[Pair, PairWeight]:
    """What each comparison says of the pairs that were weighed."""
    weighed = [pair for pair in pairs if pair in evidence.weights]
    ends = sorted({ref for pair in weighed for ref in pair})
    place = {ref: number for number, ref in enumerate(ends)}
    rows = [evidence.rows[ref].features for ref in ends]
    found = kind.explain(rows, [(place[first], place[second]) for first, second in weighed])
    return dict(zip(weighed, found, strict=False))


def _link(
    evidence: _Evidence, parts: Mapping[Pair, PairWeight], pair: Pair, in_force: bool, bridge: bool
) -> EntityLink:
    part = parts.get(pair)
    return EntityLink(
        first=pair[0],
        second=pair[1],
        weight=evidence.weights.get(pair),
        prior_weight=part.prior_weight if part else 0.0,
        comparisons=part.comparisons if part else (),
        decided=pair in evidence.decided,
        in_force=in_force,
        bridge=bridge,
    )
