"""The queries by which the records of a unit answer fields of a report form."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from django.db.models import Count as Number
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach.api.reports import (
    Aggregation,
    FigureGrade,
    ReportFormDefinition,
    TextValue,
    sketch_of,
)
from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport
from quetsach_portal.cases.access import WORKERS
from quetsach_portal.cases.models.notice import NoticeItem, NoticeOutcome
from quetsach_portal.cases.overview import FIGURES
from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.reports.models.report import ReportReturn
from quetsach_portal.reports.queries import child_slots
from quetsach_portal.reports.records import units
from quetsach_portal.reports.records.units import DerivedAnswer, salt_of

# Answers from the register and from the reports directly below.


def children(slot: ExpectedReport) -> Mapping[str, DerivedAnswer]:
    """Return how many units directly below were to report, did, in time or late, or did not.

    Empty where no unit is below. Cost: four queries.
    """
    below = child_slots(slot)
    if not below:
        return {}
    came = [child for child in below if child.reported_at is not None]
    in_time = sum(child.is_on_time for child in came)
    rows = ReportReturn.objects.filter(version__slot__in=[child.pk for child in below])
    returned = rows.values("version").distinct().count()
    counted = {
        "children_expected": (len(below), _("Units directly below yours that were to report.")),
        "children_received": (len(came), _("Those of them that reported.")),
        "children_on_time": (in_time, _("Those of them that reported in time.")),
        "children_late": (len(came) - in_time, _("Those of them that reported late.")),
        "children_none": (len(below) - len(came), _("Those of them that have not reported.")),
        "children_returned": (
            returned,
            _("Reports of these units that were returned, each version once."),
        ),
    }
    return units.counted_answers(counted, reverse("reports:below", args=[slot.pk]))


def identity(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return the identifiers of the unit in the register, and the name of its parent.

    What the register leaves empty is not answered. Cost: two queries at most.
    """
    unit = node.unit
    identifiers = {
        "unit_id_old": unit.id_old,
        "unit_id_new": unit.id_new,
        "unit_area": unit.area_code,
        "unit_above": "" if node.parent is None else node.parent.name_at_freeze,
    }
    why = _("From the register of units.")
    return {
        name: DerivedAnswer(TextValue(text, FigureGrade.DECLARED), why=why)
        for name, text in identifiers.items()
        if text
    }


# Answers from indicator lists, logs and notices of the authority.

ENDS = {
    NoticeOutcome.DEVICE.value: "notices_resolved",
    NoticeOutcome.CANDIDATES.value: "notices_cannot_tell",
    NoticeOutcome.CANNOT_TELL.value: "notices_cannot_tell",
    NoticeOutcome.NO_DATA.value: "notices_cannot_tell",
    NoticeOutcome.NOT_OURS.value: "notices_not_ours",
}
"""Which figure an address is in by how its notice ended; of several ends the first here counts."""


def release(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return how many indicators the campaign's list has; nothing while it has none."""
    number = node.campaign.release_facts.get("count")
    if number is None:
        return {}
    counted = {
        "indicators_received": (number, _("Indicators of the list that the campaign looks for."))
    }
    url = reverse("intake:at_home", args=[node.pk])
    return units.counted_answers(counted, url, is_inside=True)


def coverage(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return the number of scanned kinds of logs of `node`, and of scanned days.

    Cost: one query.
    """
    looked_at = CoverageDay.objects.filter(node=node, lines__gt=0).aggregate(
        kinds=Number("kind", distinct=True), days=Number("day", distinct=True)
    )
    kinds = _("Kinds of logs of your unit that were scanned.")
    days = _("Days for which a log of your unit was scanned.")
    counted = {
        "coverage_sources": (looked_at["kinds"], kinds),
        "coverage_days": (looked_at["days"], days),
    }
    return units.counted_answers(counted, reverse("intake:unit", args=[node.pk]), is_inside=True)


def notices(node: CampaignNode) -> Mapping[str, DerivedAnswer]:
    """Return the addresses of `node` that the authority warned of, each once, by how that ended.

    Nothing where no notice was uploaded. Cost: one query.
    """
    rows = (
        NoticeItem.objects.filter(batch__node=node, outcome__in=ENDS)
        .exclude(address="")
        .values_list("address", "outcome")
        .distinct()
    )
    rank = list(ENDS).index
    best: dict[str, str] = {}
    for address, outcome in rows:
        known = best.get(address)
        if known is None or rank(outcome) < rank(known):
            best[address] = outcome
    if not best:
        return {}
    ends = Counter(ENDS[outcome] for outcome in best.values())
    counted = {
        "notices_addresses": (len(best), _("Addresses in the notices that your unit uploaded.")),
        "notices_resolved": (ends["notices_resolved"], _("Those of which the machine was found.")),
        "notices_not_ours": (ends["notices_not_ours"], _("Those that are not your unit’s.")),
        "notices_cannot_tell": (
            ends["notices_cannot_tell"],
            _("Those of which no machine could be found, or one of several."),
        ),
    }
    return units.counted_answers(counted, reverse("cases:notices"), is_inside=True)


# Answers of the lead office for a phase, the same for each unit.


def cut_off(slot: ExpectedReport) -> Mapping[str, DerivedAnswer]:
    """Return the day as of which the phase wants its figures; nothing where it names none."""
    day = slot.phase.counted_until
    if day is None:
        return {}
    value = TextValue(f"{day:%d/%m/%Y}", FigureGrade.DECLARED)
    why = _("The day that the lead office set for all reports of the phase.")
    return {"phase_cut_off": DerivedAnswer(value, why=why)}


Query = Callable[[CampaignNode], Mapping[str, DerivedAnswer]]
PhaseQuery = Callable[[ExpectedReport], Mapping[str, DerivedAnswer]]

_NOTICES = ("notices_addresses", "notices_resolved", "notices_not_ours", "notices_cannot_tell")
_CHILDREN = ("expected", "received", "on_time", "late", "none", "returned")

QUERIES: tuple[tuple[tuple[str, ...], Query], ...] = (
    (("organisations_received", "organisations_deployed"), units.organisations),
    (("people_joined",), units.joins),
    (("materials_pulled",), units.materials),
    (("people_staff", "people_told"), units.people),
    (("letters_issued",), units.letters),
    (("unit_id_old", "unit_id_new", "unit_area", "unit_above"), identity),
    (tuple(FIGURES), units.machines),
    (("cases_detections", "indicators_met"), units.findings),
    (("indicators_received",), release),
    (("coverage_sources", "coverage_days"), coverage),
    (_NOTICES, notices),
)
"""Which names each query answers; it runs once, and only where a form has one of them."""

PHASE_QUERIES: tuple[tuple[tuple[str, ...], PhaseQuery], ...] = (
    (("phase_cut_off",), cut_off),
    (tuple(f"children_{name}" for name in _CHILDREN), children),
)
"""The same for queries of the phase and of its expected reports."""


def fill(
    slot: ExpectedReport, form: ReportFormDefinition, *, only: str = ""
) -> Mapping[str, DerivedAnswer]:
    """Return what the records answer for `slot`, by the id of the field; others are typed.

    Fields without an answer are unknown, not zero. Machines
    that count once over many units have their sketch. With `only`, one field is answered.
    Cost: at most twenty queries, whatever the unit holds.
    """
    questions = [row for row in form.entries() if row.derived and only in ("", row.id)]
    names = {question.derived for question in questions}
    derived: dict[str, DerivedAnswer] = {}
    for answers, query in QUERIES:
        if names.intersection(answers):
            derived.update(query(slot.node))
    for answers, of_phase in PHASE_QUERIES:
        if names.intersection(answers):
            derived.update(of_phase(slot))
    answered, salt = {}, b""
    for question in questions:
        if question.derived not in derived:
            continue
        answer = derived[question.derived]
        if question.aggregation is Aggregation.DISTINCT_MACHINES:
            salt = salt or salt_of(slot.node.campaign)
            answer = replace(answer, sketch=sketch_of(salt, answer.machines))
        answered[question.id] = answer
    return answered


def visible_answers(
    scope: Scope, slot: ExpectedReport, answers: Mapping[str, DerivedAnswer]
) -> dict[str, DerivedAnswer]:
    """Return `answers` without links to rows that are closed to the person: those name machines."""
    works = slot.node.unit_id in scope.own_units(*WORKERS)
    return {
        key: answer if works or not answer.is_inside else replace(answer, url="")
        for key, answer in answers.items()
    }
