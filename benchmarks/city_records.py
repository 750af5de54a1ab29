"""The generated city's records, as requests and as features."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from matching.errors import RecordRejected
from matching.features import RecordStandardiser
from matching.records import FeatureRow
from service.application.submissions import Intake, Submission
from service.catalogue.configuration import Configuration
from service.city import generate
from service.client.submissions import submission_message
from yishu.v1.record_service_pb2 import SubmitRecordsRequest

__all__ = ["person_features", "person_requests", "person_submissions"]

RECORDS_A_PERSON = 2.9
"""A little under what the city's departments hold, so that there are enough."""


def person_submissions(records: int, seed: int) -> Iterator[Submission]:
    """So many records of people, departments interleaved."""
    city = generate(int(records / RECORDS_A_PERSON) + 100, seed)
    people = (sent for sent in city.submissions() if sent.entity_type == "person")
    for sent in islice(people, records):
        yield Submission("", sent.source, sent.record_id, "person", sent.values, sent.observed_at)


def person_requests(records: int, seed: int) -> Iterator[SubmitRecordsRequest]:
    """The same as requests of a SubmitRecords stream, numbered."""
    for number, sent in enumerate(person_submissions(records, seed)):
        yield submission_message(
            str(number), sent.source, sent.record_id, sent.entity_type, sent.columns, sent.observed_at
        )


def person_features(configuration: Configuration, records: int, seed: int) -> list[FeatureRow]:
    """The features of the same records; what its departments got wrong is left out."""
    intake = Intake(configuration.sources, configuration.types)
    standardiser = RecordStandardiser(configuration.types["person"])
    rows: list[FeatureRow] = []
    for sent in person_submissions(records, seed):
        try:
            rows.append(standardiser.features(intake.accept(sent, datetime.now(UTC)).standard))
        except RecordRejected:
            continue
    return rows
