"""Which units take part: the lines, single units left out or added, and who stays outside and why.

The choice is made by a person; the letter's addressees only propose it. Every unit of the register
below the lead office is then either in the tree or named outside it with the reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.units import PlannedNode, subtree_on
from quetsach_portal.people.roles.scope import below
from quetsach_portal.units.models import OrgEdge, OrgUnit, ReportingLine

MOST_NAMED = 500
"""Units below the lead office of which each is named on the page where the tree is chosen."""


@dataclass(frozen=True)
class TreeChoice:
    """What takes part.

    Shapes: `left_out` and `added` are numbers of units; `reason` says why units are left out, and
    why a line that the letter names does not take part.
    """

    lines: Sequence[str]
    left_out: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what `choice_of` reads, without the lines."""
        return {
            "left_out": sorted(self.left_out),
            "added": sorted(self.added),
            "reason": self.reason,
        }


def choice_of(campaign: Campaign) -> TreeChoice:
    """Return the choice by which the tree of `campaign` was frozen last."""
    return choice_from(campaign.lines, campaign.tree_choice)


def choice_from(lines: Sequence[str], stored: Mapping[str, Any]) -> TreeChoice:
    """Return the choice of `lines` and of what `as_json` gave."""
    return TreeChoice(
        lines,
        frozenset(stored.get("left_out", ())),
        frozenset(stored.get("added", ())),
        stored.get("reason", ""),
    )


def planned_units(lead: OrgUnit, choice: TreeChoice, day: date) -> list[PlannedNode]:
    """Return the units of `choice` below `lead` as of `day`, `lead` first."""
    return subtree_on(lead, choice.lines, day, left_out=choice.left_out, added=choice.added)


@dataclass(frozen=True)
class OutsideUnit:
    """A unit of the register below the lead office that does not take part, and why."""

    unit_id: int
    code: str
    name: str
    why: str


@dataclass(frozen=True)
class TreePreview:
    """What a choice means before it is made.

    Shapes: `by_line` is line -> its units in the tree, "" for those added one by one; `outside` are
    those that stay out; both are empty where `is_named` is false, as there are too many units.
    """

    units: int
    is_named: bool
    counts: Mapping[str, int] = field(default_factory=dict)
    by_line: Mapping[str, Sequence[PlannedNode]] = field(default_factory=dict)
    outside: Sequence[OutsideUnit] = ()
    outside_count: int = 0


def preview(lead: OrgUnit, choice: TreeChoice, day: date) -> TreePreview:
    """Return what `choice` means. Cost: that of `planned_units`, and two queries for the others."""
    planned = planned_units(lead, choice, day)
    by_line: dict[str, list[PlannedNode]] = {line: [] for line in (*choice.lines, "")}
    for node in planned[1:]:
        by_line[node.line].append(node)
    members = {node.unit_id for node in planned}
    others = standing_below(lead, day).exclude(pk__in=members)
    outside_count = others.count()
    is_named = len(members) + outside_count <= MOST_NAMED
    return TreePreview(
        len(members),
        is_named,
        {line: len(nodes) for line, nodes in by_line.items()},
        by_line if is_named else {},
        outside_rows(others.order_by("path"), choice, day) if is_named else (),
        outside_count,
    )


def outside_units(campaign: Campaign) -> QuerySet[OrgUnit]:
    """Return the units of the register below the lead office that are not in the frozen tree."""
    day = campaign.frozen_on
    if day is None:
        return OrgUnit.objects.none()
    members = CampaignNode.objects.filter(campaign=campaign).values("unit_id")
    return standing_below(campaign.lead_unit, day).exclude(pk__in=members)


def outside_rows(units: Iterable[OrgUnit], choice: TreeChoice, day: date) -> list[OutsideUnit]:
    """Return `units`, which `choice` leaves outside, each with the reason. Cost: one query."""
    listed = list(units)
    rows = OrgEdge.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day),
        child__in=[unit.pk for unit in listed],
        valid_from__lte=day,
    )
    lines_of: dict[int, set[str]] = {}
    for child, line in rows.values_list("child_id", "line"):
        lines_of.setdefault(child, set()).add(line)
    return [
        OutsideUnit(unit.pk, unit.code, unit.name, _why(unit, choice, lines_of.get(unit.pk, set())))
        for unit in listed
    ]


def standing_below(lead: OrgUnit, day: date) -> QuerySet[OrgUnit]:
    """Return the units below `lead` that are open on `day`, itself not included."""
    return OrgUnit.objects.filter(
        below(lead.path),
        Q(closed_on__isnull=True) | Q(closed_on__gt=day),
        opened_on__lte=day,
    ).exclude(pk=lead.pk)


def _why(unit: OrgUnit, choice: TreeChoice, lines: set[str]) -> str:
    if unit.pk in choice.left_out:
        return choice.reason or _("left out")
    if lines & set(choice.lines):
        return _("its office above is left out")
    names = [str(line.label) for line in ReportingLine if line.value in lines]
    if lines == {ReportingLine.SECTOR.value}:
        return _("reports within its own sector")
    return _("on the line %(line)s, which does not take part") % {"line": ", ".join(names) or "–"}
