"""Rows are decided on one by one; a version comes into force by two people who are two."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach.api import gate, lists
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.files.storage import path_of
from quetsach_portal.lists import deciding, holding
from quetsach_portal.lists.models import ListVersion, ListVersionState
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.web.acts import Refused
from tests.portal.intake.handing_in import release_bytes
from tests.portal.lists.versions import (
    fresh,
    proposed,
    pulled_back,
    put_in_force,
    received,
    second_owner,
    tried,
)
from tests.portal.working import run_ready
from tests.portal.world import World


def _decided(version: ListVersion) -> dict[str, str]:
    assert version.release is not None
    release = gate.set_of(path_of(version.release))
    return {one.key: one.decided for one in release.indicators}


def test_a_version_comes_into_force_by_two_people_with_its_decisions_in_it(world: World) -> None:
    owner, other = world.user("TC", Role.LEAD_OWNER), second_owner(world)
    version = tried(world)
    rows = {row.key: row.pk for row in version.doubtful.all()}
    assert set(rows) == {"8.8.8.8", "facebook.com"}
    until = timezone.localdate() + timedelta(days=30)
    deciding.decide_rows(
        version, [rows["8.8.8.8"]], "keep", reason="thư của bộ", until=until, actor=owner
    )
    version = proposed(version, owner)
    assert version.state == ListVersionState.PROPOSED
    assert _decided(version) == {
        "203.0.113.77": "",
        "bad.example": "",
        "8.8.8.8": "keep",
        "facebook.com": "",
    }
    with pytest.raises(Refused):
        deciding.approve(version, actor=owner)
    deciding.approve(version, actor=other)
    version = fresh(version)
    campaign = Campaign.objects.get(pk=version.campaign_id)
    assert version.state == ListVersionState.IN_FORCE
    assert campaign.release_file_id == version.release_id
    assert campaign.release_sha256 == version.sha256
    assert campaign.state == CampaignState.LIVE
    said = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"list.received", "list.decided", "list.proposed", "list.approved"} <= said


def test_whoever_was_let_in_by_the_first_is_no_second_person(world: World) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    other = second_owner(world)
    Assignment.objects.filter(user=other).update(given_by=owner, created_at=timezone.now())
    version = proposed(tried(world), owner)
    with pytest.raises(Refused):
        deciding.approve(version, actor=other)
    assert fresh(version).state == ListVersionState.PROPOSED


def test_keeping_needs_a_reason_and_an_end_within_a_year(world: World) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    version = tried(world)
    rows = list(version.doubtful.values_list("pk", flat=True))
    today = timezone.localdate()
    for reason, until, of in (
        (" ", None, rows),
        ("vì", today - timedelta(days=1), rows),
        ("vì", today + timedelta(days=400), rows),
        ("vì", None, [0]),
    ):
        with pytest.raises(Refused):
            deciding.decide_rows(version, of, "keep", reason=reason, until=until, actor=owner)
    assert not version.doubtful.exclude(decision="").exists()
    assert deciding.follow_proposals(version, actor=owner) == 2
    assert not version.doubtful.filter(decision="keep").exists()
    deciding.decide_rows(version, rows, "", reason="", until=None, actor=owner)
    assert version.doubtful.filter(decision="").count() == 2


def test_a_list_that_lost_much_needs_a_word(world: World) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    put_in_force(world, "".join(f"a{n}.example\n" for n in range(10)))
    version = tried(world, "a1.example\n")
    assert version.changes["shrunken"] == "E222"
    with pytest.raises(Refused) as caught:
        deciding.propose(version, shrink_reason=" ", actor=owner)
    assert caught.value.field == "shrink_reason"
    version = proposed(version, owner, shrink_reason="đợt trước nhầm danh sách")
    assert version.release is not None


def test_the_one_in_force_is_replaced_and_comes_back_when_the_new_one_is_pulled(
    world: World,
) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    first = put_in_force(world, "a.example\nb.example\n")
    second = put_in_force(world, "a.example\nb.example\nc.example\n")
    assert (fresh(first).state, second.state) == (
        ListVersionState.SUPERSEDED,
        ListVersionState.IN_FORCE,
    )
    pulled_back(second, "dòng sai", owner, second_owner(world))
    assert (fresh(first).state, fresh(second).state) == (
        ListVersionState.IN_FORCE,
        ListVersionState.PULLED_BACK,
    )
    campaign = Campaign.objects.get(pk=first.campaign_id)
    assert campaign.release_sha256 == first.sha256


def test_a_proposal_that_was_overtaken_is_made_anew(world: World) -> None:
    owner, other = world.user("TC", Role.LEAD_OWNER), second_owner(world)
    late = proposed(tried(world, "a.example\n"), owner)
    put_in_force(world, "b.example\n")
    with pytest.raises(Refused):
        deciding.approve(late, actor=other)
    deciding.take_back(late, actor=owner)
    late = proposed(late, owner, shrink_reason="cố ý")
    deciding.approve(late, actor=other)
    assert fresh(late).state == ListVersionState.IN_FORCE


def test_a_release_on_which_nobody_decided_stays_as_it_came(world: World) -> None:
    version = received(world, release_bytes("a.example\n").decode(), name="đợt 2.jsonl")
    run_ready()
    version = proposed(version, world.user("TC", Role.LEAD_OWNER))
    assert version.release is not None
    assert version.release_id == version.lists.get().pk


def test_what_is_refused_or_in_force_takes_no_more_acts(world: World) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    version = tried(world)
    with pytest.raises(Refused):
        deciding.refuse(version, reason="", actor=owner)
    deciding.refuse(version, reason="nhầm", actor=owner)
    for act in (
        lambda: deciding.propose(version, shrink_reason="", actor=owner),
        lambda: deciding.approve(version, actor=owner),
        lambda: deciding.follow_proposals(version, actor=owner),
        lambda: deciding.take_back(version, actor=owner),
        lambda: holding.hold(version, "", reason="x", until=None, actor=owner),
        lambda: deciding.refuse(version, reason="x", actor=owner),
    ):
        with pytest.raises(Refused):
            act()


def test_decisions_are_written_as_the_engine_reads_them(world: World) -> None:
    version = tried(world)
    deciding.follow_proposals(version, actor=world.user("TC", Role.LEAD_OWNER))
    verdicts = {one.key: one.verdict for one in deciding._decisions(version)}
    assert verdicts["8.8.8.8"] is lists.AllowDecision.DROP


def test_undecided_rows_are_decided_or_left_by_an_explicit_act(world: World) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    version = tried(world)
    with pytest.raises(Refused) as caught:
        deciding.propose(version, shrink_reason="", actor=owner)
    assert caught.value.field == "leaves_open"
    assert fresh(version).state == ListVersionState.TRIED
    deciding.propose(version, shrink_reason="", actor=owner, leaves_open=True)
    assert AuditEvent.objects.get(action="list.proposed").detail["undecided"] == 2


def test_a_decision_is_taken_over_until_its_day(world: World) -> None:
    put_in_force(world, **{"8.8.8.8": "thư của bộ"})
    version = tried(world, "8.8.8.8\nfacebook.com\nnew.example\n")
    rows = {row.key: (row.decision, row.reason) for row in version.doubtful.all()}
    assert rows == {"8.8.8.8": ("keep", "thư của bộ"), "facebook.com": ("", "")}
