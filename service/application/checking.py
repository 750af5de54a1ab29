"""The first half of a submission's way, which needs no store: contract, standard values, features."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from matching.errors import RecordRejected
from service.application.answers import Checked, Item, Rejected
from service.application.submissions import Intake, Submission

__all__ = ["Checker"]


class Checker:
    """Checks what comes. Thread-safe."""

    def __init__(self, intake: Intake, clock: Callable[[], datetime]) -> None:
        self._intake = intake
        self._clock = clock

    def check(self, item: Item) -> Checked:
        """What came, with what checking it found; never raises for what a caller sent."""
        try:
            if isinstance(item, Submission):
                return Checked(item, self._intake.accept(item, self._clock()))
            self._intake.check_withdrawal(item)
        except RecordRejected as rejected:
            return Checked(item, Rejected(item.request_id, rejected.violations))
        return Checked(item, item)
