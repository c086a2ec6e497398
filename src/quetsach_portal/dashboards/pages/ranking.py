"""Units ranked by a share; small units are joined, as the share of three people names them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import COUNTED, CampaignNode, Phase, ReportCounter
from quetsach_portal.participation.queries import FEW, suppressed_units

MOST = 2000


class By(models.TextChoices):
    """What a unit is ranked by."""

    REPORTED = "reported", _lazy("Reports that came in")
    ON_TIME = "on_time", _lazy("Reports in time")
    DEPLOYED = "deployed", _lazy("Units that deployed")
    JOINED = "joined", _lazy("Staff that takes part")
    VERIFIED = "verified", _lazy("Devices proven clean")


DEVICES = frozenset({By.VERIFIED})
"""What is shown only to who sees counts of devices."""


@dataclass(frozen=True)
class RankedUnit:
    """A unit with all below, at its place; `node_id` is None for the small units together.

    Shapes: `address` is what a press on its tile opens, "" for nothing.
    """

    place: int | None
    name: str
    node_id: int | None
    part: int
    whole: int
    area: str = ""
    address: str = ""

    @property
    def share(self) -> float | None:
        """Return the share from 0 to 1, never more; None where there is nothing to share."""
        return None if self.whole <= 0 else max(0.0, min(1.0, self.part / self.whole))


def shares_of(node: CampaignNode, by: By, phase: Phase | None) -> list[tuple[RankedUnit, int]]:
    """Return the children of `node` with their shares and their staff. Cost: two queries."""
    rows = CampaignNode.objects.filter(parent=node, state__in=COUNTED, tally__isnull=False)
    nodes = list(rows.select_related("tally", "unit").order_by("name_at_freeze", "pk")[:MOST])
    slots: dict[int, ReportCounter] = {}
    if by in (By.REPORTED, By.ON_TIME):
        held = ReportCounter.objects.filter(node__parent=node, phase=phase)
        slots = {one.node_id: one for one in held}
    return [(_unit_share(child, by, slots.get(child.pk)), child.tally.staff) for child in nodes]


def alone(rows: Sequence[tuple[RankedUnit, int]], by: By) -> list[RankedUnit]:
    """Return the rows one by one, for a map; the share of a few people is left out of it."""
    hidden = _hidden(rows, by)
    return [
        replace(one, part=0, whole=0) if by == By.JOINED and place in hidden else one
        for place, (one, _staff) in enumerate(rows)
    ]


def ranked(rows: Sequence[tuple[RankedUnit, int]], by: By) -> list[RankedUnit]:
    """Return the rows by share, equal shares at one place; the small units last, as one row."""
    hidden = _hidden(rows, by)
    large = [unit for place, (unit, _staff) in enumerate(rows) if place not in hidden]
    big = [unit for unit in large if unit.share is not None]
    nothing = [unit for unit in large if unit.share is None]
    small = [rows[place][0] for place in sorted(hidden)]
    big.sort(key=lambda unit: (-(unit.share or 0), unit.name))
    placed: list[RankedUnit] = []
    for number, unit in enumerate(big, 1):
        same = placed and placed[-1].share == unit.share
        place = placed[-1].place if same else number
        placed.append(RankedUnit(place, unit.name, unit.node_id, unit.part, unit.whole, unit.area))
    if small:
        parts, wholes = sum(unit.part for unit in small), sum(unit.whole for unit in small)
        placed.append(RankedUnit(None, "", None, parts, wholes))
    return [*placed, *nothing]


def _hidden(rows: Sequence[tuple[RankedUnit, int]], by: By) -> frozenset[int]:
    """Return the places of the small units, which are not shown one by one."""
    staff = [number for _unit_share, number in rows]
    if by == By.JOINED:
        return suppressed_units(staff)
    return frozenset(place for place, number in enumerate(staff) if number < FEW)


def _unit_share(node: CampaignNode, by: By, slots: ReportCounter | None) -> RankedUnit:
    tally, held = node.tally, slots or ReportCounter()
    part, whole = {
        By.REPORTED: (held.reported, held.expected),
        By.ON_TIME: (held.on_time, held.expected),
        By.DEPLOYED: (tally.deployed, tally.units),
        By.JOINED: (tally.joined_staff, tally.staff),
        By.VERIFIED: (
            tally.cases_verified,
            tally.cases_open + tally.cases_verified + tally.cases_other,
        ),
    }[by]
    return RankedUnit(None, node.name_at_freeze, node.pk, part, whole, node.unit.area_code)
