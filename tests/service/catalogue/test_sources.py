"""What the sources' contracts say, and when what was sent before would stand for another thing now."""

from __future__ import annotations

import pytest

from service.catalogue.sources import Contract, Source, codes_digest

Codes = dict[str, dict[str, str]]


def sources(**codes: Codes) -> dict[str, Source]:
    """Sources of pupils with these codes."""
    return {name: Source(name=name, types={"pupil": Contract(codes=found)}) for name, found in codes.items()}


BEFORE = sources(clinic={"town": {"0": "x", "1": "y"}}, school={})


@pytest.mark.parametrize(
    "after",
    [
        sources(clinic={"town": {"0": "x", "1": "z"}}, school={}),
        sources(clinic={"town": {"0": "x"}}, school={}),
        sources(clinic={"name": {"0": "x", "1": "y"}}, school={}),
        sources(clinic={}, school={"town": {"0": "x", "1": "y"}}),
        sources(school={}),
    ],
    ids=["a meaning", "a code", "an attribute", "another source", "a source that is gone"],
)
def test_the_digest_of_codes_changes_with_what_a_value_stands_for(after: dict[str, Source]) -> None:
    assert codes_digest(after, "pupil") != codes_digest(BEFORE, "pupil")


@pytest.mark.parametrize(
    "after",
    [
        sources(school={}, clinic={"town": {"1": "y", "0": "x"}}),
        sources(clinic={"town": {"0": "x", "1": "y"}, "name": {}}),
        {**BEFORE, "tax": Source(name="Tax", types={"firm": Contract(codes={"status": {"0": "x"}})})},
        {
            **BEFORE,
            "school": Source(name="School", types={"pupil": Contract(required=("name",), columns={"N": "name"})}),
        },
    ],
    ids=["order", "empty lists", "another type", "what else a contract says"],
)
def test_the_digest_of_codes_does_not_change_with_what_leaves_values_as_they_are(after: dict[str, Source]) -> None:
    assert codes_digest(after, "pupil") == codes_digest(BEFORE, "pupil")
