"""Change, show, close and rewrite the public page; trusted fields need a second owner."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.actions.state import record_act
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.publishing.models import ChangeState, PageChange
from quetsach_portal.publishing.writing import enqueue_writing
from quetsach_portal.web.acts import Refused

TRUSTED = ("address", "domains", "documents", "carriers")
"""All printed codes of units, the list of official addresses and the pages to which visitors hand
their slips depend on these fields."""


def of_trusted(page: PublicPage, page_fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of `page_fields` that wait for a second owner: none before the first opening."""
    if page.opened_at is None:
        return {}
    return {
        name: page_fields[name]
        for name in TRUSTED
        if name in page_fields and page_fields[name] != getattr(page, name)
    }


def propose(page: PublicPage, says: Mapping[str, Any], *, actor: User) -> None:
    """Propose a change, replacing one that waits; the caller holds the lock of the campaign."""
    waiting = PageChange.objects.filter(page=page, state=ChangeState.WAITING)
    waiting.update(state=ChangeState.DROPPED, decided_by=actor, decided_at=timezone.now())
    change = PageChange.objects.create(page=page, says=dict(says), proposed_by=actor)
    _record_change("publishing.change_proposed", change, actor)


def agree(change: PageChange, *, actor: User) -> None:
    """Apply the change to the page.

    Errors: Refused for its proposer, and when it is no longer pending.
    """
    with transaction.atomic():
        change = _fresh(change)
        if change.proposed_by_id == actor.pk:
            raise Refused(_("Another owner must agree to a change that you proposed."))
        refuse_same_hand(change.proposed_by_id, actor)
        release = change.says.get("open_release")
        if release and release != change.page.campaign.release_sha256:
            raise Refused(_("The campaign has another list now. Propose that one instead."))
        for name, value in change.says.items():
            setattr(change.page, name, value)
        change.page.changed_by, change.page.changed_at = actor, timezone.now()
        change.page.save()
        _decide(change, ChangeState.AGREED, actor)
        _record_change("publishing.change_agreed", change, actor)
        if change.page.is_shown:
            enqueue_writing(asked_by_id=actor.pk)


def drop(change: PageChange, *, actor: User) -> None:
    """Drop the change. Errors: Refused for what waits no more."""
    with transaction.atomic():
        row = _fresh(change)
        _decide(row, ChangeState.DROPPED, actor)
        _record_change("publishing.change_dropped", row, actor)


def _fresh(change: PageChange) -> PageChange:
    Campaign.objects.select_for_update(of=("self",)).get(pk=change.page.campaign_id)
    change = PageChange.objects.select_related("page__campaign__lead_unit").get(pk=change.pk)
    if change.state != ChangeState.WAITING:
        raise Refused(_("This change is no longer pending. Reload the page."))
    return change


def _decide(row: PageChange, state: ChangeState, actor: User) -> None:
    row.state, row.decided_by, row.decided_at = state, actor, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])


def _record_change(act: str, change: PageChange, actor: User) -> None:
    campaign = change.page.campaign
    record(
        act,
        actor=actor,
        kind="campaign",
        object_id=campaign.pk,
        unit_path=campaign.lead_unit.path,
        detail=change.says,
    )


def propose_open_list(campaign: Campaign, *, actor: User) -> None:
    """Propose that the list in force may be public; a second owner has to agree.

    Errors: Refused without a page or a list, when it is public already, or while a change waits.
    """
    with transaction.atomic():
        campaign = _locked(campaign)
        page = PublicPage.objects.filter(campaign=campaign).first()
        if page is None:
            raise Refused(_("Fill in the content of the public page first."))
        if not campaign.release_sha256:
            raise Refused(_("The campaign has no list yet."))
        if page.open_release == campaign.release_sha256:
            raise Refused(_("This list is public already."))
        if PageChange.objects.filter(page=page, state=ChangeState.WAITING).exists():
            raise Refused(_("Another change of the page waits. Decide on that one first."))
        propose(page, {"open_release": campaign.release_sha256}, actor=actor)


def end_open_list(campaign: Campaign, *, actor: User) -> None:
    """Take the list back from the public page; one person may, for it only shows less.

    Errors: Refused when it was not declared public.
    """
    with transaction.atomic():
        campaign = _locked(campaign)
        declared = PublicPage.objects.filter(campaign=campaign).exclude(open_release="")
        if not declared.update(open_release=""):
            raise Refused(_("This list was not declared public."))
        record_act("publishing.open_list_ended", campaign, actor)
        enqueue_writing(asked_by_id=actor.pk)


SHOWS = (CampaignState.LIVE, CampaignState.CLOSING)


def write_now(campaign: Campaign, *, actor: User) -> None:
    """Enqueue the writing of everything. Errors: Refused while the campaign's page is not shown."""
    with transaction.atomic():
        if not PublicPage.objects.filter(campaign=campaign, is_shown=True).exists():
            raise Refused(_("The public page of this campaign is not shown."))
        record_act("publishing.write_asked", campaign, actor)
        enqueue_writing(asked_by_id=actor.pk)


def save_page(campaign: Campaign, page_fields: Mapping[str, Any], *, actor: User) -> PublicPage:
    """Save the fields of the page and return it; a new page is not shown yet.

    Once the page was public, changes of trusted fields (TRUSTED) wait for a second owner.
    """
    with transaction.atomic():
        campaign = _locked(campaign)
        fields = {**page_fields, "changed_by": actor, "changed_at": timezone.now()}
        page, is_new = PublicPage.objects.get_or_create(
            campaign=campaign, defaults={**fields, "is_shown": False}
        )
        if not is_new:
            waits = of_trusted(page, page_fields)
            for name, value in fields.items():
                if name not in waits:
                    setattr(page, name, value)
            page.save()
            if waits:
                propose(page, waits, actor=actor)
        record_act("publishing.page_saved", campaign, actor, title=page.title, address=page.address)
        if page.is_shown:
            enqueue_writing(asked_by_id=actor.pk)
        return page


def show(campaign: Campaign, *, actor: User) -> None:
    """Open the page to everybody. Errors: Refused when another campaign's is shown."""
    with transaction.atomic():
        campaign = _locked(campaign)
        page = PublicPage.objects.select_for_update().filter(campaign=campaign).first()
        if page is None:
            raise Refused(_("Fill in the content of the public page first."))
        if campaign.state not in SHOWS:
            raise Refused(_("The campaign is not running, so its page cannot be shown."))
        other = PublicPage.objects.filter(is_shown=True).exclude(pk=page.pk).first()
        if other is not None:
            raise Refused(
                _("The page of “%(title)s” is already shown; only one page can be shown at a time.")
                % {"title": other.title}
            )
        if page.is_shown:
            return
        page.is_shown, page.closed_at, page.closed_because = True, None, ""
        page.opened_at = page.opened_at or timezone.now()
        page.save(update_fields=["is_shown", "closed_at", "closed_because", "opened_at"])
        record_act("publishing.shown", campaign, actor)
        enqueue_writing(asked_by_id=actor.pk)


def close(campaign: Campaign, *, reason: str, actor: User) -> None:
    """Close the page: the public plane shows a notice until a page is shown again.

    Errors: Refused without a reason, or while it is not shown.
    """
    if not reason.strip():
        raise Refused(_("Enter the reason for closing the page."), field="reason")
    with transaction.atomic():
        campaign = _locked(campaign)
        closed = {"closed_at": timezone.now(), "closed_because": reason.strip()[:500]}
        shown = PublicPage.objects.filter(campaign=campaign, is_shown=True)
        if not shown.update(is_shown=False, **closed):
            raise Refused(_("The public page of this campaign is not shown."))
        record_act("publishing.closed", campaign, actor, reason=closed["closed_because"])
        enqueue_writing(asked_by_id=actor.pk)


def _locked(campaign: Campaign) -> Campaign:
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("lead_unit")
    return rows.get(pk=campaign.pk)
