"""Records as they are read back, and the quarantine."""

from __future__ import annotations

from service.api.convert.requests import LARGEST_PAGE, page, timestamp
from service.api.convert.submissions import MARKS, ref_message
from service.application.record_reader import QuarantinePage, RecordView
from service.storage.base import QuarantineRow
from yishu.v1 import record_pb2 as records
from yishu.v1 import record_service_pb2 as wire

__all__ = ["quarantine_message", "record_message"]

LONGEST_VALUE = 10_000
"""Characters of a value that the quarantine keeps."""
SHORTENED_VALUE = 100
"""Characters of a value, in a quarantined record that is too large to be shown whole."""


def record_message(view: RecordView) -> wire.GetRecordResponse:
    return wire.GetRecordResponse(
        ref=ref_message(view.ref),
        entity_type=view.entity_type,
        version=view.version,
        latest_version=view.latest_version,
        withdrawn=view.withdrawn,
        values=[
            wire.RecordValue(
                attribute=attribute,
                raw=value.raw,
                standard=value.standard,
                mark=MARKS[value.mark],
                repairs=value.repairs,
                reason=value.reason,
            )
            for attribute, values in view.values.items()
            for value in values
        ],
        observed_at=timestamp(view.observed_at),
        received_at=timestamp(view.received_at),
        entity_id=view.entity_id,
    )


def quarantine_message(rows: QuarantinePage, size: int) -> wire.ListQuarantineResponse:
    """The first `size` of the rows, or as many as one message may hold; more rows than that mean a next page."""
    shown, more = page(map(_quarantined, rows.rows), size)
    return wire.ListQuarantineResponse(
        records=shown, next_page_token=str(shown[-1].quarantine_id) if more else "", total=rows.total
    )


def _quarantined(row: QuarantineRow) -> wire.QuarantinedRecord:
    told = _told(row, LONGEST_VALUE)
    return told if told.ByteSize() <= LARGEST_PAGE else _told(row, SHORTENED_VALUE)


def _told(row: QuarantineRow, longest: int) -> wire.QuarantinedRecord:
    return wire.QuarantinedRecord(
        quarantine_id=row.quarantine,
        record=records.Record(
            ref=records.RecordRef(source=row.source, record_id=row.record_id),
            entity_type=row.entity_type,
            values=[
                records.AttributeValue(attribute=attribute[:longest], value=value[:longest])
                for attribute, value in row.values
            ],
        ),
        violations=[
            records.Violation(field=field, reason=reason, description=description)
            for field, reason, description in row.violations
        ],
        received_at=timestamp(row.received_at),
    )
