"""Acts on what people trust of a page that everybody saw: one owner proposes, another agrees."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.people.models import User
from quetsach_portal.publishing.models import ChangeState, PageChange
from quetsach_portal.publishing.writing import ask_to_write
from quetsach_portal.rights.second_person import refuse_same_hand
from quetsach_portal.web.problems import Refused

TRUSTED = ("address", "domains", "documents")
"""All units' printed codes and the list of official addresses hang on these fields."""


def of_trusted(page: PublicPage, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of `said` waits for a second owner; nothing before the page was opened first."""
    if page.opened_at is None:
        return {}
    return {name: said[name] for name in TRUSTED if said[name] != getattr(page, name)}


def propose(page: PublicPage, says: Mapping[str, Any], *, actor: User) -> None:
    """Have a change wait, in the place of one that waits; the caller holds the campaign's lock."""
    waiting = PageChange.objects.filter(page=page, state=ChangeState.WAITING)
    waiting.update(state=ChangeState.DROPPED, decided_by=actor, decided_at=timezone.now())
    made = PageChange.objects.create(page=page, says=dict(says), proposed_by=actor)
    _record("publishing.change_proposed", made, actor)


def agree(change: PageChange, *, actor: User) -> None:
    """Let the page say it from now on.

    Errors: Refused for who proposed it, and for what waits no more.
    """
    with transaction.atomic():
        row = _fresh(change)
        if row.proposed_by_id == actor.pk:
            raise Refused(_("Who proposed a change does not agree to it: another owner does."))
        refuse_same_hand(row.proposed_by_id, actor)
        for name, value in row.says.items():
            setattr(row.page, name, value)
        row.page.changed_by, row.page.changed_at = actor, timezone.now()
        row.page.save()
        _decide(row, ChangeState.AGREED, actor)
        _record("publishing.change_agreed", row, actor)
        if row.page.is_shown:
            ask_to_write(asked_by_id=actor.pk)


def drop(change: PageChange, *, actor: User) -> None:
    """Leave the page as it is. Errors: Refused for what waits no more."""
    with transaction.atomic():
        row = _fresh(change)
        _decide(row, ChangeState.DROPPED, actor)
        _record("publishing.change_dropped", row, actor)


def _fresh(change: PageChange) -> PageChange:
    Campaign.objects.select_for_update(of=("self",)).get(pk=change.page.campaign_id)
    row = PageChange.objects.select_related("page__campaign__lead_unit").get(pk=change.pk)
    if row.state != ChangeState.WAITING:
        raise Refused(_("This change waits no more. Look at the page again."))
    return row


def _decide(row: PageChange, state: ChangeState, actor: User) -> None:
    row.state, row.decided_by, row.decided_at = state, actor, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])


def _record(act: str, row: PageChange, actor: User) -> None:
    campaign = row.page.campaign
    record(
        act,
        actor=actor,
        kind="campaign",
        object_id=campaign.pk,
        unit_path=campaign.lead_unit.path,
        detail=row.says,
    )
