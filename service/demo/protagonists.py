"""Whom the story is about: chosen by rules from what the service holds, never by the truth, so that each run of one
city tells of the same people and nothing is picked because it went well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from service.demo.census import Census
from service.errors import ServiceError
from yishu.v1.entity_pb2 import Entity

__all__ = [
    "NobodyFits",
    "departments",
    "disagreements",
    "golden",
    "merged_person",
    "person_with_lineage",
    "plain_people",
]

TELLING = ("name", "resident_id", "birth_date", "phone")
"""What everybody expects of a person's record."""
HARD = ("name", "resident_id", "birth_date", "sex")
"""What should not disagree, and does."""


class NobodyFits(ServiceError):
    """The city is too small for the story."""


def golden(entity: Entity) -> dict[str, str]:
    """Attribute to golden value."""
    return {value.attribute: value.value for value in entity.values}


def departments(entity: Entity) -> set[str]:
    """The sources that have a record of it."""
    return {member.ref.source for member in entity.members}


def disagreements(entity: Entity, attributes: Iterable[str] = ()) -> set[str]:
    """The attributes (of these; of all unless given) in which a record says otherwise than the golden record."""
    return {
        value.attribute
        for value in entity.values
        if any(losing.standard != value.value for losing in value.losing)
        and (not attributes or value.attribute in attributes)
    }


def person_with_lineage(census: Census) -> Entity:
    """Somebody with records of three departments or more, some disagreement, and a lineage that fits a screen."""

    def fits(entity: Entity) -> bool:
        return len(departments(entity)) >= 3 and golden(entity).keys() >= set(TELLING) and bool(disagreements(entity))

    return _first(census.of_type("person"), fits, lambda it: (-len(disagreements(it)), _lines(it)))


def merged_person(census: Census, other_than: Entity) -> Entity:
    """Somebody whose records of three departments or more disagree where they should not."""

    def fits(entity: Entity) -> bool:
        other = entity.entity_id != other_than.entity_id
        return other and len(departments(entity)) >= 3 and bool(disagreements(entity, HARD))

    def hardest_first(entity: Entity) -> tuple[int, int]:
        disputed = disagreements(entity, HARD)
        return (-len(disputed) - ("resident_id" in disputed), -len(departments(entity)))

    return _first(census.of_type("person"), fits, hardest_first)


def plain_people(census: Census, number: int) -> list[Entity]:
    """People with an ID number that the police vouch for and no other document."""
    found = [
        entity
        for entity in census.of_type("person")
        if {"name", "resident_id", "birth_date"} <= golden(entity).keys()
        and "document_number" not in golden(entity)
        and "public_security" in departments(entity)
        and golden(entity).get("life_status") == "ALIVE"
    ]
    if len(found) < number:
        raise NobodyFits("the city is too small for the story: give it more --people")
    return found[:number]


def _lines(entity: Entity) -> int:
    return sum(1 + len(value.losing) for value in entity.values)


def _first(
    entities: list[Entity], fits: Callable[[Entity], bool], order: Callable[[Entity], tuple[int, int]]
) -> Entity:
    found = sorted((entity for entity in entities if fits(entity)), key=order)
    if not found:
        raise NobodyFits("the city is too small for the story: give it more --people")
    return found[0]
