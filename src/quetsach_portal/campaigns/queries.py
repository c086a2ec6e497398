"""Queries behind the pages of a campaign; none walks the tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.deadlines import due_at_depth
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignNode,
    Material,
    NodeCounter,
    Phase,
    ReportCounter,
)
from quetsach_portal.campaigns.models.changes import RunningChangeState
from quetsach_portal.campaigns.models.checks import DryRun
from quetsach_portal.campaigns.models.corrections import CampaignCorrection, CorrectionKind
from quetsach_portal.campaigns.report_form import shipped, title_in, title_of
from quetsach_portal.campaigns.scope import NodeScope
from quetsach_portal.campaigns.units import WITHOUT_USABLE, with_contact
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.people.roles.scope import below
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.compiled_queries import CompiledQuery
from quetsach_portal.web.folding import folded
from quetsach_portal.web.paging import KeyPage, ListPage
from quetsach_portal.web.tables import Column, LongList


@dataclass(frozen=True)
class TreeLevel:
    """A level of the tree: how many units it has and when they are due."""

    depth: int
    units: int
    due_at: datetime


def last_dry_run(campaign: Campaign) -> DryRun | None:
    """Return the latest dry run, finished or not."""
    return DryRun.objects.filter(campaign=campaign).order_by("-pk").first()


def is_fresh(campaign: Campaign, run: DryRun) -> bool:
    """True when nothing was changed since the dry run was asked for."""
    return campaign.changed_at <= run.asked_at


def units_by_depth(campaign: Campaign) -> dict[int, int]:
    """Return how many units each level of the tree has. Cost: one query over the tree."""
    counted = CampaignNode.objects.filter(campaign=campaign).values("depth").order_by("depth")
    return {one["depth"]: one["units"] for one in counted.annotate(units=Count("pk"))}


def levels(phase: Phase, units: Mapping[int, int]) -> list[TreeLevel]:
    """Return each level of the tree, with its `units_by_depth` and its deadline in `phase`."""
    return [TreeLevel(depth, count, _due(phase, depth)) for depth, count in units.items()]


_PHASES = CompiledQuery(
    lambda campaign_id: Phase.objects.filter(campaign_id=campaign_id).order_by("no")
)


def phases_of(campaign: Campaign) -> list[Phase]:
    """Return the phases in their order."""
    return _PHASES(campaign_id=campaign.pk)


def current_phase(campaign: Campaign, now: datetime | None = None) -> Phase | None:
    """Return the phase that is open, the last that was, or the first that will be."""
    moment = timezone.now() if now is None else now
    phases = phases_of(campaign)
    begun = [one for one in phases if one.opens_at <= moment]
    if not begun:
        return phases[0] if phases else None
    return next((one for one in begun if one.due_at > moment), begun[-1])


def tally_of(node: CampaignNode) -> NodeCounter:
    """Return the counters of `node`, all 0 where it has none."""
    try:
        return node.tally
    except NodeCounter.DoesNotExist:
        return NodeCounter(node=node)


def last_phase(campaign: Campaign) -> Phase | None:
    """Return the phase that ends the campaign."""
    return Phase.objects.filter(campaign=campaign).order_by("-no").first()


def units_in_tree(campaign: Campaign) -> QuerySet[CampaignNode]:
    """Return the units of the frozen tree, each with how it can be reached."""
    return with_contact(campaign).select_related("unit", "parent").order_by("path")


def listed_units(
    campaign: Campaign, roots: Sequence[CampaignNode], words: str = ""
) -> QuerySet[CampaignNode]:
    """Return the units of the tree, by code or name.

    Shapes: `roots` are those of the tree. A page of them is read in the order of the paths, from an
    index; what else its rows show is asked for them alone (`with_contacts_of`).
    """
    # All paths of a tree with one root lie in one range of the index.
    in_tree = below(roots[0].path) if len(roots) == 1 else Q(campaign=campaign)
    nodes = CampaignNode.objects.filter(in_tree, state__in=COUNTED).only("pk", "path")
    if words.strip():
        nodes = nodes.filter(_called(campaign, words.strip()[:100]))
    return nodes


CONTACTS = LongList(
    _lazy("Units"),
    {
        "code": Column(_lazy("Code"), "unit__code"),
        "unit": Column(_lazy("Unit"), "name_at_freeze"),
        "above": Column(_lazy("Reports to"), "parent__name_at_freeze", is_optional=True),
    },
    folded_in=("unit__search",),
    text_in=("name_at_freeze",),
)

OUTSIDE = LongList(
    _lazy("Units that do not take part"),
    {
        "code": Column(_lazy("Code"), "code"),
        "unit": Column(_lazy("Unit"), "name"),
        "why": Column(_lazy("Why not")),
    },
    folded_in=("search",),
)

PULLS = LongList(
    _lazy("Downloads by unit and day"),
    {
        "day": Column(_lazy("Day"), "day"),
        "unit": Column(_lazy("Unit"), "node__name_at_freeze"),
        "count": Column(_lazy("Downloads"), "count", "number"),
    },
    folded_in=("node__unit__search",),
    text_in=("node__name_at_freeze",),
)


def unreached_units(campaign: Campaign, contact: str) -> QuerySet[CampaignNode]:
    """Return the units that mail does not reach, each with its `unit_path` in the register.

    Shapes: `contact` is none or off. In the order of `unit_path` an index of the register gives
    those alone, however many can be reached; what else rows show is asked as for `listed_units`.
    """
    nodes = CampaignNode.objects.filter(campaign=campaign, state__in=COUNTED)
    # Said again of the joined unit: so PostgreSQL goes along the index of those alone.
    unreached = nodes.filter(*WITHOUT_USABLE[contact](), unit__is_reached=False).only("pk")
    return unreached.annotate(unit_path=F("unit__path"))


def _called(campaign: Campaign, text: str) -> Q:
    """Return the condition "its code begins with `text`, or its name holds it".

    Shapes: the name is that of today without marks, or that of the freeze where it was another.
    """
    codes = Q(code__startswith=text)
    if text.upper() != text:
        codes |= Q(code__startswith=text.upper())
    plain = folded(text)
    units = OrgUnit.objects.filter(codes | Q(search__contains=plain) if plain else codes)
    # Few have had another name: only those are compared.
    renamed = CampaignNode.objects.filter(campaign=campaign, unit__has_old_name=True)
    once = renamed.exclude(name_at_freeze=F("unit__name")).filter(name_at_freeze__icontains=text)
    return Q(unit_id__in=units.values("pk")) | Q(pk__in=once.values("pk"))


AnyPage = TypeVar("AnyPage", KeyPage[CampaignNode], ListPage[CampaignNode])


def with_contacts_of(campaign: Campaign, page: AnyPage) -> AnyPage:
    """Return the same page with what its rows show. Cost: one query."""
    ids = [node.pk for node in page.rows]
    nodes = {node.pk: node for node in units_in_tree(campaign).filter(pk__in=ids)}
    return replace(page, rows=[nodes[pk] for pk in ids if pk in nodes])


def figures(node: CampaignNode, phase: Phase | None) -> Mapping[str, Any]:
    """Return the counters of `node` and its subtree. Cost: two queries."""
    slots = None if phase is None else ReportCounter.objects.filter(node=node, phase=phase).first()
    return {"tally": NodeCounter.objects.filter(node=node).first(), "slots": slots}


def root_of(campaign: Campaign) -> CampaignNode | None:
    """Return the lead office's node, None before the tree is frozen."""
    return next(iter(roots_of(campaign)), None)


def roots_of(campaign: Campaign) -> list[CampaignNode]:
    """Return the nodes below no other, with their counters.

    Shapes: none before the tree is frozen, then the lead office's; the node that succeeds it, too.
    """
    roots = CampaignNode.objects.filter(campaign=campaign, parent__isnull=True)
    return list(roots.select_related("tally").order_by("pk"))


def materials_of(campaign: Campaign, *, offered: bool) -> QuerySet[Material]:
    """Return the materials with `taken`, the sum of all downloads, newest version first."""
    rows = Material.objects.filter(campaign=campaign).select_related("file")
    if offered:
        rows = rows.filter(withdrawn_at__isnull=True)
    return rows.annotate(taken=Sum("pulls__count")).order_by("title", "language", "-created_at")


def pulls_by_unit(material: Material) -> QuerySet[Any]:
    """Return how often each unit took the material on each day, latest first."""
    return material.pulls.select_related("node").order_by("-day", "node__path")


def job_of(campaign: Campaign, kind: str) -> Job | None:
    """Return the latest job of this kind for the campaign."""
    return Job.objects.filter(kind=kind, key__startswith=f"{kind}:{campaign.pk}:").last()


def is_running(job: Job | None) -> bool:
    """True while a job waits or runs."""
    return job is not None and job.state in (JobState.READY, JobState.RUNNING)


def _due(phase: Phase, depth: int) -> datetime:
    return due_at_depth(phase.due_at, phase.level_lead_days, depth, working_days=phase.working_days)


def form_title(campaign: Campaign) -> str:
    """Return the title of the report form, its code where the form is no longer shipped."""
    if campaign.form_definition:
        return title_in(campaign.form_definition)
    code = campaign.form_code
    return next((title_of(form) for form in shipped() if form.code == code), code)


MOST_CORRECTIONS = 20


def corrections_of(campaign: Campaign, seats: NodeScope) -> QuerySet[CampaignCorrection]:
    """Return what two owners corrected in `campaign` since its start, the newest first.

    That a unit was left out or added, and why, is for those who see it, and for the office right
    above. Cost: two queries more where a unit was.
    """
    done = CampaignCorrection.objects.filter(campaign=campaign, state=RunningChangeState.DONE)
    of_units = done.filter(kind=CorrectionKind.UNIT).values_list("pk", "proposal")
    units = {pk: proposal["unit"] for pk, proposal in of_units}
    visible_units: set[int] = set()
    if units:
        own = [seat.node_id for seat in seats.seats]
        nodes = CampaignNode.objects.filter(campaign=campaign, unit_id__in=set(units.values()))
        nodes = nodes.filter(seats.visible() | Q(parent_id__in=own))
        visible_units.update(nodes.values_list("unit_id", flat=True))
    hidden = [pk for pk, unit_id in units.items() if unit_id not in visible_units]
    return done.exclude(pk__in=hidden).order_by("-pk")
