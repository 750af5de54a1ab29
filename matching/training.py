"""Training without labels: u by sampling, m by expectation maximisation, term frequencies counted.

Always true: a model that training returns has an m and a u probability for every level, none so small that one level
alone decides. What no data reached gets a documented default, and a warning in words: m falls by half from level to
level below the best trained one, u is half of one pair among those sampled. What data says never happens gets the
least probability instead of none: `LEAST_M`, `LEAST_U`.

Method: Fellegi and Sunter (1969); u by random sampling and m by EM within blocks as Splink does them (Linacre et al.,
2022, International Journal of Population Data Science 7:3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa
import splink.comparison_level_library as levels_library
import splink.comparison_library as comparisons_library
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from matching.errors import ConfigurationError, NotTrainable
from matching.feature_table import feature_schema, feature_table
from matching.model import Model, TermFrequencies
from matching.records import FeatureRow
from matching.schema import Comparison, EntityType, Level

__all__ = ["train", "untrained_settings"]

LEAST_RECORDS = 100
"""Fewer cannot give stable estimates."""
LEAST_M = 0.001
"""One true pair in a thousand may reach any level: departments make every mistake."""
LEAST_U = 1e-8
"""One pair of strangers in a hundred million."""


def untrained_settings(entity_type: EntityType) -> dict[str, Any]:
    """The comparisons of a type as Splink's settings, before training.

    Raises:
        ConfigurationError: a comparison or level that Splink's library does not have, or arguments it does not take.
    """
    creator = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(entity_type, comparison) for comparison in entity_type.comparisons],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
    )
    try:
        settings = creator.create_settings_dict("duckdb")
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{entity_type.name}: comparisons", str(error)) from error
    _check_conditions(entity_type, settings)
    return settings


def _check_conditions(entity_type: EntityType, settings: dict[str, Any]) -> None:
    """Each level's condition is one that DuckDB can work out of the features of two records."""
    schema = feature_schema(entity_type, {}, list(entity_type.features))
    pairs = pa.schema([pa.field(f"{field.name}_{side}", field.type) for field in schema for side in "lr"])
    with duckdb.connect() as connection:
        connection.register("pairs", pairs.empty_table())
        for comparison in settings["comparisons"]:
            for number, level in enumerate(comparison["comparison_levels"]):
                place = f"{entity_type.name}: comparisons.{comparison['output_column_name']}.levels.{number}"
                _check_level(connection, level, place)


def _check_level(connection: duckdb.DuckDBPyConnection, level: dict[str, Any], place: str) -> None:
    condition, frequencies_of = level["sql_condition"], level.get("tf_adjustment_column")
    try:
        if condition != "ELSE":
            connection.execute(f"SELECT CASE WHEN {condition} THEN 1 END FROM pairs")
    except duckdb.Error as error:
        expected = "expected a condition on features, each with _l or _r"
        raise ConfigurationError(place, f"{expected}: {str(error).splitlines()[0]}") from error
    if frequencies_of and _is_keyword(connection, frequencies_of):
        # Splink makes a table's name of it, unquoted.
        raise ConfigurationError(place, f"expected frequencies of a feature that is no word of SQL: {frequencies_of}")


def _is_keyword(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    kinds = "keyword_category IN ('reserved', 'type_function')"
    found = connection.execute(f"SELECT 1 FROM duckdb_keywords() WHERE keyword_name = ? AND {kinds}", [name.strip('"')])
    return found.fetchone() is not None


def train(entity_type: EntityType, rows: Sequence[FeatureRow]) -> Model:
    """A model for `entity_type` from records' features alone; the same rows in the same order give the same model.

    Raises:
        ConfigurationError: the comparisons cannot be built.
        NotTrainable: fewer than `LEAST_RECORDS` records, or rules that reach no pairs.
    """
    if len(rows) < LEAST_RECORDS:
        raise NotTrainable(
            f"{entity_type.name}: training needs at least {LEAST_RECORDS} records, and there are {len(rows)}"
        )
    settings = untrained_settings(entity_type)
    frequencies = _term_frequencies(settings, rows)
    features = list(entity_type.features)
    schema = feature_schema(entity_type, frequencies, features)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("rows", feature_table(schema, rows, frequencies))
        connection.execute("CREATE TABLE records AS FROM rows")
        trained, warnings = _estimate(DuckDBAPI(connection), settings, entity_type)
    warnings += _fill(trained, min(entity_type.training.max_pairs, len(rows) * (len(rows) - 1) / 2))
    trained["linker_uid"] = f"{entity_type.name}_{entity_type.model_digest}"
    return Model(entity_type.name, entity_type.model_digest, trained, frequencies, len(rows), tuple(warnings))


def _estimate(api: DuckDBAPI, settings: dict[str, Any], entity_type: EntityType) -> tuple[dict[str, Any], list[str]]:
    """The settings with what the table `records` tells, and warnings."""
    training, warnings = entity_type.training, []
    linker = Linker(api.register("records"), settings, log_level=None)
    if training.deterministic:
        rules: list[Any] = [block_on(*rule) for rule in training.deterministic]
        try:
            linker.training.estimate_probability_two_random_records_match(rules, recall=training.recall)
        except ValueError as error:
            warnings.append(f"the prior could not be estimated and is the default of 1 in 10,000: {error}")
        if not 0 < linker.misc.save_model_to_json()["probability_two_random_records_match"] < 1:
            warnings.append("the deterministic rules reach no pair, and the prior is the default of 1 in 10,000")
            linker = Linker(api.register("records"), settings, log_level=None)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=training.max_pairs, seed=training.seed, min_count_per_level=None
    )
    failed = 0
    for rule in training.em:
        before = linker.misc.save_model_to_json()
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
        except Exception as error:  # Splink raises plain exceptions where a block has no pairs
            reason = str(error).splitlines()[0]
            warnings.append(f"the EM session blocked on {', '.join(rule)} gave nothing: {reason}")
            # Its linker has lost the comparisons that the session put aside, and its prior.
            linker = Linker(api.register("records"), before, log_level=None)
            failed += 1
    if training.em and failed == len(training.em):
        raise NotTrainable(f"{entity_type.name}: no rule of training.em reaches a pair of records: {training.em}")
    return linker.misc.save_model_to_json(), warnings


def _comparison(entity_type: EntityType, comparison: Comparison) -> Any:
    place = f"{entity_type.name}: comparisons.{comparison.name}"
    if comparison.levels:
        return comparisons_library.CustomComparison(
            output_column_name=comparison.name,
            comparison_levels=[_level(f"{place}.levels.{n}", level) for n, level in enumerate(comparison.levels)],
        )
    creator = _from_library(comparisons_library, comparison.use, comparison.args, place)
    if comparison.term_frequency:
        creator.configure(term_frequency_adjustments=True)
    made = creator.create_comparison_dict("duckdb")
    made["output_column_name"] = comparison.name
    return made


def _level(place: str, level: Level) -> Any:
    fixed = {
        "m_probability": level.m,
        "u_probability": level.u,
        "fix_m_probability": True if level.m is not None else None,
        "fix_u_probability": True if level.u is not None else None,
        "tf_adjustment_column": level.term_frequency or None,
        "label_for_charts": level.label or None,
    }
    configured = {name: value for name, value in fixed.items() if value is not None}
    if level.use:
        return _from_library(levels_library, level.use, level.args, place).configure(**configured)
    return {"sql_condition": level.sql, "is_null_level": level.null, "label_for_charts": level.sql, **configured}


def _from_library(library: Any, name: str, args: dict[str, Any], place: str) -> Any:
    if name not in library.__all__:
        raise ConfigurationError(f"{place}.use", f"no {name!r} in Splink's library; expected one of {library.__all__}")
    try:
        return getattr(library, name)(**args)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{place}.args", f"{name} does not take them: {error}") from error


def _term_frequencies(settings: dict[str, Any], rows: Sequence[FeatureRow]) -> dict[str, TermFrequencies]:
    features = sorted(
        {
            level["tf_adjustment_column"]
            for comparison in settings["comparisons"]
            for level in comparison["comparison_levels"]
            if level.get("tf_adjustment_column")
        }
    )
    found = {}
    for feature in features:
        counts = Counter(value for row in rows if isinstance(value := row[feature], str))
        total = max(counts.total(), 1)
        shares = {value: count / total for value, count in sorted(counts.items()) if count > 1}
        found[feature] = TermFrequencies(floor=1 / total, shares=shares)
    return found


def _fill(settings: dict[str, Any], sampled_pairs: float) -> list[str]:
    """Gives every level that was not trained its default, in place; says which."""
    warnings = []
    for comparison in settings["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for position, level in enumerate(levels):
            for key in ("m_probability", "u_probability"):
                if level.get(f"fix_{key}"):
                    continue
                if isinstance(level.get(key), float):
                    level[key] = max(level[key], LEAST_M if key == "m_probability" else LEAST_U)
                    continue
                level[key] = 0.5 / sampled_pairs if key == "u_probability" else _default_m(levels, position)
                warnings.append(
                    f"{comparison['output_column_name']}: no pair reached the level {level['label_for_charts']!r}; "
                    f"its {key[0]} probability is the default {level[key]:.2g}"
                )
    return warnings


def _default_m(levels: Sequence[dict[str, Any]], position: int) -> float:
    trained = [level["m_probability"] for level in levels[:position] if isinstance(level.get("m_probability"), float)]
    return float(trained[-1] / 2 if trained else 0.5)
