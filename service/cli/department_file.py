"""A department's file, row by row: CSV, JSON lines or Parquet, under the department's own column names.

Always true: every row of a readable file gives a `FileRow`, with the problem named where it cannot be submitted; a
wrong row stops nothing. Empty cells are left out.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from matching.errors import ConfigurationError
from matching.standardise import standardiser
from matching.toml_file import parse_toml, validated
from service.catalogue.sources import Contract

__all__ = ["FileLayout", "FileRow", "layout_from", "read_rows"]

BEIJING = timezone(timedelta(hours=8))
"""A time in a file without an offset is Beijing time."""
_date = standardiser("date", {"future": True})
csv.field_size_limit(10_000_000)


class FileLayout(BaseModel):
    """Which columns of a file hold what; as TOML, what `yishu import --mapping` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    record_id: str
    """The column with the record's id."""
    observed_at: str = ""
    """The column with the time of observation, if there is one."""
    columns: dict[str, str] = {}
    """Column to attribute. Without any, columns are sent under their own names, as the source's contract has them."""
    ignore: tuple[str, ...] = ()
    """Columns that are not sent."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of a file; `problem` says why it cannot be submitted, empty where it can."""

    line: int
    record_id: str
    columns: tuple[tuple[str, str], ...]
    observed_at: datetime | None = None
    problem: str = ""


def layout_from(mapping: Path | None, contract: Contract | None) -> FileLayout:
    """The layout that a mapping file gives, or else the source's contract.

    Raises:
        ConfigurationError: the mapping is wrong, or there is none and the contract names no record_id column.
    """
    if mapping is not None:
        return validated(FileLayout, parse_toml(mapping), mapping)
    if contract is None or not contract.record_id:
        raise ConfigurationError(
            "sources.toml", "the source's contract names no record_id column: add it there, or give --mapping FILE"
        )
    return FileLayout(record_id=contract.record_id, observed_at=contract.observed_at)


def read_rows(path: Path, layout: FileLayout, encoding: str = "utf-8-sig") -> Iterator[FileRow]:
    """The rows of a `.csv`, `.jsonl` or `.parquet` file, in its order.

    Raises:
        ConfigurationError: the file cannot be read, is of another kind, or lacks the record_id column.
    """
    readers = {".csv": _csv_rows, ".jsonl": _json_rows, ".ndjson": _json_rows, ".parquet": _parquet_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise ConfigurationError(str(path), f"expected a file ending in one of {', '.join(readers)}")
    try:
        for line, cells in reader(path, encoding):
            yield _row(line, cells, layout, path)
    except UnicodeDecodeError as error:
        raise ConfigurationError(str(path), f"is not {encoding}: say --encoding gb18030, or what it is") from error
    except (OSError, csv.Error) as error:
        raise ConfigurationError(str(path), f"cannot be read: {error}") from error


def _row(line: int, cells: dict[str, Any] | str, layout: FileLayout, path: Path) -> FileRow:
    if isinstance(cells, str):
        return FileRow(line, "", (), problem=cells)
    if layout.record_id not in cells:
        raise ConfigurationError(str(path), f"line {line}: expected a column {layout.record_id!r} with the record's id")
    texts = {column: text for column, cell in cells.items() if (text := _text(cell))}
    record_id = texts.pop(layout.record_id, "")
    observed = texts.pop(layout.observed_at, "") if layout.observed_at else ""
    sent = tuple((layout.columns.get(c, c), text) for c, text in texts.items() if _is_sent(c, layout))
    try:
        return FileRow(line, record_id, sent, _time(observed) if observed else None)
    except ValueError:
        return FileRow(line, record_id, sent, problem=f"{layout.observed_at}: expected a date or a time")


def _is_sent(column: str, layout: FileLayout) -> bool:
    return column not in layout.ignore and (not layout.columns or column in layout.columns)


def _text(cell: Any) -> str:
    return "" if cell is None else cell.strip() if isinstance(cell, str) else str(cell)


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.fromisoformat(_date(text).standard)
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)


def _csv_rows(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, skipinitialspace=True)
        header = next(reader, [])
        for cells in reader:
            if len(cells) > len(header):
                yield reader.line_num, f"{len(cells)} cells, and the header names {len(header)} columns"
            elif cells:
                yield reader.line_num, dict(zip(header, cells, strict=False))


def _json_rows(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    with path.open(encoding=encoding) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                cells = json.loads(line)
            except json.JSONDecodeError as error:
                yield number, f"is not JSON at column {error.colno}"
                continue
            yield number, cells if isinstance(cells, dict) else "expected a JSON object"


def _parquet_rows(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    number = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=10_000):
            for cells in batch.to_pylist():
                number += 1
                yield number, cells
