"""Verification questions and their answers.

Always true: an answer on the wire holds what the domain's `Answer` holds and nothing more.
"""

from __future__ import annotations

from datetime import timedelta

from google.protobuf.message import Message

from matching.verification import FieldResult, VerificationResult
from service.api.convert.entities import ASSURANCES
from service.api.convert.requests import invalid, timestamp
from service.application.verification import Answer, Claim, Context
from yishu.v1 import entity_pb2 as entities
from yishu.v1 import verification_pb2 as wire

__all__ = ["claim_of", "context_of", "verification_message"]

RESULTS = {r: wire.VerificationResult.Value(f"VERIFICATION_RESULT_{r}") for r in VerificationResult}
FIELD_RESULTS = {r: wire.FieldResult.Value(f"FIELD_RESULT_{r}") for r in FieldResult}


def claim_of(claim: Message) -> Claim:
    """The fields that were sent, in the order of the message."""
    return {field.name: value for field, value in claim.ListFields()}


def context_of(context: wire.VerificationContext) -> Context:
    return Context(
        request_id=context.request_id,
        purpose=context.purpose,
        case_number=context.case_number,
        max_staleness=_max_staleness(context) if context.HasField("max_staleness") else None,
    )


def verification_message(answer: Answer) -> wire.Verification:
    told = wire.Verification(
        request_id=answer.request_id,
        result=RESULTS[answer.result],
        fields=[
            wire.FieldVerification(
                field=field.field,
                result=FIELD_RESULTS[field.result],
                assurance=ASSURANCES[field.assurance] if field.assurance else entities.ASSURANCE_UNSPECIFIED,
                authority=field.authority,
            )
            for field in answer.fields
        ],
        golden_version=answer.golden_version,
        model_version=answer.model_version,
        status=answer.status,
    )
    if answer.as_of is not None:
        told.as_of.CopyFrom(timestamp(answer.as_of))
    return told


def _max_staleness(context: wire.VerificationContext) -> timedelta:
    try:
        return context.max_staleness.ToTimedelta()
    except (ValueError, OverflowError):
        invalid("context.max_staleness", "OUT_OF_RANGE", "send a length of time, or leave it out")
