"""What a judgement rests on, out of the tables: contacts, handlings, words and covered days."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from quetsach import api
from quetsach_portal.cases.models import (
    Contact,
    CoveredDay,
    Device,
    FolderRead,
    Handling,
    HandlingKind,
    ScanResult,
)

HANDS = (HandlingKind.CLEANED, HandlingKind.REINSTALLED, HandlingKind.REPLACED)
"""What counts as a handling: a device that was only cut off is silent, and not yet clean."""

IT = "it"
"""The one name of a device in its own judgement, whatever names the logs have for it."""


@dataclass(frozen=True)
class Ground:
    """All of one node that its judgements need.

    Shapes: `members` are the devices that are one machine, by the one that stands for them; the
    rest is by device id. `aside` counts contacts that a false alarm took out.
    """

    zone: ZoneInfo
    members: dict[int, list[Device]]
    contacts: dict[int, list[api.Contact]]
    aside: dict[int, int]
    handlings: dict[int, list[api.Handling]]
    words: dict[int, list[api.Word]]
    coverage: list[tuple[CoveredDay, frozenset[str]]]


def ground_of(node_id: int, roots: Collection[int] | None = None) -> Ground:
    """Return the ground of a node, or of those of its devices that stand for themselves.

    Cost: five queries, whatever the number of devices.
    """
    devices = Device.objects.filter(node_id=node_id).order_by("pk")
    members: dict[int, list[Device]] = defaultdict(list)
    for one in devices:
        root = one.merged_into_id or one.pk
        if roots is None or root in roots:
            members[root].append(one)
    ids = [one.pk for found in members.values() for one in found]
    zone = zone_of_node(node_id)
    contacts, aside = _contacts(node_id, None if roots is None else ids)
    handlings, words = _work(node_id, None if roots is None else ids, zone)
    days = CoveredDay.objects.filter(node_id=node_id)
    coverage = [(one, frozenset(one.alive)) for one in days]
    return Ground(zone, dict(members), contacts, aside, handlings, words, coverage)


def zone_of_node(node_id: int) -> ZoneInfo:
    """Return the zone in which the newest findings of a node count days."""
    newest = FolderRead.objects.filter(node_id=node_id).order_by("-pk").first()
    return ZoneInfo(api.HERE if newest is None else newest.zone)


def coverage_for(
    ground: Ground, root: int, kinds: Collection[tuple[str, str]]
) -> list[api.DayCoverage]:
    """Return the days of these (unit, kind) as the engine takes them, the device named IT."""
    keys = {one.engine_key for one in ground.members.get(root, ())}
    return [
        api.DayCoverage(
            day=day.day,
            kind=day.kind,
            unit=day.unit,
            lines=day.lines,
            hours=frozenset(day.hours),
            usual=frozenset(day.usual),
            thin_hours=frozenset(day.thin),
            alive=frozenset({IT}) if keys & alive else frozenset(),
        )
        for day, alive in ground.coverage
        if (day.unit, day.kind) in kinds
    ]


def _contacts(
    node_id: int, ids: Collection[int] | None
) -> tuple[dict[int, list[api.Contact]], dict[int, int]]:
    rows = Contact.objects.filter(finding__device__node_id=node_id)
    if ids is not None:
        rows = rows.filter(finding__device_id__in=ids)
    contacts: dict[int, list[api.Contact]] = defaultdict(list)
    aside: dict[int, int] = defaultdict(int)
    names = ("when_us", "day", "kind", "number", "unit", "sure")
    more = ("finding__device_id", "finding__shown", "finding__set_aside_id")
    for *fields, device, shown, set_aside in rows.values_list(*names, *more):
        when_us, day, kind, number, unit, sure = fields
        if set_aside is None:
            contacts[device].append(
                api.Contact(when_us, day, kind, number, indicator=shown, unit=unit, sure=sure)
            )
        else:
            aside[device] += 1
    return contacts, aside


def _work(
    node_id: int, ids: Collection[int] | None, zone: ZoneInfo
) -> tuple[dict[int, list[api.Handling]], dict[int, list[api.Word]]]:
    rows = Handling.objects.filter(case__node_id=node_id, withdrawn_at__isnull=True)
    if ids is not None:
        rows = rows.filter(case__device_id__in=ids)
    handlings: dict[int, list[api.Handling]] = defaultdict(list)
    words: dict[int, list[api.Word]] = defaultdict(list)
    for one in rows.select_related("case"):
        when_us = microseconds(one.at)
        day = api.day_in(zone, when_us)
        if did_remove(one):
            handlings[one.case.device_id].append(api.Handling(when_us, day, one.kind))
        if one.kind == HandlingKind.SCANNED:
            clean = one.result == ScanResult.CLEAN
            words[one.case.device_id].append(
                api.Word(when_us, day, api.Signal.SCAN, clean, one.tool)
            )
    return handlings, words


def did_remove(handling: Handling) -> bool:
    """True when a handling removes what was there: from then on the days of silence count."""
    removed = handling.kind == HandlingKind.SCANNED and handling.result == ScanResult.REMOVED
    return removed or handling.kind in HANDS


def microseconds(at: datetime) -> int:
    """Return `at` in us since 1970, UTC, to the microsecond."""
    passed = at - datetime(1970, 1, 1, tzinfo=timezone.get_fixed_timezone(0))
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
