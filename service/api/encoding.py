"""Bytes to requests, without ever failing.

Protobuf refuses a whole message, and gRPC with it the whole stream, where one string is not UTF-8. Here the bytes are
then read again as a twin of the message type in which every string is `bytes`, so that the fields can be named.

Always true: `RequestReader` gives a request or a `Misread` for any bytes; what was read without fault costs nothing
beyond the usual parsing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError, Message

from matching.errors import FieldViolation

__all__ = ["Misread", "RequestReader", "parted", "reader_of"]

ENCODING = "send text as UTF-8"
MALFORMED = "the bytes are no message of this RPC; use the published .proto files"
MOST_FIELDS = 100
"""Wrong fields that are named in one request."""


M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Misread(Generic[M]):
    """A request that could not be read as it was meant."""

    request: M
    """As far as it could be read: U+FFFD stands where bytes were no UTF-8; empty where nothing could be."""
    violations: tuple[FieldViolation, ...]
    """At least one; the fields are paths such as `record.values[3].value`, or `request`."""


def parted(request: M | Misread[M]) -> tuple[M, tuple[FieldViolation, ...]]:
    """A request as far as it could be read, and what could not be."""
    return (request.request, request.violations) if isinstance(request, Misread) else (request, ())


class RequestReader(Generic[M]):
    """The deserialiser of one request type."""

    def __init__(self, kind: type[M]) -> None:
        self._kind = kind

    def __call__(self, wire: bytes) -> M | Misread[M]:
        try:
            return self._kind.FromString(wire)
        except DecodeError:
            return self._misread(wire)

    @cached_property
    def _twin(self) -> type[Message]:
        return message_factory.GetMessageClass(_TWINS.FindMessageTypeByName(_add_twin(self._kind.DESCRIPTOR)))

    def _misread(self, wire: bytes) -> Misread[M]:
        try:
            twin = self._twin.FromString(wire)
            wrong = list(_repair(twin, self._kind.DESCRIPTOR, ""))[:MOST_FIELDS]
            if wrong:
                request = self._kind.FromString(twin.SerializeToString())
                return Misread(request, tuple(FieldViolation(path, "WRONG_ENCODING", ENCODING) for path in wrong))
        except DecodeError:
            pass
        return Misread(self._kind(), (FieldViolation("request", "MALFORMED", MALFORMED),))


def reader_of(method: str) -> RequestReader[Message] | None:
    """The reader of the requests of a method (`/package.Service/Method`); None where no such method is known."""
    service, _, name = method.removeprefix("/").partition("/")
    try:
        found = descriptor_pool.Default().FindServiceByName(service).methods_by_name[name]
    except KeyError:
        return None
    return RequestReader(message_factory.GetMessageClass(found.input_type))


def _repair(twin: Message, original: Any, path: str) -> Iterator[str]:
    """Makes every text of a twin UTF-8, and names those that were not; `original` is what it is the twin of."""
    for field, found in twin.ListFields():
        meant = original.fields_by_name[field.name]
        if meant.type == meant.TYPE_STRING:
            yield from _repair_text(twin, field.name, path + field.name)
        elif meant.type == meant.TYPE_MESSAGE and not meant.message_type.GetOptions().map_entry:
            if meant.is_repeated:
                for number, part in enumerate(found):
                    yield from _repair(part, meant.message_type, f"{path}{field.name}[{number}].")
            else:
                yield from _repair(found, meant.message_type, f"{path}{field.name}.")


def _repair_text(twin: Message, name: str, path: str) -> Iterator[str]:
    found: Any = getattr(twin, name)
    if isinstance(found, bytes):
        repaired = _utf8(found)
        if repaired != found:
            setattr(twin, name, repaired)
            yield path
        return
    for number, one in enumerate(found):
        repaired = _utf8(one)
        if repaired != one:
            found[number] = repaired
            yield f"{path}[{number}]"


def _utf8(text: bytes) -> bytes:
    return text.decode("utf-8", "replace").encode("utf-8")


_TWINS = DescriptorPool()
_added: set[str] = set()
_adding = threading.Lock()


def _add_twin(kind: Any) -> str:
    """Makes the twin of a message type known to the twins' pool; its name there."""
    with _adding:
        _add_twin_file(kind.file)
    return str(kind.full_name)


def _add_twin_file(file: FileDescriptor) -> None:
    if file.name in _added:
        return
    _added.add(file.name)
    for dependency in file.dependencies:
        _add_twin_file(dependency)
    twin = FileDescriptorProto()
    file.CopyToProto(twin)
    for message in twin.message_type:
        _make_bytes(message)
    _TWINS.Add(twin)


def _make_bytes(message: DescriptorProto) -> None:
    for field in message.field:
        if field.type == FieldDescriptorProto.TYPE_STRING and not message.options.map_entry:
            field.type = FieldDescriptorProto.TYPE_BYTES
    for nested in message.nested_type:
        _make_bytes(nested)
