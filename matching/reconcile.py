"""Everything to edges: Splink's predict over a whole population on DuckDB.

Always true: two records get an edge if and only if blocking compares them and their weight reaches the floor, and the
weight is the one that `scoring` gives them; block keys come from `blocking`, and what is too common is left out
before Splink joins, so that the online index and this join cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, block_on

from matching.blocking import rule_keys
from matching.errors import EngineError
from matching.feature_table import feature_schema, feature_table
from matching.model import Model
from matching.records import FeatureRow
from matching.schema import EntityType

__all__ = ["link_all"]

CHUNK = 20_000
"""Rows that are turned into one Arrow table at a time."""


def link_all(
    entity_type: EntityType, model: Model, rows: Iterable[FeatureRow], floor: float
) -> Iterator[tuple[int, int, float]]:
    """The edges of a population: (position of the first record, of the second, match weight), first < second.

    Args:
        rows: features, in the order of their RecordRefs.
        floor: the least match weight that makes an edge.

    Raises:
        ModelMismatch: the model was trained for another configuration.
        EngineError: DuckDB failed.
    """
    model.expect_for(entity_type)
    try:
        with duckdb.connect() as connection:
            if _load(connection, entity_type, model, rows) < 2:
                return
            for rule in range(len(entity_type.rules)):
                _leave_out_common(connection, rule, entity_type.rules[rule].cap)
            yield from _predict(connection, entity_type, model, floor)
    except duckdb.Error as error:
        raise EngineError(f"reconciling failed: {type(error).__name__}: {error}") from error


def _load(connection: Any, entity_type: EntityType, model: Model, rows: Iterable[FeatureRow]) -> int:
    """Table `records`: the features, and for each blocking rule a column `key_<n>` with the list of its keys."""
    features = list(entity_type.features)
    schema = feature_schema(entity_type, model.term_frequencies, features)
    iterator, loaded = iter(rows), 0
    while chunk := list(islice(iterator, CHUNK)):
        table = feature_table(schema, chunk, model.term_frequencies, start=loaded)
        for number, rule in enumerate(entity_type.rules):
            keys = [sorted(rule_keys(rule, row)) or None for row in chunk]
            table = table.append_column(f"key_{number}", pa.array(keys, pa.list_(pa.string())))
        connection.register("chunk", table)
        connection.execute("INSERT INTO records FROM chunk" if loaded else "CREATE TABLE records AS FROM chunk")
        loaded += len(chunk)
    return loaded


def _leave_out_common(connection: Any, rule: int, cap: int) -> None:
    """Takes the keys of blocks with more than `cap` members out of the records."""
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE common AS
        SELECT key FROM (SELECT unnest(key_{rule}) AS key FROM records) GROUP BY key HAVING count(*) > {cap}
        """
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE kept AS
        SELECT unique_id, list(key) AS keys
        FROM (SELECT unique_id, unnest(key_{rule}) AS key FROM records)
        WHERE key NOT IN (SELECT key FROM common)
        GROUP BY unique_id
        """
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE records AS
        SELECT records.* REPLACE (kept.keys AS key_{rule})
        FROM records LEFT JOIN kept USING (unique_id)
        """
    )


def _predict(connection: Any, entity_type: EntityType, model: Model, floor: float) -> Iterator[tuple[int, int, float]]:
    columns = [f"key_{rule}" for rule in range(len(entity_type.rules))]
    settings = {
        **model.settings,
        "blocking_rules_to_generate_predictions": [
            block_on(column, arrays_to_explode=[column]).create_blocking_rule_dict("duckdb") for column in columns
        ],
        "retain_intermediate_calculation_columns": False,
        "retain_matching_columns": False,
    }
    api = DuckDBAPI(connection)
    linker = Linker(api.register("records"), settings, log_level=None)
    predicted = linker.inference.predict(threshold_match_weight=floor, warning_mode="never")
    edges = connection.execute(
        f'SELECT "unique_id_l", "unique_id_r", "match_weight" FROM {predicted.physical_name} ORDER BY ALL'
    )
    while chunk := edges.fetchmany(100_000):
        yield from chunk
