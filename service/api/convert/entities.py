"""Entities, their versions, and why they are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from matching.survivorship import Assurance, GoldenValue, Rule, SourcedValue
from service.api.convert.requests import invalid, page, time, timestamp
from service.api.convert.submissions import MARKS, ref_message
from service.application.entities import EntityLink, EntityMatch, EntityVersionView, EntityView, Explanation
from service.storage.base import EntityState
from yishu.v1 import entity_pb2 as entities
from yishu.v1 import entity_service_pb2 as wire

__all__ = [
    "ASSURANCES",
    "as_of",
    "entity_message",
    "explanation_message",
    "lineage_wanted",
    "match_message",
    "versions_message",
]

ASSURANCES = {assurance: entities.Assurance.Value(f"ASSURANCE_{assurance}") for assurance in Assurance}
RULES = {rule: entities.SurvivorshipRule.Value(f"SURVIVORSHIP_RULE_{rule}") for rule in Rule}
STATES = {state: entities.EntityState.Value(f"ENTITY_STATE_{state}") for state in EntityState}


def lineage_wanted(view: entities.EntityView.ValueType) -> bool:
    """Whether a view shows lineage; an InvalidRequest for one that does not exist."""
    if view not in entities.EntityView.values():
        invalid("view", "UNKNOWN", "send ENTITY_VIEW_GOLDEN or ENTITY_VIEW_LINEAGE")
    return view == entities.ENTITY_VIEW_LINEAGE


def as_of(request: wire.GetEntityRequest | wire.LookupEntityRequest) -> datetime | None:
    """The time asked for; None for now."""
    return time(request.as_of, "as_of") if request.HasField("as_of") else None


def entity_message(view: EntityView, lineage: bool) -> entities.Entity:
    told = entities.Entity(
        entity_id=view.id,
        entity_type=view.entity_type,
        state=STATES[view.state],
        version=view.version,
        values=_golden(view.golden, lineage),
        updated_at=timestamp(view.updated_at),
        model_version=view.model_version,
        merged_into=view.merged_into,
    )
    if lineage:
        for ref, version in view.members:
            told.members.add(ref=ref_message(ref), version=version)
        for relation in view.relations:
            told.relations.add(name=relation.name, entity_id=relation.entity_id, by=relation.by)
    return told


def match_message(match: EntityMatch) -> wire.EntityMatch:
    """A type without a model weighs nothing: weight and probability are 0."""
    return wire.EntityMatch(
        entity=entity_message(match.entity, lineage=False),
        match_weight=match.weight or 0.0,
        match_probability=match.probability or 0.0,
        ref=ref_message(match.ref),
    )


def versions_message(versions: Sequence[EntityVersionView], size: int) -> wire.ListEntityVersionsResponse:
    """The first `size` of the versions, or as many as one message may hold; more than that mean a next page."""
    shown, more = page(map(_version, versions), size)
    return wire.ListEntityVersionsResponse(
        versions=shown, next_page_token=str(shown[-1].entity.version) if more else ""
    )


def explanation_message(explanation: Explanation) -> wire.ExplainEntityResponse:
    return wire.ExplainEntityResponse(
        entity_id=explanation.entity_id,
        links=[_link(link) for link in explanation.links],
        weakest_link=explanation.weakest,
        outside=[_link(link) for link in explanation.outside],
    )


def _version(version: EntityVersionView) -> wire.EntityVersion:
    return wire.EntityVersion(entity=entity_message(version.entity, lineage=True), reason=version.reason)


def _golden(golden: Mapping[str, GoldenValue], lineage: bool) -> list[entities.GoldenValue]:
    told = []
    for attribute, value in golden.items():
        one = entities.GoldenValue(
            attribute=attribute, value=value.winner.standard, assurance=ASSURANCES[value.assurance]
        )
        if lineage:
            one.source.CopyFrom(_sourced(value.winner))
            one.rule = RULES[value.rule]
            one.losing.extend(_sourced(losing) for losing in value.losing)
        told.append(one)
    return told


def _sourced(value: SourcedValue) -> entities.SourcedValue:
    return entities.SourcedValue(
        raw=value.raw,
        standard=value.standard,
        mark=MARKS[value.mark],
        ref=ref_message(value.ref),
        version=value.version,
        observed_at=timestamp(value.observed_at),
        received_at=timestamp(value.received_at),
    )


def _link(link: EntityLink) -> wire.EntityLink:
    return wire.EntityLink(
        first=ref_message(link.first),
        second=ref_message(link.second),
        match_weight=link.weight,
        prior_weight=link.prior_weight,
        comparisons=[
            wire.ComparisonEvidence(
                comparison=part.comparison,
                level=part.label,
                match_weight=part.weight,
                term_frequency_weight=part.term_frequency_weight,
            )
            for part in link.comparisons
        ],
        decided=link.decided,
        bridge=link.bridge,
    )
