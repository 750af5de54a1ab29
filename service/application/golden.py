"""Golden records as bytes: what the store keeps of `matching.survivorship`, and gives back.

Always true: decoding what was encoded gives the same golden record, and equal golden records have equal bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec

from matching.records import RecordRef
from matching.schema import EntityType
from matching.standardise.value import Mark
from matching.survivorship import Assurance, GoldenRecord, GoldenValue, Rule, SourcedValue

__all__ = ["decode_golden", "decode_winners", "encode_golden", "golden_keys"]


class _Sourced(msgspec.Struct, frozen=True, array_like=True):
    raw: str
    standard: str
    mark: Mark
    source: str
    record_id: str
    version: int
    observed_at: datetime
    received_at: datetime


class _Golden(msgspec.Struct, frozen=True, array_like=True):
    winner: _Sourced
    rule: Rule
    assurance: Assurance
    losing: tuple[_Sourced, ...]


class _Winner(msgspec.Struct, frozen=True, array_like=True):
    """The beginning of a `_Golden`; what lost is skipped."""

    winner: _Sourced
    rule: Rule
    assurance: Assurance


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(dict[str, _Golden])
_UNREAD = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])
_WINNER = msgspec.msgpack.Decoder(_Winner)


def encode_golden(golden: GoldenRecord) -> bytes:
    """A golden record with its lineage as bytes."""
    return _ENCODER.encode(
        {
            attribute: _Golden(
                _pack(value.winner), value.rule, value.assurance, tuple(_pack(losing) for losing in value.losing)
            )
            for attribute, value in golden.items()
        }
    )


def decode_golden(golden: bytes) -> dict[str, GoldenValue]:
    """What `encode_golden` encoded; empty bytes are an empty golden record."""
    if not golden:
        return {}
    return {
        attribute: GoldenValue(
            _unpack(value.winner), value.rule, value.assurance, tuple(_unpack(losing) for losing in value.losing)
        )
        for attribute, value in _DECODER.decode(golden).items()
    }


def decode_winners(golden: bytes, attributes: Collection[str]) -> dict[str, GoldenValue]:
    """As `decode_golden`, but only these attributes, and without the values that lost: what verification reads."""
    if not golden:
        return {}
    winners = {name: _WINNER.decode(raw) for name, raw in _UNREAD.decode(golden).items() if name in attributes}
    return {name: GoldenValue(_unpack(v.winner), v.rule, v.assurance, ()) for name, v in winners.items()}


def golden_keys(entity_type: EntityType, golden: Mapping[str, GoldenValue]) -> set[tuple[str, str]]:
    """(attribute, standard form) of the golden values that entities can be found by."""
    return {
        (attribute, value.winner.standard)
        for attribute, value in golden.items()
        if entity_type.attributes[attribute].lookup
    }


def _pack(value: SourcedValue) -> _Sourced:
    source, record_id = value.ref
    return _Sourced(
        value.raw, value.standard, value.mark, source, record_id, value.version, value.observed_at, value.received_at
    )


def _unpack(value: _Sourced) -> SourcedValue:
    return SourcedValue(
        raw=value.raw,
        standard=value.standard,
        mark=value.mark,
        ref=RecordRef(value.source, value.record_id),
        version=value.version,
        observed_at=value.observed_at,
        received_at=value.received_at,
    )
