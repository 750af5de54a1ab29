"""What a type's file may say, and what is said of a wrong one: its path, the line or key, and what was expected."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from matching.errors import ConfigurationError
from matching.schema import EntityType, load_entity_type
from matching.training import untrained_settings
from tests.pupils import PUPIL_TOML

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


def changed(old: str, new: str) -> str:
    assert old in PUPIL_TOML
    return PUPIL_TOML.replace(old, new, 1)


def loaded(folder: Path, text: str | bytes) -> EntityType:
    path = folder / "pupil.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_entity_type(path)


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(ConfigurationError) as refused:
        loaded(folder, text)
    message = str(refused.value)
    assert message.startswith(str(folder / "pupil.toml") + ": ")
    return message


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("**/types/*.toml")), ids=lambda path: path.stem)
def test_the_types_shipped_can_be_loaded_and_their_comparisons_built(path: Path) -> None:
    entity_type = load_entity_type(path)
    if entity_type.match == "model":
        assert len(untrained_settings(entity_type)["comparisons"]) == len(entity_type.comparisons)


def test_a_file_that_is_not_there_is_refused_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.toml: cannot be read: No such file"):
        load_entity_type(tmp_path / "none.toml")


def test_a_folder_is_refused_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        load_entity_type(tmp_path)


def test_a_file_that_is_not_utf8_is_refused_with_the_byte(tmp_path: Path) -> None:
    assert "is not UTF-8 at byte 9" in refusal(tmp_path, b'title = "\xff"')


def test_a_file_that_is_not_toml_is_refused_with_the_line(tmp_path: Path) -> None:
    message = refusal(tmp_path, changed("match = 2.0", "match = = 2.0"))
    line = PUPIL_TOML[: PUPIL_TOML.index("match = 2.0")].count("\n") + 1
    assert "is not TOML" in message
    assert f"line {line}" in message


def test_the_name_must_be_the_files(tmp_path: Path) -> None:
    message = refusal(tmp_path, changed('name = "pupil"', 'name = "puple"'))
    assert "name: expected 'pupil', the file's name, got 'puple'" in message


WRONG = {
    "a key that there is not": ('[thresholds]', '[threshold]', "threshold: Extra inputs are not permitted"),
    "a key of an attribute": ("max_length = 40", "max_lenght = 40", "attributes.name.max_lenght"),
    "a word for a number": ("cap = 4", 'cap = "many"', "blocking.0.cap: Input should be a valid integer"),
    "a cap that lets no pair be": ("cap = 4", "cap = 1", "blocking.0.cap: Input should be greater than or equal to 2"),
    "no features in a rule": ('features = ["code"]', "features = []", "blocking.0.features"),
    "a name that is no name": ("[attributes]\nname =", "[attributes]\nName = { semantic = 'text' }\nname =", "Name"),
    "an unknown semantic type": ('name = { semantic = "text"', 'name = { semantic = "txt"', "one of ['address'"),
    "an unknown option": ("{ length = 2 }", "{ lenght = 2 }", "unknown option 'lenght'; its options are length"),
    "a wrong option": ("{ length = 2 }", '{ length = "2" }', "must be a whole number"),
    "a feature of no attribute": ("name.folded", "nme.folded", "features.name.from: no attribute 'nme'"),
    "a feature of no part": ("name.folded", "name.fold", "a part of name: ['folded', 'standard']"),
    "a feature from nothing": ('from = ["name.folded"]', "from = []", "features.name.from"),
    "a feature with the engine's name": ("[features]", '[features]\nunique_id = { from = ["town.standard"] }', "other"),
    "a feature with a frequency's name": ("[features]", '[features]\ntf_name = { from = ["town.standard"] }', "other"),
    "a feature with a key's name": ("[features]", '[features]\nkey_0 = { from = ["town.standard"] }', "other"),
    "an identifier that is no feature": ('identifiers = ["code"]', 'identifiers = ["cod"]', "identifiers: no feature"),
    "an identifier that is a list": ('identifiers = ["code"]', 'identifiers = ["phones"]', "and ['phones'] are lists"),
    "an identifier that may be invalid": ('identifiers = ["code"]', 'identifiers = ["code_text"]', "usable = true"),
    "blocking on no feature": ('features = ["name", "town"]', 'features = ["name", "twn"]', "blocking.1.features"),
    "a level in two ways": ("levels = [\n  {", 'levels = [\n  { use = "NullLevel",', "either `use`"),
    "a level in no way": ('{ sql = "ELSE", label', "{ label", "comparisons.0.levels.2: expected either `use`"),
    "a comparison in two ways": ("levels = [\n", 'use = "ExactMatch"\nlevels = [\n', "comparisons.0: expected either"),
    "two comparisons of one name": ('name = "town"\nlevels', 'name = "name"\nlevels', "['name'] come more often"),
    "frequencies of no feature": ('term_frequency = "name"', 'term_frequency = "nme"', "1.term_frequency: no feature"),
    "frequencies of a list": ('term_frequency = "name"', 'term_frequency = "phones"', "1.term_frequency: expected"),
    "frequencies in the wrong place": ("levels = [\n", "term_frequency = true\nlevels = [\n", "belongs to a level"),
    "a probability of one": ("m = 0.9, u = 0.2", "m = 1.0, u = 0.2", "levels.1.m: Input should be less than 1"),
    "review above match": ("review = -1.0", "review = 3.0", "review: expected at most match (2.0), got 3.0"),
    "a threshold that is no number": ("match = 2.0", "match = nan", "match: Input should be a finite number"),
    "an endless threshold": ("review = -1.0", "review = -inf", "thresholds.review: Input should be a finite number"),
    "no blocking": ("[[blocking]]", "[[blockin]]", "blockin"),
    "exact on nothing": ('name = "pupil"', 'name = "pupil"\nmatch = "exact"', "exact_on: expected the features"),
    "a way of matching that there is not": ('name = "pupil"', 'name = "pupil"\nmatch = "fuzzy"', "'model' or 'exact'"),
    "a relation from no attribute": (
        "[thresholds]",
        '[[relations]]\nname = "of"\ncode = "x"\nby_name = "name"\n'
        'targets = [{ type = "pupil", code = "code", name = "name" }]\n[thresholds]',
        "relations.of: no attribute ['x']",
    ),
    "a status of no attribute": ("[thresholds]", '[status]\nattribute = "x"\n[thresholds]', "no attribute ['x']"),
    "training on no feature": ("[thresholds]", '[training]\nem = [["x"]]\n[thresholds]', "training: no feature ['x']"),
    "training on a list": ("[thresholds]", '[training]\nem = [["phones"]]\n[thresholds]', "and ['phones'] are lists"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_is_refused_by_key_and_what_was_expected(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert expected in refusal(tmp_path, changed(old, new))


def test_a_type_without_blocking_or_comparisons_is_refused(tmp_path: Path) -> None:
    bare = 'name = "pupil"\n[attributes]\nname = { semantic = "text" }\n[features]\nname = { from = ["name.standard"] }'
    assert "at least one [[blocking]] and one [[comparisons]]" in refusal(tmp_path, bare)


WRONG_CONDITIONS = {
    "of no feature": ('"town_l" = "town_r"', '"twn_l" = "twn_r"', "twn_l"),
    "of a side that there is not": ('"town_l" = "town_r"', '"town" = "town_r"', "town"),
    "of no function": ('"town_l" = "town_r"', 'alike("town_l", "town_r")', "alike"),
    "of the wrong type": ('"town_l" = "town_r"', '"phones_l" > 1', "compare values of type"),
}


@pytest.mark.parametrize(("old", "new", "expected"), WRONG_CONDITIONS.values(), ids=WRONG_CONDITIONS.keys())
def test_a_condition_that_the_engine_cannot_work_out_is_refused_by_its_level(old: str, new: str, expected: str) -> None:
    entity_type = EntityType.model_validate(tomllib.loads(changed(old, new)))
    with pytest.raises(ConfigurationError, match=rf"pupil: comparisons\.town\.levels\.1: expected.*{expected}"):
        untrained_settings(entity_type)


def with_comparison(text: str) -> EntityType:
    return EntityType.model_validate(tomllib.loads(f'{PUPIL_TOML}\n[[comparisons]]\nname = "extra"\n{text}'))


WRONG_COMPARISONS = {
    "no SQL": ('levels = [{ sql = "\\"town_l\\" =" }]', "comparisons"),
    "not in the library": ('use = "ExactMtch"', r"comparisons\.extra\.use: no 'ExactMtch'.*expected one of"),
    "arguments it does not take": ('use = "ExactMatch"\nargs = { x = 1 }', r"comparisons\.extra\.args: ExactMatch"),
    "of no feature": ('use = "ExactMatch"\nargs = { col_name = "twn" }', r"comparisons\.extra\.levels\.0"),
    "a level not in the library": ('levels = [{ use = "Nul" }]', r"comparisons\.extra\.levels\.0\.use: no 'Nul'"),
}


@pytest.mark.parametrize(("text", "expected"), WRONG_COMPARISONS.values(), ids=WRONG_COMPARISONS.keys())
def test_a_comparison_that_splink_cannot_build_is_refused_by_its_name(text: str, expected: str) -> None:
    with pytest.raises(ConfigurationError, match=expected):
        untrained_settings(with_comparison(text))


DIGEST_CHANGES = {
    "a semantic option": ("{ length = 2 }", "{ length = 3 }"),
    "a feature's sources": ("name.folded", "name.standard"),
    "a feature's validity": ('["town.standard"] }', '["town.standard"], usable = true }'),
    "a condition": ('"town_l" = "town_r"', 'lower("town_l") = lower("town_r")'),
    "a fixed probability": ("m = 0.9, u = 0.2", "m = 0.8, u = 0.2"),
}


@pytest.mark.parametrize(("old", "new"), DIGEST_CHANGES.values(), ids=DIGEST_CHANGES.keys())
def test_the_digest_changes_with_what_features_and_models_depend_on(tmp_path: Path, old: str, new: str) -> None:
    assert loaded(tmp_path, changed(old, new)).model_digest != loaded(tmp_path, PUPIL_TOML).model_digest


DIGEST_STAYS = {
    "a cap": ("cap = 4", "cap = 6"),
    "a rule": ('features = ["name", "town"]', 'features = ["name"]'),
    "a comment": ("[thresholds]", "# as agreed\n[thresholds]"),
    "a title": ('name = "pupil"', 'name = "pupil"\ntitle = "学生"'),
    "a threshold": ("match = 2.0", "match = 3.0"),
    "authorities": ('authorities = ["registry"]', 'authorities = ["school"]'),
    "lengths": ("max_length = 40", "max_length = 50"),
}


@pytest.mark.parametrize(("old", "new"), DIGEST_STAYS.values(), ids=DIGEST_STAYS.keys())
def test_the_digest_does_not_change_with_what_needs_no_new_model(tmp_path: Path, old: str, new: str) -> None:
    assert loaded(tmp_path, changed(old, new)).model_digest == loaded(tmp_path, PUPIL_TOML).model_digest


def test_an_attributes_own_authorities_come_before_the_types(tmp_path: Path) -> None:
    entity_type = loaded(tmp_path, PUPIL_TOML)
    assert entity_type.authorities_of("phone") == ("clinic", "registry")
    assert entity_type.authorities_of("town") == ("registry",)


OUTCOME_CHANGES = {
    "a cap": ("cap = 4", "cap = 6"),
    "a rule": ('features = ["name", "town"]', 'features = ["name"]'),
    **DIGEST_CHANGES,
    "a threshold": ("match = 2.0", "match = 3.0"),
    "the review threshold": ("review = -1.0", "review = -2.0"),
    "identifiers": ('identifiers = ["code"]', "identifiers = []"),
    "authorities": ('authorities = ["registry"]', 'authorities = ["school"]'),
    "an attribute's authorities": ('authorities = ["clinic", "registry"]', 'authorities = ["registry", "clinic"]'),
    "what entities are found by": ("lookup = true, max_length = 40", "max_length = 40"),
}


@pytest.mark.parametrize(("old", "new"), OUTCOME_CHANGES.values(), ids=OUTCOME_CHANGES.keys())
def test_the_outcome_digest_changes_with_what_stored_entities_depend_on(tmp_path: Path, old: str, new: str) -> None:
    assert loaded(tmp_path, changed(old, new)).outcome_digest != loaded(tmp_path, PUPIL_TOML).outcome_digest


def test_the_outcome_digest_does_not_change_with_words_and_limits(tmp_path: Path) -> None:
    before = loaded(tmp_path, PUPIL_TOML).outcome_digest
    assert loaded(tmp_path, changed("max_length = 40", "max_length = 50")).outcome_digest == before
    assert loaded(tmp_path, changed('name = "pupil"', 'name = "pupil"\ntitle = "学生"')).outcome_digest == before
