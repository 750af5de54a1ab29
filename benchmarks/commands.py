"""`yishu` commands on a benchmark's own store."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["yishu"]


def yishu(configs: Path, store: Path, *arguments: str) -> None:
    """Runs a `yishu` command to its end on a store; its output goes to standard error.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    command = [sys.executable, "-m", "service", "--configs", str(configs), *arguments]
    subprocess.run(command, env={**os.environ, "YISHU_STORE__PATH": str(store)}, check=True, stdout=sys.stderr)
