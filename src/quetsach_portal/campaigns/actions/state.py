"""Move a campaign from state to state: ready, live, closing, closed, archived, in this order."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.counters import reach
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    CampaignState,
    LetterReading,
    Phase,
)
from quetsach_portal.campaigns.models.checks import DryRun
from quetsach_portal.campaigns.scope import PREPARING
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.web.acts import Refused


def locked(campaign: Campaign, *states: CampaignState) -> Campaign:
    """Return the campaign's row, locked, when it is in one of `states`.

    Errors: Refused, naming its state.
    """
    campaign = Campaign.objects.select_for_update().select_related("lead_unit").get(pk=campaign.pk)
    if campaign.state not in states:
        raise Refused(
            _("This cannot be done while the campaign is “%(state)s”.")
            % {"state": campaign.get_state_display()}
        )
    return campaign


def locked_to_prepare(campaign: Campaign) -> Campaign:
    """Return the campaign's row, locked, when it is still being prepared. Errors: Refused."""
    campaign = Campaign.objects.select_for_update().select_related("lead_unit").get(pk=campaign.pk)
    if campaign.state not in PREPARING:
        raise Refused(_("The campaign has begun; its preparation can no longer be changed."))
    return campaign


def changed(campaign: Campaign, *fields: str) -> None:
    """Save `fields`; a campaign that was ready is a draft again until its next dry run."""
    campaign.changed_at = timezone.now()
    names = {*fields, "changed_at"}
    if campaign.state == CampaignState.READY:
        campaign.state = CampaignState.DRAFT
        campaign.start_asked_by, campaign.start_asked_at = None, None
        names |= {"state", "start_asked_by", "start_asked_at"}
    campaign.save(update_fields=sorted(names))


def record_act(action: str, campaign: Campaign, actor: User | None, **detail: Any) -> None:
    """Write the audit row of an act on `campaign`."""
    record(
        action,
        actor=actor,
        kind="campaign",
        object_id=campaign.pk,
        unit_path=campaign.lead_unit.path,
        detail=detail,
    )


ENDED = (CampaignState.CLOSED, CampaignState.CANCELLED)
"""The states in which a campaign waits to be archived."""

KEPT_DAYS = 90
"""So long after the end personal data stays, for questions; then the campaign may be archived."""


def request_dry_run(campaign: Campaign, *, actor: User) -> DryRun:
    """Return a new dry run, which a job does. Errors: Refused once the campaign has begun."""
    with transaction.atomic():
        campaign = locked(campaign, CampaignState.DRAFT, CampaignState.READY)
        dry_run = DryRun.objects.create(campaign=campaign, asked_by=actor)
        record_act("campaign.dry_run", campaign, actor)
        enqueue(
            "campaigns.dry_run",
            key=f"campaigns.dry_run:{dry_run.pk}",
            payload={"run_id": dry_run.pk},
            asked_by_id=actor.pk,
            unit_path=campaign.lead_unit.path,
            max_attempts=2,
        )
    return dry_run


def check_if_stale(campaign: Campaign, *, actor: User) -> DryRun | None:
    """Return a new dry run of a campaign in preparation, None where what is there was checked.

    Errors: as `request_dry_run`.
    """
    last = DryRun.objects.filter(campaign=campaign).order_by("-pk").first()
    is_draft = campaign.state == CampaignState.DRAFT
    if not is_draft or (last is not None and campaign.changed_at <= last.asked_at):
        return None
    return request_dry_run(campaign, actor=actor)


def mark_ready(passed: DryRun) -> bool:
    """Mark the campaign as ready after a dry run that passed and nothing changed since it began.

    The caller holds the transaction.
    """
    campaign = Campaign.objects.select_for_update().get(pk=passed.campaign_id)
    if campaign.state != CampaignState.DRAFT or campaign.changed_at > passed.asked_at:
        return False
    record_act("campaign.ready", campaign, None, dry_run=passed.pk)
    campaign.state = CampaignState.READY
    campaign.save(update_fields=["state"])
    return True


def request_start(campaign: Campaign, *, actor: User) -> None:
    """Ask a second owner in the lead office to start. Errors: Refused unless it is ready."""
    with transaction.atomic():
        campaign = locked(campaign, CampaignState.READY)
        if campaign.start_asked_by_id is not None:
            raise Refused(_("The start has been requested; a second owner must confirm it."))
        record_act("campaign.start_asked", campaign, actor)
        campaign.start_asked_by, campaign.start_asked_at = actor, timezone.now()
        campaign.save(update_fields=["start_asked_by", "start_asked_at"])


def take_start_back(campaign: Campaign, *, actor: User) -> None:
    """Withdraw the request to start. Errors: Refused when there is none."""
    with transaction.atomic():
        campaign = locked(campaign, CampaignState.READY)
        if campaign.start_asked_by_id is None:
            raise Refused(_("The start has not been requested."))
        record_act("campaign.start_taken_back", campaign, actor)
        campaign.start_asked_by, campaign.start_asked_at = None, None
        campaign.save(update_fields=["start_asked_by", "start_asked_at"])


def mark_started(campaign: Campaign, *, actor: User) -> Campaign:
    """Return the campaign's row, locked and live; it sends nothing, letters go out one by one.

    The caller holds the transaction.
    Errors: Refused unless it is ready and somebody else asked for it.
    """
    campaign = locked(campaign, CampaignState.READY)
    if campaign.start_asked_by_id is None:
        raise Refused(_("One owner requests the start, a second one confirms it."))
    if campaign.start_asked_by_id == actor.pk:
        raise Refused(_("You requested the start yourself; a second owner must confirm it."))
    refuse_same_hand(campaign.start_asked_by_id, actor)
    record_act("campaign.started", campaign, actor, asked_by=campaign.start_asked_by_id)
    now = timezone.now()
    campaign.state, campaign.started_by, campaign.starts_at = CampaignState.LIVE, actor, now
    campaign.save(update_fields=["state", "started_by", "starts_at"])
    # The lead office knows of its own campaign; it reports receipt and deployment itself.
    reach(CampaignNode.objects.get(campaign=campaign, depth=0), "told", now)
    return campaign


def closing_from(campaign: Campaign) -> datetime | None:
    """Return when the last phase is locked, None without a phase."""
    last = Phase.objects.filter(campaign=campaign).order_by("-due_at").first()
    return None if last is None else last.locks_at or last.due_at


def archive_from(campaign: Campaign) -> datetime | None:
    """Return from when personal data may go, None before the campaign is closed."""
    ended = campaign.closed_at
    return None if ended is None else ended + timedelta(days=KEPT_DAYS)


def mark_closing(campaign: Campaign, *, actor: User) -> None:
    """Begin the end of the campaign, after the last phase is locked. Errors: Refused before.

    The caller holds the transaction.
    """
    campaign = locked(campaign, CampaignState.LIVE)
    if (opens_at := closing_from(campaign)) is not None and opens_at > timezone.now():
        raise Refused(_("The last phase is still open."))
    record_act("campaign.closing", campaign, actor)
    campaign.state = CampaignState.CLOSING
    campaign.save(update_fields=["state"])


def mark_closed(campaign: Campaign, *, actor: User) -> None:
    """Make the totals final; supplements may still come. Errors: Refused unless it is closing.

    The caller holds the transaction.
    """
    campaign = locked(campaign, CampaignState.CLOSING)
    record_act("campaign.closed", campaign, actor)
    campaign.state, campaign.closed_at, campaign.ends_at = (
        CampaignState.CLOSED,
        timezone.now(),
        timezone.now(),
    )
    campaign.save(update_fields=["state", "closed_at", "ends_at"])


def request_archive(campaign: Campaign, *, actor: User) -> None:
    """Ask a second owner to purge the personal data. Errors: Refused within 90 days of the end."""
    with transaction.atomic():
        campaign = locked(campaign, *ENDED)
        _check_age(campaign)
        if campaign.archive_asked_by_id is not None:
            raise Refused(_("Archiving has been requested; a second owner must confirm it."))
        record_act("campaign.archive_asked", campaign, actor)
        campaign.archive_asked_by = actor
        campaign.save(update_fields=["archive_asked_by"])


def locked_to_archive(campaign: Campaign, *, actor: User) -> Campaign:
    """Return the campaign's row, locked, when `actor` may confirm its archiving now.

    The caller holds the transaction.
    Errors: Refused unless it has ended, 90 days have passed, and somebody else asked for it.
    """
    campaign = locked(campaign, *ENDED)
    _check_age(campaign)
    if campaign.archive_asked_by_id in (None, actor.pk):
        raise Refused(_("One owner requests archiving, a second one confirms it."))
    refuse_same_hand(campaign.archive_asked_by_id, actor)
    return campaign


def mark_archived(campaign: Campaign, removed: Mapping[str, int], *, actor: User) -> None:
    """Empty the letter of the locked `campaign`, and mark it as archived.

    Shapes: `removed` counts what the purges took away, by its name in `lifecycle.end_steps.GOES`.
    The caller holds the transaction.
    """
    campaign.letter = {}
    LetterReading.objects.filter(campaign=campaign).update(result={})
    record_act("campaign.archived", campaign, actor, removed=dict(removed))
    campaign.state, campaign.archived_at = CampaignState.ARCHIVED, timezone.now()
    campaign.save(update_fields=["state", "archived_at", "letter"])


def _check_age(campaign: Campaign) -> None:
    goes_from = archive_from(campaign)
    if goes_from is None or timezone.now() < goes_from:
        raise Refused(_("Personal data is kept for 90 days after the end."))
