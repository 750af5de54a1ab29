"""`python -m benchmarks NAME [options] [--json]`: runs one benchmark, its baseline in the same run.

With `--json` the last line of standard output is one JSON object with the figures; what happens meanwhile goes to
standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from benchmarks import accuracy, resolve

BENCHMARKS: dict[str, ModuleType] = {"accuracy": accuracy, "resolve": resolve}


def main() -> int:
    """Runs the benchmark that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = parser.add_subparsers(dest="name", required=True)
    for name, module in BENCHMARKS.items():
        sub = names.add_parser(name, help=(module.__doc__ or "").splitlines()[0], description=module.__doc__)
        module.add_arguments(sub)
        sub.add_argument("--json", action="store_true", help="the figures as one JSON object on the last line")
    arguments = parser.parse_args()
    run: Callable[[argparse.Namespace], dict[str, Any]] = BENCHMARKS[arguments.name].run
    figures = run(arguments)
    if arguments.json:
        print(json.dumps(figures))
    else:
        for figure, value in figures.items():
            print(f"{figure:32} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
