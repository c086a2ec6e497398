"""Four weeks behind the demo's campaign: when its units answered, and the figures of each day.

The acts of the demo are done within a minute. Here their days are laid back, and the figures of the
days in between are counted from the same rows, so that charts show a course and add up. What the
database never lets anybody change keeps its day: reports and the audit trail.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import Min
from django.utils import timezone

from quetsach_portal.campaigns.counters import above_and_self
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, NodeCounter
from quetsach_portal.cases.models.case import Case, Finding, Handling
from quetsach_portal.dashboards.models import CounterDay
from quetsach_portal.followup.models import DeployDeclaration, Receipt
from quetsach_portal.looks.models import MachineLook, UnitLook, UnitLookGrade
from quetsach_portal.participation.models import JoinCounter, JoinKind

DAYS = 28

_JOINED = {
    JoinKind.STAFF: "joined_staff",
    JoinKind.RELATIVE: "joined_relatives",
    JoinKind.PUBLIC: "joined_public",
}
_STEPS = ("told", "received", "deployed")


def first_day() -> date:
    """Return the day on which the demo's campaign began."""
    return timezone.localdate() - timedelta(days=DAYS)


def lay_back(campaign: Campaign) -> None:
    """Spread what the units did over four weeks, and store the figures of each past day."""
    nodes = list(CampaignNode.objects.filter(campaign=campaign).order_by("path"))
    for place, node in enumerate(nodes):
        _answers(node, place)
    for case in Case.objects.filter(node__campaign=campaign):
        seen = Finding.objects.filter(device_id=case.device_id).aggregate(first=Min("first_seen"))
        opened = (seen["first"] or case.opened_at) + timedelta(days=1)
        Case.objects.filter(pk=case.pk).update(opened_at=min(opened, case.opened_at))
    _looks(campaign)
    _store(campaign, nodes)


def _looks(campaign: Campaign) -> None:
    """Let each unit have looked before its first case, and a day after it deployed else."""
    for look in UnitLook.objects.filter(node__campaign=campaign).select_related("node"):
        at = _moment_of(look.node)
        MachineLook.objects.filter(node=look.node, received_at__gt=at).update(received_at=at)


def _moment_of(node: CampaignNode) -> datetime:
    first = Case.objects.filter(node=node).aggregate(first=Min("opened_at"))["first"]
    deployed = None if node.deployed_at is None else node.deployed_at + timedelta(days=1)
    known = [moment for moment in (first, deployed) if moment is not None]
    return min([*known, timezone.now() - timedelta(days=1)])


def _answers(node: CampaignNode, place: int) -> None:
    """Let a unit be told on the first day, confirm within ten, and deploy in the days after."""
    received, deployed = 1 + place * 7 % 10, 13 + place * 5 % 9
    days = {"told_at": 0, "received_at": received, "deployed_at": deployed}
    fresh = {field: _moment(day) for field, day in days.items() if getattr(node, field) is not None}
    CampaignNode.objects.filter(pk=node.pk).update(**fresh)
    Receipt.objects.filter(node=node).update(
        received_at=_moment(received), recorded_at=_moment(received)
    )
    DeployDeclaration.objects.filter(node=node).update(at=_moment(deployed))
    for step, counter in enumerate(JoinCounter.objects.filter(node=node).order_by("pk")):
        day = first_day() + timedelta(days=min(DAYS - 1, deployed + 2 + step))
        JoinCounter.objects.filter(pk=counter.pk).update(day=day)


def _moment(day: int) -> datetime:
    return timezone.make_aware(
        datetime.combine(first_day() + timedelta(days=day), time(9, day % 50))
    )


def _store(campaign: Campaign, nodes: list[CampaignNode]) -> None:
    """Store a row for each node and past day whose figures differ from the day before."""
    paths = {node.pk: above_and_self(node) for node in nodes}
    fixed = {
        node_id: {"units": units, "staff": staff}
        for node_id, units, staff in NodeCounter.objects.filter(
            node__campaign=campaign
        ).values_list("node_id", "units", "staff")
    }
    rising = {node_id: Counter(looked_full=0, looked_part=0) for node_id in fixed}
    by_day: dict[date, list[tuple[int, str, int]]] = {}
    for day, node_id, figure, count in _changes(campaign):
        by_day.setdefault(day, []).append((node_id, figure, count))
    rows = []
    for number in range(DAYS):
        day = first_day() + timedelta(days=number)
        moved = set(fixed) if number == 0 else set()
        for node_id, figure, count in by_day.get(day, ()):
            for above in paths[node_id]:
                rising[above][figure] += count
                moved.add(above)
        rows += [
            CounterDay(node_id=node_id, day=day, **fixed[node_id], **rising[node_id])
            for node_id in sorted(moved & set(fixed))
        ]
    CounterDay.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _changes(campaign: Campaign) -> Iterator[tuple[date, int, str, int]]:
    """Yield what changed in the figures of a node: the day, the node, the figure, by how much."""
    moments: Mapping[str, str] = {step: f"{step}_at" for step in _STEPS}
    for node in CampaignNode.objects.filter(campaign=campaign):
        for figure, field in moments.items():
            at = getattr(node, field)
            if at is not None:
                yield timezone.localdate(at), node.pk, figure, 1
    for look in UnitLook.objects.filter(node__campaign=campaign).select_related("node"):
        if look.grade != UnitLookGrade.NONE:
            figure = "looked_full" if look.grade == UnitLookGrade.FULL else "looked_part"
            yield timezone.localdate(_moment_of(look.node)), look.node_id, figure, 1
    for counter in JoinCounter.objects.filter(node__campaign=campaign):
        yield counter.day, counter.node_id, _JOINED[JoinKind(counter.kind)], counter.joined
    handled = {
        case_id: timezone.localdate(at)
        for case_id, at in Handling.objects.filter(case__node__campaign=campaign)
        .order_by("-at")
        .values_list("case_id", "at")
    }
    for case in Case.objects.filter(node__campaign=campaign):
        opened = timezone.localdate(case.opened_at)
        yield opened, case.node_id, "infected", 1
        if case.pk in handled:
            day = max(opened, handled[case.pk])
            yield day, case.node_id, "infected", -1
            yield day, case.node_id, "handled", 1
