"""`yishu import`: a department's file, submitted over gRPC."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from service.catalogue.configuration import load_configuration
from service.cli.context import CliContext, Server, console, failures_shown, notes
from service.cli.department_file import FileLayout, FileRow, layout_from, read_rows
from service.client import YishuClient
from service.client.submissions import submission_message
from yishu.v1.record_service_pb2 import SubmissionOutcome, SubmitRecordsRequest, SubmitRecordsResponse

__all__ = ["import_file"]


class _Import:
    """One file on its way: what was sent, what came back."""

    def __init__(self, source: str, entity_type: str, rejects: IO[str]) -> None:
        self._source, self._entity_type, self._rejects = source, entity_type, rejects
        self._sent: dict[str, FileRow] = {}
        self.counts: dict[str, int] = {}

    def requests(self, rows: Iterator[FileRow]) -> Iterator[SubmitRecordsRequest]:
        """A request for each row that can be sent; the others are rejected here."""
        for row in rows:
            if row.problem:
                self._reject(row, [("", "UNREADABLE", row.problem)])
                continue
            request_id = str(row.line)
            self._sent[request_id] = row
            yield submission_message(
                request_id, self._source, row.record_id, self._entity_type, row.columns, row.observed_at
            )

    def take(self, answer: SubmitRecordsResponse) -> None:
        """Counts an answer, and writes a rejected row down."""
        row = self._sent.pop(answer.request_id)
        if answer.WhichOneof("result") == "rejected":
            self._reject(row, [(v.field, v.reason, v.description) for v in answer.rejected.violations])
        else:
            outcome = SubmissionOutcome.Name(answer.accepted.outcome).removeprefix("SUBMISSION_OUTCOME_").lower()
            self._count(outcome)

    def _reject(self, row: FileRow, violations: list[tuple[str, str, str]]) -> None:
        line = {
            "line": row.line,
            "record_id": row.record_id,
            "violations": [dict(zip(("field", "reason", "description"), v, strict=True)) for v in violations],
            "columns": dict(row.columns),
        }
        self._rejects.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._count("rejected")

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A .csv, .jsonl or .parquet file.", exists=True, dir_okay=False)],
    source: Annotated[str, typer.Option(help="The source whose file it is, as in sources.toml.")],
    entity_type: Annotated[str, typer.Option("--type", help="The entity type of its records.")],
    mapping: Annotated[
        Path | None, typer.Option(help="TOML: record_id, observed_at, columns; the source's contract unless given.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Of text files.")] = "utf-8-sig",
    rejects: Annotated[
        Path | None, typer.Option(help="Where refused rows go, as JSON lines; FILE.rejects.jsonl unless given.")
    ] = None,
    server: Server = "",
) -> None:
    """Submit a department's file. A refused row is written down with the reason; it stops nothing."""
    cli: CliContext = context.obj
    rejects = rejects or file.with_suffix(file.suffix + ".rejects.jsonl")
    with failures_shown():
        known = load_configuration(cli.settings().configs).sources.get(source)
        layout = layout_from(mapping, known.types.get(entity_type) if known else None)
        with cli.resolver(server) as client, rejects.open("w", encoding="utf-8") as refused:
            running = _Import(source, entity_type, refused)
            _run(client, running, file, layout, encoding)
    _report(running, rejects)


def _run(client: YishuClient, running: _Import, file: Path, layout: FileLayout, encoding: str) -> None:
    shown = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(*shown, console=notes))
        task = progress.add_task(file.name, total=None)
        for answer in client.submit_stream(running.requests(read_rows(file, layout, encoding))):
            running.take(answer)
            progress.advance(task)
        done = sum(running.counts.values())
        progress.update(task, total=done, completed=done)


def _report(running: _Import, rejects: Path) -> None:
    console.print(", ".join(f"{count} {what}" for what, count in sorted(running.counts.items())) or "no rows")
    if running.counts.get("rejected"):
        console.print(f"the rejected rows, with the reasons: {rejects}", markup=False, soft_wrap=True)
    else:
        rejects.unlink(missing_ok=True)
