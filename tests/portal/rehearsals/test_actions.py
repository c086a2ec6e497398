"""A rehearsal is made by a job, which leaves one row in the trail and a folder, or nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, Phase
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.rehearsals import actions, homes
from quetsach_portal.rehearsals.filling import stopped_by
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.scratch_homes import RehearsalNote, write_note
from tests.portal.campaigns.acting import owner, prepared
from tests.portal.working import run_ready
from tests.portal.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(db: None) -> World:
    return make_world(live=False)


@pytest.fixture
def campaign(register: World) -> Campaign:
    return prepared(register)


def acts() -> list[str]:
    rows = AuditEvent.objects.filter(action__contains="rehearsal").order_by("seq")
    return [row.action for row in rows]


def noted(campaign_id: int, gone_in: timedelta = timedelta(days=1)) -> RehearsalNote:
    folder = homes.new_folder()
    now = timezone.localtime()
    note = RehearsalNote(folder.name, campaign_id, "", now.isoformat(), (now + gone_in).isoformat())
    write_note(folder, note)
    homes.move_into_place(folder)
    return note


def test_the_job_makes_a_rehearsal_that_has_begun(register: World, campaign: Campaign) -> None:
    actions.ask_for(campaign, actor=owner(register))
    with pytest.raises(Refused, match="Đang tạo"):
        actions.ask_for(campaign, actor=owner(register))
    run_ready()
    note = homes.note_of(campaign.pk)
    assert note is not None, Job.objects.get(kind=actions.KIND).problem
    folder = homes.folder_of(note.id)
    assert stopped_by(folder) == []
    assert (folder / "secret.key").read_text() != ""
    assert not (folder / "seed.jsonl").exists()
    event = AuditEvent.objects.get(action="campaign.rehearsal_made")
    assert (event.actor_id, event.detail) == (owner(register).pk, {"rehearsal": note.id})
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT
    with pytest.raises(Refused, match="đã có bản diễn tập"):
        actions.ask_for(campaign, actor=owner(register))


def test_what_could_not_be_filled_leaves_nothing_and_says_why(
    register: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(
        actions, "command", lambda *_words: ["sh", "-c", "echo đĩa đầy >&2; exit 3"]
    )
    actions.ask_for(campaign, actor=owner(register))
    run_ready()
    assert Job.objects.get(kind=actions.KIND).state == JobState.FAILED
    assert "đĩa đầy" in actions.last_failure(campaign.pk)
    assert list((home / "rehearsals").iterdir()) == []
    assert acts() == []
    # It may be tried again.
    assert actions.being_made(campaign.pk) is None
    actions.ask_for(campaign, actor=owner(register))


def test_only_a_campaign_that_is_prepared_that_far_is_rehearsed(
    register: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Campaign.objects.create(
        title="Trống", lead_unit=register.units["TC"], created_by=owner(register)
    )
    with pytest.raises(Refused, match="chọn đơn vị"):
        actions.refuse_unfit(bare)
    monkeypatch.setattr(homes, "MOST_HOMES", 1)
    noted(bare.pk)
    with pytest.raises(Refused, match="1 bản diễn tập"):
        actions.refuse_unfit(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.LIVE)
    campaign.refresh_from_db()
    with pytest.raises(Refused, match="đã bắt đầu"):
        actions.refuse_unfit(campaign)


def test_after_seven_days_a_job_throws_it_away(register: World, campaign: Campaign) -> None:
    old = noted(campaign.pk, timedelta(seconds=-1))
    new = noted(campaign.pk + 1)
    enqueue("rehearsals.forget", key="rehearsals.forget:1")
    run_ready()
    assert homes.notes() == [new]
    (event,) = AuditEvent.objects.filter(action__contains="rehearsal")
    assert (event.action, event.actor_id) == ("campaign.rehearsal_thrown_away", None)
    assert event.detail == {"rehearsal": old.id}


def test_a_deadline_of_the_past_is_corrected_before_a_rehearsal(campaign: Campaign) -> None:
    actions.refuse_unfit(campaign)
    Phase.objects.filter(campaign=campaign).update(due_at=timezone.now() - timedelta(days=1))
    with pytest.raises(Refused, match="thời hạn đã qua"):
        actions.refuse_unfit(campaign)
