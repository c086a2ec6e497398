"""Answers from units, people and cases: receipts, staff, joins, machines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count as Number
from django.db.models import Exists, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach.api.reports import FigureGrade, GradedCount, TextValue
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.models.case import Case, CaseOutcome, Finding
from quetsach_portal.cases.overview import FIGURES, by_figure
from quetsach_portal.followup.models import (
    DeclarationState,
    DeployDeclaration,
    DeployEvidence,
    Method,
    Receipt,
)
from quetsach_portal.followup.queries import reached
from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.participation.models.handouts import HandoutPull
from quetsach_portal.participation.models.participation import JoinCode, JoinCounter, JoinKind
from quetsach_portal.reports.expected import identity_of

# The type of all answers.


@dataclass(frozen=True)
class DerivedAnswer:
    """What the records of a unit answer to one field.

    Shapes: `url` is the page that shows the rows, `why` says what was counted. `organisations` are
    the ids (`node:34`) that the value counts, `sketch` that of its machines, so that adding up
    counts each once; `machines` are what the sketch is made of, and leave the unit nowhere.
    With `is_inside` the rows name machines or addresses: the unit's own workers alone see them.
    """

    value: GradedCount | TextValue
    url: str = ""
    why: str = ""
    organisations: frozenset[str] = frozenset()
    sketch: bytes | None = None
    machines: frozenset[str] = frozenset()
    is_inside: bool = False

    @property
    def grade(self) -> FigureGrade:
        """How far the value is to be trusted."""
        return self.value.grade or FigureGrade.DECLARED


def organisations(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return how many units at and below `node` received the campaign, and deployed it.

    They are of the subtree by nature: a unit that says nothing else has still received the letter.
    Each is named, so that it counts once even where another report has it too. Cost: two queries.
    """
    url = reverse("followup:ladder", args=[node.campaign_id]) + f"?under={node.pk}"
    by_proof = Receipt.objects.filter(node_id=OuterRef("pk"), method=Method.ON_BEHALF)
    received = list(
        reached(node, "received").annotate(told=Exists(by_proof)).values_list("pk", "told")
    )
    shown = DeployEvidence.objects.filter(
        ~Q(declaration__state=DeclarationState.WITHDRAWN), declaration__node_id=OuterRef("pk")
    )
    deployed = list(
        reached(node, "deployed").annotate(shown=Exists(shown)).values_list("pk", "shown")
    )
    # The act in the portal is the receipt itself; for another one's there is its proof.
    is_attested = any(is_told for _pk, is_told in received)
    attested = bool(deployed) and all(is_shown for _pk, is_shown in deployed)
    return {
        "organisations_received": DerivedAnswer(
            GradedCount(
                len(received), FigureGrade.ATTESTED if is_attested else FigureGrade.MEASURED
            ),
            f"{url}&has=received",
            _("Units at and below yours that confirmed the receipt, each counted once."),
            frozenset(f"node:{pk}" for pk, _told in received),
        ),
        "organisations_deployed": DerivedAnswer(
            GradedCount(len(deployed), FigureGrade.ATTESTED if attested else FigureGrade.DECLARED),
            f"{url}&has=deployed",
            _("Units at and below yours that declared to have deployed, each counted once."),
            frozenset(f"node:{pk}" for pk, _shown in deployed),
        ),
    }


def joins(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return who took part by the codes of `node` itself, and in its name without a code.

    Empty where it has no code and nobody joined.
    People declare it themselves, without their names. Cost: two queries.
    """
    summed = list(
        JoinCounter.objects.filter(node=node).values("kind").annotate(Sum("joined"), Sum("checked"))
    )
    if not summed and not JoinCode.objects.filter(node=node).exists():
        return {}
    counts_by_kind = {one["kind"]: (one["joined__sum"], one["checked__sum"]) for one in summed}
    url = reverse("participation:figures", args=[node.pk])
    staff = counts_by_kind.get(JoinKind.STAFF.value, (0, 0))
    counted = {
        "people_joined": (staff[0], _("Staff who joined by the code of your unit.")),
        "people_checked": (staff[1], _("Staff who said that they checked a machine.")),
        "relatives_joined": (
            counts_by_kind.get(JoinKind.RELATIVE.value, (0, 0))[0],
            _("Relatives and friends who joined by the code of your unit."),
        ),
        "public_joined": (
            counts_by_kind.get(JoinKind.PUBLIC.value, (0, 0))[0],
            _("Residents who joined by the code of your unit."),
        ),
    }
    return {
        name: DerivedAnswer(GradedCount(number, FigureGrade.DECLARED), url, why)
        for name, (number, why) in counted.items()
    }


def materials(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return how often material was pulled by `node` and by its codes; files, not people.

    Nothing where it has no code and nothing was pulled. Cost: two queries at most.
    """
    rows = HandoutPull.objects.filter(node=node)
    pulled = rows.aggregate(here=Sum("here"), public=Sum("public"))
    if pulled["here"] is None and not JoinCode.objects.filter(node=node).exists():
        return {}
    return {
        "materials_pulled": DerivedAnswer(
            GradedCount((pulled["here"] or 0) + (pulled["public"] or 0), FigureGrade.MEASURED),
            reverse("handouts:index", args=[node.pk]) + "#pulled",
            _("Files made in the portal with the name of your unit, and fetched by its codes."),
        )
    }


def people(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return the staff of `node` by the register, and how many it informed. Cost: one query."""
    answers = {}
    if node.staff:
        answers["people_staff"] = DerivedAnswer(
            GradedCount(node.staff, FigureGrade.DECLARED),
            reverse("followup:node", args=[node.pk]),
            _("Staff of your unit, as the register had it when the campaign began."),
        )
    declared = (
        DeployDeclaration.objects.filter(node=node, staff_told__isnull=False)
        .exclude(state=DeclarationState.WITHDRAWN)
        .annotate(pieces=Number("evidence"))
        .values_list("staff_told", "pieces")
        .first()
    )
    if declared is not None:
        answers["people_told"] = DerivedAnswer(
            GradedCount(
                declared[0] or 0, FigureGrade.ATTESTED if declared[1] else FigureGrade.DECLARED
            ),
            reverse("followup:node", args=[node.pk]),
            _("Staff who were told, by the deployment that your unit declared."),
        )
    return answers


def letters(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return how many letters `node` issued here; nothing where it issued none. Cost: one query."""
    number = Letter.objects.filter(node=node, is_outside=False, state=LetterState.RELEASED).count()
    if not number:
        return {}
    return {
        "letters_issued": DerivedAnswer(
            GradedCount(number, FigureGrade.MEASURED),
            reverse("letters:register", args=[node.pk]),
            _("Letters of your unit that were released here and not withdrawn."),
        )
    }


# Answers from cases: machines by malware and by handling.


WORK = frozenset({"devices_scanned", "devices_cleaned", "devices_reinstalled", "devices_isolated"})
"""Figures of what people say they did; all others are what evidence shows."""


@dataclass(frozen=True)
class _Machine:
    """A machine in one figure, and how far the work on it is shown."""

    name: str
    grade: FigureGrade


def machines(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return the figures of machines of `node` itself, each machine once.

    Empty where there is no case and no log was scanned: an unscanned unit has no zero.
    Cost: one query, two where there is no case.
    """
    cases = list(by_figure(Case.objects.filter(node=node)).select_related("device"))
    if not cases and not was_looked_at(node):
        return {}
    by_figure_machines: dict[str, list[_Machine]] = {name: [] for name in FIGURES}
    for case in cases:
        for figure in FIGURES:
            if getattr(case, figure):
                by_figure_machines[figure].append(
                    _Machine(identity_of(case.device), _grade(figure, case))
                )
    return {figure: _derived(node, figure, ones) for figure, ones in by_figure_machines.items()}


def findings(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
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
        "cases_detections": DerivedAnswer(
            GradedCount(met["times"] or 0, FigureGrade.MEASURED),
            url,
            _("Records of the logs that met an indicator, false alarms aside."),
            is_inside=True,
        ),
        "indicators_met": DerivedAnswer(
            GradedCount(met["keys"], FigureGrade.MEASURED),
            url,
            _("Indicators of the list that a machine of your unit met, each counted once."),
            is_inside=True,
        ),
    }


def was_looked_at(node: CampaignNode) -> bool:
    """Return whether any log of `node` was looked through."""
    return CoverageDay.objects.filter(node=node, lines__gt=0).exists()


def _grade(figure: str, case: Case) -> FigureGrade:
    is_proven_clean = figure == "devices_cleaned" and case.outcome == CaseOutcome.VERIFIED
    if figure not in WORK or is_proven_clean:
        return FigureGrade.MEASURED
    return FigureGrade.ATTESTED if getattr(case, "proven", False) else FigureGrade.DECLARED


def _derived(node: CampaignNode, figure: str, ones: Iterable[_Machine]) -> DerivedAnswer:
    names = frozenset(one.name for one in ones)
    grades = {one.grade for one in ones}
    if not grades:
        grades = {FigureGrade.DECLARED if figure in WORK else FigureGrade.MEASURED}
    weakest = max(grades, key=list(FigureGrade).index)
    return DerivedAnswer(
        GradedCount(len(names), weakest),
        _list_of(node, figure),
        str(FIGURES[figure]) + ".",
        machines=names,
        is_inside=True,
    )


def _list_of(node: CampaignNode, figure: str) -> str:
    return reverse("cases:index") + f"?counted={figure}&node={node.pk}"
