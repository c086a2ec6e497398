"""What is told of planted names: by a watch each minute, and by logs that were handed in."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from quetsach.api import planted
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.planted.keys import contact_of
from quetsach_portal.planted.models import PlantedName, PlantedPlace, SubnetSeen
from quetsach_portal.planted.models import today as today

NOTE_FILE = "planted-note.txt"
"""What is seen in it is no sensor's: the PC says of itself that it asked."""

_NOTE_LINE = re.compile(r"\.planted\.quetsach\.example (asked|no) (knocked|no)\b")
"""A line of that note, under whatever name its folder is followed."""

_MOST_SUBNETS = 200


def places_of(unit_id: int) -> list[PlantedPlace]:
    """Return the places at which the unit plants now, in the order in which they were added."""
    return list(PlantedPlace.objects.filter(unit_id=unit_id, ended_at=None).order_by("pk"))


def plant(node: CampaignNode, days: Sequence[date]) -> None:
    """Write down what is planted in `node` on `days`; doing it again changes nothing."""
    PlantedName.objects.bulk_create(
        (
            PlantedName(node=node, place=place, day=day, name=contact.name, address=contact.address)
            for place in places_of(node.unit_id)
            for day in days
            if day >= place.since and planted.is_working_day(day)
            for contact in (contact_of(place, day),)
        ),
        ignore_conflicts=True,
    )


def names_today(node: CampaignNode) -> list[str]:
    """Return what a watch of `node` is to tell as planted, never as a sighting."""
    places = places_of(node.unit_id)
    contacts = [contact_of(place, timezone.localdate()) for place in places]
    return [text for contact in contacts for text in (contact.name, contact.address)]


def take_told(node: CampaignNode, rows: Iterable[Mapping[str, Any]]) -> int:
    """Keep what a watch of `node` tells of planted names; return how many it told anew.

    Shapes: rows of {"name", "seen_at", "source"}, as sensors.messages has them; a name may stand in
    a web address, in a line of the PC's note, or be the planted address.
    Cost: at most five queries, however many rows.
    """
    telling = [(row, planted.planted_names_in(row.get("name", ""))) for row in rows]
    if not telling:
        return 0
    days = {timezone.localtime(_moment(row.get("seen_at"))).date() for row, _names in telling}
    today = timezone.localdate()
    plant(node, [day for day in {*days, today} if abs((today - day).days) <= 1])
    by_name, by_address = _known(node, telling, days)
    changed: dict[int, PlantedName] = {}
    for row, names in telling:
        text, source, at = row.get("name", ""), row.get("source", ""), _moment(row.get("seen_at"))
        is_note = source.endswith(NOTE_FILE) or _NOTE_LINE.search(text) is not None
        meant = [by_name[name] for name in names if name in by_name]
        if not names:
            # Of two places with the same address that day nobody can say which it was.
            meant = by_address.get((text, timezone.localtime(at).date()), [])
            meant = meant if len(meant) == 1 else []
        for planted_name in meant:
            if is_note and planted_name.asked_at is None:
                planted_name.asked_at, planted_name.is_live = at, True
                changed[planted_name.pk] = planted_name
            elif not is_note and planted_name.seen_at is None:
                _see(planted_name, at, source, is_live=True)
                changed[planted_name.pk] = planted_name
    _save(list(changed.values()))
    return len(changed)


def _known(
    node: CampaignNode,
    telling: Sequence[tuple[Mapping[str, Any], Sequence[str]]],
    days: Collection[date],
) -> tuple[dict[str, PlantedName], dict[tuple[str, date], list[PlantedName]]]:
    """Return what may be meant, by name, and by address and day. Cost: one query."""
    names = {name for _row, named in telling for name in named}
    texts = {row.get("name", "") for row, named in telling if not named}
    meant = Q(name__in=names) | Q(address__in=texts, day__in=days)
    by_name: dict[str, PlantedName] = {}
    by_address: dict[tuple[str, date], list[PlantedName]] = {}
    for planted_name in PlantedName.objects.filter(meant, node=node):
        by_name[planted_name.name] = planted_name
        key = (planted_name.address, planted_name.day)
        by_address.setdefault(key, []).append(planted_name)
    return by_name, by_address


@dataclass(frozen=True)
class SweptName:
    """What logs that were handed in say of a planted name; `place` is the number of its place."""

    place: int
    day: date
    is_seen: bool
    is_noted: bool
    seen_at: datetime | None = None
    source: str = ""


def take_swept(
    node: CampaignNode, names: Sequence[SweptName], subnets: Mapping[str, int], at: datetime
) -> None:
    """Keep what logs of `node` show of planted names, and how many machines spoke in a subnet.

    The caller holds the transaction.
    """
    swept = {(name.place, name.day): name for name in names}
    plant(node, sorted({day for _place, day in swept}))
    changed = []
    days = {day for _place, day in swept}
    for planted_name in PlantedName.objects.filter(node=node, day__in=days):
        name = swept.get((planted_name.place_id, planted_name.day))
        if name is None:
            continue
        planted_name.looked_at = planted_name.looked_at or at
        if name.is_noted and planted_name.asked_at is None:
            planted_name.asked_at = at
        if name.is_seen:
            _see(planted_name, name.seen_at or at, name.source)
        changed.append(planted_name)
    _save(changed)
    _keep_subnets(node, subnets, at)


def _see(planted_name: PlantedName, at: datetime, source: str, *, is_live: bool = False) -> None:
    if planted_name.seen_at is None or (is_live and not planted_name.is_live):
        planted_name.seen_at, planted_name.source = at, source[:300]
        planted_name.is_live = planted_name.is_live or is_live
        planted_name.looked_at = planted_name.looked_at or at


def _save(changed: Sequence[PlantedName]) -> None:
    fields = ["asked_at", "seen_at", "source", "is_live", "looked_at"]
    PlantedName.objects.bulk_update(changed, fields, batch_size=200)


def _keep_subnets(node: CampaignNode, subnets: Mapping[str, int], at: datetime) -> None:
    SubnetSeen.objects.bulk_create(
        [
            SubnetSeen(node=node, network=network, machines=machines, seen_at=at)
            for network, machines in list(subnets.items())[:_MOST_SUBNETS]
        ],
        update_conflicts=True,
        unique_fields=["node", "network"],
        update_fields=["machines", "seen_at"],
    )


def _moment(text: str | None) -> datetime:
    """Return a moment that was told in ISO 8601; now where none was."""
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        moment = None
    return timezone.now() if moment is None or moment.tzinfo is None else moment
