"""Answers from units, people and cases: receipts, staff, joins, machines."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count as Number
from django.db.models import Exists, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach.api.reports import FigureGrade, GradedCount, TextValue
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.cases.models.case import Case, CaseOutcome, Finding
from quetsach_portal.cases.overview import FIGURES, by_figure, identity_of
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
from quetsach_portal.participation.models import HandoutPull, JoinCode
from quetsach_portal.participation.slips.bursts import slip_figures
from quetsach_portal.reports.models.report import CampaignSalt
from quetsach_portal.reports.queries import node_key

# Machine sketches: machines are counted once over many units and never named.

SALT_BYTES = 32


def salt_of(campaign: Campaign) -> bytes:
    """Return the campaign's secret, created at the first call."""
    row, _is_new = CampaignSalt.objects.get_or_create(
        campaign=campaign, defaults={"salt": secrets.token_bytes(SALT_BYTES)}
    )
    return bytes(row.salt)


@dataclass(frozen=True)
class DerivedAnswer:
    """The answer of a unit's records to a field.

    Shapes: `url` is the page that shows the rows, `why` tells what was counted. `organisations` are
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


def counted_answers(
    counted: Mapping[str, tuple[int, str]],
    url: str,
    grade: FigureGrade = FigureGrade.MEASURED,
    *,
    is_inside: bool = False,
) -> dict[str, DerivedAnswer]:
    """Return each number with what was counted as an answer; their rows are on one page."""
    return {
        name: DerivedAnswer(GradedCount(number, grade), url, why, is_inside=is_inside)
        for name, (number, why) in counted.items()
    }


def organisations(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return how many units at and below `node` received the campaign, and deployed it.

    They cover the subtree: a unit without a report may still have received the letter.
    Each is named, so that it counts once even where another report has it too. Cost: two queries.
    """
    url = reverse("followup:ladder", args=[node.campaign_id]) + f"?under={node.pk}"
    on_behalf = Receipt.objects.filter(node_id=OuterRef("pk"), method=Method.ON_BEHALF)
    received = dict(
        reached(node, "received").annotate(proof=Exists(on_behalf)).values_list("pk", "proof")
    )
    evidence = DeployEvidence.objects.filter(
        ~Q(declaration__state=DeclarationState.WITHDRAWN), declaration__node_id=OuterRef("pk")
    )
    deployed = dict(
        reached(node, "deployed").annotate(proof=Exists(evidence)).values_list("pk", "proof")
    )
    # The act in the portal is the receipt itself; a receipt on behalf of a unit has its proof.
    received_grade = FigureGrade.ATTESTED if any(received.values()) else FigureGrade.MEASURED
    is_proven = bool(deployed) and all(deployed.values())
    deployed_grade = FigureGrade.ATTESTED if is_proven else FigureGrade.DECLARED
    return {
        "organisations_received": DerivedAnswer(
            GradedCount(len(received), received_grade),
            f"{url}&has=received",
            _("Units at and below yours that confirmed the receipt, each counted once."),
            frozenset(map(node_key, received)),
        ),
        "organisations_deployed": DerivedAnswer(
            GradedCount(len(deployed), deployed_grade),
            f"{url}&has=deployed",
            _("Units at and below yours that declared to have deployed, each counted once."),
            frozenset(map(node_key, deployed)),
        ),
    }


def joins(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return how many staff took part by the slips of `node`, each slip once.

    Empty where it printed none: presses of an open code are no people, and fill no figure.
    The unit prints and hands out its own slips, so they attest and never measure. Cost: four
    queries.
    """
    slips = slip_figures(node)
    if slips is None:
        return {}
    why = _("Slips of your unit that were pressed, each once: %(pressed)s of %(printed)s printed.")
    why %= {"pressed": slips.pressed, "printed": slips.printed}
    if slips.left_out:
        left_out = _("%(count)s came in bursts and are left out until somebody confirms them.")
        why = f"{why} {left_out % {'count': slips.left_out}}"
    if slips.struck:
        struck = _("%(count)s of lost slips were struck.") % {"count": slips.struck}
        why = f"{why} {struck}"
    url = reverse("participation:slips", args=[node.pk])
    counted = {"people_joined": (slips.proposed, why)}
    return counted_answers(counted, url, FigureGrade.ATTESTED)


def materials(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return how often material was pulled by `node` and by its codes; files, not people.

    Nothing where it has no code and nothing was pulled. Cost: two queries at most.
    """
    rows = HandoutPull.objects.filter(node=node)
    pulled = rows.aggregate(here=Sum("here"), public=Sum("public"))
    if pulled["here"] is None and not JoinCode.objects.filter(node=node).exists():
        return {}
    number = (pulled["here"] or 0) + (pulled["public"] or 0)
    why = _("Files made in the portal with the name of your unit, and fetched by its codes.")
    url = reverse("handouts:index", args=[node.pk]) + "#pulled"
    return counted_answers({"materials_pulled": (number, why)}, url)


def people(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return the staff of `node` by the register, and how many it informed. Cost: one query."""
    answers: dict[str, DerivedAnswer] = {}
    url = reverse("followup:node", args=[node.pk])
    if node.staff:
        why = _("Staff of your unit, as the register had it when the campaign began.")
        staff = {"people_staff": (node.staff, why)}
        answers |= counted_answers(staff, url, FigureGrade.DECLARED)
    rows = DeployDeclaration.objects.filter(node=node, staff_told__isnull=False)
    rows = rows.exclude(state=DeclarationState.WITHDRAWN).annotate(pieces=Number("evidence"))
    declared = rows.values_list("staff_told", "pieces").first()
    if declared is not None:
        grade = FigureGrade.ATTESTED if declared[1] else FigureGrade.DECLARED
        why = _("Informed staff, by the deployment that your unit declared.")
        answers |= counted_answers({"people_told": (declared[0] or 0, why)}, url, grade)
    return answers


def letters(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return how many letters `node` issued here; nothing where it issued none. Cost: one query."""
    number = Letter.objects.filter(node=node, is_outside=False, state=LetterState.RELEASED).count()
    if not number:
        return {}
    why = _("Letters of your unit that were released here and not withdrawn.")
    return counted_answers(
        {"letters_issued": (number, why)}, reverse("letters:register", args=[node.pk])
    )


# Answers from cases: machines by malware and by handling.

WORK = frozenset({"devices_scanned", "devices_cleaned", "devices_reinstalled", "devices_isolated"})
"""Figures of work that people recorded; all others come from evidence."""


def machines(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return the figures of machines of `node` itself, each machine once.

    Empty where there is no case and no log was scanned: an unscanned unit has no zero.
    Cost: one query, two where there is no case.
    """
    cases = list(by_figure(Case.objects.filter(node=node)).select_related("device"))
    if not cases and not was_looked_at(node):
        return {}
    return {
        figure: _machine_answer(node, figure, [case for case in cases if getattr(case, figure)])
        for figure in FIGURES
    }


def findings(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return how often machines of `node` met indicators, and how many indicators they met.

    Nothing where no log was scanned and nothing met. Cost: one query, two where nothing met.
    """
    met = Finding.objects.filter(
        device__node=node, set_aside__isnull=True, withdrawn=False
    ).aggregate(times=Sum("sightings"), keys=Number("key", distinct=True))
    if not met["keys"] and not was_looked_at(node):
        return {}
    times = _("Records of the logs that met an indicator, false alarms aside.")
    keys = _("Indicators of the list that a machine of your unit met, each counted once.")
    counted = {
        "cases_detections": (met["times"] or 0, times),
        "indicators_met": (met["keys"], keys),
    }
    return counted_answers(counted, _list_of(node, "devices_found"), is_inside=True)


def was_looked_at(node: CampaignNode) -> bool:
    """Return whether any log of `node` was scanned."""
    return CoverageDay.objects.filter(node=node, lines__gt=0).exists()


def _grade(figure: str, case: Case) -> FigureGrade:
    is_proven_clean = figure == "devices_cleaned" and case.outcome == CaseOutcome.VERIFIED
    if figure not in WORK or is_proven_clean:
        return FigureGrade.MEASURED
    return FigureGrade.ATTESTED if getattr(case, "proven", False) else FigureGrade.DECLARED


def _machine_answer(node: CampaignNode, figure: str, cases: Sequence[Case]) -> DerivedAnswer:
    names = frozenset(identity_of(case.device) for case in cases)
    if_none = FigureGrade.DECLARED if figure in WORK else FigureGrade.MEASURED
    grades = {_grade(figure, case) for case in cases} or {if_none}
    weakest = max(grades, key=list(FigureGrade).index)
    value, why = GradedCount(len(names), weakest), f"{FIGURES[figure]}."
    return DerivedAnswer(value, _list_of(node, figure), why, machines=names, is_inside=True)


def _list_of(node: CampaignNode, figure: str) -> str:
    return reverse("cases:index") + f"?counted={figure}&node={node.pk}"
