"""Answers from the cases of a unit: machines by what they met and what was done to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count as Number
from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach.api.reports import Count, Grade
from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.cases.figures import FIGURES, by_figure
from quetsach_portal.cases.models import Case, Finding, Outcome
from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.reports.derived_value import Derived
from quetsach_portal.reports.machines import identity_of

WORK = frozenset({"devices_scanned", "devices_cleaned", "devices_reinstalled", "devices_isolated"})
"""Figures of what people say they did; all others are what evidence shows."""


@dataclass(frozen=True)
class _Machine:
    """A machine in one figure, and how far the work on it is shown."""

    name: str
    grade: Grade


def machines(node: CampaignNode) -> Mapping[str, Derived]:
    """Return the figures of machines of `node` itself, each machine once.

    Nothing where there is no case and no log was looked at: that nobody looked is no zero.
    Cost: one query, two where there is no case.
    """
    cases = list(by_figure(Case.objects.filter(node=node)).select_related("device"))
    if not cases and not was_looked_at(node):
        return {}
    found: dict[str, list[_Machine]] = {name: [] for name in FIGURES}
    for case in cases:
        for figure in FIGURES:
            if getattr(case, figure):
                found[figure].append(_Machine(identity_of(case.device), _grade(figure, case)))
    return {figure: _derived(node, figure, ones) for figure, ones in found.items()}


def findings(node: CampaignNode) -> Mapping[str, Derived]:
    """Return how often machines of `node` met indicators, and how many indicators they met.

    Nothing where no log was looked at and nothing met. Cost: one query, two where nothing met.
    """
    met = Finding.objects.filter(device__node=node, set_aside__isnull=True).aggregate(
        times=Sum("sightings"), keys=Number("key", distinct=True)
    )
    if not met["keys"] and not was_looked_at(node):
        return {}
    url = _list_of(node, "devices_found")
    return {
        "cases_detections": Derived(
            Count(met["times"] or 0, Grade.MEASURED),
            url,
            _("Records of the logs that met an indicator, false alarms aside."),
            is_inside=True,
        ),
        "indicators_met": Derived(
            Count(met["keys"], Grade.MEASURED),
            url,
            _("Indicators of the list that a machine of your unit met, each counted once."),
            is_inside=True,
        ),
    }


def was_looked_at(node: CampaignNode) -> bool:
    """Return whether any log of `node` was looked through."""
    return CoverageDay.objects.filter(node=node, lines__gt=0).exists()


def _grade(figure: str, case: Case) -> Grade:
    is_proven_clean = figure == "devices_cleaned" and case.outcome == Outcome.VERIFIED
    if figure not in WORK or is_proven_clean:
        return Grade.MEASURED
    return Grade.ATTESTED if getattr(case, "proven", False) else Grade.DECLARED


def _derived(node: CampaignNode, figure: str, ones: Iterable[_Machine]) -> Derived:
    names = frozenset(one.name for one in ones)
    grades = {one.grade for one in ones}
    if not grades:
        grades = {Grade.DECLARED if figure in WORK else Grade.MEASURED}
    weakest = max(grades, key=list(Grade).index)
    return Derived(
        Count(len(names), weakest),
        _list_of(node, figure),
        str(FIGURES[figure]) + ".",
        machines=names,
        is_inside=True,
    )


def _list_of(node: CampaignNode, figure: str) -> str:
    return reverse("cases:index") + f"?counted={figure}&node={node.pk}"
