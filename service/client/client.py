"""The client: a method for each RPC, messages in and out, failures as YishuError."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import grpc
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from service.client.errors import typed_errors
from service.client.retries import SERVICE_CONFIG
from service.client.submission_stream import stream
from yishu.v1 import entity_pb2 as entities
from yishu.v1 import entity_service_pb2 as entity_wire
from yishu.v1 import record_pb2 as records
from yishu.v1 import record_service_pb2 as record_wire
from yishu.v1 import verification_pb2 as verification
from yishu.v1 import verification_service_pb2 as verification_wire
from yishu.v1.entity_service_pb2_grpc import EntityServiceStub
from yishu.v1.record_service_pb2_grpc import RecordServiceStub
from yishu.v1.verification_service_pb2_grpc import VerificationServiceStub

__all__ = ["YishuClient"]

GOLDEN = entities.ENTITY_VIEW_GOLDEN
LINEAGE = entities.ENTITY_VIEW_LINEAGE
USUAL_TIMEOUT = 30.0


class YishuClient:
    """Calls the resolver or a verifier, whichever listens at `target` (`host:port`). Thread-safe.

    Every method raises YishuError, and gives a call at most `timeout` seconds; streams have no limit.
    """

    def __init__(self, target: str, timeout: float = USUAL_TIMEOUT) -> None:
        self.timeout = timeout
        options = [("grpc.service_config", SERVICE_CONFIG), ("grpc.enable_retries", 1)]
        self.channel = grpc.insecure_channel(target, options)
        self._records = RecordServiceStub(self.channel)
        self._entities = EntityServiceStub(self.channel)
        self._verification = VerificationServiceStub(self.channel)

    def close(self) -> None:
        self.channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def wait_until_ready(self, timeout: float = USUAL_TIMEOUT) -> None:
        """
        Raises:
            TimeoutError: nothing answered at the target.
        """
        try:
            grpc.channel_ready_future(self.channel).result(timeout)
        except grpc.FutureTimeoutError:
            raise TimeoutError(f"nothing answered within {timeout:.0f} s") from None

    # -- records

    def submit(self, record: records.Record, request_id: str = "") -> record_wire.Accepted:
        """The record is accepted and durable. A refusal is a YishuError with every field that was wrong."""
        request = record_wire.SubmitRecordRequest(request_id=request_id, record=record)
        with typed_errors():
            return self._records.SubmitRecord(request, timeout=self.timeout).accepted

    def submit_stream(
        self, requests: Iterable[record_wire.SubmitRecordsRequest], most_in_flight: int = 1_000
    ) -> Iterator[record_wire.SubmitRecordsResponse]:
        """One answer for each request, with its request_id, in the order in which they come."""
        return stream(self._records.SubmitRecords, requests, most_in_flight)

    def withdraw(self, ref: records.RecordRef, request_id: str = "") -> record_wire.Accepted:
        """The record is taken out."""
        request = record_wire.WithdrawRecordRequest(request_id=request_id, ref=ref)
        with typed_errors():
            return self._records.WithdrawRecord(request, timeout=self.timeout).accepted

    def get_record(self, ref: records.RecordRef, version: int = 0) -> record_wire.GetRecordResponse:
        """A version of a record; 0 for the latest."""
        request = record_wire.GetRecordRequest(ref=ref, version=version)
        with typed_errors():
            return self._records.GetRecord(request, timeout=self.timeout)

    def quarantine(self, source: str, page_size: int = 0, page_token: str = "") -> record_wire.ListQuarantineResponse:
        """A page of a source's refused submissions."""
        request = record_wire.ListQuarantineRequest(source=source, page_size=page_size, page_token=page_token)
        with typed_errors():
            return self._records.ListQuarantine(request, timeout=self.timeout)

    # -- entities

    def get_entity(
        self, entity_id: str, view: entities.EntityView.ValueType = GOLDEN, as_of: datetime | None = None
    ) -> entities.Entity:
        """An entity; the id of a merged one gives its survivor."""
        request = entity_wire.GetEntityRequest(entity_id=entity_id, view=view, as_of=_timestamp(as_of))
        with typed_errors():
            return self._entities.GetEntity(request, timeout=self.timeout).entity

    def entity_of(
        self, ref: records.RecordRef, view: entities.EntityView.ValueType = GOLDEN, as_of: datetime | None = None
    ) -> entities.Entity:
        """A record's entity."""
        request = entity_wire.LookupEntityRequest(ref=ref, view=view, as_of=_timestamp(as_of))
        with typed_errors():
            return self._entities.LookupEntity(request, timeout=self.timeout).entities[0]

    def entities_with(
        self, identifier: entity_wire.EntityIdentifier, view: entities.EntityView.ValueType = GOLDEN
    ) -> list[entities.Entity]:
        """The entities that have an identifier."""
        request = entity_wire.LookupEntityRequest(identifier=identifier, view=view)
        with typed_errors():
            return list(self._entities.LookupEntity(request, timeout=self.timeout).entities)

    def search(self, request: entity_wire.SearchEntitiesRequest) -> list[entity_wire.EntityMatch]:
        """Entities that fit, best first."""
        with typed_errors():
            return list(self._entities.SearchEntities(request, timeout=self.timeout).matches)

    def explain(self, entity_id: str) -> entity_wire.ExplainEntityResponse:
        """Why an entity is one."""
        with typed_errors():
            return self._entities.ExplainEntity(
                entity_wire.ExplainEntityRequest(entity_id=entity_id), timeout=self.timeout
            )

    def entity_versions(
        self, entity_id: str, page_size: int = 0, page_token: str = ""
    ) -> entity_wire.ListEntityVersionsResponse:
        """A page of an entity's versions, newest first."""
        request = entity_wire.ListEntityVersionsRequest(entity_id=entity_id, page_size=page_size, page_token=page_token)
        with typed_errors():
            return self._entities.ListEntityVersions(request, timeout=self.timeout)

    # -- verification

    def verify_person(
        self, claim: verification_wire.PersonClaim, context: verification.VerificationContext
    ) -> verification.Verification:
        """Is this ID number this person's? See `context`."""
        request = verification_wire.VerifyPersonRequest(context=context, claim=claim)
        with typed_errors():
            return self._verification.VerifyPerson(request, timeout=self.timeout).verification

    def verify_organisation(
        self, claim: verification_wire.OrganisationClaim, context: verification.VerificationContext
    ) -> verification.Verification:
        """Is this credit code this organisation's? See `context`."""
        request = verification_wire.VerifyOrganisationRequest(context=context, claim=claim)
        with typed_errors():
            return self._verification.VerifyOrganisation(request, timeout=self.timeout).verification

    def verify_licence(
        self, claim: verification_wire.LicenceClaim, context: verification.VerificationContext
    ) -> verification.Verification:
        """Is this licence valid, and whose? See `context`."""
        request = verification_wire.VerifyLicenceRequest(context=context, claim=claim)
        with typed_errors():
            return self._verification.VerifyLicence(request, timeout=self.timeout).verification

    @staticmethod
    def context(
        purpose: str, request_id: str = "", case_number: str = "", max_staleness: timedelta | None = None
    ) -> verification.VerificationContext:
        """What a verification request carries besides its claim; without a request id, a new one."""
        return verification.VerificationContext(
            request_id=request_id or uuid4().hex,
            purpose=purpose,
            case_number=case_number,
            max_staleness=_duration(max_staleness),
        )


def _timestamp(moment: datetime | None) -> Any:
    if moment is None:
        return None
    told = Timestamp()
    told.FromDatetime(moment)
    return told


def _duration(length: timedelta | None) -> Any:
    if length is None:
        return None
    told = Duration()
    told.FromTimedelta(length)
    return told
