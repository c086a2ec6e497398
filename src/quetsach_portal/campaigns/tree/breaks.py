"""Changes of the register after which two figures of a unit are not of the same units."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.rights.scope import below
from quetsach_portal.units.models import EventKind, EventSide, EventState, EventUnit, OrgEvent

BREAKS = (EventKind.MERGE, EventKind.SPLIT, EventKind.ABOLISH, EventKind.MOVE, EventKind.CLOSE)
MOST_NAMES = 6


@dataclass(frozen=True)
class Change:
    """An event of the register: when, what, by which document, and which units it was about."""

    event: int
    day: date
    what: str
    document: str
    units: str = ""


def events_of(node: CampaignNode) -> list[OrgEvent]:
    """Return the events at and below the unit of `node` that break its figures, oldest first."""
    inside = below(node.unit.path) | Q(units__unit_id=node.unit_id)
    rows = OrgEvent.objects.filter(inside, state=EventState.APPLIED, kind__in=BREAKS)
    return list(rows.distinct().order_by("effective_on", "pk").defer("plan", "undo"))


def between(events: Iterable[OrgEvent], since: datetime, until: datetime) -> list[OrgEvent]:
    """Return those of `events` that took effect after the day of `since` and up to `until`."""
    first, last = timezone.localtime(since).date(), timezone.localtime(until).date()
    return [one for one in events if first < one.effective_on <= last]


def told(events: Sequence[OrgEvent], *, named: bool = False) -> list[Change]:
    """Return `events` in words; with `named`, with their units. Cost: a query for the names."""
    names = _names(events) if named and events else {}
    return [
        Change(
            one.pk,
            one.effective_on,
            str(one.get_kind_display()),
            one.legal_doc,
            names.get(one.pk, ""),
        )
        for one in events
    ]


def _names(events: Sequence[OrgEvent]) -> dict[int, str]:
    """Return by event "A, B → C"; of what only moved, its name once."""
    sides: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = EventUnit.objects.filter(event__in=[one.pk for one in events])
    for event, side, name in rows.values_list("event_id", "side", "unit__name"):
        sides[event, side].append(name)
    found = {}
    for event in {event for event, _side in sides}:
        before, after = (_short(sides[event, side]) for side in EventSide.values)
        found[event] = " → ".join(dict.fromkeys(filter(None, (before, after))))
    return found


def _short(names: Sequence[str]) -> str:
    ordered = sorted(names)
    more = " …" if len(ordered) > MOST_NAMES else ""
    return ", ".join(ordered[:MOST_NAMES]) + more
