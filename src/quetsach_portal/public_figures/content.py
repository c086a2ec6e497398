"""What everybody sees: totals, and unit by unit where units are large enough."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone

from quetsach.api import reports
from quetsach_portal.campaigns.models import (
    COUNTED,
    Campaign,
    CampaignNode,
    NodeTally,
    Phase,
    SlotTally,
)
from quetsach_portal.campaigns.queries import current_phase, root_of
from quetsach_portal.participation.queries import on_the_line
from quetsach_portal.public_figures.small_numbers import Sized, bases_of, grouped, shown
from quetsach_portal.reports.models import ReportFigure, ReportVersion, VersionState

OPEN_UNITS = frozenset({"organisations", "documents", "days", "indicators", "files"})
"""What counts no people and no machines is shown as it is."""

ISSUED = (VersionState.SIGNED, VersionState.FORWARDED)
PEOPLE = ("joined_staff", "joined_relatives", "joined_public")
MACHINES = ("found", "clean")
MOST_ROWS = 2000


def gathered(
    campaign: Campaign, bases: Mapping[str, int], before: Collection[int]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what is shown now, and what the next time is held against it.

    Shapes: `bases` and `before` are those of the last publication, empty for the first.
    Cost: seven queries; the counters of the root and of its children alone.
    """
    root, phase = root_of(campaign), current_phase(campaign)
    if root is None:
        return {"total": {}, "rows": [], "report": []}, {"bases": {}, "grouped": []}
    nodes = list(children_of(root))
    together = grouped([Sized(one.pk, one.tally.staff) for one in nodes], before)
    slots = _slots(root, phase)
    exact = _exact(root, nodes, together)
    figures, labels = _report(root, phase)
    exact |= {f"report:{key}": number for key, number in figures.items()}
    now = bases_of(exact, bases)
    content = {
        "campaign": campaign.title,
        "lead": campaign.lead_unit.name,
        "phase": None if phase is None else phase.no,
        "day": timezone.localdate().isoformat(),
        "total": _row(root, slots, _shown(now, "total")),
        "rows": _rows(nodes, together, slots, now),
        "report": [
            {**label, "total": figures[key] if label["open"] else shown(now[f"report:{key}"])}
            for key, label in labels.items()
        ],
    }
    kept = {"bases": now, "grouped": sorted([] if together is None else together)}
    return content, kept


def digest_of(content: Mapping[str, Any], text: str) -> str:
    """Return the SHA-256 of what everybody sees."""
    whole = {"content": content, "text": text}
    packed = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()


def children_of(root: CampaignNode) -> Any:
    """Return the units directly below `root` that count, with their counters."""
    rows = CampaignNode.objects.filter(parent=root, state__in=COUNTED, tally__isnull=False)
    return rows.select_related("tally").order_by("name_at_freeze", "pk")[:MOST_ROWS]


def _slots(root: CampaignNode, phase: Phase | None) -> dict[int, SlotTally]:
    rows = SlotTally.objects.filter(node__parent=root, phase=phase)
    own = SlotTally.objects.filter(node=root, phase=phase)
    return {one.node_id: one for one in [*rows, *own]}


def _exact(
    root: CampaignNode, nodes: Sequence[CampaignNode], together: frozenset[int] | None
) -> dict[str, int]:
    tally = NodeTally.objects.filter(node=root).first() or NodeTally(node=root)
    found = totals_of(tally, on_the_line(root))
    if together is None:
        return found
    for one in nodes:
        place = "group" if one.pk in together else str(one.pk)
        cell = f"{place}:joined_staff"
        found[cell] = found.get(cell, 0) + one.tally.joined_staff
    return found


def totals_of(tally: NodeTally, line: int) -> dict[str, int]:
    """Return the people who came by a unit's code and the machines of all, by cell.

    `line` is how many residents came without one: they are left out.
    """
    found = {f"total:{name}": getattr(tally, name) for name in PEOPLE}
    found["total:joined_public"] = max(0, tally.joined_public - line)
    found["total:clean"] = tally.cases_verified
    found["total:found"] = tally.cases_open + tally.cases_verified + tally.cases_other
    return found


def _shown(bases: Mapping[str, int], place: str) -> dict[str, int | None]:
    names = (*PEOPLE, *MACHINES)
    cells = {name: f"{place}:{name}" for name in names if f"{place}:{name}" in bases}
    return {name: shown(bases[cell]) for name, cell in cells.items()}


def _row(
    node: CampaignNode, slots: Mapping[int, SlotTally], people: Mapping[str, int | None]
) -> dict[str, Any]:
    tally = getattr(node, "tally", None) or NodeTally(node=node)
    held = slots.get(node.pk) or SlotTally()
    return {
        "name": node.name_at_freeze,
        "units": tally.units,
        "deployed": min(tally.deployed, tally.units),
        "expected": held.expected,
        "reported": min(held.reported, held.expected),
        "on_time": min(held.on_time, held.expected),
        **people,
    }


def _rows(
    nodes: Sequence[CampaignNode],
    together: frozenset[int] | None,
    slots: Mapping[int, SlotTally],
    bases: Mapping[str, int],
) -> list[dict[str, Any]]:
    if together is None:
        return []
    alone = [
        _row(one, slots, _shown(bases, str(one.pk))) for one in nodes if one.pk not in together
    ]
    if not together:
        return alone
    members = sum(one.tally.units for one in nodes if one.pk in together)
    return [*alone, {"name": "", "units": members, **_shown(bases, "group")}]


def _report(
    root: CampaignNode, phase: Phase | None
) -> tuple[dict[str, int], dict[str, dict[str, Any]]]:
    """Return the figures of the signed report of the whole, by key, with their labels."""
    versions = ReportVersion.objects.filter(slot__node=root, slot__phase=phase, state__in=ISSUED)
    version = versions.select_related("form").order_by("-n").first()
    if version is None:
        return {}, {}
    form = reports.read_form(version.form.definition.encode(), version.form.code)
    held = ReportFigure.objects.filter(version=version, total__isnull=False)
    totals = {one.key: one.total for one in held if one.total is not None}
    counts = [row for row in form.counts() if row.id in totals]
    labels = {
        row.id: {"vi": row.label.vi, "en": row.label.en, "open": row.unit.value in OPEN_UNITS}
        for row in counts
    }
    return {row.id: totals[row.id] for row in counts}, labels
