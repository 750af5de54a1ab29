"""VerificationService: answers to approval systems.

The store is read in the event loop: a read takes about 0.1 ms, less than handing it to a thread.
"""

from __future__ import annotations

from typing import Any

from service.api.convert.verification import claim_of, context_of, verification_message
from service.application.verification import Verifier
from yishu.v1 import verification_service_pb2 as wire
from yishu.v1.verification_service_pb2_grpc import VerificationServiceServicer

__all__ = ["VerificationService"]


class VerificationService(VerificationServiceServicer):
    """Reads only; needs no resolver."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    async def VerifyPerson(self, request: wire.VerifyPersonRequest, context: Any) -> wire.VerifyPersonResponse:
        answer = self._verifier.verify_person(context_of(request.context), claim_of(request.claim))
        return wire.VerifyPersonResponse(verification=verification_message(answer))

    async def VerifyOrganisation(
        self, request: wire.VerifyOrganisationRequest, context: Any
    ) -> wire.VerifyOrganisationResponse:
        answer = self._verifier.verify_organisation(context_of(request.context), claim_of(request.claim))
        return wire.VerifyOrganisationResponse(verification=verification_message(answer))

    async def VerifyLicence(self, request: wire.VerifyLicenceRequest, context: Any) -> wire.VerifyLicenceResponse:
        answer = self._verifier.verify_licence(context_of(request.context), claim_of(request.claim))
        return wire.VerifyLicenceResponse(verification=verification_message(answer))
