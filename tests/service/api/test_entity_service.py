"""Entities read by id, record, identifier and likeness; their lineage, history and reasons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from service.bootstrap import ResolverParts
from service.client import YishuClient, YishuError
from tests.service.api.serving import licence, person, record, resident_id
from yishu.v1 import entity_pb2 as entities
from yishu.v1 import entity_service_pb2 as wire
from yishu.v1.record_pb2 import MARK_VALID, AttributeValue, RecordRef

LINEAGE = entities.ENTITY_VIEW_LINEAGE
FIRST = RecordRef(source="market_regulation", record_id="l-1")
SECOND = RecordRef(source="data_bureau", record_id="l-2")


@pytest.fixture
def merged(client: YishuClient) -> str:
    """A licence that two sources know, who disagree about the holder's name."""
    client.submit(licence("l-1", "苏食证第1号", holder_name="大地商贸有限公司", status="VALID"))
    return client.submit(licence("l-2", "苏食证第1号", source="data_bureau", holder_name="大地商贸公司")).entity_id


def test_the_golden_view_shows_values_and_assurance_only(client: YishuClient, merged: str) -> None:
    entity = client.get_entity(merged)
    values = {value.attribute: value for value in entity.values}
    assert (entity.entity_id, entity.entity_type, entity.state) == (merged, "licence", entities.ENTITY_STATE_ACTIVE)
    assert entity.version == 2
    assert values["holder_name"].value == "大地商贸有限公司"
    assert values["holder_name"].assurance == entities.ASSURANCE_AUTHORITATIVE
    assert not values["holder_name"].HasField("source")
    assert not values["holder_name"].losing
    assert not entity.members
    assert not entity.relations


def test_the_lineage_view_shows_where_every_value_came_from_and_what_lost(client: YishuClient, merged: str) -> None:
    entity = client.get_entity(merged, LINEAGE)
    holder = next(value for value in entity.values if value.attribute == "holder_name")
    assert (holder.source.ref, holder.source.version) == (FIRST, 1)
    assert (holder.source.raw, holder.source.mark) == ("大地商贸有限公司", MARK_VALID)
    assert holder.source.received_at.seconds > 0
    assert holder.rule == entities.SURVIVORSHIP_RULE_AUTHORITY
    assert [(losing.ref, losing.raw) for losing in holder.losing] == [(SECOND, "大地商贸公司")]
    assert {(member.ref.source, member.version) for member in entity.members} == {
        ("market_regulation", 1),
        ("data_bureau", 1),
    }
    (relation,) = entity.relations
    assert (relation.name, relation.entity_id, relation.by) == ("holder", "", "none_fits")


def test_a_relation_leads_to_the_holder(client: YishuClient) -> None:
    holder = client.submit(person("p-1", resident_id=resident_id(1))).entity_id
    entity_id = client.submit(licence("l-1", "苏食证第1号", holder_code=resident_id(1))).entity_id
    (relation,) = client.get_entity(entity_id, LINEAGE).relations
    assert (relation.name, relation.entity_id, relation.by) == ("holder", holder, "code")


def test_an_unknown_id_is_not_found(client: YishuClient) -> None:
    with pytest.raises(YishuError) as missing:
        client.get_entity("01M80JK8EXE2SN29YXW47RN493")
    assert (missing.value.code, missing.value.reason) == (grpc.StatusCode.NOT_FOUND, "NOT_FOUND")


def test_a_request_without_an_id_names_the_field(client: YishuClient) -> None:
    with pytest.raises(YishuError) as refused:
        client.get_entity("")
    assert [(v.field, v.reason) for v in refused.value.violations] == [("entity_id", "REQUIRED")]


def test_a_view_that_does_not_exist_is_refused(client: YishuClient, merged: str) -> None:
    with pytest.raises(YishuError) as refused:
        client.get_entity(merged, entities.EntityView.ValueType(7))
    assert refused.value.violations[0].field == "view"


def test_an_entity_can_be_read_as_it_was(client: YishuClient, merged: str) -> None:
    client.submit(licence("l-1", "苏食证第1号", holder_name="天空商贸有限公司"))
    before = versions(client, merged)[1].entity.updated_at.ToDatetime(UTC)
    then, now = client.get_entity(merged, LINEAGE, as_of=before), client.get_entity(merged)
    assert (then.version, now.version) == (2, 3)
    assert {value.attribute: value.value for value in then.values}["holder_name"] == "大地商贸有限公司"
    assert {value.attribute: value.value for value in now.values}["holder_name"] == "天空商贸有限公司"
    assert [member.ref.source for member in then.members] == ["data_bureau", "market_regulation"]


def test_before_an_entity_existed_it_is_not_found(client: YishuClient, merged: str) -> None:
    with pytest.raises(YishuError) as missing:
        client.get_entity(merged, as_of=datetime.now(UTC) - timedelta(days=1))
    assert missing.value.code is grpc.StatusCode.NOT_FOUND


def test_a_time_that_is_none_is_refused(client: YishuClient, merged: str) -> None:
    request = wire.GetEntityRequest(entity_id=merged)
    request.as_of.seconds = 10**16
    call = client.channel.unary_unary(
        "/yishu.v1.EntityService/GetEntity",
        wire.GetEntityRequest.SerializeToString,
        wire.GetEntityResponse.FromString,
    )
    with pytest.raises(grpc.RpcError, match="as_of"):
        call(request)


def versions(client: YishuClient, entity_id: str) -> list[wire.EntityVersion]:
    return list(client.entity_versions(entity_id).versions)


def test_a_record_leads_to_its_entity(client: YishuClient, merged: str) -> None:
    entity = client.entity_of(SECOND, LINEAGE)
    assert entity.entity_id == merged
    assert len(entity.members) == 2


def test_a_record_leads_to_the_entity_that_it_belonged_to(client: YishuClient, merged: str) -> None:
    then = client.get_entity(merged).updated_at.ToDatetime(UTC)
    client.withdraw(SECOND)
    assert client.entity_of(SECOND, as_of=then).entity_id == merged
    with pytest.raises(YishuError) as missing:
        client.entity_of(SECOND)
    assert missing.value.code is grpc.StatusCode.NOT_FOUND


def test_an_identifier_leads_to_all_that_have_it_whatever_its_form(client: YishuClient) -> None:
    number = resident_id(1)
    found = [client.submit(person(f"p-{n}", name=name, resident_id=number)).entity_id for n, name in enumerate("明红")]
    wanted = wire.EntityIdentifier(entity_type="person", attribute="resident_id", value=f" {number} ")
    assert {entity.entity_id for entity in client.entities_with(wanted)} == set(found)
    nobodys = wire.EntityIdentifier(entity_type="person", attribute="resident_id", value=resident_id(2))
    assert client.entities_with(nobodys) == []


@pytest.mark.parametrize(
    ("identifier", "field"),
    [
        (wire.EntityIdentifier(entity_type="dog", attribute="name", value="旺财"), "identifier.entity_type"),
        (wire.EntityIdentifier(entity_type="person", attribute="sex", value="1"), "identifier.attribute"),
        (wire.EntityIdentifier(entity_type="person", attribute="resident_id", value="1"), "identifier.value"),
    ],
)
def test_a_lookup_that_cannot_be_names_the_field(
    client: YishuClient, identifier: wire.EntityIdentifier, field: str
) -> None:
    with pytest.raises(YishuError) as refused:
        client.entities_with(identifier)
    assert [violation.field for violation in refused.value.violations] == [field]


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (wire.LookupEntityRequest(), "key"),
        (
            wire.LookupEntityRequest(
                identifier=wire.EntityIdentifier(entity_type="person"), as_of=Timestamp(seconds=1)
            ),
            "as_of",
        ),
    ],
)
def test_a_lookup_without_a_key_or_with_too_much_names_the_field(
    client: YishuClient, request_: wire.LookupEntityRequest, field: str
) -> None:
    call = client.channel.unary_unary(
        "/yishu.v1.EntityService/LookupEntity",
        wire.LookupEntityRequest.SerializeToString,
        wire.LookupEntityResponse.FromString,
    )
    with pytest.raises(grpc.RpcError, match=field):
        call(request_)


def test_a_search_finds_what_fits_and_stores_nothing(client: YishuClient, parts: ResolverParts, merged: str) -> None:
    with parts.store.read() as snapshot:
        before = snapshot.commit_number
    licence_number = [
        AttributeValue(attribute="type_code", value="11100000000013127D001"),
        AttributeValue(attribute="number", value="苏食证第1号"),
    ]
    (match,) = client.search(wire.SearchEntitiesRequest(entity_type="licence", values=licence_number))
    assert match.entity.entity_id == merged
    assert match.ref in (FIRST, SECOND)
    assert match.match_weight > 50
    assert match.match_probability > 0.99
    with parts.store.read() as snapshot:
        assert snapshot.commit_number == before


def test_a_search_answers_no_more_than_asked(client: YishuClient) -> None:
    for number in range(5):
        client.submit(person(f"p-{number}", birth_date="1990-03-07"))
    wanted = wire.SearchEntitiesRequest(
        entity_type="person",
        values=[
            AttributeValue(attribute="name", value="王小明"),
            AttributeValue(attribute="birth_date", value="19900307"),
        ],
        page_size=3,
    )
    assert len(client.search(wanted)) == 3


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (wire.SearchEntitiesRequest(), "entity_type"),
        (wire.SearchEntitiesRequest(entity_type="person"), "values"),
        (wire.SearchEntitiesRequest(entity_type="person", page_size=-1), "page_size"),
    ],
)
def test_a_search_that_cannot_be_names_the_field(
    client: YishuClient, wanted: wire.SearchEntitiesRequest, field: str
) -> None:
    with pytest.raises(YishuError) as refused:
        client.search(wanted)
    assert refused.value.violations[0].field == field


def test_an_explanation_shows_the_links_that_hold_the_entity_together(client: YishuClient, merged: str) -> None:
    told = client.explain(merged)
    (link,) = told.links
    assert told.entity_id == merged
    assert told.weakest_link == 0
    assert {link.first.source, link.second.source} == {"market_regulation", "data_bureau"}
    assert link.match_weight > 50
    assert link.bridge
    assert not link.decided


def test_an_entity_of_one_record_has_nothing_to_explain(client: YishuClient) -> None:
    told = client.explain(client.submit(person("p-1")).entity_id)
    assert not told.links
    assert told.weakest_link == -1


def test_versions_are_listed_page_by_page_newest_first(client: YishuClient) -> None:
    for name in "明红刚丽静":
        entity_id = client.submit(person("p-1", name=f"王小{name}")).entity_id
    seen, token = [], ""
    while True:
        page = client.entity_versions(entity_id, 2, token)
        seen += [(version.entity.version, version.reason) for version in page.versions]
        token = page.next_page_token
        if not token:
            break
    changed = "records changed"
    assert seen == [(5, changed), (4, changed), (3, changed), (2, changed), (1, "created")]


def test_a_merged_id_answers_as_its_survivor_and_lists_its_own_versions(client: YishuClient) -> None:
    kept = client.submit(licence("l-1", "苏食证第1号")).entity_id
    gone = client.submit(licence("l-2", "苏食证第2号", source="data_bureau")).entity_id
    assert client.submit(licence("l-2", "苏食证第1号", source="data_bureau")).entity_id == kept
    last = client.entity_versions(gone).versions[0]
    assert (last.entity.state, last.reason) == (entities.ENTITY_STATE_MERGED, "merged")
    assert last.entity.merged_into == kept
    assert client.get_entity(gone).entity_id == kept


def test_unknown_source_columns_of_a_type_do_not_reach_the_search(client: YishuClient) -> None:
    client.submit(record("public_security", "p-1", "person", ("XM", "王小明"), ("CSRQ", "19900307")))
    wanted = wire.SearchEntitiesRequest(entity_type="person", values=[AttributeValue(attribute="XM", value="王小明")])
    with pytest.raises(YishuError) as refused:
        client.search(wanted)
    assert refused.value.violations[0].reason == "UNKNOWN_ATTRIBUTE"
