"""The demo district, loaded whole by the acts of its people."""

import pytest

from quetsach_portal.audit.verify import first_break
from quetsach_portal.campaigns.models import CampaignState, NodeTally
from quetsach_portal.campaigns.recount import recount
from quetsach_portal.cases.models import Case
from quetsach_portal.cases.notice_models import NoticeItem
from quetsach_portal.demo_district import evidence
from quetsach_portal.demo_district.load import load
from quetsach_portal.intake.models import Submission, SubmissionState
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.rights.models import Role
from quetsach_portal.web.problems import Refused

pytestmark = pytest.mark.django_db


def test_the_demo_runs_from_the_letter_to_cases_and_its_figures_add_up(monkeypatch) -> None:
    monkeypatch.setattr(evidence, "HANDED_IN", ("TC01", "TC12", "TC17"))
    told: list[str] = []
    loaded = load(told.append)
    assert len(told) == 6
    assert loaded.campaign.state == CampaignState.LIVE
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}
    assert {one.role for one in loaded.accounts} == set(Role)
    root = NodeTally.objects.get(node__campaign=loaded.campaign, node__parent=None)
    # The units of the party get their letter from their own committee, and one of them is silent.
    assert (root.units, root.told) == (44, 43)
    assert 0 < root.deployed < root.received < root.told
    assert root.joined_staff > 0
    assert recount(loaded.campaign) == []
    done = Submission.objects.filter(state=SubmissionState.DONE)
    assert done.count() == 3
    infected = {"TC01", "TC17"}
    assert set(Case.objects.values_list("node__unit__code", flat=True)) == infected
    assert set(NoticeItem.objects.values_list("outcome", flat=True)) == {"device"}
    assert first_break() is None
    with pytest.raises(Refused):
        load(told.append)
