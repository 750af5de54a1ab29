"""`yishu import`: a department's file as it comes, over the wire, with what was refused written down."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from service.city import City, generate
from tests.service.cli.conftest import Town, Yishu
from yishu.v1.record_pb2 import RecordRef

pytestmark = pytest.mark.xdist_group("cli")

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def city() -> City:
    return generate(40, seed=5)


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_gb18030(path: Path, rows: Rows) -> Path:
    return write_csv(path, rows, "gb18030")


def write_json_lines(path: Path, rows: Rows) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def write_parquet(path: Path, rows: Rows) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def counts(said: str) -> dict[str, int]:
    """What `yishu import` says became of the rows."""
    return {what: int(count) for count, what in (part.split() for part in said.splitlines()[0].split(", "))}


def rejected(path: Path) -> list[dict[str, Any]]:
    """The lines of the rejects file that goes with a file."""
    lines = path.with_suffix(path.suffix + ".rejects.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("source", "record_id", "name", "file", "write", "options"),
    [
        ("public_security", "RYBH", "XM", "police.csv", write_csv, ()),
        ("civil_affairs", "业务编号", "姓名", "民政.csv", write_gb18030, ("--encoding", "gb18030")),
        ("health", "DABH", "HZXM", "health.jsonl", write_json_lines, ()),
        ("human_resources", "personId", "fullName", "social.parquet", write_parquet, ()),
    ],
)
def test_a_file_of_each_kind_is_taken_and_its_rejects_are_written_down(
    yishu: Yishu,
    town: Town,
    city: City,
    tmp_path: Path,
    source: str,
    record_id: str,
    name: str,
    file: str,
    write: Callable[[Path, Rows], Path],
    options: tuple[str, ...],
) -> None:
    rows = city.rows(source, "person")[:20]
    rows[3] = {**rows[3], name: ""}
    path = write(tmp_path / file, rows)
    told = ("import", str(path), "--source", source, "--type", "person", *options)
    assert counts(yishu(*told)) == {"created": len(rows) - 1, "rejected": 1}
    [line] = rejected(path)
    assert line["record_id"] == rows[3][record_id]
    assert [(it["field"], it["reason"]) for it in line["violations"]] == [(name, "REQUIRED")]
    with town.service.resolver_client() as client:
        stored = client.get_record(RecordRef(source=source, record_id=rows[0][record_id]))
    assert rows[0][name] in {value.raw for value in stored.values}
    assert counts(yishu(*told)) == {"unchanged": len(rows) - 1, "rejected": 1}


def test_rows_that_cannot_be_read_are_rejected_with_their_line(yishu: Yishu, tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    good = {"DABH": "broken-1", "HZXM": "王建国"}
    when = {"DABH": "broken-2", "HZXM": "王建国", "JDRQ": "some day"}
    lines = [json.dumps(good), "{not JSON", json.dumps(["a", "list"]), json.dumps(when)]
    path.write_text("\n".join(lines), encoding="utf-8")
    said = yishu("import", str(path), "--source", "health", "--type", "person")
    assert counts(said) == {"created": 1, "rejected": 3}
    assert f"{path}.rejects.jsonl" in said
    found = {line["line"]: line["violations"][0] for line in rejected(path)}
    assert found.keys() == {2, 3, 4}
    assert {violation["reason"] for violation in found.values()} == {"UNREADABLE"}
    assert "JDRQ" in found[4]["description"]


def test_a_mapping_file_gives_the_columns_their_attributes(yishu: Yishu, town: Town, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", [{"no": "mapped-1", "who": "赵小红", "seen": "2026-01-02", "remark": "x"}])
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('record_id = "no"\nobserved_at = "seen"\n[columns]\nwho = "name"\n', encoding="utf-8")
    options = ("--source", "health", "--type", "person", "--mapping", str(mapping))
    assert counts(yishu("import", str(path), *options)) == {"created": 1}
    assert not path.with_suffix(".csv.rejects.jsonl").exists(), "nothing was rejected, so there is no file"
    with town.service.resolver_client() as client:
        stored = client.get_record(RecordRef(source="health", record_id="mapped-1"))
    assert [(value.attribute, value.raw) for value in stored.values] == [("name", "赵小红")]
    assert stored.observed_at.ToJsonString() == "2026-01-01T16:00:00Z", "a date alone is Beijing midnight"


def test_a_file_of_another_encoding_is_named_with_the_remedy(yishu: Yishu, city: City, tmp_path: Path) -> None:
    path = write_gb18030(tmp_path / "gb.csv", city.rows("civil_affairs", "person"))
    result = yishu.run("import", str(path), "--source", "civil_affairs", "--type", "person", code=1)
    assert str(path) in result.stderr
    assert "--encoding gb18030" in result.stderr


def test_a_file_without_the_record_id_column_is_named_with_the_column(yishu: Yishu, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "other.csv", [{"XM": "王建国"}])
    result = yishu.run("import", str(path), "--source", "public_security", "--type", "person", code=1)
    assert "RYBH" in result.stderr
