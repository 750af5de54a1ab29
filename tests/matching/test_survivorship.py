"""One value an attribute, from one record, by a rule that is said; and the values that lost."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from matching.features import RecordStandardiser
from matching.records import RecordRef
from matching.standardise.value import Mark
from matching.survivorship import Assurance, GoldenValue, Rule, SourcedRecord, survive
from service.application.golden import decode_golden, decode_winners, encode_golden
from tests.pupils import NOON, SOURCES, pupil

STANDARDISER = RecordStandardiser(pupil())


def told(
    source: str, record_id: str = "1", days: float = 0, version: int = 1, **values: str | list[str]
) -> SourcedRecord:
    """A record's version, seen some days after noon, with code, name, phone or town."""
    given_ = {name: (said,) if isinstance(said, str) else tuple(said) for name, said in values.items()}
    observed = NOON + timedelta(days=days)
    received = NOON + timedelta(days=30, seconds=version)
    return SourcedRecord(RecordRef(source, record_id), version, observed, received, STANDARDISER.values(given_))


def golden(attribute: str, *records: SourcedRecord) -> GoldenValue:
    return survive(pupil(), records)[attribute]


def chosen(attribute: str, *records: SourcedRecord) -> tuple[str, Rule, Assurance]:
    value = golden(attribute, *records)
    return value.winner.standard, value.rule, value.assurance


CODES = st.lists(st.sampled_from(["11", "22", " 33", "7", "", "不详"]), max_size=3)
RECORDS = st.lists(
    st.builds(
        told,
        st.sampled_from(SOURCES),
        st.sampled_from("123"),
        st.sampled_from([0, 1, 1.5]),
        code=CODES,
        phone=st.lists(st.sampled_from("pq"), max_size=2),
    ),
    max_size=6,
    unique_by=lambda record: record.ref,
)


@given(records=RECORDS, order=st.randoms(use_true_random=False))
def test_the_order_of_records_plays_no_part(records: list[SourcedRecord], order: random.Random) -> None:
    shuffled = order.sample(records, len(records))
    assert encode_golden(survive(pupil(), records)) == encode_golden(survive(pupil(), shuffled))


@given(records=RECORDS)
def test_an_invalid_or_absent_value_never_wins_and_one_that_could_always_does(records: list[SourcedRecord]) -> None:
    found = survive(pupil(), records)
    for attribute in ("code", "phone"):
        usable = [v for record in records for v in record.values.get(attribute, ()) if v.usable]
        assert (attribute in found) == bool(usable)
        if usable:
            assert found[attribute].winner.mark in (Mark.VALID, Mark.REPAIRED)


@given(records=RECORDS)
def test_winner_and_losers_are_all_the_values_there_are_each_with_its_record_and_version(
    records: list[SourcedRecord],
) -> None:
    for attribute, value in survive(pupil(), records).items():
        listed = [
            (v.ref, v.version, v.raw, v.mark, v.observed_at, v.received_at) for v in (value.winner, *value.losing)
        ]
        there_are = [
            (record.ref, record.version, v.raw, v.mark, record.observed_at, record.received_at)
            for record in records
            for v in record.values.get(attribute, ())
            if v.mark is not Mark.ABSENT
        ]
        assert sorted(listed) == sorted(there_are)


@given(records=RECORDS)
def test_no_loser_is_better_by_the_rule_than_the_winner(records: list[SourcedRecord]) -> None:
    for attribute, value in survive(pupil(), records).items():
        authorities = pupil().authorities_of(attribute)

        def place(source: str, authorities: Sequence[str] = authorities) -> int:
            return authorities.index(source) if source in authorities else len(authorities)

        winner = value.winner
        for loser in (v for v in value.losing if v.mark is not Mark.INVALID):
            mine, theirs = place(winner.ref.source), place(loser.ref.source)
            assert mine <= theirs
            if mine == theirs:
                assert winner.observed_at >= loser.observed_at


@given(records=RECORDS)
def test_a_golden_record_is_the_same_after_the_store(records: list[SourcedRecord]) -> None:
    found = survive(pupil(), records)
    assert decode_golden(encode_golden(found)) == found
    assert {name: value.winner for name, value in decode_winners(encode_golden(found), found).items()} == {
        name: value.winner for name, value in found.items()
    }


def test_the_only_value_is_the_golden_one() -> None:
    assert chosen("town", told("school", town="x")) == ("x", Rule.ONLY_VALUE, Assurance.SINGLE)


def test_the_authority_wins_over_the_later_value() -> None:
    records = told("registry", town="x"), told("school", days=9, town="y")
    assert chosen("town", *records) == ("x", Rule.AUTHORITY, Assurance.AUTHORITATIVE)


def test_of_two_authorities_the_first_named_wins() -> None:
    records = told("registry", days=9, phone="p"), told("clinic", phone="q")
    assert chosen("phone", *records) == ("q", Rule.AUTHORITY, Assurance.AUTHORITATIVE)


def test_an_authority_whose_value_is_invalid_leaves_the_word_to_others() -> None:
    records = told("registry", code="7"), told("school", code="22")
    assert chosen("code", *records) == ("22", Rule.ONLY_VALUE, Assurance.SINGLE)
    assert [loser.raw for loser in golden("code", *records).losing] == ["7"]


def test_nothing_but_invalid_values_makes_no_golden_value() -> None:
    assert survive(pupil(), [told("registry", code="7"), told("school", code=["", "无"])]) == {}


def test_the_later_observation_wins_whenever_it_was_received() -> None:
    records = told("school", "1", days=1, version=1, town="x"), told("school", "2", days=0, version=9, town="y")
    assert chosen("town", *records) == ("x", Rule.LATEST, Assurance.SINGLE)


def test_a_microsecond_later_is_later_and_the_same_moment_elsewhere_is_not() -> None:
    early, late = told("clinic", town="x"), told("school", days=1e-6 / 86_400, town="y")
    assert late.observed_at - early.observed_at == timedelta(microseconds=1)
    assert chosen("town", early, late)[:2] == ("y", Rule.LATEST)
    beijing = early.observed_at.astimezone(timezone(timedelta(hours=8)))
    same = SourcedRecord(RecordRef("school", "1"), 1, beijing, beijing, STANDARDISER.values({"town": ("y",)}))
    assert chosen("town", early, same)[:2] == ("x", Rule.RECORD_ORDER)


def test_a_time_before_1970_is_a_time() -> None:
    long_ago = datetime(1900, 1, 1, tzinfo=NOON.tzinfo) - NOON
    records = told("school", "1", days=long_ago.days, town="x"), told("school", "2", days=long_ago.days + 1, town="y")
    assert chosen("town", *records)[:2] == ("y", Rule.LATEST)


def test_a_value_that_was_right_as_sent_wins_over_one_that_was_repaired() -> None:
    records = told("clinic", code="1 1"), told("school", code="22")
    assert chosen("code", *records) == ("22", Rule.MARK, Assurance.SINGLE)


def test_ties_go_to_the_lesser_record_and_the_value_it_said_first() -> None:
    records = told("school", "2", town="x"), told("school", "10", town=["z", "y"])
    assert chosen("town", *records) == ("z", Rule.RECORD_ORDER, Assurance.SINGLE)
    assert [loser.standard for loser in golden("town", *records).losing] == ["y", "x"]


def test_two_other_sources_that_agree_corroborate_and_one_source_twice_does_not() -> None:
    agree = told("clinic", town="x"), told("school", town=" x")
    assert chosen("town", *agree)[2] is Assurance.CORROBORATED
    alone = told("school", "1", town="x"), told("school", "2", town="x"), told("clinic", town="y", days=-1)
    assert chosen("town", *alone)[2] is Assurance.SINGLE


def test_a_source_that_agrees_by_an_invalid_value_corroborates_nothing() -> None:
    assert chosen("code", told("clinic", code="11"), told("school", code=["11 1", "7"]))[2] is Assurance.SINGLE


def test_the_golden_record_is_in_the_order_of_the_configuration() -> None:
    found = survive(pupil(), [told("school", town="x", phone="p", code="11", name="An")])
    assert list(found) == ["name", "code", "phone", "town"]


def test_nobody_makes_no_golden_record() -> None:
    assert survive(pupil(), []) == {}
