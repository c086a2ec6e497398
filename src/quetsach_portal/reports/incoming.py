"""One figure of the reports from below, each beside that of the phase before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quetsach.api.reports import Absent, Row, absent_words, shown
from quetsach_portal.campaigns.models import Phase, Slot
from quetsach_portal.campaigns.tree.breaks import between, events_of
from quetsach_portal.reports.forms_in_use import form_of, row_of
from quetsach_portal.reports.models import ReportFigure
from quetsach_portal.reports.queries import Incoming
from quetsach_portal.reports.shown import in_language
from quetsach_portal.reports.since_last import difference, last_of_nodes
from quetsach_portal.units.models import EventUnit, OrgEvent


@dataclass(frozen=True)
class Line:
    """A unit's report with the figure that was asked for; `is_broken` where its units changed."""

    one: Incoming
    now: str = ""
    last: str = ""
    change: str = ""
    is_broken: bool = False


def asked_count(slot: Slot, key: str) -> Row | None:
    """Return the count of the form that is called `key`, else its first one; none in phase 1."""
    if slot.phase.no == 1:
        return None
    counts = form_of(row_of(slot.phase)).counts()
    return next((one for one in counts if one.id == key), counts[0] if counts else None)


def choices(slot: Slot) -> list[tuple[str, str]]:
    """Return the counts to choose from, with their labels."""
    return [(one.id, in_language(one.label)) for one in form_of(row_of(slot.phase)).counts()]


def lines(slot: Slot, rows: Sequence[Incoming], count: Row | None) -> list[Line]:
    """Return `rows` with what they say of `count`. Cost: some six queries, whatever the number."""
    if count is None:
        return [Line(one) for one in rows]
    versions = [one.version.pk for one in rows if one.version is not None]
    now = {
        one.version_id: one
        for one in ReportFigure.objects.filter(version__in=versions, key=count.id)
    }
    last = last_of_nodes([one.slot.node_id for one in rows], slot.phase, count.id)
    alike = _alike({phase.pk: phase for phase, _figure in last.values()}, count)
    events = events_of(slot.node) if last else []
    touched = set(
        EventUnit.objects.filter(event__in=[one.pk for one in events]).values_list(
            "event_id", "unit_id"
        )
    )
    found = []
    for one in rows:
        figure = None if one.version is None else now.get(one.version.pk)
        phase, before = last.get(one.slot.node_id, (None, None))
        if phase is None or phase.pk not in alike:
            found.append(Line(one, _value(figure), _("no earlier report")))
            continue
        since = between(events, phase.due_at, slot.phase.due_at)
        is_broken = any(_breaks(event, one.slot, touched) for event in since)
        told = _value(before)
        if phase.no < slot.phase.no - 1:
            told = _("%(value)s (phase %(no)s)") % {"value": told, "no": phase.no}
        found.append(Line(one, _value(figure), told, _change(figure, before), is_broken))
    return found


def _alike(phases: Mapping[int, Phase], count: Row) -> set[int]:
    """Return those of `phases` whose form counts the same units by this name."""
    entries = {pk: form_of(row_of(one)).entry(count.id) for pk, one in phases.items()}
    return {pk for pk, one in entries.items() if one is not None and one.unit is count.unit}


def _breaks(event: OrgEvent, slot: Slot, touched: set[tuple[int, int]]) -> bool:
    unit = slot.node.unit
    return event.path.startswith(unit.path) or (event.pk, unit.pk) in touched


def _change(now: ReportFigure | None, before: ReportFigure | None) -> str:
    if now is None or before is None or now.total is None or before.total is None:
        return ""
    return difference(now.total, before.total)


def _value(figure: ReportFigure | None) -> str:
    if figure is None:
        return "–"
    if figure.total is not None:
        return shown(figure.total)
    return absent_words(Absent(figure.absent)) if figure.absent else "–"
