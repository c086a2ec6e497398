"""What the page of a unit needs besides rows: who may do what here, and forms turned into acts."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, Phase
from quetsach_portal.campaigns.queries import current_phase
from quetsach_portal.campaigns.scope import NodeScope
from quetsach_portal.followup import access, queries, tables
from quetsach_portal.followup.actions import declaring, extending
from quetsach_portal.followup.forms import DecideForm, ReceivedForForm
from quetsach_portal.followup.models import Extension, Receipt
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.web.days import PastDay
from quetsach_portal.web.paging import key_page_of
from quetsach_portal.web.tables import LongTable, around, is_narrowed, is_sorted, long_table


def receipt_of(node: CampaignNode) -> Receipt | None:
    """Return the unit's receipt."""
    return Receipt.objects.filter(node=node).select_related("by", "proof").first()


_OPENS_TASK: Mapping[str, Collection[Role]] = {
    "receive": access.SAYS_RECEIVED,
    "pass_on": tuple(Role),
    "deploy": access.SAYS_DEPLOYED,
    "clean": access.SEES_CASES,
    "report": access.READS_REPORTS,
}
"""Whose roles open the page of each task."""


def may(scope: Scope, node: CampaignNode, seats: NodeScope) -> dict[str, Any]:
    """Return what the person may do to this unit, for the buttons; the acts ask again."""
    leads = scope.has_role_in(node.campaign.lead_unit, Role.LEAD_OWNER)
    return {
        "tasks": frozenset(
            key
            for key, roles in _OPENS_TASK.items()
            if any(seat.node_id == node.pk and seat.role in roles for seat in seats.seats)
        ),
        "calendar": scope.has_role_in(node.unit, *Role),
        "receive": seats.has_role_in(node, *access.SAYS_RECEIVED),
        "receive_for": seats.has_role_in_parent(node, *access.RECORDS_FOR_CHILD),
        "deploy": seats.has_role_in(node, *access.SAYS_DEPLOYED),
        "check": seats.has_role_in_parent(node, *access.TAKES_PAPER),
        "paper": seats.has_role_in_parent(node, *access.TAKES_PAPER),
        "ask_time": seats.has_role_in(node, *access.ASKS_TIME),
        "reads": seats.has_role_in(node, *access.READS_REPORTS)
        or seats.has_role_above(node, *access.READS_REPORTS_BELOW),
        "give_time": leads and node.parent_id is not None,
    }


def record_receipt(node: CampaignNode, form: ReceivedForForm, actor: User) -> Receipt:
    """Record the receipt entered in the form. Errors: Refused."""
    cleaned = form.cleaned_data
    return declaring.record_receipt(
        node,
        cleaned["proof"],
        said_by=cleaned["said_by"],
        received_at=form.came_at(),
        note=cleaned["note"],
        actor=actor,
    )


def decided(extension: Extension, form: DecideForm, actor: User) -> None:
    """Decide as the form says. Errors: Refused."""
    decision = form.cleaned_data["decision"]
    if form.grants:
        extending.grant(extension, new_due_at=form.until(), decision=decision, actor=actor)
    else:
        extending.refuse(extension, decision=decision, actor=actor)


def day_and_hour(moment: datetime) -> dict[str, Any]:
    """Return an exclusive instant as the two boxes of a form have it."""
    local = timezone.localtime(moment)
    is_midnight = local.hour == local.minute == 0
    return {"day": local.date(), "hour": None if is_midnight else local.time()}


# What the address of a page asks for; a number that makes no sense counts as not asked.


MOST_CHOSEN = 5000


def number_in(text: str) -> int | None:
    """Return the number that `text` is, None where it is none that a row can have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def node_in(request: HttpRequest) -> int | None:
    """Return the unit whose children are asked for."""
    return number_in(request.GET.get("under", ""))


def phase_in(request: HttpRequest, campaign: Campaign) -> Phase | None:
    """Return the phase that is asked for, else the one that is open."""
    asked = request.POST.get("phase", "") or request.GET.get("phase", "")
    number = number_in(asked)
    if number is None:
        return current_phase(campaign)
    return Phase.objects.filter(campaign=campaign, no=number).first() or current_phase(campaign)


def day_in(request: HttpRequest, label: str = "") -> PastDay:
    """Return the past day as of which figures are asked for, with what is wrong with it."""
    return PastDay(request.GET, label or _("As it stood at the end of the day"))


def chosen_in(request: HttpRequest) -> list[int] | None:
    """Return the units that were ticked, None where all silent ones are meant."""
    if request.POST.get("whom") != "chosen":
        return None
    numbers = map(number_in, request.POST.getlist("unit")[:MOST_CHOSEN])
    return [number for number in numbers if number is not None]


def reached_table(
    request: HttpRequest,
    node: CampaignNode,
    step: str,
    phase: Phase | None,
    *,
    deep: bool,
    per: int,
) -> tuple[LongTable, int]:
    """Return the units at and below `node` that have reached `step`, and how many they are.

    In the order of the tree a page far down costs what the first one costs.
    """
    reached, total = queries.reached_listed(node, step, deep=deep)
    rows = tables.with_reports(reached, phase)
    if is_narrowed(request, tables.LADDER) or is_sorted(request, tables.LADDER):
        return long_table(rows, request, tables.LADDER, total=total, per=per), total
    page = key_page_of(rows, request, "path", per=per)
    return around(page, request, tables.LADDER, total=total), total


def completeness_table(
    request: HttpRequest, node: CampaignNode, phase: Phase | None, on: date | None
) -> LongTable:
    """Return the units directly below `node`; of a past day no figure sorts, as it is not a row."""
    listed = tables.COMPLETENESS
    if on is not None:
        columns = {
            name: column if name == "unit" else replace(column, sort="")
            for name, column in listed.columns.items()
        }
        listed = replace(listed, columns=columns, late=None)
    return long_table(tables.with_reports(queries.children_of(node), phase), request, listed)
