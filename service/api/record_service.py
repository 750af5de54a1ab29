"""RecordService: departments submit, withdraw and read back their records."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import Executor
from typing import Any

from service.api.completions import Completions, Submit
from service.api.convert.records import quarantine_message, record_message
from service.api.convert.requests import invalid, page_size, page_token, required
from service.api.convert.submissions import accepted_message, ref_of, submission_of
from service.api.encoding import Misread, parted
from service.api.interceptors import takes_misread
from service.api.reading import Reading
from service.api.submission_stream import SubmissionStream
from service.application.answers import Accepted, Answer
from service.application.record_reader import RecordReader
from service.application.submissions import Withdrawal
from service.errors import NotFound, SubmissionRejected
from yishu.v1 import record_service_pb2 as wire
from yishu.v1.record_service_pb2_grpc import RecordServiceServicer

__all__ = ["RecordService"]


class RecordService(RecordServiceServicer):
    """Made in the event loop that serves it."""

    def __init__(self, submit: Submit, reader: RecordReader, pool: Executor) -> None:
        self._submit = submit
        self._reader = reader
        self._reading = Reading(pool)
        self._completions = Completions()

    @takes_misread
    async def SubmitRecord(
        self, request: wire.SubmitRecordRequest | Misread[wire.SubmitRecordRequest], context: Any
    ) -> wire.SubmitRecordResponse:
        sent, misread = parted(request)
        submission = submission_of(sent.request_id, sent.record, misread)
        answer = await self._completions.answer(self._submit(submission))
        return wire.SubmitRecordResponse(request_id=sent.request_id, accepted=accepted_message(_accepted(answer)))

    @takes_misread
    async def SubmitRecords(
        self,
        request_iterator: AsyncIterator[wire.SubmitRecordsRequest | Misread[wire.SubmitRecordsRequest]],
        context: Any,
    ) -> AsyncIterator[wire.SubmitRecordsResponse]:
        async for answer in SubmissionStream(self._submit, self._completions).answers(request_iterator):
            yield answer

    async def GetRecord(self, request: wire.GetRecordRequest, context: Any) -> wire.GetRecordResponse:
        if request.version < 0:
            invalid("version", "NEGATIVE", "send a version from 1, or 0 for the latest")
        view = await self._reading(self._reader.get, ref_of(request.ref), request.version)
        return record_message(view)

    async def WithdrawRecord(self, request: wire.WithdrawRecordRequest, context: Any) -> wire.WithdrawRecordResponse:
        withdrawal = Withdrawal(request.request_id, ref_of(request.ref))
        answer = await self._completions.answer(self._submit(withdrawal))
        return wire.WithdrawRecordResponse(request_id=request.request_id, accepted=accepted_message(_accepted(answer)))

    async def ListQuarantine(self, request: wire.ListQuarantineRequest, context: Any) -> wire.ListQuarantineResponse:
        size = page_size(request.page_size, usual=100, most=1_000)
        after = page_token(request.page_token)
        source = required("source", request.source)
        page = await self._reading(self._reader.quarantine, source, size + 1, after)
        return quarantine_message(page, size)


def _accepted(answer: Answer) -> Accepted:
    """
    Raises:
        NotFound: the record to withdraw was never there.
        SubmissionRejected: every field that is wrong.
    """
    if isinstance(answer, Accepted):
        return answer
    if all(violation.reason == "NOT_FOUND" for violation in answer.violations):
        raise NotFound(answer.violations[0].description)
    raise SubmissionRejected(answer.violations, answer.quarantine)
