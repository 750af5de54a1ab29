"""One new record against a population: SubmitRecord over gRPC, acknowledged, beside Splink's own predict_between.

A resolver process is started on an empty store and sent so many records of the generated city's people over a
SubmitRecords stream (`stream_records_per_s`); then records of another city one at a time (`single_p50_ms`,
`single_p99_ms`), the caller waiting for each. In the same run Splink's `predict_between` looks for one new record's
matches among the same population, with the same model, as Splink's users do it (`predict_between_ms`, the median;
blocking on single values, because exploding lists of a whole population would slow it down further).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, block_on

from benchmarks.city_records import person_features, person_requests
from matching.feature_table import feature_schema, feature_table
from service.catalogue.configuration import Configuration, load_configuration
from service.client import YishuClient
from service.demo.installation import installed
from service.settings import default_configs

__all__ = ["add_arguments", "run"]

POPULATION_SEED, NEW_SEED = 7, 99
WARM_UP = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What this benchmark takes."""
    parser.add_argument("--records", type=int, default=100_000, help="of the population")
    parser.add_argument("--singles", type=int, default=500, help="records submitted one at a time")
    parser.add_argument("--baseline-runs", type=int, default=15, help="of predict_between")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Streams, submits singly, then runs the baseline."""
    configs = default_configs()
    figures: dict[str, Any] = {"records": arguments.records}
    with (
        tempfile.TemporaryDirectory() as folder,
        installed(configs, Path(folder), role="resolver") as service,
        service.resolver_client() as client,
    ):
        service.wait_until_serving()
        figures |= _stream(client, arguments.records)
        figures |= _singles(client, arguments.singles)
    configuration = load_configuration(configs)
    figures |= _predict_between(configuration, arguments.records, arguments.baseline_runs)
    figures["times_faster_than_predict_between"] = round(figures["predict_between_ms"] / figures["single_p50_ms"], 2)
    return figures


def _stream(client: YishuClient, records: int) -> dict[str, Any]:
    requests = list(person_requests(records, POPULATION_SEED))
    started, rejected = time.perf_counter(), 0
    for number, answer in enumerate(client.submit_stream(requests)):
        rejected += answer.WhichOneof("result") == "rejected"
        if number % 20_000 == 0:
            print(f"{number:,} of {records:,} streamed", file=sys.stderr)
    seconds = time.perf_counter() - started
    return {"stream_records_per_s": round(len(requests) / seconds, 1), "stream_rejected": rejected}


def _singles(client: YishuClient, singles: int) -> dict[str, Any]:
    requests = [request.record for request in person_requests(singles + WARM_UP, NEW_SEED)]
    milliseconds = []
    for record in requests:
        record.ref.record_id = f"new-{record.ref.record_id}"
        started = time.perf_counter()
        try:
            client.submit(record)
        finally:
            milliseconds.append(1_000 * (time.perf_counter() - started))
    measured = milliseconds[WARM_UP:]
    return {
        "single_p50_ms": round(statistics.median(measured), 2),
        "single_p99_ms": round(statistics.quantiles(measured, n=100)[98], 2),
    }


def _predict_between(configuration: Configuration, records: int, runs: int) -> dict[str, Any]:
    """Splink's own way, with the same model and features; the time of one call for one new record."""
    entity_type, model = configuration.types["person"], configuration.models["person"]
    schema = feature_schema(entity_type, {}, list(entity_type.features))
    population = person_features(configuration, records, POPULATION_SEED)
    new = person_features(configuration, runs + 2, NEW_SEED)
    with duckdb.connect() as connection:
        connection.register("rows", feature_table(schema, population, {}))
        connection.execute("CREATE TABLE population AS FROM rows")
        api = DuckDBAPI(connection)
        single = {"names": "name", "phones": "phone", "addresses": "addresses[1]"}
        rules = [
            block_on(*(single.get(name, name) for name in rule.features)).create_blocking_rule_dict("duckdb")
            for rule in entity_type.rules
        ]
        settings = {**model.settings, "blocking_rules_to_generate_predictions": rules}
        known = api.register("population")
        linker = Linker(known, settings, log_level=None)
        for feature in model.term_frequencies:
            linker.table_management.compute_tf_table(feature)
        milliseconds = []
        for number, row in enumerate(new):
            connection.register("row", feature_table(schema, [row], {}, start=len(population) + number))
            connection.execute(f"CREATE TABLE new_{number} AS FROM row")
            started = time.perf_counter()
            found = linker.inference.predict_between(known, api.register(f"new_{number}"), warning_mode="never")
            found.as_record_list()
            milliseconds.append(1_000 * (time.perf_counter() - started))
    return {"predict_between_ms": round(statistics.median(milliseconds[2:]), 1)}
