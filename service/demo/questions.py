"""The questions that the story asks a verifier: one for each answer there is, and one that is malformed.

Always true: each is asked over the wire, of what the departments submitted over the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.city.identifiers import resident_id_check
from service.client import YishuClient
from service.client.submissions import submission_message
from service.demo.census import Census
from service.demo.protagonists import NobodyFits, golden, plain_people
from yishu.v1.entity_pb2 import Entity
from yishu.v1.verification_pb2 import Verification, VerificationContext
from yishu.v1.verification_service_pb2 import LicenceClaim, OrganisationClaim, PersonClaim

__all__ = ["SHARED_DOCUMENT", "Question", "make_ambiguous", "questions"]

SHARED_DOCUMENT = "E88000001"
"""A passport number that two departments write into the files of two people."""


@dataclass(frozen=True, slots=True)
class Question:
    """A claim, how it is put, and what answers it."""

    words: str
    command: Sequence[str]
    """The same as arguments of `yishu verify`."""
    ask: Callable[[YishuClient, VerificationContext], Verification]


def questions(census: Census, person: Entity) -> list[Question]:
    """One for MATCH, MISMATCH, NOT_FOUND, NOT_CURRENT and AMBIGUOUS each, then one that breaks its check.

    AMBIGUOUS needs what `make_ambiguous` submits.
    """
    known = golden(person)
    number, name, born = known["resident_id"], known["name"], known["birth_date"]
    somebody = next(golden(one)["name"] for one in plain_people(census, 50) if golden(one)["name"] != name)
    year, month, day = born.split("-")
    return [
        _person(
            "the right ID number, name and birth date", id=number, name=name, birth_date=f"{year}年{month}月{day}日"
        ),
        _organisation("the right credit code, name and representative", census),
        _person("the right ID number with somebody else's name", id=number, name=somebody),
        _person("a valid ID number that nobody holds", id=_unheld(census, number), name=name),
        _licence_not_current(census),
        _person("a passport number that two people's files have", document=SHARED_DOCUMENT),
        _person("an ID number with a wrong digit", id=_broken(number), name=name),
    ]


def make_ambiguous(client: YishuClient, census: Census) -> list[Entity]:
    """Two departments put one passport number into the files of two people, whose ID numbers keep them apart."""
    people = plain_people(census, 2)
    for source, number, entity in zip(("health", "human_resources"), (1, 2), people, strict=True):
        known = golden(entity)
        values = [(attribute, known[attribute]) for attribute in ("name", "resident_id", "birth_date")]
        values.append(("document_number", SHARED_DOCUMENT))
        request = submission_message("", source, f"DEMO-{number}", "person", values, None)
        client.submit(request.record)
    return people


def _person(words: str, **claim: str) -> Question:
    fields = {{"id": "resident_id", "document": "document_number"}.get(key, key): text for key, text in claim.items()}
    message = PersonClaim(**fields)
    return Question(words, _command("person", claim), lambda client, why: client.verify_person(message, why))


def _organisation(words: str, census: Census) -> Question:
    wanted = ("uscc", "name", "legal_representative")
    known = _first(census, "organisation", {"ACTIVE"}, wanted)
    claim = {field: known[field] for field in wanted}
    message = OrganisationClaim(**claim)
    return Question(
        words, _command("organisation", claim), lambda client, why: client.verify_organisation(message, why)
    )


def _licence_not_current(census: Census) -> Question:
    wanted = ("type_code", "number", "holder_name")
    known = _first(census, "licence", {"REVOKED", "SUSPENDED", "CANCELLED"}, wanted)
    claim = {field: known[field] for field in wanted}
    message = LicenceClaim(**claim)
    words = f"a licence that was {known['status'].lower()}, with its right holder"
    return Question(words, _command("licence", claim), lambda client, why: client.verify_licence(message, why))


def _first(census: Census, entity_type: str, statuses: set[str], wanted: Sequence[str]) -> dict[str, str]:
    """The first golden record in one of these states that has all these attributes."""
    for entity in census.of_type(entity_type):
        known = golden(entity)
        if known.get("status") in statuses and known.keys() >= set(wanted):
            return known
    raise NobodyFits(f"the city has no {entity_type} that is {' or '.join(sorted(statuses))}: give it more --people")


def _command(kind: str, claim: dict[str, str]) -> list[str]:
    options = (word for field, text in claim.items() for word in ("--" + field.replace("_", "-"), text))
    return ["verify", kind, *options]


def _unheld(census: Census, number: str) -> str:
    """A number of the same place and day with a right check, that no record gives."""
    held = {
        said.standard
        for entity in census.of_type("person")
        for value in entity.values
        if value.attribute == "resident_id"
        for said in (value.source, *value.losing)
    }
    candidates = (f"{number[:14]}{sequence:03d}" for sequence in range(1, 1000))
    return next(full for body in candidates if (full := body + resident_id_check(body)) not in held)


def _broken(number: str) -> str:
    """One digit wrong, which the check of GB 11643 always notices."""
    return number[:16] + str((int(number[16]) + 1) % 10) + number[17:]
