"""Pairs to match weights: Splink's SQL, taken once for a model through its public API, and run prepared.

Always true: a weight depends on the model, the two records' features and which of them is first, and is the weight
that Splink's own `predict` gives; a `Scorer` keeps nothing of the records it weighed; when the engine fails it is
replaced, because nothing in it is worth keeping.

How: Splink plans the scoring of two empty tables (`register_blocked_pairs_for_predict`, `predict`,
`sql_used_to_create`). That SQL is prepared on a fresh in-memory DuckDB in which the tables it reads are Arrow streams
of ours. DuckDB asks a stream for its rows at each execution, so the plan is made once: 1.5 ms for 30 pairs, where
building the SQL anew costs 100 ms and planning it anew 10 ms.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
import sqlglot
from splink import DuckDBAPI, Linker

from matching.errors import EngineError
from matching.feature_table import feature_schema, feature_table
from matching.model import Model
from matching.records import FeatureRow
from matching.schema import EntityType

__all__ = ["ComparisonWeight", "PairWeight", "Scorer"]

Answer = TypeVar("Answer")
_PAIRS = pa.schema([("join_key_l", pa.int64()), ("join_key_r", pa.int64()), ("match_key", pa.string())])


@dataclass(frozen=True, slots=True)
class ComparisonWeight:
    """What one comparison says of a pair: the level reached, its match weight, and what the frequency adds to it."""

    comparison: str
    level: int
    label: str
    weight: float
    term_frequency_weight: float


@dataclass(frozen=True, slots=True)
class PairWeight:
    """A pair's match weight (log2), the prior's part of it, and each comparison's."""

    weight: float
    prior_weight: float
    comparisons: tuple[ComparisonWeight, ...]


class Scorer:
    """Weighs pairs under one model. Thread-safe: calls take turns."""

    def __init__(self, entity_type: EntityType, model: Model) -> None:
        """
        Raises:
            ModelMismatch: the model was trained for another configuration.
        """
        model.expect_for(entity_type)
        self._type, self.model = entity_type, model
        self._lock = threading.Lock()
        self._engine: _Engine | None = None

    def weigh(self, rows: Sequence[FeatureRow], pairs: Sequence[tuple[int, int]]) -> list[float]:
        """The match weight of each pair, in their order. A pair is two positions in `rows`, the first record first.

        Raises:
            EngineError: DuckDB failed twice, the second time on a fresh instance.
        """
        if not pairs:
            return []
        return self._run(lambda engine: engine.weigh(rows, pairs))

    def explain(self, rows: Sequence[FeatureRow], pairs: Sequence[tuple[int, int]]) -> list[PairWeight]:
        """As `weigh`, with each comparison's part."""
        if not pairs:
            return []
        return self._run(lambda engine: engine.explain(rows, pairs))

    def _run(self, call: Callable[[_Engine], Answer]) -> Answer:
        with self._lock:
            for attempt in (1, 2):
                try:
                    if self._engine is None:
                        self._engine = _Engine(self._type, self.model)
                    return call(self._engine)
                except duckdb.Error as error:
                    self._engine = None
                    if attempt == 2:
                        raise EngineError(f"the engine failed twice: {type(error).__name__}") from error
        raise AssertionError("unreachable")


class _Stream:
    """A table that DuckDB reads anew at each execution of a prepared statement."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


class _Engine:
    """One DuckDB instance with a model's SQL prepared."""

    def __init__(self, entity_type: EntityType, model: Model) -> None:
        self._model = model
        self._columns = _compared_features(entity_type, model)
        self._schema = feature_schema(entity_type, model.term_frequencies, self._columns)
        sql, names = _scoring_sql(self._schema, model)
        self._records = _Stream(self._schema.empty_table())
        self._pairs = _Stream(_PAIRS.empty_table())
        self._connection = duckdb.connect(config={"threads": 1})
        for name in names:
            self._connection.register(name, self._pairs if name == _PAIRS_TABLE else self._records)
        slim = f'SELECT "unique_id_l", "unique_id_r", "match_weight" FROM ({sql})'
        self._connection.execute(f"PREPARE weigh AS {slim}")
        self._connection.execute(f"PREPARE explain AS {sql}")

    def weigh(self, rows: Sequence[FeatureRow], pairs: Sequence[tuple[int, int]]) -> list[float]:
        found = {(left, right): weight for left, right, weight in self._execute("weigh", rows, pairs).fetchall()}
        return [found[pair] for pair in pairs]

    def explain(self, rows: Sequence[FeatureRow], pairs: Sequence[tuple[int, int]]) -> list[PairWeight]:
        answer = self._execute("explain", rows, pairs)
        columns = [column[0] for column in answer.description]
        table = [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
        found = {(row["unique_id_l"], row["unique_id_r"]): row for row in table}
        return [self._explained(found[pair]) for pair in pairs]

    def _execute(self, statement: str, rows: Sequence[FeatureRow], pairs: Sequence[tuple[int, int]]) -> Any:
        unique = list(dict.fromkeys(pairs))
        self._records.table = feature_table(self._schema, rows, self._model.term_frequencies)
        left, right = zip(*unique, strict=True)
        self._pairs.table = pa.Table.from_arrays(
            [pa.array(left, pa.int64()), pa.array(right, pa.int64()), pa.array(["0"] * len(unique))], schema=_PAIRS
        )
        return self._connection.execute(f"EXECUTE {statement}")

    def _explained(self, row: dict[str, Any]) -> PairWeight:
        parts = []
        for comparison in self._model.settings["comparisons"]:
            name = comparison["output_column_name"]
            level = row[f"gamma_{name}"]
            parts.append(
                ComparisonWeight(
                    comparison=name,
                    level=level,
                    label=_label(comparison, level),
                    weight=row[f"mw_{name}"],
                    term_frequency_weight=row.get(f"mw_tf_adj_{name}") or 0.0,
                )
            )
        total = row["match_weight"]
        prior = total - sum(part.weight + part.term_frequency_weight for part in parts)
        return PairWeight(total, prior, tuple(parts))


_RECORDS_TABLE, _PAIRS_TABLE = "yishu_records", "yishu_pairs"


def _compared_features(entity_type: EntityType, model: Model) -> list[str]:
    """The features that a model's conditions mention."""
    comparisons = model.settings["comparisons"]
    conditions = [level["sql_condition"] for comparison in comparisons for level in comparison["comparison_levels"]]
    mentioned = {
        column.name.removesuffix("_l")
        for condition in conditions
        if condition != "ELSE"
        for column in sqlglot.parse_one(condition, dialect="duckdb").find_all(sqlglot.exp.Column)
    }
    wanted = mentioned | model.term_frequencies.keys()
    return [name for name in entity_type.features if name in wanted]


def _scoring_sql(schema: pa.Schema, model: Model) -> tuple[str, list[str]]:
    """The SQL that Splink scores registered pairs with, and the names of the tables it reads."""
    with duckdb.connect() as connection:
        connection.register("no_records", schema.empty_table())
        connection.register("no_pairs", _PAIRS.empty_table())
        connection.execute(f"CREATE TABLE {_RECORDS_TABLE} AS FROM no_records")
        connection.execute(f"CREATE TABLE {_PAIRS_TABLE} AS FROM no_pairs")
        api = DuckDBAPI(connection)
        # Splink keeps the levels reached (gamma) only beside the compared columns; `weigh` selects neither.
        settings = {**model.settings, "retain_intermediate_calculation_columns": True, "retain_matching_columns": True}
        linker = Linker(api.register(_RECORDS_TABLE), settings, log_level=None)
        linker.table_management.register_blocked_pairs_for_predict(api.register(_PAIRS_TABLE))
        sql = linker.inference.predict(warning_mode="never").sql_used_to_create
    return sql, _tables_read(sql)


def _tables_read(sql: str) -> list[str]:
    """The names of a query's tables that the query does not define itself."""
    query = sqlglot.parse_one(sql, dialect="duckdb")
    defined = {cte.alias for cte in query.find_all(sqlglot.exp.CTE)}
    return sorted({table.name for table in query.find_all(sqlglot.exp.Table)} - defined)


def _label(comparison: dict[str, Any], level: int) -> str:
    """The words for a level: Splink numbers the levels that are not null from the last, 0, up; the null level is -1."""
    levels = comparison["comparison_levels"]
    if level == -1:
        return next((str(found["label_for_charts"]) for found in levels if found.get("is_null_level")), "null")
    compared = [found for found in levels if not found.get("is_null_level")]
    return str(compared[len(compared) - 1 - level]["label_for_charts"])
