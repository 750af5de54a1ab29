"""Dates: the forms that departments type, and what is impossible, partial or yet to come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.standardise import Mark, standardiser
from matching.standardise.today import today

standardise = standardiser("date", {})
licence_date = standardiser("date", {"future": True})


@pytest.mark.parametrize(
    "written",
    [
        *("1990-03-04", "19900304", "1990/3/4", "1990/03/04", "1990.3.4", "1990年3月4日", "1990年03月04日"),
        *("1990 年 3 月 4 日", "1990-3-4", "１９９０－０３－０４", "1990-03-04 00:00:00", "1990-03-04T00:00:00Z"),
        *("1990-03-04T08:30:00.000+08:00", "1990/3/4 8:30", "19900304120000", "1990年3月4日12时30分", "1990年3月4"),
    ],
)
def test_a_date_as_departments_type_it(written: str) -> None:
    value = standardise(written)
    assert (value.standard, value.usable) == ("1990-03-04", True)


@pytest.mark.parametrize(
    ("written", "standard", "reason"),
    [
        ("1990-02-30", "1990-02-30", "impossible"),
        ("19901340", "1990-13-40", "impossible"),
        ("1990-00-00", "1990-00-00", "impossible"),
        ("1990", "1990", "partial"),
        ("1990年", "1990", "partial"),
        ("199003", "1990-03", "partial"),
        ("1990-3", "1990-03", "partial"),
        ("1990年3月", "1990-03", "partial"),
        ("90-3-4", "90-3-4", "format"),
        ("4 March 1990", "4 March 1990", "format"),
        ("32000", "32000", "format"),
        ("0999-01-01", "0999-01-01", "out_of_range"),
        ("2101-01-01", "2101-01-01", "out_of_range"),
        ("长期", "长期", "format"),
    ],
)
def test_a_wrong_date_is_refused_with_its_reason(written: str, standard: str, reason: str) -> None:
    value = standardise(written)
    assert (value.mark, value.standard, value.reason) == (Mark.INVALID, standard, reason)


@pytest.mark.parametrize("written", ["0", "00000000", "0000-00-00", "无"])
def test_a_date_of_zeros_is_absent(written: str) -> None:
    assert standardise(written).mark is Mark.ABSENT


def test_a_swapped_date_meets_the_right_one() -> None:
    assert standardise("1990-03-04").parts["swapped"] == standardise("1990-04-03").standard
    assert standardise("1990-13-04").parts["swapped"] == "1990-04-13"
    assert "swapped" not in standardise("1990-03-03").parts


def test_only_a_date_that_may_lie_ahead_is_later_than_tomorrow() -> None:
    ahead = (today() + timedelta(days=30)).isoformat()
    assert standardise(today().isoformat()).usable
    assert standardise(ahead).reason == "future"
    assert licence_date(ahead).mark is Mark.VALID
    assert licence_date("2101-01-01").reason == "out_of_range"


@pytest.mark.parametrize("written", ["长期", "永久", "9999-12-31", "99991231", "9999年12月31日"])
def test_an_unlimited_term_ends_on_the_last_day_there_is(written: str) -> None:
    assert (licence_date(written).standard, licence_date(written).usable) == ("9999-12-31", True)
    assert not standardise(written).usable


def test_the_earliest_date_is_an_option() -> None:
    since = standardiser("date", {"earliest": "1978-12-18"})
    assert since("1978-12-17").reason == "out_of_range"
    assert since("1978-12-18").usable


@pytest.mark.parametrize("options", [{"future": "yes"}, {"earliest": 1900}, {"latest": "2200-01-01"}, {"latest": "x"}])
def test_an_option_of_the_wrong_kind_is_refused_by_name(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=f"date: option '{next(iter(options))}'"):
        standardiser("date", options)


@given(day=st.dates(max_value=today()).filter(lambda day: day.year >= 1000))
def test_every_date_is_read_back_from_every_form(day: object) -> None:
    iso = str(day)
    year, month, rest = iso.split("-")
    forms = [iso, iso.replace("-", ""), iso.replace("-", "/"), f"{year}年{int(month)}月{int(rest)}日"]
    assert {standardise(form).standard for form in forms} == {iso}
