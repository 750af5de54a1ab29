"""A department's row as the request that submits it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from yishu.v1.record_pb2 import AttributeValue, Record, RecordRef
from yishu.v1.record_service_pb2 import SubmitRecordsRequest

__all__ = ["submission_message"]


def submission_message(
    request_id: str,
    source: str,
    record_id: str,
    entity_type: str,
    columns: Iterable[tuple[str, str]],
    observed_at: datetime | None,
) -> SubmitRecordsRequest:
    """The request of a SubmitRecords stream that submits one record."""
    seen = None
    if observed_at is not None:
        seen = Timestamp()
        seen.FromDatetime(observed_at)
    record = Record(
        ref=RecordRef(source=source, record_id=record_id),
        entity_type=entity_type,
        values=[AttributeValue(attribute=column, value=value) for column, value in columns],
        observed_at=seen,
    )
    return SubmitRecordsRequest(request_id=request_id, record=record)
