"""Stored edges: after every change, those that comparing everything anew would store."""

from __future__ import annotations

import pytest

from matching.records import RecordRef
from service.application.submissions import Submission
from service.storage.base import Verdict
from tests.pupils import School, gone, pupil, said

PHONE_CAP = 3


def ref(number: int) -> RecordRef:
    return RecordRef("clinic", f"{number:03}")


def edges(school: School) -> dict[tuple[str, str], float]:
    with school.store.read() as snapshot:
        refs = {row.record: row.ref.record_id for row in snapshot.records.all_current("pupil")}
        return {(refs[edge.first], refs[edge.second]): edge.weight for edge in snapshot.edges.of(refs)}


def all_pairs(*numbers: int) -> set[tuple[str, str]]:
    return {(f"{a:03}", f"{b:03}") for a in numbers for b in numbers if a < b}


def weighty(*numbers: int) -> list[Submission]:
    """Records that share a phone and a common name; the only blocks they meet in have caps of 3 and 4."""
    return [said(ref(number), name="Cy", phone="p") for number in numbers]


def test_a_block_up_to_its_cap_pairs_everybody(school: School) -> None:
    school.tell(*weighty(1, 2, 3))
    assert edges(school).keys() == all_pairs(1, 2, 3)


@pytest.mark.parametrize(
    "batches", [[[1, 2, 3, 4, 5]], [[1, 2, 3], [4, 5]], [[1], [2], [3], [4], [5]], [[1, 2, 3, 4], [5]]]
)
def test_a_block_that_grows_beyond_its_cap_pairs_nobody_however_it_grew(
    school: School, batches: list[list[int]]
) -> None:
    for batch in batches:
        school.tell(*weighty(*batch))
    assert edges(school) == {}


def test_a_block_that_shrinks_to_its_cap_pairs_everybody_again(school: School) -> None:
    school.tell(*weighty(1, 2, 3, 4, 5, 6))
    school.tell(gone(ref(2)), gone(ref(4)))
    assert edges(school).keys() == all_pairs(1, 3, 5, 6)
    school.tell(said(ref(5), name="Cy", phone="q"))
    assert edges(school).keys() == all_pairs(1, 3, 6)


def test_members_that_come_and_go_in_one_batch_leave_the_block_as_it_was(school: School) -> None:
    school.tell(*weighty(1, 2, 3))
    before = edges(school)
    school.tell(*weighty(4, 5), gone(ref(4)), gone(ref(5)))
    assert edges(school) == before
    school.tell(gone(ref(3)), *weighty(6))
    assert edges(school).keys() == all_pairs(1, 2, 6)


def test_a_pair_in_a_common_block_is_compared_if_another_block_holds_it(school: School) -> None:
    school.tell(*weighty(1, 2, 3, 4, 5))
    school.tell(said(ref(1), name="Cy", phone="p", code="11"), said(ref(2), name="Cy", phone="p", code="11"))
    assert edges(school).keys() == all_pairs(1, 2)


def test_a_weight_below_review_leaves_no_edge_and_a_decision_keeps_it_at_any_weight(school: School) -> None:
    school.tell(said(ref(1), name="An", phone="p", town="x"), said(ref(2), name="Bo", phone="q", town="y"))
    assert edges(school) == {}
    decision = school.steward.decide(ref(1), ref(2), Verdict.UNSURE, "lisi", "")
    ((pair, weight),) = edges(school).items()
    assert pair == ("001", "002")
    assert weight < pupil().thresholds.review
    school.tell(said(ref(1), name="An", phone="p", town="z"))
    assert edges(school).keys() == all_pairs(1, 2)
    school.steward.revoke(decision.decision, "lisi")
    assert edges(school) == {}


def test_an_edge_goes_with_its_record_and_comes_back_with_it_the_decision_included(school: School) -> None:
    school.tell(said(ref(1), name="An", phone="p"), said(ref(2), name="Bo", phone="q"))
    school.steward.decide(ref(1), ref(2), Verdict.MATCH, "lisi", "")
    school.tell(gone(ref(1)))
    assert edges(school) == {}
    school.tell(said(ref(1), name="Di"))
    assert edges(school).keys() == all_pairs(1, 2)
    assert school.entity_id(ref(1)) == school.entity_id(ref(2))


def test_the_lesser_record_is_first_whichever_came_first(school: School) -> None:
    school.tell(*weighty(2))
    school.tell(*weighty(1))
    assert edges(school).keys() == {("001", "002")}
