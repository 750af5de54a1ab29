"""A trained model: what training found, frozen. Immutable; encoded to bytes that a store keeps and a file ships.

Always true: a model carries the digest of the configuration it was trained for, everything that a weight depends on
(m and u probabilities, the prior, term frequencies) and the warnings that training gave; equal bytes weigh equal.
"""

from __future__ import annotations

import zlib
from typing import Any

import msgspec

from matching.errors import ModelError, ModelMismatch
from matching.schema import EntityType

__all__ = ["Model", "TermFrequencies", "decode_model", "encode_model", "read_model_text", "write_model_text"]


class TermFrequencies(msgspec.Struct, frozen=True):
    """How common the values of a feature were when the model was trained (share of the records that have one).

    Only values seen at least twice are listed; every other value, the never seen included, has `floor`, the
    frequency of a value seen once.
    """

    floor: float
    shares: dict[str, float]

    def share(self, value: str) -> float:
        return self.shares.get(value, self.floor)


class Model(msgspec.Struct, frozen=True):
    """A trained, versioned configuration; `settings` is Splink's model as `linker.misc.save_model_to_json` gives it."""

    entity_type: str
    digest: str
    settings: dict[str, Any]
    term_frequencies: dict[str, TermFrequencies]
    records: int
    """How many it was trained on."""
    warnings: tuple[str, ...] = ()

    def expect_for(self, entity_type: EntityType) -> None:
        """
        Raises:
            ModelMismatch: it was trained for another configuration.
        """
        if (self.entity_type, self.digest) != (entity_type.name, entity_type.model_digest):
            raise ModelMismatch(
                f"the model was trained for {self.entity_type} configuration {self.digest}, and {entity_type.name} is "
                f"now {entity_type.model_digest}: features or comparisons changed; train again"
            )


_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(Model)


def encode_model(model: Model) -> bytes:
    """The same model gives the same bytes."""
    return zlib.compress(_ENCODER.encode(model), 9)


def decode_model(body: bytes) -> Model:
    """
    Raises:
        ModelError: the bytes are not a model.
    """
    try:
        return _DECODER.decode(zlib.decompress(body))
    except (zlib.error, msgspec.DecodeError) as error:
        raise ModelError(f"not a model: {error}") from error


def write_model_text(model: Model) -> bytes:
    """A model as JSON text that a repository can keep: one line a comparison level or term, in a fixed order."""
    return msgspec.json.format(_ENCODER.encode(model), indent=1) + b"\n"


def read_model_text(text: bytes) -> Model:
    """
    Raises:
        ModelError: the text is not a model's.
    """
    try:
        return _DECODER.decode(text)
    except msgspec.DecodeError as error:
        raise ModelError(f"not a model: {error}") from error
