"""From what a record says to the columns that are compared."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.errors import RecordRejected
from matching.features import RecordStandardiser
from matching.records import Record, RecordRef
from matching.schema import EntityType
from tests.pupils import NOON, pupil, pupil_features

WORDS = st.text(alphabet="aA Ａ\u0301b1-\x1f无", max_size=6)
STANDARDISER = RecordStandardiser(pupil())


def test_a_feature_that_nothing_is_said_of_is_none() -> None:
    assert pupil_features() == {"name": None, "code": None, "code_text": None, "phones": None, "town": None}


def test_a_list_feature_is_sorted_and_without_repeats() -> None:
    assert pupil_features(phone=["q", "p", "q"])["phones"] == ("p", "q")


def test_an_invalid_value_makes_no_usable_feature_but_can_be_compared_as_text() -> None:
    row = pupil_features(code="7")
    assert (row["code"], row["code_text"]) == (None, "7")


def test_the_first_value_that_has_the_part_is_taken() -> None:
    assert pupil_features(code=["7", "22", "33"])["code"] == "22"


def test_fillers_make_no_feature() -> None:
    assert pupil_features(name="不详", phone=["无", "--"], town="") == pupil_features()


def test_a_filler_number_makes_no_feature_though_it_is_invalid_and_not_absent() -> None:
    """Everybody's 111111111111111111 would be the strongest evidence that strangers are one person."""
    entity_type = EntityType.model_validate(
        {
            "name": "holder",
            "attributes": {"resident_id": {"semantic": "resident_id"}},
            "features": {"id_text": {"from": ["resident_id.standard"]}},
            "match": "exact",
            "exact_on": ["id_text"],
        }
    )
    standardiser = RecordStandardiser(entity_type)
    for filler in ("111111111111111111", "123456789012345678", "000000000000000000"):
        assert standardiser.features(standardiser.values({"resident_id": (filler,)})) == {"id_text": None}
    mistyped = standardiser.features(standardiser.values({"resident_id": ("11010519491231002Y",)}))
    assert mistyped["id_text"] is not None


@given(names=st.lists(WORDS, max_size=3), phones=st.lists(WORDS, max_size=3))
def test_features_are_a_function_of_the_values_alone(names: list[str], phones: list[str]) -> None:
    one = RecordStandardiser(pupil())
    values = {"name": tuple(names), "phone": tuple(phones)}
    mine = one.features(one.values(values))
    assert mine == STANDARDISER.features(STANDARDISER.values(values))
    assert mine["phones"] == STANDARDISER.features(STANDARDISER.values({"phone": tuple(reversed(phones))}))["phones"]


@given(names=st.lists(WORDS, max_size=3), phones=st.lists(WORDS, max_size=3))
def test_no_feature_is_empty_or_holds_what_joins_block_keys(names: list[str], phones: list[str]) -> None:
    row = pupil_features(name=names, phone=phones)
    for value in row.values():
        for text in (value,) if isinstance(value, str) else value or ("nothing",):
            assert text
            assert "\x1f" not in text


def test_every_violation_is_told_by_field_and_reason_and_no_value_is_repeated() -> None:
    with pytest.raises(RecordRejected) as rejected:
        STANDARDISER.values({"name": ("秘" * 41,), "phone": ("机密",) * 4, "mail": ("a@b.cn",)})
    assert [(v.field, v.reason) for v in rejected.value.violations] == [
        ("name", "TOO_LONG"),
        ("phone", "TOO_MANY_VALUES"),
        ("mail", "UNKNOWN_ATTRIBUTE"),
    ]
    assert not any(secret in str(rejected.value) for secret in ("秘", "机密", "a@b.cn"))


def test_a_record_is_standardised_whole() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    record = Record(RecordRef("clinic", "1"), "pupil", 1, {"name": ("Ａn",)}, NOON, at)
    standard = STANDARDISER.standardise(record)
    assert standard.record is record
    assert standard.values["name"][0].standard == "An"
    assert standard.features == pupil_features(name="An")
