"""What goes between a receiver and the resolver: frames of messages, over a socket pair of one machine.

Always true: a frame is four bytes of length and that many bytes of msgpack; both ends run the same code, because the
resolver starts the receivers.
"""

from __future__ import annotations

import socket
import struct

import msgspec

from matching.errors import EngineError
from service.application.answers import Accepted, Answer, Checked, Rejected
from service.application.submissions import AcceptedSubmission, Submission, Withdrawal
from service.application.versions import Outcome
from service.errors import ServiceError, StoreUnavailable

__all__ = ["Forwarded", "Returned", "decode_forwarded", "decode_returned", "encode", "read_frame", "send_frame"]


class Forwarded(msgspec.Struct, frozen=True, array_like=True):
    """A checked item on its way to the resolver; `number` is the receiver's own."""

    number: int
    submission: Submission | None = None
    withdrawal: Withdrawal | None = None
    accepted: AcceptedSubmission | None = None
    rejected: Rejected | None = None

    @classmethod
    def of(cls, number: int, checked: Checked) -> Forwarded:
        item, found = checked
        return cls(
            number=number,
            submission=item if isinstance(item, Submission) else None,
            withdrawal=item if isinstance(item, Withdrawal) else None,
            accepted=found if isinstance(found, AcceptedSubmission) else None,
            rejected=found if isinstance(found, Rejected) else None,
        )

    @property
    def checked(self) -> Checked:
        item = self.submission or self.withdrawal
        found = self.accepted or self.rejected or self.withdrawal
        assert item is not None
        assert found is not None
        return Checked(item, found)


class Returned(msgspec.Struct, frozen=True, array_like=True):
    """An answer on its way back: accepted where it has an outcome, else rejected, else a failure in words."""

    number: int
    version: int = 0
    outcome: Outcome | None = None
    entity_id: str = ""
    rejected: Rejected | None = None
    failure: str = ""
    words: str = ""

    @classmethod
    def of(cls, number: int, answer: Answer) -> Returned:
        if isinstance(answer, Rejected):
            return cls(number, rejected=answer)
        return cls(number, answer.version, answer.outcome, answer.entity_id)

    @classmethod
    def failed(cls, number: int, error: BaseException) -> Returned:
        """The message goes along where it is one of ours, which hold no personal value."""
        return cls(number, failure=type(error).__name__, words=str(error) if isinstance(error, ServiceError) else "")

    def answer(self, checked: Checked) -> Answer:
        """The answer to what was checked.

        Raises:
            What the resolver failed with.
        """
        if self.rejected is not None:
            return self.rejected
        if self.outcome is None:
            raise _FAILURES.get(self.failure, ServiceError)(self.words or "the resolver could not resolve it")
        item, found = checked
        standard = found.standard if isinstance(found, AcceptedSubmission) else {}
        ref = found.ref if isinstance(found, AcceptedSubmission | Withdrawal) else None
        assert ref is not None
        return Accepted(item.request_id, ref, self.version, self.outcome, self.entity_id, standard)


_FAILURES: dict[str, type[Exception]] = {"StoreUnavailable": StoreUnavailable, "EngineError": EngineError}
_HEAD = struct.Struct("!I")
_encoder = msgspec.msgpack.Encoder()
encode = _encoder.encode
decode_forwarded = msgspec.msgpack.Decoder(list[Forwarded]).decode
decode_returned = msgspec.msgpack.Decoder(list[Returned]).decode


def send_frame(end: socket.socket, body: bytes) -> None:
    """
    Raises:
        OSError: the other end is gone.
    """
    end.sendall(_HEAD.pack(len(body)) + body)


def read_frame(end: socket.socket) -> bytes:
    """The next frame; empty when the other end is gone."""
    head = _read_exactly(end, _HEAD.size)
    return _read_exactly(end, _HEAD.unpack(head)[0]) if head else b""


def _read_exactly(end: socket.socket, size: int) -> bytes:
    parts, missing = [], size
    while missing:
        try:
            part = end.recv(min(missing, 1 << 20))
        except OSError:
            return b""
        if not part:
            return b""
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
