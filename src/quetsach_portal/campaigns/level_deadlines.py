"""The deadline of each level of the tree: proposed back from the letter's own, in working days.

The letter names the last deadline alone. Those before it are proposals, which a person changes;
none lies in the past.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.deadlines import (
    MOST_LEVELS,
    after_last_moment,
    due_at_depth,
    exclusive,
    is_working_date,
    moved,
)
from quetsach_portal.campaigns.letter_review import place_text
from quetsach_portal.campaigns.models.campaign import Phase
from quetsach_portal.web.days import DayField

USUAL_LEAD = 3
"""Working days that a level gets to add up what came from below, where there is time for it."""


@dataclass(frozen=True)
class NamedDeadline:
    """The report's deadline as a letter names it, with its words and their place."""

    due_at: datetime
    words: str
    place: str


@dataclass(frozen=True)
class LevelDeadline:
    """The deadline of a level as the page shows it.

    Shapes: `days_left` are working days from tomorrow to the last one in time; `days_to_add_up`
    those between this last day and that of the level above, None for the lead office.
    """

    depth: int
    units: int
    due_at: datetime
    days_left: int
    days_to_add_up: int | None


def named_deadline(letter: Mapping[str, Any]) -> NamedDeadline | None:
    """Return the deadline that `letter` names, None where it names none."""
    due = letter.get("due") or {}
    if not due.get("value"):
        return None
    source = due.get("source") or {}
    named = [one.get("words", "") for one in letter.get("dues", []) if one.get("report")]
    return NamedDeadline(
        after_last_moment(datetime.fromisoformat(due["value"])),
        next(filter(None, named), str(source.get("text") or "")),
        place_text(source.get("place")),
    )


def last_day(due_at: datetime) -> date:
    """Return the last day that is in time."""
    return timezone.localtime(due_at - timedelta(microseconds=1)).date()


def working_days_between(begin: date, end: date) -> int:
    """Return the working days after `begin` up to and with `end`; 0 where `end` is not later."""
    days = (begin + timedelta(days=n) for n in range(1, (end - begin).days + 1))
    return sum(map(is_working_date, days))


def proposed_lead_days(due_at: datetime, deepest: int, today: date) -> dict[str, int]:
    """Return how many working days before `due_at` each level below the root is due.

    At least half of the time stays with the lowest level; none of the days lies in the past.
    """
    if deepest < 1:
        return {}
    left = working_days_between(today, last_day(due_at))
    each = min(USUAL_LEAD, left // (2 * deepest)) or int(left > deepest)
    return {str(depth): each * depth for depth in range(1, min(deepest, MOST_LEVELS) + 1)}


def level_deadlines(
    due_at: datetime,
    lead_days: Mapping[str, int],
    units: Mapping[int, int],
    *,
    working_days: bool,
    today: date,
) -> list[LevelDeadline]:
    """Return the deadlines of all levels of `units` (depth -> how many), the root first."""
    rows: list[LevelDeadline] = []
    for depth, count in sorted(units.items()):
        due = due_at_depth(due_at, lead_days, depth, working_days=working_days)
        above = None if not rows else working_days_between(last_day(due), last_day(rows[-1].due_at))
        left = working_days_between(today, last_day(due))
        rows.append(LevelDeadline(depth, count, due, left, above))
    return rows


def lead_days_for(due_at: datetime, lasts: Sequence[date]) -> tuple[dict[str, int], bool]:
    """Return the days by which the levels with these last days are earlier, and if they are
    working days; days of the calendar where a level ends on a weekend."""
    top = last_day(due_at)
    leads: dict[str, int] = {}
    for depth, last in enumerate(lasts, 1):
        lead = working_days_between(last, top)
        if last != top and moved(top, -lead) != last:
            return {str(n): (top - one).days for n, one in enumerate(lasts, 1)}, False
        leads[str(depth)] = 0 if last == top else lead
    return leads, True


class LevelDeadlinesForm(forms.Form):
    """A day for each level; that of the lead office only where the letter does not name it."""

    def __init__(self, *args: Any, rows: Sequence[LevelDeadline], fixed: datetime | None) -> None:
        super().__init__(*args)
        self.fixed = fixed
        self.rows = rows
        if fixed is None:
            self.fields["due_day"] = DayField(label=_("Report due before the day"))
        for row in rows[1:]:
            day = timezone.localtime(row.due_at).date()
            self.fields[f"level_{row.depth}"] = DayField(label=_("before the day"), initial=day)
        if fixed is None and rows:
            self.fields["due_day"].initial = timezone.localtime(rows[0].due_at).date()

    def clean(self) -> dict[str, Any]:
        """Refuse days that are past, or later than those of the level above."""
        cleaned: dict[str, Any] = super().clean() or {}
        above, today = self._due(cleaned), timezone.localdate()
        if "due_day" in cleaned and above is not None and last_day(above) <= today:
            self.add_error("due_day", _("This day has passed; the deadline must be after today."))
        for row in self.rows[1:]:
            name = f"level_{row.depth}"
            if cleaned.get(name) is None or above is None:
                continue
            due = self._at(cleaned[name], above)
            if last_day(due) <= today:
                self.add_error(name, _("This day has passed; the deadline must be after today."))
            elif due > above:
                self.add_error(
                    name, _("A lower level cannot be due later than the level above it.")
                )
            above = due
        return cleaned

    def phase_fields(self) -> dict[str, Any]:
        """Return the deadlines for the act; call it when valid."""
        due_at = self._due(self.cleaned_data)
        assert due_at is not None
        lasts = [
            last_day(self._at(self.cleaned_data[f"level_{row.depth}"], due_at))
            for row in self.rows[1:]
        ]
        leads, working = lead_days_for(due_at, lasts)
        return {"due_at": due_at, "lead_days": leads, "working_days": working}

    def _due(self, cleaned: Mapping[str, Any]) -> datetime | None:
        if self.fixed is not None:
            return self.fixed
        day = cleaned.get("due_day")
        return None if day is None else exclusive(day)

    def _at(self, day: date, top: datetime) -> datetime:
        """Return the deadline of a level on `day`, at the time of day of the lead office's."""
        local = timezone.localtime(top, timezone.get_default_timezone())
        return exclusive(day, local.time())


def standing_deadline(phase: Phase | None) -> datetime | None:
    """Return the deadline of `phase` while it lies ahead, else None."""
    return None if phase is None or phase.due_at <= timezone.now() else phase.due_at
