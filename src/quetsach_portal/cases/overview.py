"""Counts of cases for those above, by state, age and child: no device, address or label."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Greatest, StrIndex, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode, NodeCounter
from quetsach_portal.cases.models.case import (
    Case,
    CaseFile,
    CaseOutcome,
    CaseState,
    Device,
    DeviceScanResult,
    Finding,
    Handling,
    HandlingKind,
)
from quetsach_portal.cases.models.notice import NoticeItem, NoticeOutcome
from quetsach_portal.cases.steps import steps_of
from quetsach_portal.looks.figures import LookFigures, figures_of_tree, own_look
from quetsach_portal.people.roles.scope import below

OUTCOMES = NoticeOutcome.choices
WEEK, MONTH = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class ChildCounts:
    """One line: a direct child with all below it, or the node itself."""

    node: CampaignNode
    tally: NodeCounter | None
    states: Mapping[str, int] = field(default_factory=dict)
    young: int = 0
    older: int = 0
    oldest: int = 0
    late: int = 0
    notices: Mapping[str, int] = field(default_factory=dict)
    own_look: LookFigures | None = None

    @property
    def look(self) -> LookFigures:
        """What was looked at, with all below; of the node itself where it is counted alone."""
        return figures_of_tree(self.tally) if self.own_look is None else self.own_look

    @property
    def infected(self) -> int:
        """Open and infected, nobody has handled them."""
        return self.states.get(CaseState.INFECTED, 0)

    @property
    def recurred(self) -> int:
        """Open and infected again after a handling."""
        return self.states.get(CaseState.RECURRED, 0)

    @property
    def handled(self) -> int:
        """Handled and being watched, days have still to pass."""
        return self.states.get(CaseState.HANDLED, 0)

    @property
    def unproven(self) -> int:
        """Open, and silence proves nothing so far."""
        states = (CaseState.QUIET, CaseState.CANNOT_TELL, CaseState.VERIFIED)
        return sum(self.states.get(state, 0) for state in states)

    @property
    def open(self) -> int:
        """All that are open."""
        return sum(self.states.values())

    @property
    def cases(self) -> int:
        """All cases, whatever their state, by the counters."""
        if self.tally is None:
            return 0
        return self.tally.cases_open + self.tally.cases_verified + self.tally.cases_other


@dataclass(frozen=True)
class CaseOverview:
    """A node with its direct children; `own` counts its own cases alone."""

    node: CampaignNode
    whole: ChildCounts
    own: ChildCounts
    children: Sequence[ChildCounts]


def overview_of(node: CampaignNode, children: Sequence[CampaignNode]) -> CaseOverview:
    """Return the counts of `node` and of those of its direct `children` that are shown.

    Cost: seven queries; two of them group the cases that are open below `node`, by child.
    """
    open_by = _open_by_child(node)
    notices = _notices_by_child(node)
    counters = NodeCounter.objects.filter(node__in=[node, *children])
    tallies = {counter.node_id: counter for counter in counters}

    def line(shown: CampaignNode, tally: NodeCounter | None) -> ChildCounts:
        return _line(shown, tally, open_by.get(shown.pk, {}), notices.get(shown.pk, {}))

    own = line(node, None)

    return CaseOverview(
        node=node,
        whole=_line(node, tallies.get(node.pk), _sum(open_by.values()), _sum(notices.values())),
        own=replace(own, own_look=own_look(node)),
        children=[line(child, tallies.get(child.pk)) for child in children],
    )


def children_of(node: CampaignNode) -> QuerySet[CampaignNode]:
    """Return the direct children, those with the most open cases first."""
    rows = CampaignNode.objects.filter(parent=node).select_related("tally")
    return rows.order_by(F("tally__cases_open").desc(nulls_last=True), "name_at_freeze", "pk")


def _open_by_child(node: CampaignNode) -> dict[int, dict[str, int]]:
    now = timezone.now()
    rows = Case.objects.filter(below(node.path, "node__"), closed_at__isnull=True)
    counts = {
        **{state.value: Count("pk", filter=Q(state=state)) for state in CaseState},
        "young": Count("pk", filter=Q(opened_at__gt=now - WEEK)),
        "older": Count("pk", filter=Q(opened_at__gt=now - MONTH, opened_at__lte=now - WEEK)),
        "oldest": Count("pk", filter=Q(opened_at__lte=now - MONTH)),
        "late": Count("pk", filter=Q(due_at__lte=now)),
    }
    return _by_child(rows, node, "node__path", counts)


def _notices_by_child(node: CampaignNode) -> dict[int, dict[str, int]]:
    rows = NoticeItem.objects.filter(below(node.path, "batch__node__"))
    counts = {end.value: Count("pk", filter=Q(outcome=end)) for end in NoticeOutcome}
    return _by_child(rows, node, "batch__node__path", counts)


def _by_child(
    rows: "QuerySet[Any]", node: CampaignNode, path: str, counts: Mapping[str, Count]
) -> dict[int, dict[str, int]]:
    """Return `counts` of the rows by the id of the direct child of `node` that stands above them.

    The node's own rows have its own id.
    """
    grouped: QuerySet[Any, Any] = (
        rows.annotate(rest=Substr(path, len(node.path) + 1))
        .annotate(ends=StrIndex("rest", Value("/")))
        .annotate(child=Substr("rest", 1, Greatest(F("ends") - 1, 0)))
        .order_by()
        .values("child")
        .annotate(**{_plain(name): count for name, count in counts.items()})
    )
    return {int(row.pop("child") or node.pk): row for row in grouped}


def _plain(name: str) -> str:
    return "n_" + name.replace("-", "_")


def _line(
    node: CampaignNode,
    tally: NodeCounter | None,
    counts: Mapping[str, int],
    notices: Mapping[str, int],
) -> ChildCounts:
    return ChildCounts(
        node=node,
        tally=tally,
        states={state.value: counts.get(_plain(state), 0) for state in CaseState},
        young=counts.get("n_young", 0),
        older=counts.get("n_older", 0),
        oldest=counts.get("n_oldest", 0),
        late=counts.get("n_late", 0),
        notices={end.value: notices.get(_plain(end), 0) for end in NoticeOutcome},
    )


def _sum(lines: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for line in lines:
        for name, count in line.items():
            total[name] = total.get(name, 0) + count
    return total


@dataclass(frozen=True)
class CaseToVerify:
    """What the units above see of a case: its number and figures, nothing that names a machine."""

    case_id: int
    number: str
    unit: str
    state: str
    outcome: str
    opened_at: datetime
    closed_at: datetime | None
    covered_days: int
    alive_days: int
    recurrences: int
    handlings: int
    files: int
    steps: int
    owner_says: str
    verifier_says: str
    version: int


def check_of(case: Case) -> CaseToVerify:
    """Return what may be shown of `case` above its unit. Cost: three queries."""
    plain = ("number", "state", "outcome", "opened_at", "closed_at", "covered_days", "alive_days")
    more = ("recurrences", "owner_says", "verifier_says", "version")
    handlings = list(case.handlings.filter(withdrawn_at__isnull=True))
    events = case.events.filter(kind__in=["recurred", "reopened"]).order_by("-pk")[:20]
    return CaseToVerify(
        case_id=case.pk,
        unit=case.node.name_at_freeze,
        handlings=len(handlings),
        files=case.files.count(),
        steps=sum(step.state == "done" for step in steps_of(case, handlings, list(events))),
        **{name: getattr(case, name) for name in (*plain, *more)},
    )


def to_check(cases: QuerySet[Case], *, seen: bool) -> QuerySet[Case]:
    """Return the cases that are proven clean and not yet checked; with `seen`, all that ended."""
    closed = cases.filter(closed_at__isnull=False)
    if not seen:
        closed = closed.filter(outcome=CaseOutcome.VERIFIED, verifier_says="")
    return closed.order_by("closed_at", "pk")


FIGURES = {
    "devices_found": _lazy("Machines that matched an indicator"),
    "devices_infected": _lazy("Machines that reached an address of the list"),
    "devices_scanned": _lazy("Machines with a recorded scan"),
    "devices_cleaned": _lazy("Machines cleaned, with no contact since"),
    "devices_reinstalled": _lazy("Reinstalled machines"),
    "devices_isolated": _lazy("Machines disconnected from the network"),
    "devices_open": _lazy("Machines not cleaned yet"),
    "devices_recurred": _lazy("Machines infected again after a handling"),
}
"""Each figure with its words."""

_NO_MACHINE = (CaseOutcome.MERGED, CaseOutcome.FALSE_ALARM, CaseOutcome.WITHDRAWN)
_REACHED = ("connected", "moved")
_CLEANING = (HandlingKind.CLEANED, HandlingKind.REINSTALLED, HandlingKind.REPLACED)


def counted(cases: QuerySet[Case], figure: str) -> QuerySet[Case]:
    """Return those of `cases` whose machine `figure` counts; none for a name that is no figure."""
    if figure not in FIGURES:
        return cases.none()
    return by_figure(cases).filter(**{figure: True})


def by_figure(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return the cases that count, with a boolean for each figure, and `proven` by a file.

    Work on a machine that was joined to another one counts for that one.
    """
    done = _of_the_machine(Handling.objects.filter(withdrawn_at__isnull=True), "case__")
    met = _of_the_machine(Finding.objects.filter(set_aside__isnull=True, withdrawn=False), "")
    removed = Q(kind__in=_CLEANING) | Q(result=DeviceScanResult.REMOVED)
    facts = cases.exclude(outcome__in=_NO_MACHINE).annotate(
        worked=Exists(done.filter(removed)),
        cut_off=Exists(done.filter(kind=HandlingKind.ISOLATED)),
        proven=Exists(_of_the_machine(CaseFile.objects.all(), "case__")),
        devices_infected=Exists(met.filter(best_grade__in=_REACHED)),
        devices_scanned=Exists(done.filter(Q(kind=HandlingKind.SCANNED) | ~Q(result=""))),
        devices_reinstalled=Exists(done.filter(kind=HandlingKind.REINSTALLED)),
    )
    came_back = Q(state__in=(CaseState.INFECTED, CaseState.RECURRED))
    cleaned = (Q(worked=True) & ~came_back) | Q(outcome=CaseOutcome.VERIFIED)
    return facts.annotate(
        devices_found=Value(True),
        devices_cleaned=_true(cleaned),
        devices_open=_true(~cleaned),
        devices_isolated=_true(Q(cut_off=True) | Q(isolated_at__isnull=False)),
        devices_recurred=_true(Q(recurrences__gt=0)),
    )


def identity_of(device: Device) -> str:
    """Return the identity of a machine across units: its hardware address if known.

    Without it, a device is a separate machine of its unit.
    """
    return f"mac:{device.mac.lower()}" if device.mac else f"{device.node_id}:{device.key}"


def record_counts(node: CampaignNode) -> dict[str, int]:
    """Return what the records of `node` itself count now, each machine once. Cost: two queries."""
    cases = list(by_figure(Case.objects.filter(node=node)).select_related("device"))
    machines = {
        figure: len({identity_of(case.device) for case in cases if getattr(case, figure)})
        for figure in FIGURES
    }
    rows = Finding.objects.filter(device__node=node, set_aside__isnull=True, withdrawn=False)
    met = rows.aggregate(times=Sum("sightings"), keys=Count("key", distinct=True))
    return {**machines, "cases_detections": met["times"] or 0, "indicators_met": met["keys"]}


def _of_the_machine(rows: "QuerySet[Any]", to_case: str) -> "QuerySet[Any]":
    """Return those of `rows` that belong to the machine of the outer case."""
    own = Q(**{f"{to_case}device_id": OuterRef("device_id")})
    joined = Q(**{f"{to_case}device__merged_into_id": OuterRef("device_id")})
    return rows.filter(own | joined)


def _true(condition: Q) -> "ExpressionWrapper[Q]":
    return ExpressionWrapper(condition, output_field=BooleanField())
