"""What linking everything from scratch gives: the plain, slow oracle that the service is held against.

It shares with the service what a pair weighs and how a neighbourhood is clustered and survives, and nothing else: no
store, no index, no gathering, no memory. It compares all pairs and clusters all records at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from matching.blocking import block_keys
from matching.clustering import Link, Neighbourhood, Outcome, Parting, cluster
from matching.features import RecordStandardiser
from matching.model import Model
from matching.reconcile import link_all
from matching.records import FeatureRow, RecordRef
from matching.schema import EntityType
from matching.scoring import Scorer
from matching.survivorship import SourcedRecord, survive
from service.application.golden import encode_golden
from service.storage.base import RecordVersion, TaskKind, Verdict

Pair = tuple[RecordRef, RecordRef]
Edges = dict[Pair, float]
Task = tuple[TaskKind, RecordRef, RecordRef, float | None]


@dataclass(frozen=True, slots=True)
class Truth:
    """The whole outcome."""

    edges: Edges
    golden: dict[tuple[RecordRef, ...], bytes]
    """Every entity, as its records, with its golden record."""
    tasks: set[Task]


@dataclass(frozen=True, slots=True)
class Oracle:
    entity_type: EntityType
    model: Model
    scorer: Scorer

    def truth(self, versions: Mapping[RecordRef, RecordVersion], verdicts: Mapping[Pair, Verdict]) -> Truth:
        """Everything anew, from the current versions of records and the last verdict in force on each pair."""
        standardiser = RecordStandardiser(self.entity_type)
        refs = sorted(versions)
        values = {ref: standardiser.values(versions[ref].values) for ref in refs}
        rows = {ref: standardiser.features(values[ref]) for ref in refs}
        edges = self.edges(rows, verdicts)
        outcome = cluster(self._neighbourhood(rows, edges, verdicts))
        sourced = {
            ref: SourcedRecord(ref, v.version, v.observed_at, v.received_at, values[ref]) for ref, v in versions.items()
        }
        golden = {
            members: encode_golden(survive(self.entity_type, [sourced[ref] for ref in members]))
            for members in outcome.clusters
        }
        return Truth(edges, golden, self._tasks(rows, edges, outcome, verdicts))

    def edges(self, rows: Mapping[RecordRef, FeatureRow], verdicts: Mapping[Pair, Verdict]) -> Edges:
        """Blocks counted by hand; pairs weighed all at once."""
        compared = self.compared(rows)
        decided = {pair for pair in verdicts if pair[0] in rows and pair[1] in rows}
        refs, pairs = sorted(rows), sorted(compared | decided)
        place = {ref: number for number, ref in enumerate(refs)}
        weights = self.scorer.weigh([rows[ref] for ref in refs], [(place[a], place[b]) for a, b in pairs])
        least = self.entity_type.thresholds.review
        return {pair: w for pair, w in zip(pairs, weights, strict=True) if w >= least or pair in decided}

    def compared(self, rows: Mapping[RecordRef, FeatureRow]) -> set[Pair]:
        blocks: dict[tuple[int, str], set[RecordRef]] = {}
        for ref, row in rows.items():
            for key in block_keys(self.entity_type, row):
                blocks.setdefault(key, set()).add(ref)
        return {
            pair
            for (rule, _), members in blocks.items()
            if len(members) <= self.entity_type.rules[rule].cap
            for pair in combinations(sorted(members), 2)
        }

    def splink_edges(self, rows: Mapping[RecordRef, FeatureRow]) -> Edges:
        """As Splink's predict over the whole population finds them; decisions are not its business."""
        refs = sorted(rows)
        found = link_all(self.entity_type, self.model, (rows[r] for r in refs), self.entity_type.thresholds.review)
        return {(refs[first], refs[second]): weight for first, second, weight in found}

    def _neighbourhood(
        self, rows: Mapping[RecordRef, FeatureRow], edges: Edges, verdicts: Mapping[Pair, Verdict]
    ) -> Neighbourhood:
        inside = {pair: v for pair, v in verdicts.items() if pair[0] in rows and pair[1] in rows}
        links = self.entity_type.thresholds.match
        return Neighbourhood(
            records=frozenset(rows),
            links=[Link(*pair, weight) for pair, weight in edges.items() if weight >= links],
            identifiers={ref: self._identifiers(row) for ref, row in rows.items()},
            together=[pair for pair, verdict in inside.items() if verdict is Verdict.MATCH],
            apart=[pair for pair, verdict in inside.items() if verdict is Verdict.NON_MATCH],
        )

    def _identifiers(self, row: FeatureRow) -> dict[str, str]:
        return {name: value for name in self.entity_type.identifiers if isinstance(value := row[name], str)}

    def _tasks(
        self,
        rows: Mapping[RecordRef, FeatureRow],
        edges: Edges,
        outcome: Outcome,
        verdicts: Mapping[Pair, Verdict],
    ) -> set[Task]:
        entity_of = {ref: number for number, members in enumerate(outcome.clusters) for ref in members}
        thresholds = self.entity_type.thresholds
        band = [
            (pair, weight)
            for pair, weight in edges.items()
            if thresholds.review <= weight < thresholds.match and pair not in verdicts
        ]
        overruled = [
            ((conflict.first, conflict.second), conflict.weight)
            for conflict in outcome.conflicts
            if conflict.weight is not None and conflict.parted_by is Parting.IDENTIFIER
        ]
        undecided = {pair: weight for pair, weight in overruled if pair not in verdicts}
        answered = {
            frozenset(entity_of[ref] for ref in pair)
            for pair, verdict in verdicts.items()
            if verdict is not Verdict.MATCH and pair[0] in rows and pair[1] in rows
        }
        tasks: set[Task] = {
            (TaskKind.IDENTIFIER_CONFLICT if pair in undecided else TaskKind.REVIEW_PAIR, *pair, weight)
            for pair, weight in _heaviest([*band, *undecided.items()], entity_of)
            if frozenset(entity_of[ref] for ref in pair) not in answered
        }
        tasks |= {
            (TaskKind.DECISION_CONTRADICTED, *pair, edges.get(pair))
            for pair, verdict in verdicts.items()
            if pair[0] in rows and pair[1] in rows and self._contradicted(rows, edges, pair, verdict)
        }
        contradictory = [(c.first, c.second) for c in outcome.conflicts if c.weight is None]
        named = {(first, second) for kind, first, second, _ in tasks if kind is TaskKind.DECISION_CONTRADICTED}
        return tasks | {(TaskKind.DECISION_CONTRADICTED, *pair, None) for pair in contradictory if pair not in named}

    def _contradicted(self, rows: Mapping[RecordRef, FeatureRow], edges: Edges, pair: Pair, verdict: Verdict) -> bool:
        one, other = (self._identifiers(rows[ref]) for ref in pair)
        shared = one.keys() & other.keys()
        if verdict is Verdict.NON_MATCH:
            return any(one[name] == other[name] for name in shared)
        if verdict is Verdict.MATCH:
            return any(one[name] != other[name] for name in shared) or edges[pair] < self.entity_type.thresholds.review
        return False


def _heaviest(weighed: Sequence[tuple[Pair, float]], entity_of: Mapping[RecordRef, int]) -> list[tuple[Pair, float]]:
    """Of the pairs between each two entities the heaviest, ties to the lesser pair."""
    best: dict[frozenset[int], tuple[Pair, float]] = {}
    for pair, weight in sorted(weighed, key=lambda found: (-found[1], found[0])):
        entities = frozenset((entity_of[pair[0]], entity_of[pair[1]]))
        if len(entities) == 2:
            best.setdefault(entities, (pair, weight))
    return list(best.values())
