"""Hypothesis: few examples and always the same ones in `make test`; `--hypothesis-profile=nightly` looks much further."""

from hypothesis import HealthCheck, settings

_SLOW_PARTS = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "default", max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW_PARTS
)
settings.register_profile(
    "nightly", max_examples=2_000, deadline=None, print_blob=True, suppress_health_check=_SLOW_PARTS
)
settings.load_profile("default")
