"""The content of public figures: totals and units, under the rule of small numbers."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from quetsach.api import reports
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignNode,
    NodeCounter,
    Phase,
    ReportCounter,
)
from quetsach_portal.campaigns.queries import current_phase, root_of
from quetsach_portal.participation.queries import on_the_line
from quetsach_portal.publishing.models import LiveFigures, PublicFigures
from quetsach_portal.reports.models.report import ReportFigure, ReportVersion, VersionState


@dataclass(frozen=True)
class ShownCells:
    """The number behind each shown cell, and the ids of nodes that stay grouped."""

    bases: Mapping[str, int]
    grouped: frozenset[int]


def shown_cells(campaign: Campaign) -> ShownCells:
    """Return the numbers behind the shown figures of `campaign`; empty before the first ones.

    A cell that is shown by the minute has one row of numbers, also in publications: two rows of
    numbers that move at different moments could be held against each other.
    """
    shown = PublicFigures.objects.filter(campaign=campaign).exclude(published_at=None)
    kept = shown.order_by("-published_at").values_list("kept", flat=True).first()
    live = LiveFigures.objects.filter(campaign=campaign).values_list("bases", "grouped").first()
    bases: dict[str, int] = {} if kept is None else dict(kept["bases"])
    grouped: set[int] = set() if kept is None else set(kept["grouped"])
    if live is not None:
        bases |= live[0]
        grouped |= set(live[1])
    return ShownCells(bases, frozenset(grouped))


FEW = 10
BORDERS = (25, 50, 75)
"""Percent of the staff where a band of shares begins; below the first is band 0."""


@dataclass(frozen=True)
class UnitSize:
    """A unit with all below, and its people."""

    node_id: int
    people: int


def moved(exact: int, base: int | None) -> int:
    """Return the number behind what is shown: the old one until it is off by FEW or more."""
    return exact if base is None or abs(exact - base) >= FEW else base


def round_to_tens(base: int) -> int | None:
    """Return what is shown of a number: whole tens, None for fewer than ten, zero included."""
    return None if base < FEW else base - base % FEW


def stepped(exact: int, base: int | None, step: int) -> int:
    """Return the number behind what is shown by the minute: the old one until it strays by `step`.

    The step is secret, at least FEW, and new each time: a person who joins repeatedly until the
    number changes, or watches every minute, cannot infer how many others joined.
    """
    return exact if base is None or abs(exact - base) >= max(step, FEW) else base


def band_of(people: int, staff: int, before: int | None, margin: int) -> int:
    """Return the band of the share: the old one until its border is passed by `margin` people.

    The share is that of all who take part, not of what is rounded: rounding would rank the units by
    how few people they have. The margin is secret, so no single join is visible.
    """
    if before is None:
        return _band(people, staff)
    return max(_band(people - margin, staff), min(before, _band(people + margin, staff)))


def margin_most(staff: int) -> int:
    """Return the widest margin: an eighth of the staff, so that the last band can be reached."""
    return max(2, min(FEW, staff // 8))


def _band(people: int, staff: int) -> int:
    return sum(100 * people >= border * staff for border in BORDERS)


def bases_of(exact: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    """Return for each cell the number behind what is shown, by that of the last publication."""
    return {cell: moved(number, before.get(cell)) for cell, number in exact.items()}


def grouped(units: Sequence[UnitSize], before: Collection[int]) -> frozenset[int] | None:
    """Return the units to group, including those of `before`; empty if none is small.

    None when nothing may be shown unit by unit: even all together are too few, or are one unit.
    """
    small = {one.node_id for one in units if one.people < FEW or one.node_id in before}
    if not small:
        return frozenset()
    rest = sorted(
        (one for one in units if one.node_id not in small),
        key=lambda one: (one.people, one.node_id),
    )
    people = sum(one.people for one in units if one.node_id in small)
    for unit in rest:
        if people >= FEW and len(small) > 1:
            break
        small.add(unit.node_id)
        people += unit.people
    return frozenset(small) if people >= FEW and len(small) > 1 else None


OPEN_UNITS = frozenset({"organisations", "documents", "days", "indicators", "files"})
"""What counts no people and no machines is shown as it is."""

ISSUED = (VersionState.SIGNED, VersionState.FORWARDED)
PEOPLE = ("joined_staff", "joined_relatives", "joined_public")
MACHINES = ("found", "clean")
MOST_ROWS = 2000


def gathered(
    campaign: Campaign, bases: Mapping[str, int], before: Collection[int]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the content to show, and the numbers to compare the next content with.

    Shapes: `bases` and `before` are those of the last publication, empty for the first.
    Cost: seven queries; the counters of the root and of its children alone.
    """
    root, phase = root_of(campaign), current_phase(campaign)
    if root is None:
        return {"total": {}, "rows": [], "report": []}, {"bases": {}, "grouped": []}
    nodes = list(children_of(root))
    together = grouped([UnitSize(one.pk, one.tally.staff) for one in nodes], before)
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
        "total": _row(root, slots, _rounded(now, "total")),
        "rows": _rows(nodes, together, slots, now),
        "report": [
            {
                **label,
                "total": figures[key] if label["open"] else round_to_tens(now[f"report:{key}"]),
            }
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


def _slots(root: CampaignNode, phase: Phase | None) -> dict[int, ReportCounter]:
    rows = ReportCounter.objects.filter(node__parent=root, phase=phase)
    own = ReportCounter.objects.filter(node=root, phase=phase)
    return {one.node_id: one for one in [*rows, *own]}


def _exact(
    root: CampaignNode, nodes: Sequence[CampaignNode], together: frozenset[int] | None
) -> dict[str, int]:
    tally = NodeCounter.objects.filter(node=root).first() or NodeCounter(node=root)
    cells = totals_of(tally, on_the_line(root))
    if together is None:
        return cells
    for node in nodes:
        place = "group" if node.pk in together else str(node.pk)
        cell = f"{place}:joined_staff"
        cells[cell] = cells.get(cell, 0) + node.tally.joined_staff
    return cells


def totals_of(tally: NodeCounter, line: int) -> dict[str, int]:
    """Return the people who came by a unit's code and the machines of all, by cell.

    `line` is how many residents came without one: they are left out.
    """
    cells = {f"total:{name}": getattr(tally, name) for name in PEOPLE}
    cells["total:joined_public"] = max(0, tally.joined_public - line)
    cells["total:clean"] = tally.cases_verified
    cells["total:found"] = tally.cases_open + tally.cases_verified + tally.cases_other
    return cells


def _rounded(bases: Mapping[str, int], place: str) -> dict[str, int | None]:
    names = (*PEOPLE, *MACHINES)
    cells = {name: f"{place}:{name}" for name in names if f"{place}:{name}" in bases}
    return {name: round_to_tens(bases[cell]) for name, cell in cells.items()}


def _row(
    node: CampaignNode, slots: Mapping[int, ReportCounter], people: Mapping[str, int | None]
) -> dict[str, Any]:
    tally = getattr(node, "tally", None) or NodeCounter(node=node)
    reports = slots.get(node.pk) or ReportCounter()
    return {
        "name": node.name_at_freeze,
        "units": tally.units,
        "deployed": min(tally.deployed, tally.units),
        "expected": reports.expected,
        "reported": min(reports.reported, reports.expected),
        "on_time": min(reports.on_time, reports.expected),
        "looked": min(tally.looked_full + tally.looked_part, tally.units),
        **people,
    }


def _rows(
    nodes: Sequence[CampaignNode],
    together: frozenset[int] | None,
    slots: Mapping[int, ReportCounter],
    bases: Mapping[str, int],
) -> list[dict[str, Any]]:
    if together is None:
        return []
    alone = [
        _row(one, slots, _rounded(bases, str(one.pk))) for one in nodes if one.pk not in together
    ]
    if not together:
        return alone
    members = sum(one.tally.units for one in nodes if one.pk in together)
    return [*alone, {"name": "", "units": members, **_rounded(bases, "group")}]


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
