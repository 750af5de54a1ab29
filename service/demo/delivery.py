"""Every department's records, submitted over gRPC streams, and what was answered.

Always true: each record has exactly one answer in the `Delivery`; what was refused is there with the reasons.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from service.city import Key, Submission
from service.client import YishuClient
from service.client.submissions import submission_message
from yishu.v1.record_pb2 import Mark
from yishu.v1.record_service_pb2 import Accepted, Rejected, SubmitRecordsRequest

__all__ = ["Delivery", "Tally", "deliver"]


@dataclass(slots=True)
class Tally:
    """What became of one department's records of one type."""

    sent: int = 0
    accepted: int = 0
    refused: int = 0
    repaired: int = 0
    """Accepted with at least one value that was put into standard form."""
    invalid: int = 0
    """Accepted with at least one value that is kept as text and trusted for nothing."""


@dataclass(slots=True)
class Delivery:
    """What was sent, and what was answered."""

    seconds: float = 0.0
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    """(entity type, source) to its tally."""
    accepted: dict[Key, str] = field(default_factory=dict)
    """Record to the entity that it belonged to when it was answered; later records may have moved it."""
    refused: dict[Key, Rejected] = field(default_factory=dict)

    @property
    def sent(self) -> int:
        """Records sent and answered."""
        return len(self.accepted) + len(self.refused)

    def accept(self, key: Key, answer: Accepted) -> None:
        self.accepted[key] = answer.entity_id
        tally = self._tally(key)
        tally.accepted += 1
        marks = Counter(finding.mark for finding in answer.findings)
        tally.repaired += marks[Mark.MARK_REPAIRED] > 0
        tally.invalid += marks[Mark.MARK_INVALID] > 0

    def refuse(self, key: Key, answer: Rejected) -> None:
        self.refused[key] = answer
        self._tally(key).refused += 1

    def _tally(self, key: Key) -> Tally:
        tally = self.tallies.setdefault(key[:2], Tally())
        tally.sent += 1
        return tally


def deliver(client: YishuClient, submissions: Sequence[Submission], told: Callable[[int], object]) -> Delivery:
    """Submits all records on one stream; `told` hears after each answer how many there are.

    Raises:
        YishuError: the stream ended early.
    """
    delivery = Delivery()
    started = time.perf_counter()
    for number, answer in enumerate(client.submit_stream(_requests(submissions)), 1):
        sent = submissions[int(answer.request_id)]
        key = (sent.entity_type, sent.source, sent.record_id)
        if answer.WhichOneof("result") == "accepted":
            delivery.accept(key, answer.accepted)
        else:
            delivery.refuse(key, answer.rejected)
        told(number)
    delivery.seconds = time.perf_counter() - started
    return delivery


def _requests(submissions: Sequence[Submission]) -> Iterator[SubmitRecordsRequest]:
    for number, sent in enumerate(submissions):
        yield submission_message(
            str(number), sent.source, sent.record_id, sent.entity_type, sent.values, sent.observed_at
        )
