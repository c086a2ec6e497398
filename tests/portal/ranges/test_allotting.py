"""Each item goes to the unit of its address, and to nobody rather than to the wrong one."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.models.notice import NoticeBatch
from quetsach_portal.people.models.roles import Role
from quetsach_portal.ranges.allotting import allot_again, decide, hand_in
from quetsach_portal.ranges.models import Forwarding, NoticeQuestion, PublicRange
from quetsach_portal.web.acts import Refused
from tests.portal.ranges.asked import NOTICES, allotted, approved, asked_of, handed_in, states
from tests.portal.working import run_ready
from tests.portal.world import World


def test_each_item_has_one_state_and_its_units(world: World) -> None:
    batch = allotted(world)
    assert states(batch) == [
        *("open", "open", "open", "open"),
        *("undecided", "not-ours", "rejected"),
    ]
    assert asked_of(world, batch, "TC01").part.only == [1, 2, 4]
    assert asked_of(world, batch, "TC02").part.only == [3, 4]
    assert (batch.items, batch.state) == (7, "traced")
    detail = AuditEvent.objects.filter(action="notices.allotted").latest("pk").detail
    assert (detail["items"], detail["allotted"], detail["shared"]) == (7, 3, 1)


def test_the_job_reads_the_file_and_each_units_part_is_traced(world: World) -> None:
    batch = handed_in(world)
    assert states(batch).count("open") == 4
    part = asked_of(world, batch, "TC01").part
    assert part.state == "traced"
    assert list(part.rows.order_by("number").values_list("number", flat=True)) == [1, 2, 4]


@pytest.mark.parametrize("raw", ["no notices at all\n", "timestamp,ip\n"])
def test_a_file_that_cannot_be_read_says_why_and_asks_nobody(world: World, raw: str) -> None:
    batch = handed_in(world, raw)
    assert batch.state == "failed"
    assert batch.problem
    assert not Forwarding.objects.exists()


def test_a_unit_outside_the_campaign_is_not_asked_and_its_share_is_decided(world: World) -> None:
    CampaignNode.objects.filter(pk=world.nodes["TC02"].pk).update(state="excused")
    batch = allotted(world)
    # The shared range too: the machine may be the other unit's.
    assert states(batch)[2:4] == ["undecided", "undecided"]
    assert not Forwarding.objects.filter(node=world.nodes["TC02"]).exists()


def test_only_what_two_persons_stand_behind_counts(world: World) -> None:
    PublicRange.objects.update(approved_at=None, approved_by=None)
    assert states(allotted(world)) == [*["undecided"] * 6, "rejected"]


def test_the_lead_office_decides_what_is_nobodys(world: World) -> None:
    batch, actor = allotted(world), world.user("TC", Role.LEAD_ANALYST)
    assert decide(batch, "192.0.2.200", unit=world.units["TC02"], actor=actor) == 1
    assert states(batch)[4] == "open"
    part = asked_of(world, batch, "TC02").part
    assert (part.only, part.runs, part.state) == ([3, 4, 5], 2, "waiting")
    with pytest.raises(Refused):
        decide(batch, "192.0.2.200", unit=None, actor=actor)


def test_the_lead_office_says_that_an_address_is_not_ours(world: World) -> None:
    batch = allotted(world)
    decide(batch, "192.0.2.200", unit=None, actor=world.user("TC", Role.LEAD_OWNER))
    assert states(batch)[4] == "not-ours"


def test_a_unit_without_a_node_cannot_be_asked_and_nothing_is_decided(world: World) -> None:
    batch = allotted(world)
    with pytest.raises(Refused):
        decide(
            batch,
            "192.0.2.200",
            unit=world.units["KH"],
            actor=world.user("TC", Role.LEAD_OWNER),
        )
    assert states(batch)[4] == "undecided"


def test_what_is_nobodys_is_allotted_again_by_new_ranges(world: World) -> None:
    batch, actor = allotted(world), world.user("TC", Role.LEAD_OWNER)
    assert allot_again(batch, actor=actor) == 0
    approved(world, "TC01A", "192.0.2.192/26")
    assert allot_again(batch, actor=actor) == 1
    assert states(batch)[4] == "open"
    assert allot_again(batch, actor=actor) == 0


def test_a_part_that_grew_while_it_was_traced_is_traced_whole(world: World) -> None:
    batch = allotted(world)
    decide(
        batch,
        "192.0.2.200",
        unit=world.units["TC02"],
        actor=world.user("TC", Role.LEAD_OWNER),
    )
    run_ready()
    part = asked_of(world, batch, "TC02").part
    assert part.rows.count() == 3
    assert NoticeQuestion.objects.filter(forwarding__part=part).count() == 3


def test_the_term_has_to_lie_ahead_and_a_file_comes_once(world: World) -> None:
    actor, now = world.user("TC", Role.LEAD_OWNER), timezone.now()

    def given(days: int) -> NoticeBatch:
        upload = SimpleUploadedFile("n.csv", NOTICES.encode())
        due = now + timedelta(days=days)
        return hand_in(world.nodes["TC"], upload=upload, due=due, actor=actor)

    with pytest.raises(Refused):
        given(-1)
    given(2)
    with pytest.raises(Refused):
        given(2)
