"""Make a rehearsal of a campaign in preparation, and throw it away.

Of either the real portal keeps one row in its trail, and nothing else: there is no table of them.
"""

import logging
import os
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.actions.state import record_act
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, Phase
from quetsach_portal.campaigns.scope import PREPARING
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.jobs.worker import GiveUp
from quetsach_portal.people.models.account import User
from quetsach_portal.rehearsals import homes
from quetsach_portal.rehearsals.copying import copy_into
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.scratch_homes import (
    RehearsalNote,
    command,
    environment_of,
    write_note,
)

log = logging.getLogger(__name__)

KIND = "rehearsals.make"
_FILLED_WITHIN_S = 900.0
_LOOK_EVERY_S = 10.0


def ask_for(campaign: Campaign, *, actor: User) -> Job:
    """Return the job that makes a rehearsal of `campaign`.

    Errors: Refused as `refuse_unfit`, and while one is being made.
    """
    refuse_unfit(campaign)
    if being_made(campaign.pk) is not None:
        raise Refused(_("A rehearsal of this campaign is being made."))
    with transaction.atomic():
        before = Job.objects.filter(kind=KIND).count()
        return enqueue(
            KIND,
            key=f"{KIND}:{campaign.pk}:{before}",
            payload={"campaign": campaign.pk},
            asked_by_id=actor.pk,
            unit_path=campaign.lead_unit.path,
            max_attempts=1,
        )


def refuse_unfit(campaign: Campaign) -> None:
    """Errors: Refused unless it is prepared that far, has none yet, and there is room for one."""
    if campaign.state not in PREPARING:
        raise Refused(_("The campaign has begun; only a campaign in preparation is rehearsed."))
    if not CampaignNode.objects.filter(campaign=campaign).exists():
        raise Refused(_("Choose the units first: a rehearsal takes them over."))
    if not Phase.objects.filter(campaign=campaign).exists():
        raise Refused(_("Enter a deadline first: a rehearsal takes it over."))
    # With a deadline of the past the copy could not start, and no unit would see it.
    if Phase.objects.filter(campaign=campaign, due_at__lte=timezone.now()).exists():
        raise Refused(_("A deadline is past: enter the one that holds, then rehearse."))
    if homes.note_of(campaign.pk) is not None:
        raise Refused(_("This campaign has a rehearsal. Delete it before you make another."))
    if len(homes.notes()) >= homes.MOST_HOMES:
        raise Refused(
            _("There are %(count)s rehearsals on this portal. Delete one that is done with.")
            % {"count": homes.MOST_HOMES}
        )


def being_made(campaign_id: int) -> Job | None:
    """Return the job that makes a rehearsal of the campaign now, None where there is none."""
    going = (JobState.READY, JobState.RUNNING)
    return Job.objects.filter(kind=KIND, payload__campaign=campaign_id, state__in=going).first()


def last_failure(campaign_id: int) -> str:
    """Return why the last try to make a rehearsal failed, "" where it did not."""
    job = Job.objects.filter(kind=KIND, payload__campaign=campaign_id).order_by("-pk").first()
    return "" if job is None or job.state != JobState.FAILED else job.problem


def run_make(work: RunningJob) -> None:
    """Make the rehearsal that was asked for; a job."""
    campaign = Campaign.objects.select_related("lead_unit").get(pk=work.payload["campaign"])
    asked_by = Job.objects.filter(pk=work.job_id).values("asked_by_id")
    actor = User.objects.filter(pk__in=asked_by).first()
    try:
        refuse_unfit(campaign)
    except Refused as refused:
        raise GiveUp(refused.told) from refused
    folder = homes.new_folder()
    try:
        note = prepare(campaign, folder, work)
        with work.finishing():
            enter(note, folder, campaign, actor)
    finally:
        homes.drop(folder)


def make(campaign: Campaign, *, actor: User | None) -> RehearsalNote:
    """Make a rehearsal of `campaign` here and now; return what is known of it. For the command.

    Errors: Refused as `refuse_unfit`; GiveUp where filling it failed.
    """
    refuse_unfit(campaign)
    folder = homes.new_folder()
    try:
        note = prepare(campaign, folder, None)
        with transaction.atomic():
            enter(note, folder, campaign, actor)
    finally:
        homes.drop(folder)
    return note


def prepare(campaign: Campaign, folder: Path, work: RunningJob | None) -> RehearsalNote:
    """Copy what belongs to `campaign` into `folder` and fill a database there, in a process.

    Errors: GiveUp where that process failed.
    """
    renew = (lambda: None) if work is None else work.renew
    now = timezone.localtime()
    note = RehearsalNote(
        id=folder.name,
        campaign_id=campaign.pk,
        title=campaign.title,
        made_at=now.isoformat(),
        gone_at=(now + homes.KEPT).isoformat(),
    )
    write_note(folder, note)
    copy_into(folder, campaign, renew)
    process = subprocess.Popen(
        command("rehearsal", "fill", "--parent", str(os.getpid())),
        env=environment_of(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        message = _ended(process, renew)
    finally:
        process.kill()
        process.wait()
    if process.returncode:
        log.error("rehearsal not filled", extra={"rehearsal": note.id, "told": message})
        raise GiveUp(_("The rehearsal could not be filled: %(why)s") % {"why": message})
    return note


def _ended(process: "subprocess.Popen[bytes]", renew: Callable[[], None]) -> str:
    """Wait for `process`; return the last line that it wrote where it failed."""
    waited = 0.0
    while waited < _FILLED_WITHIN_S:
        try:
            _out, error = process.communicate(timeout=_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            waited += _LOOK_EVERY_S
            renew()
        else:
            lines = error.decode("utf-8", "replace").strip().splitlines()
            return lines[-1][:300] if lines else ""
    process.kill()
    process.communicate()
    return _("it took too long")


def enter(note: RehearsalNote, folder: Path, campaign: Campaign, actor: User | None) -> None:
    """Record that a rehearsal was made, and let it be found. The caller holds the transaction."""
    record_act("campaign.rehearsal_made", campaign, actor, rehearsal=note.id)
    homes.move_into_place(folder)


def throw_away(note: RehearsalNote, *, actor: User | None) -> None:
    """Remove a rehearsal: its folder with all in it, and a row in the trail that says so."""
    campaign = Campaign.objects.select_related("lead_unit").filter(pk=note.campaign_id).first()
    with transaction.atomic():
        if campaign is not None:
            record_act("campaign.rehearsal_thrown_away", campaign, actor, rehearsal=note.id)
        homes.throw_away(note.id)


def forget_old(work: RunningJob) -> None:
    """Throw away the rehearsals whose seven days are over; a job."""
    now: datetime = timezone.now()
    for note in homes.sweep(now):
        work.renew()
        throw_away(note, actor=None)
