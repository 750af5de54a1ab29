"""Handing checked submissions from the receivers, which speak gRPC, to the resolver, which writes."""

from service.handover.receiver_end import ReceiverEnd
from service.handover.resolver_end import ResolverEnd

__all__ = ["ReceiverEnd", "ResolverEnd"]
