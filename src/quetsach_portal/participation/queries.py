"""Figures of participation: by day, by kind, and by unit below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet, Sum
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.participation.models import JoinCode, JoinCounter, JoinKind

OLD_CODE_LIVES = timedelta(days=30)
"""How long sheets with a replaced code lead to the new one."""

FEW = 10
"""Units with fewer people than this are shown together: a share of three people names them."""


_OF_ALL_KINDS = ("over_cap", "checked", "cleaned", "pulled")


@dataclass(frozen=True)
class ParticipationDay:
    """What one unit counted on one day; `over_cap` is not counted and is shown separately.

    Shapes: `checked` and `cleaned` are what people said, of whatever kind; `pulled` counts files.
    """

    day: date
    staff: int
    relatives: int
    public: int
    over_cap: int
    checked: int = 0
    cleaned: int = 0
    pulled: int = 0

    @property
    def joined(self) -> int:
        """Return how many joined on that day, of whatever kind."""
        return self.staff + self.relatives + self.public


@dataclass(frozen=True)
class ParticipationShare:
    """How many of a unit's people take part; `name` is empty for the small units together."""

    name: str
    joined: int
    staff: int
    is_flagged: bool = False


def open_codes(node: CampaignNode) -> Sequence[JoinCode]:
    """Return the codes of `node` that count today."""
    return list(node.join_codes.filter(ended_at__isnull=True).order_by("pk"))


def current(code: JoinCode) -> JoinCode | None:
    """Return the open code to which `code` leads now: of its unit, or of what took its place."""
    if code.ended_at is None:
        return code
    if timezone.now() - code.ended_at > OLD_CODE_LIVES:
        return None
    heirs = [code.node_id, *code.node.replaced_by.values_list("pk", flat=True)]
    still = JoinCode.objects.filter(node_id__in=heirs, kind=code.kind, ended_at__isnull=True)
    return still.select_related("node__campaign", "node__unit").first()


def living(campaign: Campaign) -> Iterator[tuple[JoinCode, JoinCode]]:
    """Yield each code of `campaign` that leads to an open one, with that one; in a fixed order.

    Cost: four queries, whatever the number of codes.
    """
    rows = JoinCode.objects.filter(node__campaign=campaign).select_related("node").order_by("pk")
    still = {(one.node_id, one.kind): one for one in rows.filter(ended_at__isnull=True)}
    for code in still.values():
        yield code, code
    ended = rows.filter(ended_at__gte=timezone.now() - OLD_CODE_LIVES)
    for code in ended.prefetch_related("node__replaced_by"):
        heirs = [code.node_id, *sorted(heir.pk for heir in code.node.replaced_by.all())]
        leads_to = next((still[pk, code.kind] for pk in heirs if (pk, code.kind) in still), None)
        if leads_to is not None:
            yield code, leads_to


def by_day(node: CampaignNode, *, since: date | None = None) -> list[ParticipationDay]:
    """Return the days on which `node` itself counted people, oldest first."""
    rows = node.join_tallies.order_by("day")
    if since is not None:
        rows = rows.filter(day__gte=since)
    days: dict[date, dict[str, int]] = {}
    for counter in rows:
        day_counts = days.setdefault(counter.day, dict.fromkeys(_OF_ALL_KINDS, 0))
        day_counts[counter.kind] = counter.joined
        for name in _OF_ALL_KINDS:
            day_counts[name] += getattr(counter, name)
    return [
        ParticipationDay(
            day,
            day_counts.get(JoinKind.STAFF, 0),
            day_counts.get(JoinKind.RELATIVE, 0),
            day_counts.get(JoinKind.PUBLIC, 0),
            **{name: day_counts[name] for name in _OF_ALL_KINDS},
        )
        for day, day_counts in days.items()
    ]


def figures(node: CampaignNode, *, until: date | None = None) -> dict[str, int]:
    """Return what `node` itself counted up to and with `until`, by kind, for the reports."""
    rows = node.join_tallies.all() if until is None else node.join_tallies.filter(day__lte=until)
    summed = rows.values("kind").annotate(joined=Sum("joined")).values_list("kind", "joined")
    return dict.fromkeys(JoinKind.values, 0) | dict(summed)


def count_statements(campaign: Campaign, *, after: date | None, until: date) -> tuple[int, int]:
    """Return how many said that they scanned, and that they cleaned, after a day until another.

    Cost: one query over the counters of these days.
    """
    rows = JoinCounter.objects.filter(node__campaign=campaign, day__lte=until)
    if after is not None:
        rows = rows.filter(day__gt=after)
    summed = rows.aggregate(scanned=Sum("checked"), cleaned=Sum("cleaned"))
    return summed["scanned"] or 0, summed["cleaned"] or 0


def on_the_line(root: CampaignNode) -> int:
    """Return how many residents joined at `root` itself, where all without a code are counted.

    Their unit is unknown and a script may add them, so they are shown separately.
    """
    rows = root.join_tallies.filter(kind=JoinKind.PUBLIC)
    return rows.aggregate(all=Sum("rolled"))["all"] or 0


def over_of(nodes: Sequence[CampaignNode], day: date) -> dict[int, int]:
    """Return how many joins exceeded the caps of `nodes` on `day`, by node; only nodes with any."""
    rows = JoinCounter.objects.filter(node__in=[one.pk for one in nodes], day=day, over_cap__gt=0)
    return dict(rows.values_list("node_id").annotate(Sum("over_cap")))


def flagged_of(nodes: Sequence[CampaignNode]) -> frozenset[int]:
    """Return the ids of those of `nodes` where far more joined today than people do."""
    over = over_of(nodes, timezone.localdate())
    return frozenset(node_id for node_id, many in over.items() if many > A_FEW_OVER)


def suppressed_units(staff: Sequence[int]) -> frozenset[int]:
    """Return the indexes of the units that are too small to be shown one by one, by staff.

    Never one alone and never fewer than FEW people: what the others leave of the known total would
    be its own number. So the next larger units join the small ones.
    """
    in_order = sorted(range(len(staff)), key=lambda place: staff[place])
    hidden = [place for place in in_order if staff[place] < FEW]
    for place in in_order[len(hidden) :] if hidden else ():
        if len(hidden) > 1 and sum(staff[one] for one in hidden) >= FEW:
            break
        hidden.append(place)
    return frozenset(hidden)


def ranking(parent: CampaignNode) -> list[ParticipationShare]:
    """Return the units directly below `parent` by the share of their staff that takes part.

    Small units are combined in one row; units flagged today come last, unranked.
    Cost: two queries.
    """
    children = list(_with_tally(parent))
    flagged = flagged_of(children)
    ranked = [child for child in children if child.pk not in flagged]
    hidden = suppressed_units([child.tally.staff for child in ranked])
    big = [
        ParticipationShare(child.name_at_freeze, child.tally.joined_staff, child.tally.staff)
        for place, child in enumerate(ranked)
        if place not in hidden
    ]
    small = [ranked[place].tally for place in hidden]
    big.sort(key=lambda one: (-one.joined / one.staff, one.name))
    if small:
        people = sum(one.staff for one in small)
        big.append(ParticipationShare("", sum(one.joined_staff for one in small), people))
    big += [
        ParticipationShare(
            child.name_at_freeze, child.tally.joined_staff, child.tally.staff, is_flagged=True
        )
        for child in children
        if child.pk in flagged
    ]
    return big


def is_flagged(node: CampaignNode) -> bool:
    """True when far more joined `node` today than people do; it ends with the day."""
    return bool(flagged_of([node]))


def _with_tally(parent: CampaignNode) -> QuerySet[CampaignNode]:
    rows = CampaignNode.objects.filter(parent=parent, tally__isnull=False)
    return rows.select_related("tally").order_by("name_at_freeze")


A_FEW_OVER = 10
"""Joins above a cap that are still explained by people who press twice."""
