"""Acts on the catalogue of tools: draft, publish by a second person, withdraw."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.publishing.models import PublicTool, ToolState
from quetsach_portal.publishing.writing import enqueue_writing
from quetsach_portal.web.acts import Refused

MOST_TOOLS = 200


def draft(
    campaign: Campaign, tool_fields: Mapping[str, Any], *, replaces: PublicTool | None, actor: User
) -> PublicTool:
    """Return a new entry that waits for a second person.

    Errors: Refused when this very file is in the catalogue, or there are too many entries.
    """
    with transaction.atomic():
        _lock(campaign)
        entries = PublicTool.objects.filter(campaign=campaign)
        open_ = entries.filter(state__in=(ToolState.DRAFT, ToolState.PUBLISHED))
        if open_.filter(sha256=tool_fields["sha256"]).exists():
            raise Refused(_("This file is already in the catalogue."), field="sha256")
        if open_.count() >= MOST_TOOLS:
            raise Refused(_("The catalogue has reached its limit. Withdraw some tools first."))
        tool = PublicTool.objects.create(
            campaign=campaign, replaces=replaces, drafted_by=actor, **tool_fields
        )
        _record("publishing.tool_drafted", tool, actor)
        return tool


def publish(tool: PublicTool, *, actor: User) -> None:
    """Put the entry into the signed catalogue, and take out the version that it replaces.

    Errors: Refused for its author, and when it is no longer a draft.
    """
    with transaction.atomic():
        _lock(tool.campaign)
        tool = _fresh(tool, ToolState.DRAFT)
        if tool.drafted_by_id == actor.pk:
            raise Refused(_("You wrote this entry: a second person must review and publish it."))
        refuse_same_hand(tool.drafted_by_id, actor)
        tool.state = ToolState.PUBLISHED
        tool.published_by = actor
        tool.published_at = timezone.now()
        tool.save(update_fields=["state", "published_by", "published_at"])
        if tool.replaces_id is not None:
            old = PublicTool.objects.filter(pk=tool.replaces_id, state=ToolState.PUBLISHED)
            old.update(state=ToolState.REPLACED, ended_at=timezone.now())
        _record("publishing.tool_published", tool, actor)
        enqueue_writing(asked_by_id=actor.pk)


def drop(tool: PublicTool, *, actor: User) -> None:
    """Leave an entry unpublished. Errors: Refused for what is no draft any more."""
    with transaction.atomic():
        row = _fresh(tool, ToolState.DRAFT)
        row.state, row.ended_at = ToolState.DROPPED, timezone.now()
        row.save(update_fields=["state", "ended_at"])
        _record("publishing.tool_dropped", row, actor)


def withdraw(tool: PublicTool, *, reason: str, actor: User) -> None:
    """Take an entry out of the catalogue; one person may, for it only makes it smaller.

    Errors: Refused without a reason, or when it is not published.
    """
    if not reason.strip():
        raise Refused(_("Enter the reason for withdrawing the tool."), field="reason")
    with transaction.atomic():
        tool = _fresh(tool, ToolState.PUBLISHED)
        tool.state = ToolState.WITHDRAWN
        tool.ended_at = timezone.now()
        tool.reason = reason.strip()[:500]
        tool.save(update_fields=["state", "ended_at", "reason"])
        _record("publishing.tool_withdrawn", tool, actor)
        enqueue_writing(asked_by_id=actor.pk)


def _lock(campaign: Campaign) -> None:
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)


def _fresh(tool: PublicTool, state: ToolState) -> PublicTool:
    rows = PublicTool.objects.select_for_update(of=("self",)).select_related("campaign__lead_unit")
    tool = rows.get(pk=tool.pk)
    if tool.state != state:
        raise Refused(_("This entry has changed since you opened it. Review it again."))
    return tool


def _record(act: str, tool: PublicTool, actor: User) -> None:
    record(
        act,
        actor=actor,
        kind="publictool",
        object_id=tool.pk,
        unit_path=tool.campaign.lead_unit.path,
        detail={"name": tool.name, "version": tool.version, "sha256": tool.sha256},
    )
