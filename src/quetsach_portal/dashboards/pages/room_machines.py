"""A chief's card of machines: how many in which state, the change of a week, and fourteen days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import CampaignNode, NodeCounter
from quetsach_portal.cases.models.case import Case
from quetsach_portal.dashboards.gathering import BY_STATE
from quetsach_portal.dashboards.models import CounterDay
from quetsach_portal.dashboards.pages.overview import filled
from quetsach_portal.looks.figures import LookFigures
from quetsach_portal.people.roles.scope import below
from quetsach_portal.web.drawing.charts import shares_bar, stacked

DAYS = 14
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class MachinesPart:
    """The machines of one state: how many now, and the change of a week, "" where none is known."""

    name: str
    label: str
    tone: str
    now: int
    change: str


@dataclass(frozen=True)
class MachinesDay:
    """A day of the strip; `numbers` is empty where nobody had looked at anything, or nothing is
    stored."""

    day: date
    numbers: Sequence[int]


@dataclass(frozen=True)
class RoomMachines:
    """The card.

    Shapes: `late` are open cases past their day; `picture` and `days` are the last fourteen days;
    `is_unknown` where no case is known and nobody looked: no zero is shown then. `opens` is the
    page with the rows by unit.
    """

    look: LookFigures
    parts: Sequence[MachinesPart]
    late: int
    bar: SafeString
    picture: SafeString
    days: Sequence[MachinesDay]
    opens: str

    @property
    def total(self) -> int:
        """How many machines with malware there were, in whatever state they are."""
        return sum(part.now for part in self.parts)

    @property
    def is_unknown(self) -> bool:
        """True where nobody can tell whether there is any."""
        return not self.total and self.look.is_nothing

    @property
    def knows_week(self) -> bool:
        """True where the figures of a week ago are known."""
        return any(part.change for part in self.parts)

    @property
    def has_blind_days(self) -> bool:
        """True where a day of the strip has no numbers."""
        return not all(shown.numbers for shown in self.days)

    def count_of(self, name: str) -> int:
        """Return how many machines are in the state `name`."""
        return next(part.now for part in self.parts if part.name == name)


def machines_of(node: CampaignNode, tally: NodeCounter, look: LookFigures) -> RoomMachines:
    """Return the card of `node` and all below it. Cost: two queries."""
    today = timezone.localdate()
    now, late = _now(node, tally)
    rows = filled(CounterDay.objects.filter(node=node), today)
    week_ago = rows.get(today - WEEK)
    before = None if week_ago is None or week_ago.is_blind else _numbers(week_ago)
    parts = [
        MachinesPart(name, label, tone, now[name], _change(now[name], before, name))
        for name, label, tone in _states()
    ]
    days = _days(rows, today, now, is_blind=look.is_nothing)
    return RoomMachines(
        look=look,
        parts=parts,
        late=late,
        bar=shares_bar([(part.now, part.tone) for part in parts]),
        picture=_drawn(days, parts),
        days=days,
        opens=reverse("cases:counts_of", args=[node.pk]),
    )


def _states() -> list[tuple[str, str, str]]:
    return [
        ("infected", _("infected"), "draw-bad"),
        ("handled", _("handled, not proven clean yet"), "draw-warn"),
        ("unproven", _("no contact seen, not enough grounds for clean"), "draw-calm"),
        ("cases_verified", _("proven clean"), "draw-good"),
    ]


def _now(node: CampaignNode, tally: NodeCounter) -> tuple[dict[str, int], int]:
    """Return how many machines are in each state now, and how many of them are late."""
    now = dict.fromkeys(("infected", "handled", "unproven"), 0)
    rows = Case.objects.filter(below(node.path, "node__"), closed_at__isnull=True)
    is_late = Q(due_at__lte=timezone.now())
    counted = rows.values("state").annotate(cases=Count("pk"), late=Count("pk", filter=is_late))
    late = 0
    for state, cases, late_ones in counted.order_by().values_list("state", "cases", "late"):
        now[BY_STATE[state]] += cases
        late += late_ones
    return {**now, "cases_verified": tally.cases_verified}, late


def _numbers(row: CounterDay) -> dict[str, int]:
    return {name: getattr(row, name) for name, _label, _tone in _states()}


def _change(now: int, before: Mapping[str, int] | None, name: str) -> str:
    if before is None:
        return ""
    change = now - before[name]
    return f"{'+' if change > 0 else '−' if change < 0 else '±'}{number_format(abs(change))}"


def _days(
    rows: Mapping[date, CounterDay | None], today: date, now: Mapping[str, int], *, is_blind: bool
) -> list[MachinesDay]:
    """Return the last days, today as it stands now; a blind one has no numbers."""
    days = []
    for ago in range(DAYS - 1, 0, -1):
        day = today - timedelta(days=ago)
        row = rows.get(day)
        is_known = row is not None and not row.is_blind
        days.append(MachinesDay(day, list(_numbers(row).values()) if is_known and row else ()))
    numbers = list(now.values())
    return [*days, MachinesDay(today, () if is_blind and not any(numbers) else numbers)]


def _drawn(days: Sequence[MachinesDay], parts: Sequence[MachinesPart]) -> SafeString:
    none = [0] * len(parts)
    titles = [_title(shown, parts) for shown in days]
    blind = [place for place, shown in enumerate(days) if not shown.numbers]
    stacks = [shown.numbers or none for shown in days]
    return stacked(stacks, [part.tone for part in parts], titles, blind=blind)


def _title(shown: MachinesDay, parts: Sequence[MachinesPart]) -> str:
    named = "; ".join(
        f"{part.label}: {number}" for part, number in zip(parts, shown.numbers, strict=False)
    )
    return f"{date_format(shown.day, 'SHORT_DATE_FORMAT')} – {named or _('nothing checked')}"
