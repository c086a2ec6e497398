"""The expected reports behind each figure of completeness: the rows that the figure counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    Phase,
)
from quetsach_portal.people.roles.scope import below

_COUNTS = ~Q(state=ExpectedReportState.EXCUSED)
_CAME = _COUNTS & Q(reported_at__isnull=False)

FIGURES: Mapping[str, tuple[Any, Q]] = {
    "expected": (_lazy("Expected"), _COUNTS),
    "reported": (_lazy("Reported"), _CAME),
    "on_time": (_lazy("In time"), _CAME & Q(reported_at__lt=F("due_at"))),
    "late": (_lazy("Late"), _CAME & Q(reported_at__gte=F("due_at"))),
    "nil": (_lazy("Nil"), _CAME & Q(is_nil=True)),
    "missing": (_lazy("Missing"), _COUNTS & Q(reported_at__isnull=True)),
    "excused": (_lazy("Excused"), Q(state=ExpectedReportState.EXCUSED)),
    "signed": (_lazy("Signed"), _COUNTS & Q(signed_at__isnull=False)),
}
"""By the name in the address: the figure in words, and which reports it counts."""


@dataclass(frozen=True)
class ExpectedReportList:
    """The rows of a figure.

    Shapes: `rows` each with its node; `total` how many there are; `label` the figure in words.
    """

    label: str
    rows: QuerySet[ExpectedReport]
    total: int


def slots_behind(
    node: CampaignNode, phase: Phase, figure: str, *, deep: bool
) -> ExpectedReportList:
    """Return the reports at and below `node` that `figure` counts, without `deep` its children's.

    Cost: one count; a page of rows is another query.
    """
    label, condition = FIGURES[figure]
    there = below(node.path, "node__") if deep else Q(node=node) | Q(node__parent=node)
    rows = ExpectedReport.objects.filter(condition, there, phase=phase, node__state__in=COUNTED)
    listed = rows.select_related("node__tally").order_by("node__path")
    return ExpectedReportList(str(label), listed, rows.count())
