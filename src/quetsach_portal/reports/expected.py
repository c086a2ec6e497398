"""Expected reports in the tree of a phase, and what the payload of a version holds."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.reports import (
    FigureGrade,
    GradedCount,
    QuetsachError,
    SummedFigure,
    Value,
    figure_from_json,
    format_number,
)
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    Phase,
)
from quetsach_portal.campaigns.tree.waiting import history
from quetsach_portal.cases.models.case import Device
from quetsach_portal.reports.models.report import CampaignSalt, ReportVersion

RELATED = ("node__campaign__lead_unit", "node__unit", "phase")


def parent_id_in(node: CampaignNode, phase: Phase) -> int | None:
    """Return the node below which `node` stood in `phase`, None for the root."""
    parent = node.parent_id
    # (first phase in the new place, node, old parent) of each move, the latest first.
    for since, moved, old in history(phase.campaign):
        if moved == node.pk and (since is None or phase.no < since):
            parent = old
    return parent


def parent_slot(slot: ExpectedReport) -> ExpectedReport | None:
    """Return the expected report of the office above `slot`, None for the root."""
    parent = parent_id_in(slot.node, slot.phase)
    if parent is None:
        return None
    slots = ExpectedReport.objects.filter(phase_id=slot.phase_id, node_id=parent)
    return slots.select_related(*RELATED).first()


def child_slots(slot: ExpectedReport) -> list[ExpectedReport]:
    """Return the expected reports below `slot`, by name, without excused units.

    Cost: two queries.
    """
    # The latest move is first, so an earlier one after it overwrites it with the older parent.
    parents = {
        moved: old
        for since, moved, old in history(slot.phase.campaign)
        if since is None or slot.phase.no < since
    }
    there = [node for node, parent in parents.items() if parent == slot.node_id]
    slots = ExpectedReport.objects.filter(phase_id=slot.phase_id)
    slots = slots.exclude(state=ExpectedReportState.EXCUSED).select_related("node__unit")
    slots = slots.order_by("node__name_at_freeze", "pk")
    below_now = slots.filter(node__parent_id=slot.node_id)
    stayed = [row for row in below_now if parents.get(row.node_id, slot.node_id) == slot.node_id]
    moved_away = slots.filter(node__in=there) if there else ()
    return [*stayed, *(row for row in moved_away if row.node.parent_id != slot.node_id)]


# Grades of a figure in words, and their shares of a total.

WORDS = {
    FigureGrade.MEASURED: _lazy("counted from records"),
    FigureGrade.ATTESTED: _lazy("backed by proof"),
    FigureGrade.DECLARED: _lazy("declared"),
}


def words_of(value: Value | None) -> str:
    """Return how far a value is to be trusted, in words; "" for what is none."""
    grade = getattr(value, "grade", None)
    return str(WORDS[grade]) if isinstance(grade, FigureGrade) else ""


def shares(total: Value, grades: Mapping[FigureGrade, int]) -> list[str]:
    """Return how much of a total is known how: "12 declared" where it is known in several ways.

    Where duplicates or adjustments were subtracted, the shares are unknown: the weakest is named.
    """
    if not isinstance(total, GradedCount):
        return []
    by_grade = {grade: number for grade, number in grades.items() if number}
    if not by_grade and total.number and total.grade is not FigureGrade.MEASURED:
        return [_("its weakest part: %(grade)s") % {"grade": words_of(total)}]
    if len(by_grade) < 2:
        return [words_of(total)]
    return [
        _("%(number)s %(grade)s") % {"number": format_number(number), "grade": WORDS[grade]}
        for grade, number in by_grade.items()
    ]


# Machine sketches: machines are counted once over many units and never named.

SALT_BYTES = 32


def salt_of(campaign: Campaign) -> bytes:
    """Return the campaign's secret, created at the first call."""
    row, _is_new = CampaignSalt.objects.get_or_create(
        campaign=campaign, defaults={"salt": secrets.token_bytes(SALT_BYTES)}
    )
    return bytes(row.salt)


def identity_of(device: Device) -> str:
    """Return the identity of a machine across units: its hardware address if known.

    Without it, a device is a separate machine of its unit.
    """
    return f"mac:{device.mac.lower()}" if device.mac else f"{device.node_id}:{device.key}"


# The payload of a version, and the names of nodes in it.


def node_key(node_id: int) -> str:
    """Return what a node is called in payloads, and where organisations are counted by name."""
    return f"node:{node_id}"


def figures_of(version: ReportVersion) -> Mapping[str, SummedFigure]:
    """Return the figures of `version`, kept in memory by its digest. Errors: E450."""
    return _figures(version.sha256, version.payload)


@lru_cache(maxsize=1024)
def _figures(digest: str, payload: str) -> Mapping[str, SummedFigure]:
    if hashlib.sha256(payload.encode()).hexdigest() != digest:
        raise QuetsachError("E450", digest[:16], reason="it was changed after it was handed in")
    figures = json.loads(payload)["figures"]
    return {key: figure_from_json(figure, key) for key, figure in figures.items()}
