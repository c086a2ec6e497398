"""A chief's map: how far each unit below has looked, with the number of its infected machines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.campaigns.models.campaign import COUNTED, CampaignNode, Phase, ReportCounter
from quetsach_portal.dashboards.pages.area_map import AreaMap, map_of
from quetsach_portal.dashboards.pages.ranking import RankedUnit
from quetsach_portal.looks.figures import LookFigures, figures_of_tree, looked_words

MOST = 250

_SHARES = {"none": 0.1, "reported": 0.3, "part": 0.6, "full": 0.9}
"""By how far a unit has looked, a share of the level by which it is filled."""


@dataclass(frozen=True)
class LookedUnit(RankedUnit):
    """A unit with all below as the map shows it: `grade` is a key of the fills."""

    grade: str = "none"
    infected: int = 0
    look: LookFigures = LookFigures()  # noqa: RUF009  # frozen

    @property
    def share(self) -> float | None:
        """Return what stands for the level of its fill."""
        return _SHARES[self.grade]

    @property
    def shown(self) -> str:
        """Return how many machines are infected; "–" where nobody looked and none is known."""
        is_unknown = not self.infected and self.grade in ("none", "reported")
        return "–" if is_unknown else number_format(self.infected)

    @property
    def words(self) -> str:
        """Return how far the unit has looked."""
        return grade_words()[self.grade]

    @property
    def title(self) -> str:
        """Return what the unit says when it is pointed at."""
        if self.shown == "–":
            return f"{self.name}: {self.words}"
        words = ngettext(
            "%(count)s machine not proven clean",
            "%(count)s machines not proven clean",
            self.infected,
        )
        machines = words % {"count": self.shown}
        return f"{self.name}: {self.words}, {machines} ({looked_words(self.look)})"


@dataclass(frozen=True)
class RoomMap:
    """The map, or its table: `rows` are the units of both; `more` are those beyond them."""

    map: AreaMap
    rows: Sequence[LookedUnit]
    more: int


def grade_words() -> dict[str, str]:
    """Return the words of the four grades, least looked at first."""
    return {
        "none": _("neither checked nor reported"),
        "reported": _("only reported, checked nothing"),
        "part": _("checked in part"),
        "full": _("checked all machines"),
    }


def room_map_of(node: CampaignNode, phase: Phase | None, day: date) -> RoomMap:
    """Return the map of the units directly below `node`, each with all below it.

    Cost: four queries, for at most MOST units.
    """
    children = CampaignNode.objects.filter(parent=node, state__in=COUNTED, tally__isnull=False)
    ordered = children.select_related("tally", "unit").order_by("name_at_freeze", "pk")
    nodes = list(ordered[:MOST])
    counters = ReportCounter.objects.filter(node__in=nodes, phase=phase)
    reported = {counter.node_id for counter in counters if counter.reported}
    rows = [_looked_unit(child, has_reported=child.pk in reported) for child in nodes]
    words = ["", *grade_words().values()]
    drawn = map_of(
        rows, day, "", title=_("Map: how far each unit has checked its machines"), legend=words
    )
    return RoomMap(drawn, rows, max(0, children.count() - MOST) if len(nodes) == MOST else 0)


def _looked_unit(node: CampaignNode, *, has_reported: bool) -> LookedUnit:
    tally = node.tally
    look = figures_of_tree(tally)
    grade = "reported" if has_reported else "none"
    if look.full >= tally.units > 0:
        grade = "full"
    elif look.full or look.partly:
        grade = "part"
    return LookedUnit(
        place=None,
        name=node.name_at_freeze,
        node_id=node.pk,
        part=look.full + look.partly,
        whole=tally.units,
        area=node.unit.area_code,
        unit_id=node.unit_id,
        is_leaf=tally.units <= 1,
        page=reverse("cases:counts_of", args=[node.pk]),
        grade=grade,
        infected=tally.cases_open,
        look=look,
    )
