"""The answer to the authority has every item and its proof, and no machine."""

import csv
import io

from quetsach_portal.ranges.answer_files import as_csv, as_json
from quetsach_portal.ranges.answering import give_answer
from quetsach_portal.ranges.models import AllottedNotice
from tests.portal.cases.rows import make_case
from tests.portal.ranges.asked import allotted, asked_of, questions, traced
from tests.portal.world import World


def test_each_item_has_its_state_day_and_proof(world: World) -> None:
    batch = allotted(world)
    first, second = asked_of(world, batch, "TC01"), asked_of(world, batch, "TC02")
    case = make_case(world, "TC01")
    traced(first, 1, case)
    give_answer(second, questions(second), "cannot-tell", "NAT không ghi", actor=None)
    answer = as_json(batch)
    assert answer["items"] == sum(answer["counts"].values()) == len(answer["notices"]) == 7
    told = answer["notices"]
    assert case.number in told[0]["proof"]
    assert told[0]["day"] is not None
    assert (told[1]["state"], told[1]["day"]) == ("open", None)
    assert told[1]["units"] == [world.nodes["TC01"].name_at_freeze]
    assert all(one["proof"] for one in (told[2], told[4], told[5], told[6]))
    text = as_csv(batch).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 8
    for word in (case.device.key, case.device.label, *case.device.addresses, "NAT không ghi"):
        assert word not in text
        assert word not in str(answer)


def test_what_a_unit_declares_and_the_lead_decides_is_said_so(world: World) -> None:
    batch = allotted(world)
    first = asked_of(world, batch, "TC01")
    give_answer(first, questions(first), "found", "Máy kế toán", actor=None)
    decided = AllottedNotice.objects.get(batch=batch, number=5)
    decided.state, decided.decided_by = "not-ours", batch.handed_in_by
    decided.save()
    told = as_json(batch)["notices"]
    assert len({told[0]["proof"], told[4]["proof"], told[5]["proof"]}) == 3


def test_a_cell_is_no_formula(world: World) -> None:
    batch = allotted(world)
    AllottedNotice.objects.filter(batch=batch, number=1).update(family="=1+1")
    assert ",=1+1" not in as_csv(batch).decode()
