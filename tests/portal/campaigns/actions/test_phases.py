"""Phases whose deadlines can be kept, and a release made of lists by a job."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.actions.phases import make_release
from quetsach_portal.campaigns.models.campaign import Campaign, Phase
from quetsach_portal.jobs.models import Job, JobState
from tests.portal.campaigns.acting import LIST, owner, prepared, upload
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(register: World) -> Campaign:
    return prepared(register)


def test_lists_become_a_release_by_a_job(register, campaign) -> None:
    job = make_release(
        campaign, [upload(LIST.encode(), "xau.csv")], title="Từ danh sách", actor=owner(register)
    )
    run_ready()
    job.refresh_from_db()
    campaign.refresh_from_db()
    assert (job.state, job.problem) == (JobState.DONE, "")
    assert campaign.release_facts["title"] == "Từ danh sách"
    assert campaign.release_facts["count"] == 2


def test_lists_without_an_entry_tell_why(register, campaign) -> None:
    make_release(
        campaign, [upload("không có gì\n".encode(), "a.txt")], title="x", actor=owner(register)
    )
    run_ready()
    job = Job.objects.get(kind="campaigns.make_release")
    assert job.state == JobState.FAILED
    assert job.problem
    assert json.dumps(job.payload)


def test_the_engine_never_sees_a_path_from_a_name(register, campaign) -> None:
    make_release(
        campaign,
        [upload(LIST.encode(), "../../../xau.csv"), upload(LIST.encode(), "..\\b.csv")],
        title="x",
        actor=owner(register),
    )
    run_ready()
    assert Job.objects.get(kind="campaigns.make_release").state == JobState.DONE


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_day": "2001-01-01"},
        {"lead_1": "5", "lead_2": "2"},
        {"lead_1": "60"},
        {"locks_day": "2001-01-01"},
        {"due_day": "x"},
    ],
)
def test_deadlines_that_nobody_can_keep_are_refused(register, wrong) -> None:
    campaign, day = prepared(register), timezone.localdate()
    form = {"opens_day": day, "due_day": day + timedelta(days=40), **wrong}
    client = signed_in(owner(register))
    page = client.post(f"/campaigns/{campaign.pk}/phases/new/", form)
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert Phase.objects.count() == 1
