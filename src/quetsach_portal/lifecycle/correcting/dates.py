"""Correct the deadline of a phase or of one level of the tree, later or earlier.

A report is late by the date in force; what was sent is not touched. More time that a unit was given
for itself stays: its deadline moves only where the new one of its level is later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.actions.phases import check_phase
from quetsach_portal.campaigns.deadlines import (
    before_text,
    due_at_depth,
    earlier,
)
from quetsach_portal.campaigns.expected_reports import prolong
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    ExpectedReport,
    ExpectedReportState,
    Phase,
)
from quetsach_portal.followup.models import Extension, ExtensionState, ReminderOccasion
from quetsach_portal.followup.reminder_rules import (
    SettledCalendar,
    calendar_of,
    day_of_reminder,
)
from quetsach_portal.lifecycle.correcting.plans import MOST_NAMED, CorrectionPlan, named
from quetsach_portal.web.acts import Refused

MOST_LEAD_DAYS = 366

_COUNTS = (
    *("moved", "sent", "kept", "late_no_longer", "late_by_it"),
    *("in_time_by_it", "too_late_by_it"),
)


@dataclass(frozen=True)
class LevelShift:
    """The deadline of a level, as it stands and as it would be.

    Shapes: `is_inherited` where the level has no days of its own and follows a corrected one.
    """

    depth: int
    before: datetime
    after: datetime
    is_inherited: bool = False


def plan(campaign: Campaign, proposal: dict[str, Any]) -> CorrectionPlan:
    """Return what another deadline would do.

    Shapes: `proposal` is {"phase": its number, "level": 0 for the phase as a whole, else the depth,
    "due_at": the exclusive instant as ISO text}.
    Errors: Refused for a phase that is not there, a date that no level can keep, or no change.
    Cost: two queries a level.
    """
    phase = _phase(campaign, proposal["phase"])
    before = _settings(phase)
    shifts = _correct(phase, int(proposal["level"]), datetime.fromisoformat(proposal["due_at"]))
    if not shifts:
        raise Refused(_("This is the deadline that stands already."), field="day")
    facts = _facts(phase, shifts)
    return CorrectionPlan(
        proposal=proposal,
        before=before,
        facts=facts,
        words=[_level_words(phase, shift) for shift in shifts],
        effects=_effects(facts, shifts, calendar_of(campaign)),
    )


def carry_out(campaign: Campaign, proposal: dict[str, Any]) -> list[int]:
    """Put the deadline in force, and return the nodes whose deadline is another one now.

    The caller holds the transaction and the campaign's row. Errors: as `plan`.
    """
    phase = _phase(campaign, proposal["phase"], is_locked=True)
    shifts = _correct(phase, int(proposal["level"]), datetime.fromisoformat(proposal["due_at"]))
    phase.save(update_fields=["due_at", "locks_at", "level_lead_days"])
    touched: list[int] = []
    for shift in shifts:
        moved = _moved(phase, shift)
        touched += moved.values_list("node_id", flat=True)
        now_in_time = Q(reported_at__lt=shift.after)
        was_in_time = Q(reported_at__lt=F("due_at"))
        flips = moved.filter((now_in_time & ~was_in_time) | (was_in_time & ~now_in_time))
        for slot in list(flips.select_related("node").select_for_update(of=("self",))):
            prolong(slot, shift.after)
        moved.update(due_at=shift.after)
    return touched


def levels_of(campaign: Campaign) -> list[tuple[int, int]]:
    """Return the depths of the tree, each with how many units it has. Cost: one query."""
    rows = campaign.nodes.filter(state__in=COUNTED).values("depth")
    return [
        (row["depth"], row["units"]) for row in rows.annotate(units=Count("pk")).order_by("depth")
    ]


def _phase(campaign: Campaign, number: int, *, is_locked: bool = False) -> Phase:
    rows = Phase.objects.filter(campaign=campaign, no=number)
    phase = (rows.select_for_update() if is_locked else rows).first()
    if phase is None:
        raise Refused(_("There is no such phase."), field="phase")
    return phase


def _settings(phase: Phase) -> dict[str, Any]:
    return {
        "due_at": phase.due_at.isoformat(),
        "locks_at": None if phase.locks_at is None else phase.locks_at.isoformat(),
        "level_lead_days": dict(phase.level_lead_days),
    }


def _correct(phase: Phase, level: int, due_at: datetime) -> list[LevelShift]:
    """Change `phase`, unsaved, and return the levels whose deadline is another one by it."""
    depths = list(
        ExpectedReport.objects.filter(phase=phase)
        .values_list("node__depth", flat=True)
        .distinct()
        .order_by("node__depth")
    )
    before = {depth: _standing(phase, depth) for depth in depths}
    if level == 0:
        shift = due_at - phase.due_at
        phase.due_at = due_at
        # It locks as long after the deadline as before.
        phase.locks_at = None if phase.locks_at is None else phase.locks_at + shift
    elif level in depths:
        days = _lead_of(phase, due_at)
        phase.level_lead_days = {**phase.level_lead_days, str(level): days}
    else:
        raise Refused(_("The tree has no such level."), field="level")
    check_phase(phase)
    if level:
        # A pause moves the phase and no date that had passed: what has a date of its own keeps it.
        own_days = (int(key) for key in phase.level_lead_days if int(key) > level)
        end = min(own_days, default=depths[-1] + 1)
        depths = [
            depth for depth in depths if level <= depth < end and before[depth] == before[level]
        ]
    after = {depth: _computed(phase, depth) for depth in depths}
    return [
        LevelShift(depth, before[depth], due, is_inherited=0 < level < depth)
        for depth, due in after.items()
        if due != before[depth]
    ]


def _computed(phase: Phase, depth: int) -> datetime:
    return due_at_depth(phase.due_at, phase.level_lead_days, depth, working_days=phase.working_days)


def _standing(phase: Phase, depth: int) -> datetime:
    """Return the deadline that most units of a level have: a pause may have moved all of them."""
    rows = ExpectedReport.objects.filter(phase=phase, node__depth=depth)
    common = rows.exclude(Exists(_own_time())).values("due_at").annotate(units=Count("pk"))
    most = common.order_by("-units", "due_at").first()
    return _computed(phase, depth) if most is None else most["due_at"]


def _own_time() -> QuerySet[Extension]:
    return Extension.objects.filter(slot=OuterRef("pk"), state=ExtensionState.GRANTED)


def _lead_of(phase: Phase, due_at: datetime) -> int:
    """Return by how many days `due_at` lies before the deadline of the phase. Errors: Refused."""
    for days in range(MOST_LEAD_DAYS):
        candidate = earlier(phase.due_at, days, working_days=phase.working_days)
        if candidate == due_at:
            return days
        if candidate < due_at:
            break
    latest = date_format(timezone.localtime(phase.due_at), "SHORT_DATE_FORMAT")
    raise Refused(
        _("A level is due at the hour of its phase, not after %(latest)s, and after a working day.")
        % {"latest": latest},
        field="day",
    )


def _moved(phase: Phase, shift: LevelShift) -> QuerySet[ExpectedReport]:
    """Return the reports of a level whose deadline follows; own extensions stay where later."""
    rows = ExpectedReport.objects.filter(phase=phase, node__depth=shift.depth)
    if shift.is_inherited:
        rows = rows.filter(Q(due_at=shift.before) | Exists(_own_time()))
    return rows.filter(Q(due_at__lte=shift.before) | Q(due_at__lt=shift.after)).exclude(
        due_at=shift.after
    )


def _facts(phase: Phase, shifts: list[LevelShift]) -> dict[str, Any]:
    now = timezone.now()
    counts = dict.fromkeys(_COUNTS, 0)
    names: dict[str, list[str]] = {"late_no_longer": [], "late_by_it": []}
    for shift in shifts:
        moved = _moved(phase, shift).exclude(state=ExpectedReportState.EXCUSED)
        moved = moved.filter(node__state__in=COUNTED)
        level = ExpectedReport.objects.filter(phase=phase, node__depth=shift.depth)
        counts["kept"] += level.filter(due_at__gt=max(shift.before, shift.after)).count()
        counts["moved"] += moved.count()
        counts["sent"] += moved.filter(reported_at__isnull=False).count()
        missing = moved.filter(reported_at__isnull=True)
        if shift.after > now:
            _add("late_no_longer", missing.filter(due_at__lte=now), counts, names)
        else:
            _add("late_by_it", missing.filter(due_at__gt=now), counts, names)
        came_in_time = Q(reported_at__lt=F("due_at"))
        came = moved.filter(reported_at__isnull=False)
        counts["in_time_by_it"] += came.filter(~came_in_time, reported_at__lt=shift.after).count()
        counts["too_late_by_it"] += came.filter(came_in_time, reported_at__gte=shift.after).count()
    return {
        **counts,
        "names": names,
        "levels": [
            [shift.depth, shift.before.isoformat(), shift.after.isoformat()] for shift in shifts
        ],
    }


def _add(
    name: str,
    rows: QuerySet[ExpectedReport],
    counts: dict[str, int],
    names: dict[str, list[str]],
) -> None:
    counts[name] += rows.count()
    room = MOST_NAMED - len(names[name])
    units = rows.order_by("node__name_at_freeze", "pk")
    names[name] += units.values_list("node__name_at_freeze", flat=True)[:room]


def _level_words(phase: Phase, shift: LevelShift) -> str:
    facts = {
        "no": phase.no,
        "level": shift.depth + 1,
        "old": before_text(shift.before),
        "new": before_text(shift.after),
    }
    if not shift.depth:
        return _("Phase %(no)s, lead office: due %(new)s (so far: %(old)s).") % facts
    return _("Phase %(no)s, level %(level)s: due %(new)s (so far: %(old)s).") % facts


def _effects(
    facts: dict[str, Any], shifts: list[LevelShift], calendar: SettledCalendar
) -> list[str]:
    lines = [
        _("%(count)s reports get another deadline; %(sent)s of them are in and stay as sent.")
        % {"count": facts["moved"], "sent": facts["sent"]}
    ]
    names = facts["names"]
    lines += [
        text % {"count": facts[key], "names": named(names[key], facts[key])}
        for key, text in (
            ("late_no_longer", _("No longer overdue: %(count)s units (%(names)s).")),
            ("late_by_it", _("Overdue by it at once: %(count)s units (%(names)s).")),
        )
        if facts[key]
    ]
    if not facts["late_no_longer"] and not facts["late_by_it"]:
        lines.append(_("No unit becomes overdue by it, and none stops being so."))
    for key, text in (
        ("in_time_by_it", _("%(count)s reports that came late count as in time.")),
        ("too_late_by_it", _("%(count)s reports that came in time count as late.")),
        ("kept", _("%(count)s units that were given more time keep their own deadline.")),
    ):
        if facts[key]:
            lines.append(text % {"count": facts[key]})
    lines += [
        _("Reminders of level %(level)s: %(new)s (so far: %(old)s).")
        % {
            "level": shift.depth + 1,
            "new": _days(_reminder_days(shift.after, calendar)),
            "old": _days(_reminder_days(shift.before, calendar)),
        }
        for shift in shifts
    ]
    return lines


def _reminder_days(due_at: datetime, calendar: SettledCalendar) -> Iterator[str]:
    """Yield the days to come on which a unit would be reminded by the calendar, in their order."""
    last = timezone.localtime(due_at - timedelta(microseconds=1)).date()
    days = {
        day_of_reminder(rule, last, calendar.days_off)
        for rule in calendar.rules
        if rule.is_on and rule.occasion != ReminderOccasion.RECEIPT
    }
    today = timezone.localdate()
    for day in sorted(day for day in days if day >= today):
        yield date_format(day, "SHORT_DATE_FORMAT")


def _days(days: Iterator[str]) -> str:
    return ", ".join(days) or _("none any more")
