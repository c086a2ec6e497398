"""Phases with their exclusive deadlines, and the release of indicators of a campaign."""

import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypedDict, Unpack

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.signing import ReleaseFacts
from quetsach_portal.campaigns.actions.state import changed, locked_to_prepare, record_act
from quetsach_portal.campaigns.deadlines import MOST_LEVELS, due_at_depth
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, Phase
from quetsach_portal.campaigns.release import (
    as_json,
    facts_in,
    facts_of,
    hex_of,
    now_iso,
    run_in_sandbox,
)
from quetsach_portal.campaigns.sandboxed_reading import MADE, RELEASE, ListsInput
from quetsach_portal.campaigns.scope import PREPARING
from quetsach_portal.campaigns.tree.freezing import remove_slots, write_slots
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.models import Job
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.jobs.worker import GiveUp
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

MOST_PHASES = 24


class PhaseFields(TypedDict, total=False):
    """The fields of a phase; `lead_days` are those of `Phase.level_lead_days`."""

    title: str
    opens_at: datetime
    due_at: datetime
    locks_at: datetime | None
    lead_days: dict[str, int]
    working_days: bool
    counted_until: date | None
    carry_percent: Decimal
    looks_back_days: int


def add_phase(campaign: Campaign, *, actor: User, **fields: Unpack[PhaseFields]) -> Phase:
    """Return a new last phase, with its expected reports if the tree is frozen.

    Errors: Refused for deadlines that cannot be kept, or once the campaign has begun.
    """
    with transaction.atomic():
        campaign = locked_to_prepare(campaign)
        last = campaign.phases.order_by("-no").first()
        if last is not None and last.no >= MOST_PHASES:
            raise Refused(_("A campaign has at most 24 phases."))
        number = 1 if last is None else last.no + 1
        phase = Phase(campaign=campaign, no=number, opens_at=timezone.now())
        _fill(phase, fields)
        _audit("phase.added", phase, actor)
        phase.save()
        _expect(phase)
        changed(campaign)
    return phase


def set_phase(phase: Phase, *, actor: User, **fields: Unpack[PhaseFields]) -> None:
    """Change the phase and all its deadlines. Errors: as `add_phase`."""
    with transaction.atomic():
        campaign = locked_to_prepare(phase.campaign)
        phase = Phase.objects.select_for_update().select_related("campaign").get(pk=phase.pk)
        _fill(phase, fields)
        _audit("phase.changed", phase, actor)
        phase.save()
        remove_slots(phase)
        _expect(phase)
        changed(campaign)


def _fill(phase: Phase, fields: PhaseFields) -> None:
    for name, content in fields.items():
        setattr(phase, "level_lead_days" if name == "lead_days" else name, content)
    check_phase(phase)


def remove_phase(phase: Phase, *, actor: User) -> None:
    """Remove the phase; later ones move up. Errors: Refused once the campaign has begun."""
    with transaction.atomic():
        campaign = locked_to_prepare(phase.campaign)
        phase = Phase.objects.select_for_update().select_related("campaign").get(pk=phase.pk)
        _audit("phase.removed", phase, actor)
        remove_slots(phase)
        phase.delete()
        for later in campaign.phases.filter(no__gt=phase.no).order_by("no"):
            later.no -= 1
            later.save(update_fields=["no"])
        changed(campaign)


def check_phase(phase: Phase) -> None:
    """Refuse deadlines that no unit could keep."""
    if phase.due_at <= phase.opens_at:
        raise Refused(_("The deadline is before the phase opens."), field="due_day")
    if phase.locks_at is not None and phase.locks_at < phase.due_at:
        raise Refused(_("The phase is locked before it is due."), field="locks_day")
    last_day = timezone.localtime(phase.due_at).date()
    if phase.counted_until is not None and phase.counted_until > last_day:
        raise Refused(_("The date of the figures is after the deadline."), field="counted_until")
    before = 0
    for depth in range(1, MOST_LEVELS + 1):
        days = phase.level_lead_days.get(str(depth), before)
        if days < before:
            raise Refused(
                _("A lower level cannot be due later than the level above it."), field="lead_1"
            )
        before = days
    lowest = due_at_depth(
        phase.due_at, phase.level_lead_days, MOST_LEVELS, working_days=phase.working_days
    )
    if lowest <= phase.opens_at:
        raise Refused(_("The lowest level would be due before the phase opens."), field="lead_1")


def _expect(phase: Phase) -> None:
    if CampaignNode.objects.filter(campaign_id=phase.campaign_id).exists():
        write_slots(phase)


def _audit(action: str, phase: Phase, actor: User) -> None:
    due, carry = phase.due_at.isoformat(), str(phase.carry_percent)
    record_act(action, phase.campaign, actor, no=phase.no, due_at=due, carry_percent=carry)


MOST_LISTS = 20


def take_release(campaign: Campaign, upload: "UploadedFile[bytes]", *, actor: User) -> None:
    """Keep an uploaded release and make it the campaign's, after reading every line of it.

    Errors: Refused when it is none, was changed, or the campaign has begun.
    """
    stored = store_upload(
        upload, purpose="release", owner_path=campaign.lead_unit.path, actor=actor
    )
    choose_release(campaign, stored, facts_of(stored), actor=actor)


def choose_release(
    campaign: Campaign, stored: StoredFile, facts: ReleaseFacts, *, actor: User | None
) -> None:
    """Choose the release in `stored`, described by `facts`, for the campaign.

    Errors: as `take_release`.
    """
    with transaction.atomic():
        campaign = locked_to_prepare(campaign)
        put_in_force(campaign, stored, hex_of(facts), as_json(facts), actor=actor)


def put_in_force(
    campaign: Campaign,
    stored: StoredFile,
    sha256: str,
    facts: Mapping[str, Any],
    *,
    actor: User | None,
) -> None:
    """Make the release in `stored` what the locked `campaign` looks for, also while it runs."""
    digest, count = f"sha256:{sha256}", facts.get("count", 0)
    record_act("campaign.release", campaign, actor, digest=digest, count=count)
    campaign.release_file, campaign.release_path = stored, str(path_of(stored))
    campaign.release_sha256, campaign.release_facts = sha256, dict(facts)
    fields = ("release_file", "release_path", "release_sha256", "release_facts")
    if campaign.state in PREPARING:
        changed(campaign, *fields)
    else:
        campaign.save(update_fields=fields)


def make_release(
    campaign: Campaign, uploads: Sequence["UploadedFile[bytes]"], *, title: str, actor: User
) -> Job:
    """Store the lists and return the job that creates a release from them.

    Errors: Refused for none or too many, or when the campaign has begun.
    """
    if not uploads or len(uploads) > MOST_LISTS:
        raise Refused(_("Choose between 1 and 20 lists."), field="lists")
    kept = [
        store_upload(one, purpose="list", owner_path=campaign.lead_unit.path, actor=actor)
        for one in uploads
    ]
    with transaction.atomic():
        campaign = locked_to_prepare(campaign)
        campaign.release_lists.set(kept)
        return enqueue(
            "campaigns.make_release",
            key=f"campaigns.make_release:{campaign.pk}:{kept[0].pk}",
            payload={"campaign_id": campaign.pk, "title": title, "actor_id": actor.pk},
            asked_by_id=actor.pk,
            unit_path=campaign.lead_unit.path,
            max_attempts=2,
        )


def run_make_release(work: RunningJob) -> None:
    """Create a release from lists and select it; a job."""
    campaign = Campaign.objects.select_related("lead_unit").get(pk=work.payload["campaign_id"])
    actor = User.objects.get(pk=work.payload["actor_id"])
    files = list(campaign.release_lists.order_by("created_at"))
    try:
        with TemporaryDirectory() as folder:
            given = _laid_out(campaign, files, Path(folder), str(work.payload["title"]))
            answer = run_in_sandbox(
                RELEASE, given, folder=Path(folder), on_progress=lambda _progress: work.renew()
            )
            if answer.problem:
                raise GiveUp(answer.problem)
            facts, made = facts_in(answer), _made_in(Path(folder))
        with work.finishing():
            stored = store_upload(
                made, purpose="release", owner_path=campaign.lead_unit.path, actor=actor
            )
            choose_release(campaign, stored, facts, actor=actor)
    except Refused as refused:
        raise GiveUp(refused.told) from refused


def _laid_out(
    campaign: Campaign, files: Sequence[StoredFile], folder: Path, title: str
) -> ListsInput:
    # The format follows from the file name, so each list keeps its name in its own folder.
    lists = []
    for number, stored in enumerate(files):
        named = folder / str(number) / Path(stored.name.replace("\\", "/")).name
        named.parent.mkdir()
        shutil.copyfile(path_of(stored), named)
        lists.append(str(named.relative_to(folder)))
    return ListsInput(tuple(lists), created=now_iso(), title=title, campaign=campaign.title)


def _made_in(folder: Path) -> "UploadedFile[bytes]":
    # Not through a link that the process may have left in its place.
    handle = os.open(folder / MADE, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as file:
        return SimpleUploadedFile(MADE, file.read())
