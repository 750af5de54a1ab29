"""Golden records as bytes: what the store keeps of `matching.survivorship`, and gives back.

Always true: decoding what was encoded gives the same golden record, and equal golden records have equal bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from matching.schema import EntityType
from matching.survivorship import Assurance, GoldenRecord, GoldenValue, Rule, SourcedValue

__all__ = ["decode_golden", "decode_winners", "encode_golden", "golden_keys"]


class _Winner(msgspec.Struct, frozen=True, array_like=True):
    """The beginning of a `GoldenValue`: the values that lost, which follow, are skipped unread."""

    winner: SourcedValue
    rule: Rule
    assurance: Assurance


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(dict[str, GoldenValue])
_UNREAD = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])
_WINNER = msgspec.msgpack.Decoder(_Winner)


def encode_golden(golden: GoldenRecord) -> bytes:
    """A golden record with its lineage as bytes."""
    return _ENCODER.encode(golden)


def decode_golden(golden: bytes) -> dict[str, GoldenValue]:
    """What `encode_golden` encoded; empty bytes are an empty golden record."""
    return _DECODER.decode(golden) if golden else {}


def decode_winners(golden: bytes, attributes: Collection[str]) -> dict[str, GoldenValue]:
    """As `decode_golden`, but only these attributes, and without the values that lost: what verification reads."""
    if not golden:
        return {}
    winners = {name: _WINNER.decode(raw) for name, raw in _UNREAD.decode(golden).items() if name in attributes}
    return {name: GoldenValue(value.winner, value.rule, value.assurance, ()) for name, value in winners.items()}


def golden_keys(entity_type: EntityType, golden: Mapping[str, GoldenValue]) -> set[tuple[str, str]]:
    """(attribute, standard form) of the golden values that entities can be found by."""
    return {
        (attribute, value.winner.standard)
        for attribute, value in golden.items()
        if entity_type.attributes[attribute].lookup
    }
