"""Training without labels: every level gets its probabilities, the same ones each time, and what is missing is said."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Mapping
from typing import Any

import pytest

from matching.errors import NotTrainable
from matching.model import Model, encode_model
from matching.records import FeatureRow
from matching.schema import EntityType
from matching.scoring import Scorer
from matching.training import LEAST_M, LEAST_RECORDS, train
from tests.pupils import PUPIL_TOML, pupil_features

UNTRAINED = re.sub(r", m = [0-9.]+, u = [0-9.]+", "", PUPIL_TOML)
RULES = 'deterministic = [["code"]]\nem = [["code"], ["name", "town"]]\nmax_pairs = 1e5\n'


def trainable(training: str = RULES, text: str = UNTRAINED) -> EntityType:
    return EntityType.model_validate(tomllib.loads(f"{text}\n[training]\n{training}"))


def told_twice(people: int, seed: int = 1) -> list[FeatureRow]:
    """People whom two sources know, with gaps and moves; the names of some are common."""
    random_ = random.Random(seed)
    rows = []
    for _ in range(people):
        person = {
            "name": random_.choice(["An", "Bo", *(f"N{n}" for n in range(40))]),
            "code": f"{random_.randrange(100):02}",
            "phone": f"p{random_.randrange(60)}",
            "town": random_.choice("xyz"),
        }
        for _ in range(2):
            told = {name: value for name, value in person.items() if random_.random() < 0.9}
            if random_.random() < 0.15:
                told["town"] = random_.choice("xyz")
            rows.append(pupil_features(**told))
    return rows


def levels(model: Model) -> dict[str, list[Mapping[str, Any]]]:
    """Each comparison's levels but the null one."""
    return {
        found["output_column_name"]: [level for level in found["comparison_levels"] if not level.get("is_null_level")]
        for found in model.settings["comparisons"]
    }


@pytest.fixture(scope="module")
def rows() -> list[FeatureRow]:
    return told_twice(200)


@pytest.fixture(scope="module")
def model(rows: list[FeatureRow]) -> Model:
    return train(trainable(), rows)


def test_every_level_has_an_m_and_a_u_probability(model: Model) -> None:
    assert list(levels(model)) == ["name", "code", "phones", "town"]
    for found in levels(model).values():
        assert all(0 < level[key] <= 1 for level in found for key in ("m_probability", "u_probability"))
    assert 0 < model.settings["probability_two_random_records_match"] < 1


def test_what_agrees_speaks_for_a_match_and_what_does_not_against_it(model: Model) -> None:
    for name, found in levels(model).items():
        assert found[0]["m_probability"] > found[0]["u_probability"], name
        assert found[-1]["m_probability"] < found[-1]["u_probability"], name


def test_the_same_rows_train_the_same_model_to_the_last_bit(model: Model, rows: list[FeatureRow]) -> None:
    assert encode_model(train(trainable(), rows)) == encode_model(model)


def test_a_level_that_no_pair_reached_has_its_documented_default_and_a_warning(model: Model) -> None:
    same, invalid, _ = levels(model)["code"]
    assert invalid["m_probability"] == pytest.approx(same["m_probability"] / 2)
    assert invalid["u_probability"] == pytest.approx(0.5 / (400 * 399 / 2))
    of_level = [warning for warning in model.warnings if "'one is invalid'" in warning]
    assert [re.search(r"its (\w) probability", warning)[1] for warning in of_level] == ["m", "u"]  # type: ignore[index]


def test_a_trained_model_weighs(model: Model) -> None:
    one, same, other = (
        pupil_features(name="N1", code="11", town="x", phone="p1"),
        pupil_features(name="N1", code="11", town="x", phone="p1"),
        pupil_features(name="N2", code="12", town="y", phone="p2"),
    )
    alike, unlike = Scorer(trainable(), model).weigh([one, same, other], [(0, 1), (0, 2)])
    assert alike > 5 > -5 > unlike


def test_term_frequencies_are_shares_of_the_records_that_have_a_value_and_rare_ones_have_the_floor() -> None:
    rows = [pupil_features(name="An", code="11")] * 60 + [pupil_features(name="Bo", code="22")] * 38
    rows += [pupil_features(name="Cy"), pupil_features(name="Di"), *[pupil_features(town="x")] * 50]
    frequencies = train(trainable(), rows).term_frequencies
    assert list(frequencies) == ["name"]
    assert frequencies["name"].shares == {"an": 0.6, "bo": 0.38}
    assert frequencies["name"].share("cy") == frequencies["name"].share("never seen") == 0.01


def test_too_few_records_are_refused_with_how_many_it_takes(rows: list[FeatureRow]) -> None:
    with pytest.raises(NotTrainable, match="needs at least 100 records, and there are 99"):
        train(trainable(), rows[: LEAST_RECORDS - 1])


def test_rules_that_reach_no_pair_are_refused_not_made_up() -> None:
    strangers = [pupil_features(name=f"n{number}", town=f"t{number}", phone=f"p{number}") for number in range(120)]
    with pytest.raises(NotTrainable, match=r"no rule of training\.em reaches a pair"):
        train(trainable(), strangers)


def test_a_rule_that_reaches_no_pair_costs_the_model_no_comparison_and_is_said(rows: list[FeatureRow]) -> None:
    """Splink's own linker is left without the comparisons of a session that failed."""
    nameless = [{**row, "name": None} for row in rows]
    model = train(trainable(), nameless)
    assert list(levels(model)) == ["name", "code", "phones", "town"]
    assert any(warning.startswith("the EM session blocked on name, town gave nothing") for warning in model.warnings)
    assert levels(model)["phones"][0]["m_probability"] > levels(model)["phones"][0]["u_probability"]
    Scorer(trainable(), model).weigh(nameless[:2], [(0, 1)])


def test_deterministic_rules_that_reach_no_pair_leave_the_default_prior_and_a_warning(rows: list[FeatureRow]) -> None:
    codeless = [{**row, "code": None} for row in rows]
    entity_type = trainable('deterministic = [["code"]]\nem = [["name", "town"]]\nmax_pairs = 1e5\n')
    model = train(entity_type, codeless)
    assert model.settings["probability_two_random_records_match"] == 0.0001
    assert any("the prior is the default" in warning for warning in model.warnings)
    Scorer(entity_type, model).weigh(codeless[:2], [(0, 1)])


def test_a_configured_probability_is_kept_however_small(rows: list[FeatureRow]) -> None:
    assert LEAST_M > 0.0001
    old = '{ sql = "ELSE", label = "other" },\n]\n\n[[comparisons]]\nname = "code"'
    text = UNTRAINED.replace(old, old.replace('"other" }', '"other", m = 0.0001, u = 0.5 }'))
    assert text != UNTRAINED
    last = levels(train(trainable(text=text), rows))["name"][-1]
    assert (last["m_probability"], last["u_probability"]) == (0.0001, 0.5)


def test_nobody_who_says_anything_is_refused() -> None:
    with pytest.raises(NotTrainable):
        train(trainable(), [pupil_features()] * 150)
