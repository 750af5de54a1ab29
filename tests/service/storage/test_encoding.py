"""What is encoded comes back as it was."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.standardise.value import Mark, StandardValue
from service.storage.encoding import (
    StoredValues,
    decode_features,
    decode_values,
    encode_features,
    encode_standard_values,
    encode_values,
    from_micros,
    to_micros,
)

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.dictionaries(texts, st.lists(texts, max_size=3).map(tuple), max_size=5)
features = st.dictionaries(texts, st.none() | texts | st.lists(texts, max_size=3).map(tuple), max_size=5)
repaired = st.builds(
    StandardValue, texts, texts, st.sampled_from(Mark), st.lists(texts, max_size=2).map(tuple), texts, st.just({})
)
as_they_were = texts.map(lambda text: StandardValue(text, text, Mark.VALID))
standard_values = st.dictionaries(texts, st.lists(repaired | as_they_were, max_size=3).map(tuple), max_size=4)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_comes_back_to_the_microsecond(at: datetime) -> None:
    assert from_micros(to_micros(at)) == at
    assert from_micros(to_micros(at)).tzinfo is UTC


def test_a_time_of_another_zone_comes_back_as_the_same_moment_in_utc() -> None:
    beijing = datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=8)))
    assert from_micros(to_micros(beijing)).isoformat() == "2025-12-31T16:30:00+00:00"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        to_micros(datetime(2026, 1, 1))  # noqa: DTZ001


@given(values)
def test_raw_values_come_back_in_order(given_values: Mapping[str, tuple[str, ...]]) -> None:
    assert list(decode_values(encode_values(given_values)).items()) == list(given_values.items())


@given(features)
def test_features_come_back(given_features: Mapping[str, str | tuple[str, ...] | None]) -> None:
    assert decode_features(encode_features(given_features)) == given_features


@given(standard_values)
def test_standard_values_come_back(given_values: Mapping[str, tuple[StandardValue, ...]]) -> None:
    stored = StoredValues(encode_standard_values(given_values))
    assert stored == given_values
    assert list(stored) == list(given_values)
    assert len(stored) == len(given_values)
    assert "no such attribute, surely" not in stored
