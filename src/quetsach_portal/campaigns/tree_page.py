"""The page where a campaign's units are chosen: lines with their units, and who stays out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from quetsach_portal.campaigns.called_lines import CalledLines
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.tree.choosing import (
    OutsideUnit,
    TreeChoice,
    choice_of,
    outside_rows,
    preview,
)
from quetsach_portal.campaigns.units import PlannedNode
from quetsach_portal.units.models import OrgUnit, ReportingLine
from quetsach_portal.web.paging import ListPage


@dataclass(frozen=True)
class TreeLine:
    """A line of the choice: whether it takes part, who calls it, and its units.

    Shapes: `words` is the addressee of the letter that names the line, "" for none; `units` is
    empty where there are too many to name; `count` is None for a line that does not take part.
    """

    line: str
    label: str
    words: str
    takes_part: bool
    count: int | None
    units: Sequence[PlannedNode]


def chosen_tree(
    campaign: Campaign, choice: TreeChoice, called: CalledLines, day: date
) -> dict[str, Any]:
    """Return what the page shows of `choice` as of `day`. Cost: that of `preview`."""
    outcome = preview(campaign.lead_unit, choice, day)
    lines = [
        TreeLine(
            *(line.value, str(line.label), called.words.get(line.value, "")),
            takes_part=line.value in choice.lines,
            count=outcome.counts.get(line.value),
            units=outcome.by_line.get(line.value, ()),
        )
        for line in ReportingLine
    ]
    missing = [row.label for row in lines if row.words and not row.takes_part]
    return {
        "tree": outcome,
        "tree_lines": lines,
        "added_units": outcome.by_line.get("", ()),
        "addressees": _match_sentence(called, missing),
        "fits": bool(called.words) and not missing and not called.unclear,
    }


def outside_page(campaign: Campaign, page: ListPage[OrgUnit]) -> list[OutsideUnit]:
    """Return the units of `page`, which are outside the frozen tree, each with the reason."""
    if campaign.frozen_on is None:
        return []
    return outside_rows(page.rows, choice_of(campaign), campaign.frozen_on)


def _match_sentence(called: CalledLines, missing: Sequence[str]) -> str:
    if called.unclear:
        return _("The letter says “%(words)s”, not which systems: ask who wrote it.") % {
            "words": "; ".join(called.unclear)
        }
    if not called.words:
        return _("The letter names no system; choose who takes part.")
    if missing:
        return _("The letter also names: %(lines)s.") % {"lines": ", ".join(missing)}
    return _("Agrees with the addressees of the letter.")
