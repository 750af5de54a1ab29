"""What every room of the house keeps: small files with names of the field, fresh generated code, an honest lock."""

import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("matching", "service")
LOCKS = ("requirements.lock", "requirements-dev.lock")
LONGEST_FILE = 400  # lines
NAMES_OF_NO_FIELD = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "data", "process"}


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def relative(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_no_file_is_too_long_to_be_read_at_a_sitting() -> None:
    too_long = [path for path in sources(*ROOMS) if len(path.read_text("utf-8").splitlines()) > LONGEST_FILE]
    assert relative(too_long) == []


def test_modules_are_named_after_the_field() -> None:
    nameless = [path for path in sources(*ROOMS) if NAMES_OF_NO_FIELD & {path.stem, path.parent.name}]
    assert relative(nameless) == []


def test_no_module_hides_a_package_it_wraps() -> None:
    # `service/duckdb.py` run as a script, or beside an `import duckdb`, is taken for DuckDB.
    wrapped = {"duckdb", "splink", "grpc", "apsw", "structlog", "typer"}
    assert relative([path for path in sources(*ROOMS) if path.stem in wrapped]) == []


def test_every_folder_of_modules_is_a_package() -> None:
    # import-linter does not look into a folder without __init__.py, and says nothing.
    folders = {path.parent for path in sources(*ROOMS)}
    assert relative(sorted(folder for folder in folders if not (folder / "__init__.py").exists())) == []


@pytest.mark.parametrize("folder", ["proto", "tests"])
def test_no_package_marker_where_it_would_hide_another_package(folder: str) -> None:
    assert relative(sorted((ROOT / folder).rglob("__init__.py"))) == []


def test_generated_code_is_that_of_the_protos() -> None:
    if not list((ROOT / "proto" / "yishu" / "v1").glob("*.proto")):
        pytest.skip("proto/yishu/v1 has no .proto yet")
    check = [sys.executable, "scripts/protos.py", "--check"]
    finished = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


def test_each_decision_has_a_number_of_its_own() -> None:
    names = [path.name for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert [name for name in names if not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name)] == []
    numbers = Counter(name[:4] for name in names)
    assert [number for number, times in numbers.items() if times > 1] == []


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readme_names_only_make_targets_that_exist(readme: str) -> None:
    if not (ROOT / readme).exists():
        pytest.skip(f"no {readme} yet")
    targets = set(re.findall(r"^([a-z][\w-]*):(?!=)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    # In prose between backticks; in a code block at the start of a line.
    named = set(re.findall(r"(?:`|^\s*(?:\$ )?)make ([a-z][\w-]*)", (ROOT / readme).read_text("utf-8"), re.MULTILINE))
    assert named - targets == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_is_of_the_public_index(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert re.findall(r"\S*(?:://|--(?:extra-)?index|--find-links| @ )\S*", text) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_hashed(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    pinned = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert pinned
    assert [line for line in pinned if "==" not in line or "--hash=sha256:" not in line] == []


def locked_versions(lock: str) -> dict[str, set[str]]:
    """Each package's versions: more than one where a marker chooses between them."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE):
        versions.setdefault(canonicalize_name(name), set()).add(version)
    return versions


def test_both_locks_name_the_same_versions() -> None:
    runtime, development = (locked_versions(lock) for lock in LOCKS)
    assert {name: development.get(name) for name in runtime} == runtime


def test_locks_satisfy_the_project_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = {LOCKS[0]: project["project"]["dependencies"], LOCKS[1]: project["dependency-groups"]["dev"]}
    unmet = []
    for lock, dependencies in asked.items():
        locked = locked_versions(lock)
        for requirement in map(Requirement, dependencies):
            versions = locked.get(canonicalize_name(requirement.name), set())
            if not versions or not all(map(requirement.specifier.contains, versions)):
                unmet.append(f"{lock}: {requirement}")
    assert unmet == [], "the lock is of another project file: run `make lock`"


def test_every_dependency_is_bounded_and_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    reasons = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text("utf-8")
    dependencies = [
        Requirement(text) for text in project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    ]
    assert [str(it) for it in dependencies if not any(bound.operator in ("<", "==") for bound in it.specifier)] == []
    assert [it.name for it in dependencies if f"| {it.name} |" not in reasons] == []
