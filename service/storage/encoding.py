"""How rows become bytes and integers: msgpack for what is read whole, microseconds since 1970 (UTC) for times.

Always true: decoding gives back what was encoded, but for what base.py says is not stored (the parts of a value).
Encodings are positional: a new field goes at the end and has a default in the decoder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from matching.records import FeatureRow, RecordRef, Values
from matching.standardise.value import Mark, StandardValue

__all__ = [
    "Pairs",
    "StoredValues",
    "decode_features",
    "decode_members",
    "decode_numbered",
    "decode_pairs",
    "decode_texts",
    "decode_triples",
    "decode_values",
    "encode",
    "encode_features",
    "encode_standard_values",
    "encode_values",
    "from_micros",
    "to_micros",
]

Pairs = tuple[tuple[str, str], ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EXACT = 4_000_000_000_000_000
"""Up to here (the year 2096) seconds as a float are exact to well under half a microsecond; and twice as fast."""

encode = msgspec.msgpack.Encoder().encode
decode_values = msgspec.msgpack.Decoder(dict[str, tuple[str, ...]]).decode
decode_features = msgspec.msgpack.Decoder(dict[str, str | tuple[str, ...] | None]).decode
decode_members = msgspec.msgpack.Decoder(tuple[tuple[RecordRef, int], ...]).decode
decode_numbered = msgspec.msgpack.Decoder(set[tuple[int, str]]).decode
"""Block keys: (rule, text)."""
decode_texts = msgspec.msgpack.Decoder(set[tuple[str, str]]).decode
"""Golden keys: (attribute, standard form)."""
decode_pairs = msgspec.msgpack.Decoder(Pairs).decode
decode_triples = msgspec.msgpack.Decoder(tuple[tuple[str, str, str], ...]).decode
_decode_standard = msgspec.msgpack.Decoder(dict[str, tuple[str | StandardValue, ...]]).decode


def to_micros(at: datetime) -> int:
    """Raises TypeError for a time without a zone."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    if -_EXACT < micros < _EXACT:
        return datetime.fromtimestamp(micros / 1e6, UTC)
    return _EPOCH + timedelta(microseconds=micros)


def encode_values(values: Values) -> bytes:
    return encode(dict(values))


def encode_features(features: FeatureRow) -> bytes:
    return encode(dict(features))


def encode_standard_values(values: Mapping[str, tuple[StandardValue, ...]]) -> bytes:
    """A value that standardising left as it was is only its text."""
    return encode({attribute: [_packed(value) for value in given] for attribute, given in values.items()})


def _packed(value: StandardValue) -> str | tuple[object, ...]:
    """StandardValue's own array form, cut before the parts."""
    if value.mark is Mark.VALID and value.raw == value.standard and not (value.repairs or value.reason):
        return value.raw
    return (value.raw, value.standard, value.mark, value.repairs, value.reason)


def _unpacked(stored: str | StandardValue) -> StandardValue:
    return StandardValue(stored, stored, Mark.VALID) if isinstance(stored, str) else stored


class StoredValues(Mapping[str, tuple[StandardValue, ...]]):
    """A record's standardised values, decoded when first asked for: most candidates are compared by features alone."""

    __slots__ = ("_decoded", "_encoded")

    def __init__(self, encoded: bytes) -> None:
        self._encoded = encoded
        self._decoded: dict[str, tuple[StandardValue, ...]] | None = None

    def _all(self) -> dict[str, tuple[StandardValue, ...]]:
        if self._decoded is None:
            stored = _decode_standard(self._encoded)
            self._decoded = {attribute: tuple(map(_unpacked, values)) for attribute, values in stored.items()}
        return self._decoded

    def __getitem__(self, attribute: str) -> tuple[StandardValue, ...]:
        return self._all()[attribute]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())
