"""Prepare, publish and withdraw public figures, with permissions and page contents."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.access import led_campaign, own_campaign
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.publishing.access import prepares
from quetsach_portal.publishing.figures.content import digest_of, gathered, shown_cells
from quetsach_portal.publishing.models import FiguresState, PublicFigures
from quetsach_portal.web.acts import Refused

SHOWS = (CampaignState.LIVE, CampaignState.CLOSING, CampaignState.CLOSED)


def prepare(campaign: Campaign, *, text: str, actor: User) -> PublicFigures:
    """Return the current figures; they replace prepared ones that were not published.

    Errors: Refused while the campaign has not begun.
    """
    with transaction.atomic():
        campaign = _locked(campaign)
        if campaign.state not in SHOWS:
            raise Refused(_("There are no public figures before the campaign has started."))
        shown = shown_cells(campaign)
        content, kept = gathered(campaign, shown.bases, shown.grouped)
        words = text.strip()[:3000]
        PublicFigures.objects.filter(campaign=campaign, state=FiguresState.PREPARED).delete()
        figures = PublicFigures.objects.create(
            campaign=campaign,
            day=timezone.localdate(),
            content=content,
            kept=kept,
            sha256=digest_of(content, words),
            text=words,
            prepared_by=actor,
        )
        _record("public.prepared", figures, actor)
    return figures


def publish(figures: PublicFigures, *, sha256: str, actor: User) -> None:
    """Show the figures to everybody, when they are those that were previewed.

    Errors: Refused when others were prepared since, or some of that day are shown already.
    """
    with transaction.atomic():
        campaign = _locked(figures.campaign)
        prepared = PublicFigures.objects.filter(pk=figures.pk, state=FiguresState.PREPARED).first()
        if prepared is None or prepared.sha256 != sha256:
            raise Refused(_("Newer figures have been prepared. Review them first."))
        shown = PublicFigures.objects.filter(campaign=campaign, state=FiguresState.PUBLISHED)
        if shown.filter(day=prepared.day).exists():
            raise Refused(
                _("Figures of this day are already published; one publication per day is allowed.")
            )
        _record("public.published", prepared, actor)
        prepared.state, prepared.published_by = FiguresState.PUBLISHED, actor
        prepared.published_at = timezone.now()
        prepared.save(update_fields=["state", "published_by", "published_at"])


def withdraw(figures: PublicFigures, *, reason: str, actor: User) -> None:
    """Show the figures no longer; what was shown before them is shown again.

    Errors: Refused without a reason, or when they are not shown.
    """
    if not reason.strip():
        raise Refused(_("Enter the reason for withdrawing the figures."), field="reason")
    with transaction.atomic():
        _locked(figures.campaign)
        published = PublicFigures.objects.filter(
            pk=figures.pk, state=FiguresState.PUBLISHED
        ).first()
        if published is None:
            raise Refused(_("These figures are not published."))
        _record("public.withdrawn", published, actor)
        published.state = FiguresState.WITHDRAWN
        published.reason = reason.strip()[:500]
        published.withdrawn_by = actor
        published.withdrawn_at = timezone.now()
        published.save(update_fields=["state", "reason", "withdrawn_by", "withdrawn_at"])


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


def campaign_to_prepare(scope: Scope, campaign_id: int) -> Campaign:
    """Return the campaign if the person prepares its figures. Errors: Http404, PermissionDenied."""
    campaign = own_campaign(scope, campaign_id)
    if not prepares(scope, campaign):
        raise PermissionDenied(
            _("Only owners and analysts of the lead office prepare the figures.")
        )
    return campaign


def figures_to_publish(scope: Scope, figures_id: int) -> PublicFigures:
    """Return figures, for an owner of the lead office. Errors: Http404, PermissionDenied."""
    rows = PublicFigures.objects.filter(pk=figures_id)
    figures = get_or_404(rows.select_related("campaign__lead_unit"))
    led_campaign(scope, figures.campaign_id)
    return figures


def published() -> QuerySet[PublicFigures]:
    """Return what everybody may see, the newest first."""
    rows = PublicFigures.objects.filter(state=FiguresState.PUBLISHED)
    return rows.select_related("campaign").order_by("-published_at", "-pk")


def published_figures(campaign_id: int) -> PublicFigures:
    """Return what is shown of a campaign to everybody. Errors: Http404 while nothing is."""
    return get_or_404(published().filter(campaign_id=campaign_id))


MOST_CAMPAIGNS = 100


def history_of(campaign: Campaign) -> QuerySet[PublicFigures]:
    """Return what was prepared and published of a campaign, the newest first."""
    rows = PublicFigures.objects.filter(campaign=campaign)
    return rows.select_related("prepared_by", "published_by", "withdrawn_by").order_by("-pk")


def prepared_of(campaign: Campaign) -> PublicFigures | None:
    """Return what waits to be published."""
    rows = PublicFigures.objects.filter(campaign=campaign, state=FiguresState.PREPARED)
    return rows.select_related("campaign", "prepared_by").first()


def newest_of_each() -> Sequence[PublicFigures]:
    """Return the newest figures of each campaign that shows some."""
    found: dict[int, PublicFigures] = {}
    for one in published().defer("kept")[: 10 * MOST_CAMPAIGNS]:
        found.setdefault(one.campaign_id, one)
    return list(found.values())[:MOST_CAMPAIGNS]


def page_of(figures: PublicFigures) -> dict[str, Any]:
    """Return what the open page shows, and the preview of it."""
    language = "en" if get_language() == "en" else "vi"
    lines = [(one[language], one["total"]) for one in figures.content["report"]]
    return {"figures": figures, "content": figures.content, "report": lines}


def as_json(figures: PublicFigures) -> dict[str, Any]:
    """Return what everybody sees, for programs; what is hidden is null."""
    return {
        **figures.content,
        "text": figures.text,
        "published_at": None if figures.published_at is None else figures.published_at.isoformat(),
        "sha256": figures.sha256,
    }
