"""The usual retry policy, as a gRPC service config: what only reads is tried again where the server was unavailable."""

from __future__ import annotations

import json

__all__ = ["SERVICE_CONFIG"]

_READS = (
    {"service": "yishu.v1.VerificationService"},
    {"service": "yishu.v1.EntityService"},
    {"service": "yishu.v1.RecordService", "method": "GetRecord"},
    {"service": "yishu.v1.RecordService", "method": "ListQuarantine"},
)

SERVICE_CONFIG = json.dumps(
    {
        "methodConfig": [
            {
                "name": list(_READS),
                "retryPolicy": {
                    "maxAttempts": 4,
                    "initialBackoff": "0.05s",
                    "maxBackoff": "1s",
                    "backoffMultiplier": 3,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ],
        # Where most calls fail, retries only add to it: they stop below half of the tokens.
        "retryThrottling": {"maxTokens": 100, "tokenRatio": 0.5},
    }
)
