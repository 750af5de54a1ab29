"""Regenerate the Python code beside the protos, or check that it is fresh.

    python scripts/protos.py            write the generated code
    python scripts/protos.py --check    generate elsewhere; fail, listing every file that differs
    python scripts/protos.py --lint     buf's lint, by proto/buf.yaml, without the network

``proto/`` is both the include root and the output root, so the generated modules import each other as
``yishu.v1...`` without rewriting. The generated code is exactly what the locked grpcio-tools and mypy-protobuf
give for the committed .proto files: no file edited by hand, none left over from a proto that went away.
"""

import argparse
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

import google.rpc
from grpc_tools import protoc

PROTO_ROOT = Path(__file__).resolve().parent.parent / "proto"
PACKAGE = Path("yishu", "v1")
GENERATED_SUFFIXES = ("_pb2.py", "_pb2.pyi", "_pb2_grpc.py", "_pb2_grpc.pyi")
# The programs of this very environment, so that no other one on PATH is taken.
PROGRAMS = Path(sys.executable).parent
PLUGINS = ("protoc-gen-mypy", "protoc-gen-mypy_grpc")  # the other outputs are built into grpc_tools
INCLUDES = (
    PROTO_ROOT,
    files("grpc_tools") / "_proto",  # google/protobuf
    Path(google.rpc.__path__[0]).parent.parent,  # google/rpc and google/api, of googleapis-common-protos
)


class GenerationFailed(Exception):
    """protoc refused the protos; it has already said why on standard error."""


def proto_sources() -> list[str]:
    """The .proto files, relative to the include root, in a fixed order."""
    return sorted(str(path.relative_to(PROTO_ROOT)) for path in (PROTO_ROOT / PACKAGE).glob("*.proto"))


def run_protoc(*outputs: str) -> None:
    """Compile every proto.

    Raises:
        GenerationFailed: a proto is wrong.
    """
    includes = [f"-I{include}" for include in INCLUDES]
    if protoc.main(["protoc", *includes, *outputs, *proto_sources()]) != 0:
        raise GenerationFailed


def generate(output: Path) -> None:
    """Write the generated code for every proto under ``output``."""
    run_protoc(
        *(f"--plugin={name}={PROGRAMS / name}" for name in PLUGINS),
        f"--python_out={output}",
        f"--grpc_python_out={output}",
        f"--mypy_out=quiet:{output}",
        f"--mypy_grpc_out=quiet:{output}",
    )


def generated_files(root: Path) -> dict[Path, bytes]:
    """Every generated file under ``root``, by its path relative to it."""
    package = root / PACKAGE
    return {
        path.relative_to(root): path.read_bytes()
        for suffix in GENERATED_SUFFIXES
        for path in package.glob(f"*{suffix}")
    }


def differences(expected: dict[Path, bytes], committed: dict[Path, bytes]) -> list[str]:
    """One line for each file that is missing, left over or different."""
    lines = []
    for path in sorted(expected.keys() | committed.keys()):
        if path not in committed:
            lines.append(f"missing    proto/{path}")
        elif path not in expected:
            lines.append(f"left over  proto/{path}")
        elif expected[path] != committed[path]:
            lines.append(f"differs    proto/{path}")
    return lines


def fresh() -> dict[Path, bytes]:
    """What the generated code should be, made in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        return generated_files(Path(folder))


def check() -> int:
    stale = differences(fresh(), generated_files(PROTO_ROOT))
    if not stale:
        return 0
    print(*stale, "The generated code is not that of the protos: run `make protos`.", sep="\n", file=sys.stderr)
    return 1


def write() -> int:
    expected = fresh()
    for path in generated_files(PROTO_ROOT).keys() - expected.keys():
        (PROTO_ROOT / path).unlink()
    for path, content in expected.items():
        (PROTO_ROOT / path).write_bytes(content)
    print(f"protos: {len(expected)} files generated from {len(proto_sources())} protos")
    return 0


def lint() -> int:
    """Run buf on a compiled image: from sources it would ask its registry on the network for google/rpc."""
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder, "image.binpb")
        run_protoc("--include_imports", "--include_source_info", f"--descriptor_set_out={image}")
        command: list[Path | str] = [PROGRAMS / "buf", "lint", image, "--config", PROTO_ROOT / "buf.yaml"]
        return subprocess.run(command, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description="Regenerate the code beside proto/yishu/v1/*.proto.")
    actions = parser.add_mutually_exclusive_group()
    actions.add_argument("--check", action="store_const", dest="action", const=check, help="fail where it is stale")
    actions.add_argument("--lint", action="store_const", dest="action", const=lint, help="lint the protos with buf")
    parser.set_defaults(action=write)
    action = parser.parse_args().action
    if not proto_sources():
        print("protos: none yet")
        return 0
    try:
        return int(action())
    except GenerationFailed:
        return 1


if __name__ == "__main__":
    sys.exit(main())
