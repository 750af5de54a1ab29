"""Match weights: exactly Splink's own, whatever was weighed before, and with an engine that may fail."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from itertools import combinations

import duckdb
import pytest
from splink import DuckDBAPI, Linker, block_on

from matching.errors import ConfigurationError, EngineError, ModelMismatch
from matching.feature_table import feature_schema, feature_table
from matching.model import Model
from matching.records import FeatureRow
from matching.schema import EntityType
from matching.scoring import Scorer
from tests.pupils import model_of, pupil, pupil_features, pupil_model

Pairs = Sequence[tuple[int, int]]


def generated_rows(count: int, seed: int = 7) -> list[FeatureRow]:
    """Rows with common and rare names, lists, invalid codes and gaps."""
    random_ = random.Random(seed)
    names = ["An", "Bo", "Cy", "Di", *(f"N{n}" for n in range(20))]
    rows = []
    for _ in range(count):
        values: dict[str, list[str]] = {
            "name": [random_.choice(names)],
            "code": [random_.choice(["11", "22", "33", "7", "8"])],
            "phone": random_.choices("pqrstu", k=random_.randint(1, 3)),
            "town": [random_.choice("xyz")],
        }
        rows.append(pupil_features(**{name: told for name, told in values.items() if random_.random() < 0.75}))
    return rows


def splinks_own(entity_type: EntityType, model: Model, rows: Sequence[FeatureRow]) -> dict[tuple[int, int], float]:
    """What Splink's public predict says of all pairs."""
    schema = feature_schema(entity_type, model.term_frequencies, list(entity_type.features))
    table = feature_table(schema, rows, model.term_frequencies)
    everybody = table.append_column("everybody", [["yes"] * len(rows)])
    settings = {
        **model.settings,
        "blocking_rules_to_generate_predictions": [block_on("everybody").create_blocking_rule_dict("duckdb")],
    }
    with duckdb.connect() as connection:
        connection.register("given", everybody)
        connection.execute("CREATE TABLE records AS FROM given")
        api = DuckDBAPI(connection)
        predicted = Linker(api.register("records"), settings, log_level=None).inference.predict(warning_mode="never")
        found = connection.execute(f"SELECT unique_id_l, unique_id_r, match_weight FROM {predicted.physical_name}")
        return {(left, right): weight for left, right, weight in found.fetchall()}


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(pupil(), pupil_model())


def test_weights_are_splinks_own_to_the_last_bit(scorer: Scorer) -> None:
    rows = generated_rows(120)
    pairs = list(combinations(range(len(rows)), 2))
    expected = splinks_own(pupil(), pupil_model(), rows)
    assert dict(zip(pairs, scorer.weigh(rows, pairs), strict=True)) == expected
    assert len(set(expected.values())) > 30


def test_a_pairs_weight_does_not_depend_on_what_else_is_weighed(scorer: Scorer) -> None:
    rows = generated_rows(60)
    pairs = list(combinations(range(len(rows)), 2))
    together = scorer.weigh(rows, pairs)
    for number in range(0, len(pairs), 97):
        first, second = pairs[number]
        assert scorer.weigh([rows[first], rows[second]], [(0, 1)]) == [together[number]]


def test_answers_come_in_the_order_asked_repeats_included(scorer: Scorer) -> None:
    rows = generated_rows(6)
    pairs = [(4, 5), (0, 1), (4, 5), (2, 3), (1, 0)]
    alone = [scorer.weigh(rows, [pair])[0] for pair in pairs]
    assert scorer.weigh(rows, pairs) == alone


def test_each_call_sees_its_own_records(scorer: Scorer) -> None:
    """The prepared statement reads its tables anew each time."""
    an, cy = pupil_features(name="An", town="x"), pupil_features(name="Cy", town="x")
    first, second = scorer.weigh([an, an], [(0, 1)]), scorer.weigh([an, cy], [(0, 1)])
    assert first != second
    assert scorer.weigh([an, an], [(0, 1)]) == first
    assert scorer.weigh([cy, cy, an], [(0, 1)]) > first


def test_a_rare_value_weighs_more_than_a_common_one_and_the_frequencies_are_the_models(scorer: Scorer) -> None:
    weights = [scorer.weigh([pupil_features(name=name)] * 2, [(0, 1)])[0] for name in ("An", "Bo", "Cy", "Never")]
    assert weights[0] < weights[1] < weights[2] == weights[3]


def test_nothing_to_weigh_is_no_work(scorer: Scorer) -> None:
    assert scorer.weigh([], []) == []
    assert scorer.explain([], []) == []


def test_the_parts_of_an_explanation_add_up_to_the_weight(scorer: Scorer) -> None:
    rows = generated_rows(40, seed=3)
    pairs = list(combinations(range(len(rows)), 2))
    weights = scorer.weigh(rows, pairs)
    prior = set()
    for weight, explained in zip(weights, scorer.explain(rows, pairs), strict=True):
        assert explained.weight == weight
        parts = sum(part.weight + part.term_frequency_weight for part in explained.comparisons)
        assert explained.prior_weight + parts == pytest.approx(weight, abs=1e-9)
        prior.add(round(explained.prior_weight, 9))
    assert len(prior) == 1


def test_an_explanation_names_the_level_that_each_comparison_reached(scorer: Scorer) -> None:
    one = pupil_features(name="An", code="7", phone=["p", "q"])
    other = pupil_features(name="An", code="11", phone="q", town="x")
    (explained,) = scorer.explain([one, other], [(0, 1)])
    labels = {part.comparison: part.label for part in explained.comparisons}
    assert labels == {"name": "same", "code": "one is invalid", "phones": "shared", "town": "missing"}
    missing = next(part for part in explained.comparisons if part.comparison == "town")
    assert (missing.level, missing.weight, missing.term_frequency_weight) == (-1, 0.0, 0.0)


def test_an_engine_that_fails_is_replaced_and_the_answer_comes(scorer: Scorer) -> None:
    rows = [pupil_features(name="An"), pupil_features(name="An")]
    expected = scorer.weigh(rows, [(0, 1)])
    assert scorer._engine is not None
    scorer._engine._connection.close()
    assert scorer.weigh(rows, [(0, 1)]) == expected
    assert scorer.weigh(rows, [(0, 1)]) == expected


def test_an_engine_that_fails_twice_is_an_error_and_the_next_call_starts_afresh(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scorer = Scorer(pupil(), pupil_model())
    rows = [pupil_features(name="An"), pupil_features(name="An")]
    with monkeypatch.context() as patched:

        def fails(*_: object) -> None:
            raise duckdb.FatalException("the database has been invalidated because of 110101199001011234")

        patched.setattr("matching.scoring._Engine.weigh", fails)
        with pytest.raises(EngineError, match="failed twice: FatalException") as failed:
            scorer.weigh(rows, [(0, 1)])
    assert "1101" not in str(failed.value)
    assert len(scorer.weigh(rows, [(0, 1)])) == 1


def test_threads_take_turns_and_none_gets_anothers_answer(scorer: Scorer) -> None:
    rows = generated_rows(30, seed=11)
    pairs = list(combinations(range(len(rows)), 2))
    expected = dict(zip(pairs, scorer.weigh(rows, pairs), strict=True))
    wrong: list[object] = []

    def weigh(portion: Pairs) -> None:
        for _ in range(5):
            if scorer.weigh(rows, portion) != [expected[pair] for pair in portion]:
                wrong.append(portion)

    threads = [threading.Thread(target=weigh, args=(pairs[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_model_of_another_configuration_is_refused() -> None:
    other = EntityType.model_validate({**pupil().model_dump(by_alias=True), "name": "teacher"})
    with pytest.raises(ModelMismatch, match="trained for pupil configuration"):
        Scorer(other, pupil_model())


def said_as(name: str, **level: str) -> EntityType:
    """A type with one feature of this name."""
    return EntityType.model_validate(
        {
            "name": "word",
            "attributes": {"said": {"semantic": "text"}},
            "features": {name: {"from": ["said.standard"]}},
            "blocking": [{"features": [name]}],
            "comparisons": [
                {
                    "name": name,
                    "levels": [
                        {"sql": f'"{name}_l" = "{name}_r"', "m": 0.9, "u": 0.1, **level},
                        {"sql": "ELSE", "m": 0.1, "u": 0.9},
                    ],
                }
            ],
        }
    )


@pytest.mark.parametrize("name", ["order", "select", "left", "record", "group", "desc"])
def test_a_feature_may_have_a_word_of_sql_for_its_name(name: str) -> None:
    entity_type = said_as(name)
    made = model_of(entity_type)
    model = Model(made.entity_type, made.digest, made.settings, {}, 0)
    rows: list[FeatureRow] = [{name: "a"}, {name: "a"}, {name: "b"}]
    pairs = [(0, 1), (0, 2), (1, 2)]
    weights = Scorer(entity_type, model).weigh(rows, pairs)
    assert dict(zip(pairs, weights, strict=True)) == splinks_own(entity_type, model, rows)


def test_frequencies_of_a_word_of_sql_which_splink_cannot_count_are_refused_with_the_configuration() -> None:
    assert model_of(said_as("key", term_frequency="key")).entity_type == "word"
    with pytest.raises(ConfigurationError, match=r"comparisons\.order\.levels\.0: .* no word of SQL: order"):
        model_of(said_as("order", term_frequency="order"))
