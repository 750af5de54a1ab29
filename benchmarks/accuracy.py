"""Precision, recall and F1 of clustered pairs: a labelled data set through the whole service, from nothing.

A scratch service is started with the data set's configuration, the file is imported over gRPC, a model is trained
without labels and published, and the entities that the store then holds are compared with the truth.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.commands import yishu
from matching.evaluation import Measures, measure
from matching.records import RecordRef
from service.bootstrap import open_store
from service.demo.installation import installed
from service.settings import default_configs

__all__ = ["add_arguments", "run"]


@dataclass(frozen=True, slots=True)
class DataSet:
    """A labelled file, and the configuration it goes through."""

    file: str
    truth: str
    configs: str
    source: str
    entity_type: str


DATA_SETS = {
    "febrl3": DataSet("labelled/febrl3.csv", "truth/febrl3.csv", "examples/febrl", "febrl3", "febrl_person"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What this benchmark takes."""
    parser.add_argument("dataset", choices=sorted(DATA_SETS))
    data = Path("../shared/data")
    parser.add_argument("--data", type=Path, default=data, help="the folder with labelled/ and truth/")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Imports, trains, links and measures; see the module."""
    chosen = DATA_SETS[arguments.dataset]
    file, truth = arguments.data / chosen.file, arguments.data / chosen.truth
    for path in (file, truth):
        if not path.exists():
            sys.exit(f"{path} is not there: say --data FOLDER")
    configs = default_configs() / chosen.configs
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        with installed(configs, Path(folder), role="resolver") as service:
            service.wait_until_serving()
            store = service.store
            options = ["--source", chosen.source, "--type", chosen.entity_type, "--server", service.resolver]
            yishu(configs, store, "import", str(file), *options)
        yishu(configs, store, "train", chosen.entity_type, "--publish")
        found = _partition(store, chosen)
    return _figures(arguments.dataset, measure(found, _truth(truth)), time.perf_counter() - started)


def _partition(store: Path, chosen: DataSet) -> dict[RecordRef, int]:
    """Record to entity, as the store has it."""
    opened = open_store(store, read_only=True)
    try:
        with opened.read() as snapshot:
            refs = {row.record: row.ref for row in snapshot.records.all_current(chosen.entity_type)}
            return {refs[record]: entity for record, entity in snapshot.membership.of(refs).items()}
    finally:
        opened.close()


def _truth(path: Path) -> dict[RecordRef, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {RecordRef(row["source"], row["record_id"]): row["cluster_id"] for row in csv.DictReader(file)}


def _figures(dataset: str, found: Measures, seconds: float) -> dict[str, Any]:
    return {
        "dataset": dataset,
        "precision": round(found.precision, 6),
        "recall": round(found.recall, 6),
        "f1": round(found.f1, 6),
        "bcubed_precision": round(found.bcubed_precision, 6),
        "bcubed_recall": round(found.bcubed_recall, 6),
        "exact_clusters": round(found.exact_clusters, 6),
        "true_pairs": found.true_pairs,
        "wrong_pairs": found.claimed_pairs - found.right_pairs,
        "missed_pairs": found.true_pairs - found.right_pairs,
        "seconds": round(seconds, 1),
    }
