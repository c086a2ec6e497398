"""Counts for those above: by state, age and direct child; never a device, an address, a label."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Greatest, StrIndex, Substr
from django.utils import timezone

from quetsach_portal.campaigns.models import CampaignNode, NodeTally
from quetsach_portal.cases.models import Case, CaseState, Outcome
from quetsach_portal.cases.notice_models import NoticeItem, NoticeOutcome
from quetsach_portal.rights.scope import below

OUTCOMES = NoticeOutcome.choices
WEEK, MONTH = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class ChildCounts:
    """One line: a direct child with all below it, or the node itself."""

    node: CampaignNode
    tally: NodeTally | None
    states: Mapping[str, int] = field(default_factory=dict)
    young: int = 0
    older: int = 0
    oldest: int = 0
    late: int = 0
    notices: Mapping[str, int] = field(default_factory=dict)

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
        names = (CaseState.QUIET, CaseState.CANNOT_TELL, CaseState.VERIFIED)
        return sum(self.states.get(one, 0) for one in names)

    @property
    def open(self) -> int:
        """All that are open."""
        return sum(self.states.values())

    @property
    def cases(self) -> int:
        """All cases, however they stand, by the counters."""
        one = self.tally
        return 0 if one is None else one.cases_open + one.cases_verified + one.cases_other


@dataclass(frozen=True)
class Overview:
    """A node with its direct children; `own` counts its own cases alone."""

    node: CampaignNode
    whole: ChildCounts
    own: ChildCounts
    children: Sequence[ChildCounts]


def overview_of(node: CampaignNode, children: Sequence[CampaignNode]) -> Overview:
    """Return the counts of `node` and of those of its direct `children` that are shown.

    Cost: six queries; two of them group the cases that are open below `node`, by child.
    """
    open_by = _open_by_child(node)
    notices = _notices_by_child(node)
    tallies = {one.node_id: one for one in NodeTally.objects.filter(node__in=[node, *children])}
    own = open_by.get(node.pk, {})
    return Overview(
        node=node,
        whole=_line(node, tallies.get(node.pk), _sum(open_by.values()), _sum(notices.values())),
        own=_line(node, None, own, notices.get(node.pk, {})),
        children=[
            _line(one, tallies.get(one.pk), open_by.get(one.pk, {}), notices.get(one.pk, {}))
            for one in children
        ],
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
        "older": Count("pk", filter=_opened(now, MONTH, WEEK)),
        "oldest": Count("pk", filter=Q(opened_at__lte=now - MONTH)),
        "late": Count("pk", filter=Q(due_at__lte=now)),
    }
    grouped = _with_child(rows, node, "node__path").values("child")
    return {
        int(one.pop("child") or node.pk): one
        for one in grouped.annotate(**{_plain(name): of for name, of in counts.items()})
    }


def _notices_by_child(node: CampaignNode) -> dict[int, dict[str, int]]:
    rows = NoticeItem.objects.filter(below(node.path, "batch__node__"))
    counts = {_plain(one.value): Count("pk", filter=Q(outcome=one)) for one in NoticeOutcome}
    grouped = _with_child(rows, node, "batch__node__path").values("child")
    return {int(one.pop("child") or node.pk): one for one in grouped.annotate(**counts)}


def _with_child(rows: "QuerySet[Any]", node: CampaignNode, path: str) -> "QuerySet[Any, Any]":
    """Add to each row the id of the direct child of `node` above it, "" for the node's own."""
    found: QuerySet[Any, Any] = (
        rows.annotate(rest=Substr(path, len(node.path) + 1))
        .annotate(ends=StrIndex("rest", Value("/")))
        .annotate(child=Substr("rest", 1, Greatest(F("ends") - 1, 0)))
        .order_by()
    )
    return found


def _opened(now: datetime, oldest: timedelta, youngest: timedelta) -> Q:
    return Q(opened_at__gt=now - oldest, opened_at__lte=now - youngest)


def _plain(name: str) -> str:
    return "n_" + name.replace("-", "_")


def _line(
    node: CampaignNode,
    tally: NodeTally | None,
    counts: Mapping[str, int],
    notices: Mapping[str, int],
) -> ChildCounts:
    return ChildCounts(
        node=node,
        tally=tally,
        states={one.value: counts.get(_plain(one.value), 0) for one in CaseState},
        young=counts.get("n_young", 0),
        older=counts.get("n_older", 0),
        oldest=counts.get("n_oldest", 0),
        late=counts.get("n_late", 0),
        notices={one.value: notices.get(_plain(one.value), 0) for one in NoticeOutcome},
    )


def _sum(lines: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in lines:
        for name, count in one.items():
            total[name] = total.get(name, 0) + count
    return total


@dataclass(frozen=True)
class Check:
    """What somebody above sees of a case: its number and figures, nothing that names a machine."""

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
    ticked: int
    owner_says: str
    verifier_says: str
    version: int


def check_of(case: Case) -> Check:
    """Return what may be shown of `case` above its unit. Cost: two queries."""
    return Check(
        case_id=case.pk,
        number=case.number,
        unit=case.node.name_at_freeze,
        state=case.state,
        outcome=case.outcome,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        covered_days=case.covered_days,
        alive_days=case.alive_days,
        recurrences=case.recurrences,
        handlings=case.handlings.filter(withdrawn_at__isnull=True).count(),
        files=case.files.count(),
        ticked=len(case.checklist),
        owner_says=case.owner_says,
        verifier_says=case.verifier_says,
        version=case.version,
    )


def to_check(cases: QuerySet[Case], *, seen: bool) -> QuerySet[Case]:
    """Return the cases that are proven clean and not yet looked at; with `seen`, all that ended."""
    closed = cases.filter(closed_at__isnull=False)
    if not seen:
        closed = closed.filter(outcome=Outcome.VERIFIED, verifier_says="")
    return closed.order_by("closed_at", "pk")
