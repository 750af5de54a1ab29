"""Few examples and few kills, always the same ones, in `make test`.

`--hypothesis-profile=nightly` looks much further; `tests/e2e/test_kill.py --kills 50` kills as often as that.
"""

import pytest
from hypothesis import HealthCheck, settings

_SLOW_PARTS = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "default", max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW_PARTS
)
settings.register_profile(
    "nightly",
    max_examples=2_000,
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=_SLOW_PARTS,
)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=5, help="how often tests/e2e/test_kill.py kills the resolver")
    parser.addoption("--kill-seed", type=int, default=1, help="at which moments")
