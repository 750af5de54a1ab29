"""Golden records as bytes."""

from matching.records import RecordRef
from matching.survivorship import GoldenValue
from service.application.golden import decode_golden, decode_winners
from service.storage.base import Verdict
from tests.town import HEALTH, POLICE, Town


def stored_golden(town: Town, ref: RecordRef) -> bytes:
    with town.store.read() as snapshot:
        record = snapshot.records.handles([ref])[ref][0]
        version = snapshot.entities.latest(snapshot.membership.of([record])[record])
        assert version is not None
        return version.golden


def test_winners_are_the_golden_values_asked_for_without_what_lost(town: Town) -> None:
    first = town.person(POLICE, "1", name="张伟国", phone="13800000000", sex="男")
    second = town.person(HEALTH, "1", name="张卫国", phone="13900000000")
    town.steward.decide(first, second, Verdict.MATCH, "steward", "")
    encoded = stored_golden(town, first)
    whole = decode_golden(encoded)
    assert whole["name"].losing
    expected = {
        name: GoldenValue(whole[name].winner, whole[name].rule, whole[name].assurance, ()) for name in ("name", "phone")
    }
    assert decode_winners(encoded, {"name", "phone", "resident_id"}) == expected


def test_an_entity_that_is_not_active_has_no_winners() -> None:
    assert decode_winners(b"", {"name"}) == {}
