"""Models as bytes and text, and the configuration that they belong to."""

from __future__ import annotations

import zlib

import pytest

from matching.errors import ModelError, ModelMismatch
from matching.model import TermFrequencies, decode_model, encode_model, read_model_text, write_model_text
from matching.schema import EntityType
from matching.scoring import Scorer
from tests.pupils import pupil, pupil_features, pupil_model


def test_decoding_gives_back_the_model_and_the_same_model_the_same_bytes() -> None:
    body = encode_model(pupil_model())
    assert decode_model(body) == pupil_model()
    assert encode_model(decode_model(body)) == body


def test_text_gives_back_the_model_and_the_same_model_the_same_text() -> None:
    text = write_model_text(pupil_model())
    assert read_model_text(text) == pupil_model()
    assert write_model_text(read_model_text(text)) == text
    assert text.endswith(b"}\n")


def test_a_decoded_model_weighs_as_the_model_did() -> None:
    rows = [pupil_features(name="An", phone=["p", "q"]), pupil_features(name="An", code="11", phone="q")]
    mine = Scorer(pupil(), pupil_model()).weigh(rows, [(0, 1)])
    assert Scorer(pupil(), decode_model(encode_model(pupil_model()))).weigh(rows, [(0, 1)]) == mine
    assert Scorer(pupil(), read_model_text(write_model_text(pupil_model()))).weigh(rows, [(0, 1)]) == mine


@pytest.mark.parametrize("body", [b"", b"model", zlib.compress(b"model"), zlib.compress(b"{}"), zlib.compress(b"\xff")])
def test_bytes_that_are_no_model_are_refused(body: bytes) -> None:
    with pytest.raises(ModelError, match="not a model"):
        decode_model(body)


def test_half_a_model_is_refused() -> None:
    body = encode_model(pupil_model())
    with pytest.raises(ModelError, match="not a model"):
        decode_model(body[: len(body) // 2])


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"entity_type": 1}', b"\xff"])
def test_text_that_is_no_model_is_refused(text: bytes) -> None:
    with pytest.raises(ModelError, match="not a model"):
        read_model_text(text)


def test_a_model_is_for_its_own_type_under_its_own_configuration_only() -> None:
    pupil_model().expect_for(pupil())
    tables = pupil().model_dump(by_alias=True)
    for changed in ({**tables, "name": "teacher"}, {**tables, "comparisons": tables["comparisons"][1:]}):
        with pytest.raises(ModelMismatch, match="features or comparisons changed; train again"):
            pupil_model().expect_for(EntityType.model_validate(changed))


def test_what_is_not_listed_is_as_common_as_what_was_seen_once() -> None:
    frequencies = TermFrequencies(floor=0.01, shares={"an": 0.5})
    assert (frequencies.share("an"), frequencies.share("bo")) == (0.5, 0.01)
