"""The week of a unit on one page: figures now, the change in the week, units that are late."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from quetsach.api import sheets
from quetsach_portal.campaigns.deadlines import due_sentence
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    NodeCounter,
    Phase,
    ReportCounter,
)
from quetsach_portal.cases.rechecks.queries import results_of
from quetsach_portal.dashboards.models import CounterDay
from quetsach_portal.dashboards.pages.ranking import By, shares_of
from quetsach_portal.followup.rates import rates_of
from quetsach_portal.looks.figures import LookFigures, look_of_node, looked_words

WEEK = timedelta(days=7)
MOST_BEHIND = 5


@dataclass(frozen=True)
class WeekFigure:
    """A figure: now, of how many (None for none), and what it was a week ago, None if unknown.

    Shapes: `look` is what was looked at for a figure of machines; `opens` is the address of the
    rows that it counts.
    """

    label: str
    now: int
    whole: int | None
    before: int | None
    look: LookFigures | None = None
    opens: str = ""

    @property
    def looked(self) -> str:
        """Return what was looked at, "" for a figure that counts no machines."""
        return "" if self.look is None else looked_words(self.look)

    @property
    def added(self) -> str:
        """Return what the week added, with its sign; "" where the week before is not known."""
        if self.before is None:
            return ""
        change = self.now - self.before
        return f"{'+' if change > 0 else '−' if change < 0 else '±'}{number_format(abs(change))}"

    @property
    def share(self) -> str:
        """Return the share of the whole, rounded down, never more than all."""
        if not self.whole:
            return ""
        return f"{min(100, 100 * self.now // self.whole)} %"

    @property
    def shown(self) -> str:
        """Return the figure, with its whole if it has one."""
        now = number_format(self.now)
        if self.look is not None and self.look.is_nothing and not self.now:
            return "–"
        return now if self.whole is None else f"{now}/{number_format(self.whole)}"


@dataclass(frozen=True)
class WeekView:
    """What the page and the paper show.

    Shapes: `behind` has the units with the most reports missing, each with why.
    """

    first: date
    last: date
    due: str
    lines: Sequence[WeekFigure]
    behind: Sequence[tuple[str, str]]
    notes: Sequence[str]

    @property
    def knows_before(self) -> bool:
        """Whether any figure of a week ago is known."""
        return any(one.before is not None for one in self.lines)

    @property
    def title(self) -> str:
        """Return the days of the week."""
        return _("Week %(first)s–%(last)s") % {
            "first": date_format(self.first, "d/m"),
            "last": date_format(self.last, "SHORT_DATE_FORMAT"),
        }


def week_of(node: CampaignNode, phase: Phase | None, *, sees_devices: bool) -> WeekView:
    """Return the week of `node` up to today. Cost: twelve queries."""
    today = timezone.localdate()
    ago = today - WEEK
    slot = ExpectedReport.objects.filter(node=node, phase=phase).first()
    return WeekView(
        first=ago + timedelta(days=1),
        last=today,
        due="" if slot is None else due_sentence(slot.due_at),
        lines=[*_steps(node, ago), *_reports(node, phase, ago), *_devices(node, ago, sees_devices)],
        behind=_behind(node, phase),
        notes=_verified(node),
    )


def sheet_of(node: CampaignNode, week: WeekView, link: str) -> sheets.WeekSheet:
    """Return the paper of the week; `link` leads to the page."""
    due = _("Report due %(due)s") % {"due": week.due} if week.due else ""
    return sheets.WeekSheet(
        unit=node.name_at_freeze,
        campaign=node.campaign.title,
        link=link,
        week=week.title,
        due=due,
        lines=tuple(
            sheets.WeekLine(_label(one), one.shown, one.share or "–", one.added or "–")
            for one in week.lines
        ),
        behind=tuple(week.behind),
        notes=tuple(week.notes),
    )


def _then(node: CampaignNode, ago: date) -> CounterDay | None:
    return CounterDay.objects.filter(node=node, day__lte=ago).order_by("-day").first()


def _steps(node: CampaignNode, ago: date) -> list[WeekFigure]:
    now, then = _now(node), _then(node, ago)
    named = (
        ("told", _("Notified units"), now.units),
        ("received", _("Units that confirmed receipt"), now.units),
        ("deployed", _("Units that deployed"), now.units),
    )
    ladder = _opening("followup:ladder", node)
    people = reverse("participation:figures", args=[node.pk])
    return [
        *(
            _line(label, now, then, name, whole, f"{ladder}&has={name}")
            for name, label, whole in named
        ),
        _line(_("Presses of staff codes"), now, then, "joined_staff", now.staff, people),
    ]


def _label(figure: WeekFigure) -> str:
    return f"{figure.label} ({figure.looked})" if figure.looked else figure.label


def _reports(node: CampaignNode, phase: Phase | None, ago: date) -> list[WeekFigure]:
    now = ReportCounter.objects.filter(node=node, phase=phase).first()
    if now is None:
        return []
    rates, began = rates_of([node], phase, ago), node.campaign.frozen_on
    then = rates[0] if rates and began and began <= ago else None
    named = (
        ("reported", _("Reports received")),
        ("on_time", _("Reports in time")),
        ("signed", _("Reports that are signed")),
    )
    rows = _opening("followup:completeness", node)
    if phase is not None:
        rows += f"&phase={phase.no}"
    return [
        _line(label, now, then, name, now.expected, f"{rows}&show={name}") for name, label in named
    ]


def _devices(node: CampaignNode, ago: date, sees: bool) -> list[WeekFigure]:
    if not sees:
        return []
    now, then = _now(node), _then(node, ago)
    days = _opening("dashboards:show", node)
    all_cases = now.cases_open + now.cases_verified + now.cases_other
    before = None if then is None else then.infected + then.handled + then.unproven
    look = look_of_node(node)
    clean = _line(_("Devices proven clean"), now, then, "cases_verified", all_cases, days)
    still = WeekFigure(_("Devices still to be handled"), now.cases_open, None, before, look, days)
    return [replace(clean, look=look), still]


def _behind(node: CampaignNode, phase: Phase | None) -> list[tuple[str, str]]:
    """Return the children with the most reports missing, then how many others lack some."""
    if phase is None:
        return []
    shares = [unit for unit, _staff in shares_of(node, By.REPORTED, phase)]
    behind = [unit for unit in shares if unit.part < unit.whole]
    behind.sort(key=lambda unit: (unit.part - unit.whole, unit.name))
    sentence = _("%(missing)s of %(all)s reports missing")
    named = [
        (unit.name, sentence % {"missing": unit.whole - unit.part, "all": unit.whole})
        for unit in behind[:MOST_BEHIND]
    ]
    if others := behind[MOST_BEHIND:]:
        units = _("%(count)s other units") % {"count": number_format(len(others))}
        missing = number_format(sum(unit.whole - unit.part for unit in others))
        named.append((units, _("%(missing)s reports missing") % {"missing": missing}))
    return named


def _verified(node: CampaignNode) -> list[str]:
    """Return what the last finished sample of each kind found."""
    last = {result.draw.subject: result for result in results_of(node)[::-1] if result.is_over}
    notes = []
    for result in last.values():
        sentence = f"{result.draw.get_subject_display()}: {result.sentence}"
        notes.append("; ".join(filter(None, (sentence, result.undecided, result.frame))))
    return notes


def _now(node: CampaignNode) -> NodeCounter:
    return NodeCounter.objects.filter(node=node).first() or NodeCounter(node=node)


def _line(label: str, now: Any, then: Any, name: str, whole: int | None, opens: str) -> WeekFigure:
    before = None if then is None else getattr(then, name)
    return WeekFigure(label, getattr(now, name), whole, before, opens=opens)


def _opening(view: str, node: CampaignNode) -> str:
    return f"{reverse(view, args=[node.campaign_id])}?under={node.pk}"
