"""Handing in: begun, added to, sent off once; what is over is over."""

from pathlib import Path
from uuid import uuid4

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignState, NodeState
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake import actions
from quetsach_portal.intake.models import Submission, SubmissionKind, SubmissionState
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.intake.handing_in import (
    CLEAN,
    LOG,
    as_released,
    begun,
    fresh,
    given,
    hand_in,
    looked_through,
    made_at_home,
    publish,
    zipped,
)
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_E4_a_form_sent_twice_begins_one_submission(world: World) -> None:
    publish(world)
    token = uuid4()
    assert begun(world, token=token).pk == begun(world, token=token).pk
    assert Submission.objects.count() == 1
    row = Submission.objects.get()
    actor = world.user("TC01", Role.FOCAL_POINT)
    actions.send(row, actor=actor)
    actions.send(row, actor=actor)
    run_ready()
    actions.send(row, actor=actor)
    assert Job.objects.filter(kind="intake.sweep").count() == 1
    assert AuditEvent.objects.filter(action="evidence.handed_in").count() == 1


def test_a_token_of_another_node_or_person_begins_nothing_of_theirs(world: World) -> None:
    publish(world)
    token = uuid4()
    begun(world, token=token)
    with pytest.raises(Refused):
        actions.begin(
            world.nodes["TC02"],
            kind=SubmissionKind.LOGS,
            upload=given("x.log", LOG),
            note="",
            token=token,
            actor=world.user("TC02", Role.FOCAL_POINT),
        )


@pytest.mark.parametrize("why", ["campaign", "node", "list"])
def test_where_nothing_can_be_handed_in_nothing_is_kept(world: World, why: str) -> None:
    campaign = publish(world)
    if why == "campaign":
        campaign.state = CampaignState.CLOSED
    elif why == "node":
        world.nodes["TC01"].state = NodeState.MERGED
        world.nodes["TC01"].save()
    else:
        campaign.release_file = None
    campaign.save()
    world.nodes["TC01"].campaign.refresh_from_db()
    with pytest.raises(Refused):
        begun(world)
    assert not Submission.objects.exists()


def test_a_draft_takes_files_and_gives_them_back(world: World) -> None:
    publish(world)
    row, actor = begun(world), world.user("TC01", Role.FOCAL_POINT)
    stored = actions.add_file(row, given("more.log", CLEAN), actor=actor)
    actions.remove_file(row, stored.pk, actor=actor)
    assert row.files.count() == 1
    actions.send(row, actor=actor)
    with pytest.raises(Refused):
        actions.add_file(row, given("late.log", CLEAN), actor=actor)
    with pytest.raises(Refused):
        actions.remove_file(row, row.files.get().pk, actor=actor)
    with pytest.raises(Refused):
        actions.throw_away(row, actor=actor)


@pytest.mark.django_db(transaction=True)
def test_a_draft_thrown_away_is_gone_with_its_bytes(world: World) -> None:
    publish(world)
    row = begun(world)
    stored = row.files.get()
    assert path_of(stored).is_file()
    actions.throw_away(row, actor=world.user("TC01", Role.FOCAL_POINT))
    run_ready()
    assert not path_of(stored).exists()
    assert not Submission.objects.exists()


def test_an_empty_draft_is_not_sent(world: World) -> None:
    publish(world)
    row, actor = begun(world), world.user("TC01", Role.FOCAL_POINT)
    actions.remove_file(row, row.files.get().pk, actor=actor)
    with pytest.raises(Refused):
        actions.send(row, actor=actor)


def test_what_was_looked_through_is_not_looked_through_again(world: World) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    with pytest.raises(Refused):
        actions.retry_sweep(row, actor=row.created_by)


def test_a_job_that_was_given_up_can_be_asked_for_again(world: World) -> None:
    publish(world)
    row = hand_in(world, {"conn.log": LOG})
    while fresh(row).state == SubmissionState.CHECKING:
        assert run_ready(1)
    Job.objects.filter(kind="intake.sweep").update(state=JobState.FAILED)
    actions.retry_sweep(row, actor=row.created_by)
    run_ready()
    assert (fresh(row).state, fresh(row).runs) == (SubmissionState.DONE, 2)


def test_findings_are_sent_off_with_their_one_file(world: World, tmp_path: Path) -> None:
    packed = zipped(made_at_home(tmp_path, release=as_released(world)))
    row = hand_in(world, {"findings.zip": packed}, kind=SubmissionKind.FINDINGS)
    assert row.state == SubmissionState.CHECKING
