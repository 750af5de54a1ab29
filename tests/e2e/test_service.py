"""The real supervisor with real processes: what they promise when they work, when they die and when they stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from matching.records import RecordRef
from service.bootstrap import open_store
from service.client import YishuClient
from service.client.submissions import submission_message
from service.demo.installation import Installation, installed
from service.settings import default_configs
from tests.e2e.watching import PATIENCE, is_running, until
from yishu.v1.record_pb2 import Record
from yishu.v1.verification_pb2 import VERIFICATION_RESULT_MATCH, VERIFICATION_RESULT_NOT_FOUND
from yishu.v1.verification_service_pb2 import PersonClaim

pytestmark = pytest.mark.xdist_group("service")

ROLES = {"resolver", "receiver-0", "receiver-1", "verifier-0", "verifier-1"}
SOMEBODY = PersonClaim(resident_id="330203197701201664", name="依明·巴哈尔")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A service with a record of somebody."""
    with installed(default_configs(), tmp_path_factory.mktemp("service")) as service:
        service.wait_until_serving()
        with service.resolver_client() as resolver:
            resolver.submit(record_of(SOMEBODY, "1"))
        yield service


def record_of(claim: PersonClaim, record_id: str) -> Record:
    values = [("name", claim.name), ("resident_id", claim.resident_id)]
    return submission_message("", "public_security", record_id, "person", values, None).record


def verified(verifier: YishuClient, claim: PersonClaim = SOMEBODY) -> int:
    return verifier.verify_person(claim, verifier.context("test")).result


def kill(service: Installation, role: str) -> None:
    """Kills a role and waits until another process serves in its place."""
    before = service.pids()[role]
    os.kill(before, signal.SIGKILL)
    until(lambda: service.pids()[role] != before, f"{role} is started again")


def test_what_the_resolver_takes_a_verifier_of_another_process_answers_for(running: Installation) -> None:
    pids = running.pids()
    assert len({*pids.values(), running.pid, os.getpid()}) == len(ROLES) + 2
    assert all(is_running(pid) for pid in (*pids.values(), running.pid))
    newborn = PersonClaim(resident_id="11010119900307002X", name="王小明")
    with running.resolver_client() as resolver, running.verifier_client() as verifier:
        assert verified(verifier, newborn) == VERIFICATION_RESULT_NOT_FOUND
        resolver.submit(record_of(newborn, "2"))
        assert verified(verifier, newborn) == VERIFICATION_RESULT_MATCH


def test_a_verifier_that_dies_is_missed_by_nobody_and_started_again(running: Installation) -> None:
    kill(running, "verifier-0")
    for _ in range(20):  # connections are shared out, so several are needed to meet both
        with running.verifier_client() as verifier:
            assert verified(verifier) == VERIFICATION_RESULT_MATCH


def test_verifiers_answer_while_the_resolver_is_dead(running: Installation) -> None:
    with running.verifier_client() as verifier:
        before = running.pids()["resolver"]
        os.kill(before, signal.SIGKILL)
        until(lambda: not is_running(before), "the resolver is dead")
        assert verified(verifier) == VERIFICATION_RESULT_MATCH
    until(lambda: running.pids()["resolver"] != before, "the resolver is started again")
    with running.resolver_client() as resolver:
        resolver.wait_until_ready(PATIENCE)
        assert resolver.submit(record_of(SOMEBODY, "1")).version == 1


def test_told_to_stop_it_stops_every_role_in_order(tmp_path: Path) -> None:
    with installed(default_configs(), tmp_path) as service:
        service.wait_until_serving()
        pids = service.pids()
        with service.resolver_client() as resolver:
            resolver.submit(record_of(SOMEBODY, "1"))
        assert service.stop() == 0
        assert [pid for pid in pids.values() if is_running(pid)] == []
        assert {line["role"] for line in service.log_lines() if line.get("event") == "stopping"} == ROLES
        assert [line for line in service.log_lines() if line.get("level") == "error"] == []
        store = open_store(service.store, read_only=True)
        with store.read() as snapshot:
            assert snapshot.records.latest(RecordRef("public_security", "1")) is not None
        store.close()


def test_a_supervisor_that_is_killed_leaves_no_orphan(tmp_path: Path) -> None:
    with installed(default_configs(), tmp_path) as service:
        service.wait_until_serving()
        pids = service.pids()
        service.kill()
        until(lambda: not any(is_running(pid) for pid in pids.values()), "its processes end after it")


def test_a_backup_taken_while_it_serves_is_a_store_that_holds_what_was_acknowledged(
    running: Installation, tmp_path: Path
) -> None:
    """As docs/operations.md says to take one."""
    copy = tmp_path / "backup.db"
    command = [sys.executable, "-m", "apsw", f"file:{running.store}?mode=ro", f"VACUUM INTO '{copy}'"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=PATIENCE)
    store = open_store(copy)
    with store.read() as snapshot:
        assert snapshot.records.latest(RecordRef("public_security", "1")) is not None
    store.close()
