"""How planted names stand: seen, blind, off or not known; and what a zero of the unit is worth."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from quetsach.api.planted import ZeroPower
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.planted.models import PlantedName, PlantedPlace, SubnetSeen
from quetsach_portal.planted.observing import places_of

KNOWN_AT = time(11)
"""The scripts ask until 10:45; a quarter of an hour later a living sensor has told it."""

HABIT = timedelta(days=14)
"""What was so in this time is taken for usual."""

SHOWN_DAYS = 7


class PlantedState(StrEnum):
    """What is known of a planted name."""

    SEEN = "seen"
    BLIND = "blind"
    OFF = "off"
    NOT_SEEN = "not-seen"
    WAITING = "waiting"


TONES = {
    PlantedState.SEEN: "good",
    PlantedState.BLIND: "bad",
    PlantedState.NOT_SEEN: "warn",
    PlantedState.OFF: "calm",
    PlantedState.WAITING: "calm",
}


def state_words(state: PlantedState) -> str:
    """Return a state in words."""
    return {
        PlantedState.SEEN: _("seen"),
        PlantedState.BLIND: _("asked, not seen: the log is blind"),
        PlantedState.NOT_SEEN: _("not seen: the log is blind or the PC was off"),
        PlantedState.OFF: _("PC off"),
        PlantedState.WAITING: _("not yet known"),
    }[state]


class NodeNames:
    """The planted names of one node, with what is usual at each place."""

    def __init__(self, names: Iterable[PlantedName], now: datetime) -> None:
        self.names = sorted(names, key=lambda name: (name.day, name.place_id))
        self.now = now
        self._noted: dict[int, list[date]] = {}
        for name in self.names:
            if name.asked_at is not None:
                self._noted.setdefault(name.place_id, []).append(name.day)

    def state_of(self, name: PlantedName) -> PlantedState:
        """Return what is known of a name; without a word on it nobody is called blind."""
        if name.seen_at is not None:
            return PlantedState.SEEN
        if not self._is_over(name.day):
            return PlantedState.WAITING
        if name.asked_at is not None:
            return (
                PlantedState.BLIND
                if name.looked_at or self._tells_live()
                else (PlantedState.WAITING)
            )
        if self._is_off(name):
            return PlantedState.OFF
        return PlantedState.NOT_SEEN if name.looked_at is not None else PlantedState.WAITING

    def power(self) -> ZeroPower:
        """Return how many of those that a log had to show it does show."""
        states = [self.state_of(name) for name in self.names]
        seen = states.count(PlantedState.SEEN)
        missed = states.count(PlantedState.BLIND) + states.count(PlantedState.NOT_SEEN)
        return ZeroPower(seen, seen + missed)

    def _is_over(self, day: date) -> bool:
        here = timezone.localtime(self.now)
        return day < here.date() or (day == here.date() and here.time() >= KNOWN_AT)

    def _tells_live(self) -> bool:
        """Return whether a watch told any name lately: then it had to tell this one."""
        since = timezone.localtime(self.now).date() - HABIT
        return any(name.is_live and name.day >= since for name in self.names)

    def _is_off(self, name: PlantedName) -> bool:
        """Return whether the PC's notes leave the day out, though they usually come."""
        noted = self._noted.get(name.place_id, [])
        before = [day for day in noted if name.day - HABIT <= day < name.day]
        after = [day for day in noted if day > name.day]
        return bool(before) and (bool(after) or self._notes_come_live(name))

    def _notes_come_live(self, name: PlantedName) -> bool:
        return name.day == timezone.localtime(self.now).date() and self._tells_live()


def names_of(node: CampaignNode, days: int | None = None) -> NodeNames:
    """Return the planted names of `node`, of so many days or of all. Cost: one query."""
    now = timezone.now()
    rows = PlantedName.objects.filter(node=node).select_related("place")
    if days is not None:
        rows = rows.filter(day__gt=timezone.localtime(now).date() - timedelta(days=days))
    return NodeNames(rows, now)


def power_words(power: ZeroPower) -> str:
    """Return what a zero of the unit is worth, or that this cannot be told."""
    if not power.planted:
        return _(
            "Nothing planted was looked for in the logs yet: it cannot be told whether they would "
            "show a contact."
        )
    if not power.seen:
        return _(
            "None of the %(planted)s planted contacts were seen: the logs would not have shown a "
            "contact."
        ) % {"planted": power.planted}
    figures = power.to_json()
    return _(
        "%(seen)s of %(planted)s planted contacts were seen (95 %%: at least %(a_day)s %% a day); "
        "contact on %(days)s independent days would have been found with at least %(in_days)s %%."
    ) % {
        "seen": power.seen,
        "planted": power.planted,
        "a_day": _per_cent(figures["a_day"]),
        "days": figures["days"],
        "in_days": _per_cent(figures["in_days"]),
    }


def _per_cent(share: float) -> str:
    # Cut and never rounded up, with one place.
    return number_format(math.floor(share * 1000 + 1e-9) / 10, 1)


@dataclass(frozen=True)
class PlaceView:
    """A place as the page shows it: its days, the newest first, each with state, words and tone."""

    place: PlantedPlace
    days: Sequence[tuple[PlantedName, str, str]]
    last_seen: PlantedName | None


def page_of_node(node: CampaignNode) -> dict[str, Any]:
    """Return what the page of planted names shows. Cost: four queries."""
    names = names_of(node)
    power = names.power()
    places = places_of(node.unit_id)
    return {
        "places": [_place_view(place, names) for place in places],
        "is_measured": power.seen > 0,
        "power_words": power_words(power),
        "bare_subnets": bare_subnets(node, places),
    }


def _place_view(place: PlantedPlace, names: NodeNames) -> PlaceView:
    own = [name for name in reversed(names.names) if name.place_id == place.pk]
    days = []
    for name in own[:SHOWN_DAYS]:
        state = names.state_of(name)
        days.append((name, state_words(state), TONES[state]))
    return PlaceView(place, days, next((name for name in own if name.seen_at), None))


def bare_subnets(node: CampaignNode, places: Sequence[PlantedPlace]) -> list[SubnetSeen]:
    """Return the subnets that logs of the unit show and at which nothing is planted."""
    planted = {place.subnet for place in places if place.subnet}
    rows = SubnetSeen.objects.filter(node=node).exclude(network__in=planted)
    return list(rows.order_by("-machines", "network")[:50])
