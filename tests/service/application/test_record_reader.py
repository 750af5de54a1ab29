"""Reading records as they were sent, with what standardising makes of them now; and quarantine."""

from dataclasses import replace

import pytest

from matching.records import RecordRef
from matching.standardise.value import Mark
from service.application.record_reader import RecordReader
from service.application.submissions import Intake, Submission
from service.errors import NotFound
from tests.town import HEALTH, NOON, POLICE, Town, shipped_sources


@pytest.fixture
def reader(town: Town) -> RecordReader:
    return RecordReader(town.store, lambda: town.types, town.intake)


def test_a_record_is_shown_as_sent_and_standardised_with_every_finding(town: Town, reader: RecordReader) -> None:
    ref = town.person(POLICE, "1", name="張 伟国", resident_id="110105491231002", phone="12")
    view = reader.get(ref)
    assert (view.ref, view.entity_type, view.version, view.latest_version) == (ref, "person", 1, 1)
    assert list(view.values) == ["name", "resident_id", "phone"]
    (number,), (phone,) = view.values["resident_id"], view.values["phone"]
    assert (number.raw, number.standard, number.mark) == ("110105491231002", "11010519491231002X", Mark.REPAIRED)
    assert number.repairs == ("fifteen_digits",)
    assert (phone.raw, phone.mark) == ("12", Mark.INVALID)
    assert (view.observed_at, view.withdrawn) == (NOON, False)
    assert view.entity_id


def test_a_source_s_own_codes_are_read_as_when_they_were_submitted(town: Town, reader: RecordReader) -> None:
    ref = town.person(POLICE, "1", name="张伟国", life_status="死亡注销")
    (status,) = reader.get(ref).values["life_status"]
    assert (status.raw, status.standard, status.usable) == ("死亡注销", "DECEASED", True)


def test_each_version_stays_readable_and_a_withdrawal_is_one(town: Town, reader: RecordReader) -> None:
    ref = town.person(POLICE, "1", name="张伟国")
    town.person(POLICE, "1", name="张卫国")
    town.withdraw(ref)
    names = [[value.raw for value in reader.get(ref, number).values["name"]] for number in (1, 2)]
    assert names == [["张伟国"], ["张卫国"]]
    last = reader.get(ref)
    assert (last.version, last.latest_version, last.withdrawn, last.values) == (3, 3, True, {})
    assert (last.entity_id, reader.get(ref, 1).entity_id) == ("", "")


def test_a_record_or_version_that_never_was_is_not_found(town: Town, reader: RecordReader) -> None:
    ref = town.person(POLICE, "1", name="张伟国")
    for wrong, version in ((ref, 2), (RecordRef(POLICE, "2"), 0), (RecordRef("nobody", "1"), 0)):
        with pytest.raises(NotFound):
            reader.get(wrong, version)


def test_a_record_stays_readable_when_the_configuration_no_longer_takes_it(town: Town) -> None:
    """An attribute went, another became shorter; and then the whole type went."""
    ref = town.person(POLICE, "1", name="张伟国", phone="13800000000", sex="男")
    kind = town.types["person"]
    attributes = {name: attribute for name, attribute in kind.entity_type.attributes.items() if name != "phone"}
    attributes["name"] = attributes["name"].model_copy(update={"max_length": 2})
    person = kind.entity_type.model_copy(update={"attributes": attributes})
    narrow = {"person": replace(kind, entity_type=person)}
    view = RecordReader(town.store, lambda: narrow, Intake(shipped_sources(), {"person": person})).get(ref)
    told = {name: (value.raw, value.mark, value.reason) for name, (value,) in view.values.items()}
    assert told["name"] == ("张伟国", Mark.INVALID, "not_configured")
    assert told["phone"] == ("13800000000", Mark.INVALID, "not_configured")
    assert told["sex"] == ("男", Mark.VALID, "")
    nothing = RecordReader(town.store, dict, Intake(shipped_sources(), {})).get(ref)
    assert {value.mark for values in nothing.values.values() for value in values} == {Mark.INVALID}


def test_quarantine_is_listed_by_source_in_pages_with_how_many_there_are(town: Town, reader: RecordReader) -> None:
    wrong = [Submission("q", POLICE, str(number), "person", (("wings", "2"),)) for number in range(3)]
    town.resolver.resolve([*wrong, Submission("q", HEALTH, "1", "person", (("phone", "1"),))])
    page = reader.quarantine(POLICE, 2)
    assert ([row.record_id for row in page.rows], page.total) == (["0", "1"], 3)
    rest = reader.quarantine(POLICE, 2, after=page.rows[-1].quarantine)
    assert [row.record_id for row in rest.rows] == ["2"]
    assert rest.rows[0].violations[0][:2] == ("wings", "UNKNOWN_ATTRIBUTE")
    empty = reader.quarantine("nobody", 2)
    assert (empty.rows, empty.total) == ([], 0)


def test_a_corrected_record_leaves_quarantine(town: Town, reader: RecordReader) -> None:
    town.resolver.resolve([Submission("q", POLICE, "1", "person", (("wings", "2"),))])
    assert reader.quarantine(POLICE, 10).total == 1
    town.person(POLICE, "1", name="张伟国")
    assert reader.quarantine(POLICE, 10).total == 0
