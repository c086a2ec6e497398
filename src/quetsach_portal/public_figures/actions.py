"""Acts: prepare figures for the public, publish what was previewed, take it back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import Campaign, CampaignState
from quetsach_portal.people.models import User
from quetsach_portal.public_figures.against import held_of
from quetsach_portal.public_figures.content import digest_of, gathered
from quetsach_portal.public_figures.models import PublicFigures, State
from quetsach_portal.web.problems import Refused

SHOWS = (CampaignState.LIVE, CampaignState.CLOSING, CampaignState.CLOSED)


def prepare(campaign: Campaign, *, text: str, actor: User) -> PublicFigures:
    """Return the figures as they stand now, in the place of what was prepared and not published.

    Errors: Refused while the campaign has not begun.
    """
    with transaction.atomic():
        row = _locked(campaign)
        if row.state not in SHOWS:
            raise Refused(_("There are no figures for the public before the campaign runs."))
        held = held_of(row)
        content, kept = gathered(row, held.bases, held.grouped)
        words = text.strip()[:3000]
        PublicFigures.objects.filter(campaign=row, state=State.PREPARED).delete()
        made = PublicFigures.objects.create(
            campaign=row,
            day=timezone.localdate(),
            content=content,
            kept=kept,
            sha256=digest_of(content, words),
            text=words,
            prepared_by=actor,
        )
        _record("public.prepared", made, actor)
    return made


def publish(figures: PublicFigures, *, sha256: str, actor: User) -> None:
    """Show the figures to everybody, when they are those that were previewed.

    Errors: Refused when others were prepared since, or some of that day are shown already.
    """
    with transaction.atomic():
        campaign = _locked(figures.campaign)
        row = PublicFigures.objects.filter(pk=figures.pk, state=State.PREPARED).first()
        if row is None or row.sha256 != sha256:
            raise Refused(_("Other figures were prepared since. Look at them first."))
        shown = PublicFigures.objects.filter(campaign=campaign, state=State.PUBLISHED)
        if shown.filter(day=row.day).exists():
            raise Refused(_("Figures of this day are shown already; one a day is enough."))
        _record("public.published", row, actor)
        row.state, row.published_by = State.PUBLISHED, actor
        row.published_at = timezone.now()
        row.save(update_fields=["state", "published_by", "published_at"])


def withdraw(figures: PublicFigures, *, reason: str, actor: User) -> None:
    """Show the figures no longer; what was shown before them is shown again.

    Errors: Refused without a reason, or when they are not shown.
    """
    if not reason.strip():
        raise Refused(_("Say why the figures are taken back."), field="reason")
    with transaction.atomic():
        _locked(figures.campaign)
        row = PublicFigures.objects.filter(pk=figures.pk, state=State.PUBLISHED).first()
        if row is None:
            raise Refused(_("These figures are not shown."))
        _record("public.withdrawn", row, actor)
        row.state, row.reason, row.withdrawn_by = State.WITHDRAWN, reason.strip()[:500], actor
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["state", "reason", "withdrawn_by", "withdrawn_at"])


def _locked(campaign: Campaign) -> Campaign:
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("lead_unit")
    return rows.get(pk=campaign.pk)


def _record(act: str, figures: PublicFigures, actor: User) -> None:
    record(
        act,
        actor=actor,
        kind="publicfigures",
        object_id=figures.pk,
        unit_path=figures.campaign.lead_unit.path,
        detail={"campaign": figures.campaign_id, "sha256": figures.sha256},
    )
