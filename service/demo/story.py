"""The story from beginning to end.

Always true: everything told was submitted to and read from processes of their own, over gRPC; what is left behind is
what `Story.folder` holds.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from service.city import City, Submission, generate
from service.client import YishuClient
from service.demo import chapters
from service.demo.census import Census, take_census
from service.demo.delivery import Delivery, deliver
from service.demo.installation import Installation, installed
from service.demo.protagonists import merged_person, person_with_lineage
from service.demo.questions import Question, make_ambiguous, questions
from yishu.v1.entity_pb2 import Entity

__all__ = ["Story", "tell"]


@dataclass(frozen=True, slots=True)
class Story:
    """What to tell, and where."""

    console: Console
    configs: Path
    folder: Path
    people: int
    seed: int
    keep: bool = False
    """Leave the installation serving until somebody ends it."""


def tell(story: Story) -> None:
    """Tells the story; its processes have ended when this returns or raises.

    Raises:
        ServiceError, YishuError: something did not work, in words.
    """
    console = story.console
    with installed(story.configs, story.folder) as running:
        city, submissions = _city(story)
        running.wait_until_serving()
        _tell_processes(console, running)
        with running.resolver_client() as resolver, running.verifier_client() as verifier:
            delivery = _deliver(story, resolver, submissions)
            with console.status("reading what became of them"):
                census = take_census(resolver, delivery.accepted)
            person = _tell_of_records(console, resolver, census)
            asked = _tell_of_verifications(console, running, (resolver, verifier), census, person)
            chapters.heading(console, 7, "How good is it? The truth is known here")
            console.print(chapters.accuracy(city, census))
        _tell_how_to_go_on(story, running, person, asked)
        if story.keep:
            _keep(console, running)


def _city(story: Story) -> tuple[City, list[Submission]]:
    chapters.heading(story.console, 1, "A city")
    city = generate(story.people, story.seed)
    submissions = list(city.submissions())
    things = city.things
    departments = {source for source, _ in city.departments}
    words = f"{len(things.people):,} people, {len(things.organisations):,} organisations, "
    words += (
        f"{len(things.licences):,} licences; {len(submissions):,} records of them in {len(departments)} departments, "
    )
    words += f"with gaps and typical errors (seed {story.seed}; everything in it is invented)"
    story.console.print(words)
    return city, submissions


def _tell_processes(console: Console, running: Installation) -> None:
    chapters.heading(console, 2, "A service, in processes of their own")
    pids = running.pids()
    verifiers = ", ".join(str(pid) for role, pid in sorted(pids.items()) if role.startswith("verifier"))
    console.print(f"resolver: process {pids['resolver']}, writes the store, listens at {running.resolver}")
    console.print(f"verifiers: processes {verifiers}, only read the store, listen at {running.verifier}")
    console.print(f"this program: process {os.getpid()}, their client")


def _deliver(story: Story, resolver: YishuClient, submissions: Sequence[Submission]) -> Delivery:
    chapters.heading(story.console, 3, "The departments submit their records over gRPC")
    with _progress(story.console, len(submissions)) as told:
        delivery = deliver(resolver, submissions, told)
    story.console.print(chapters.counts(delivery))
    story.console.print(chapters.quarantined(resolver, delivery))
    return delivery


def _tell_of_records(console: Console, resolver: YishuClient, census: Census) -> Entity:
    chapters.heading(console, 4, "One golden record, and where each value of it comes from")
    person = person_with_lineage(census)
    console.print(chapters.golden_record(person))
    chapters.heading(console, 5, "A merge of records that disagree")
    merged = merged_person(census, person)
    console.print(chapters.merge(merged, resolver.explain(merged.entity_id)))
    return person


def _tell_of_verifications(
    console: Console, running: Installation, clients: tuple[YishuClient, YishuClient], census: Census, person: Entity
) -> list[Question]:
    resolver, verifier = clients
    chapters.heading(console, 6, "An approval system asks; a verifier answers, and discloses nothing")
    make_ambiguous(resolver, census)
    asked = questions(census, person)
    pids = running.pids()
    console.print(
        f"asked at {running.verifier}, of a process that is not the resolver's ({pids['resolver']}); "
        "for AMBIGUOUS, two departments first submitted one passport number for two people",
        style="dim",
    )
    console.print(chapters.answered(verifier, asked))
    return asked


def _tell_how_to_go_on(story: Story, running: Installation, person: Entity, asked: Sequence[Question]) -> None:
    chapters.heading(story.console, 8, "How to go on")
    say = _sayer(story.console)
    if not story.keep:
        say(f"{_yishu()} demo --keep", "the same, left serving, with commands to try")
        say(f"{_yishu()} --help", "everything else; README.md says where to read on")
        return
    one, server = person.entity_id, f"--server {running.resolver}"
    say(f"{_yishu()} get {one} --lineage {server}", "a golden record")
    say(f"{_yishu()} explain {one} {server}", "why it is one person")
    person_values = " ".join(
        shlex.quote(f"{value.attribute}={value.value}")
        for value in person.values
        if value.attribute in {"name", "birth_date"}
    )
    say(f"{_yishu()} search person {person_values} {server}", "who fits")
    question = " ".join(shlex.quote(word) for word in asked[0].command)
    say(f"{_yishu()} {question} --purpose trying --server {running.verifier}", "a verification")
    setting = " ".join(f"{name}={value}" for name, value in running.environment.items())
    say(f"export {setting}", "lets every command find this installation without --server")


def _keep(console: Console, running: Installation) -> None:
    console.print()
    console.print(f"the data and the log: {running.folder}", markup=False, soft_wrap=True)
    console.print("serving until Ctrl-C", style="bold")
    try:
        running.wait()
    except KeyboardInterrupt:
        console.print("stopping")


def _sayer(console: Console) -> Callable[[str, str], None]:
    def say(command: str, why: str) -> None:
        console.print(Text(f"# {why}", style="dim"))
        console.print(command, markup=False, soft_wrap=True)

    return say


def _yishu() -> str:
    """How this program was called, for commands that work when they are copied."""
    called = Path(sys.argv[0])
    if called.name != "yishu":
        return f"{sys.executable} -m service"
    try:
        return str(called.absolute().relative_to(Path.cwd()))
    except ValueError:
        return "yishu" if called.parent == Path() else str(called)


@contextmanager
def _progress(console: Console, total: int) -> Iterator[Callable[[int], object]]:
    """Hears how many are done: a bar in a terminal, a line now and then where there is none."""
    if not console.is_terminal:
        quarters = {total * part // 4 for part in range(1, 5)}
        yield lambda done: console.print(f"{done:,} of {total:,} answered") if done in quarters else None
        return
    columns = (TextColumn("submitting"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("submitting", total=total)
        yield lambda done: progress.update(task, completed=done)
