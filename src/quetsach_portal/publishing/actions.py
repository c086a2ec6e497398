"""Acts: what the public page says, whether it is shown, and having it written anew."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import Campaign, CampaignState
from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.people.models import User
from quetsach_portal.publishing import changes
from quetsach_portal.publishing.writing import ask_to_write
from quetsach_portal.web.problems import Refused

SHOWS = (CampaignState.LIVE, CampaignState.CLOSING)


def write_now(campaign: Campaign, *, actor: User) -> None:
    """Have everything written soon. Errors: Refused while the campaign's page is not shown."""
    with transaction.atomic():
        if not PublicPage.objects.filter(campaign=campaign, is_shown=True).exists():
            raise Refused(_("The public page of this campaign is not shown."))
        _record("publishing.write_asked", campaign, actor, {})
        ask_to_write(asked_by_id=actor.pk)


def save_page(campaign: Campaign, said: Mapping[str, Any], *, actor: User) -> PublicPage:
    """Return the page with what it says from now on; the first one is not shown yet.

    Once everybody saw it, what people trust (changes.TRUSTED) waits for a second owner.
    """
    with transaction.atomic():
        row = _locked(campaign)
        fields = {**said, "changed_by": actor, "changed_at": timezone.now()}
        page, is_new = PublicPage.objects.get_or_create(
            campaign=row, defaults={**fields, "is_shown": False}
        )
        if not is_new:
            waits = changes.of_trusted(page, said)
            for name, value in fields.items():
                if name not in waits:
                    setattr(page, name, value)
            page.save()
            if waits:
                changes.propose(page, waits, actor=actor)
        _record("publishing.page_saved", row, actor, {"title": page.title, "address": page.address})
        if page.is_shown:
            ask_to_write(asked_by_id=actor.pk)
        return page


def show(campaign: Campaign, *, actor: User) -> None:
    """Open the page to everybody. Errors: Refused when another campaign's is shown."""
    with transaction.atomic():
        row = _locked(campaign)
        page = PublicPage.objects.select_for_update().filter(campaign=row).first()
        if page is None:
            raise Refused(_("Write first what the public page says."))
        if row.state not in SHOWS:
            raise Refused(_("The campaign does not run, so its page cannot be shown."))
        other = PublicPage.objects.filter(is_shown=True).exclude(pk=page.pk).first()
        if other is not None:
            raise Refused(
                _("The page of “%(title)s” is shown, and there is one at a time.")
                % {"title": other.title}
            )
        if page.is_shown:
            return
        page.is_shown, page.closed_at, page.closed_because = True, None, ""
        page.opened_at = page.opened_at or timezone.now()
        page.save(update_fields=["is_shown", "closed_at", "closed_because", "opened_at"])
        _record("publishing.shown", row, actor, {})
        ask_to_write(asked_by_id=actor.pk)


def close(campaign: Campaign, *, reason: str, actor: User) -> None:
    """Take the page down: the public plane says that it is closed until one is shown again.

    Errors: Refused without a reason, or while it is not shown.
    """
    if not reason.strip():
        raise Refused(_("Say why the page is closed."), field="reason")
    with transaction.atomic():
        row = _locked(campaign)
        closed = {"closed_at": timezone.now(), "closed_because": reason.strip()[:500]}
        shown = PublicPage.objects.filter(campaign=row, is_shown=True)
        if not shown.update(is_shown=False, **closed):
            raise Refused(_("The public page of this campaign is not shown."))
        _record("publishing.closed", row, actor, {"reason": closed["closed_because"]})
        ask_to_write(asked_by_id=actor.pk)


def _locked(campaign: Campaign) -> Campaign:
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("lead_unit")
    return rows.get(pk=campaign.pk)


def _record(act: str, campaign: Campaign, actor: User, detail: Mapping[str, Any]) -> None:
    record(
        act,
        actor=actor,
        kind="campaign",
        object_id=campaign.pk,
        unit_path=campaign.lead_unit.path,
        detail=detail,
    )
