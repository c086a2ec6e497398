"""Who sees which watches: a unit its own, whole; offices above all below, without their places."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.access import COUNTERS, WORKERS
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.people.roles.scope import Scope, below_or_at
from quetsach_portal.sensors.heartbeats import RUNNING
from quetsach_portal.sensors.judging import HEARD_LATELY
from quetsach_portal.sensors.models import Sensor, SensorSeverity, SensorSource, SensorTrouble
from quetsach_portal.sensors.words import advice_of, duration, sentence_of
from quetsach_portal.units.models import UnitContact
from quetsach_portal.web.compiled_queries import CompiledQuery

MOST_SOURCES_SHOWN = 20
MOST_PLANTED_SHOWN = 5
MOST_LOGS_SHOWN = 50
TONES = {
    SensorSeverity.WELL: "good",
    SensorSeverity.OFF: "calm",
    SensorSeverity.NOTED: "warn",
    SensorSeverity.ALARM: "bad",
}


@dataclass(frozen=True)
class TroubleView:
    """What is wrong since when, and what to do."""

    sentence: str
    advice: str
    since: datetime
    is_alarm: bool


@dataclass(frozen=True)
class SensorSourceView:
    """A source as the page shows it; `name` and `file` are "" for offices above."""

    name: str
    file: str
    row: SensorSource
    lag: str
    troubles: Sequence[TroubleView]
    tone: str


@dataclass(frozen=True)
class SensorView:
    """A watch as the page shows it.

    Shapes: `phones` are those of the unit, for offices above it; `more` sources are not shown.
    """

    sensor: Sensor
    is_own: bool
    is_heard: bool
    has_list: bool
    tone: str
    troubles: Sequence[TroubleView]
    sources: Sequence[SensorSourceView]
    planted: Sequence[dict[str, Any]]
    more: int
    phones: Sequence[str]

    @property
    def state(self) -> str:
        """Return how it is, in a word."""
        if not self.is_heard and self.sensor.severity < SensorSeverity.NOTED:
            return str(SensorSeverity.OFF.label)
        return str(SensorSeverity(self.sensor.severity).label)


@dataclass(frozen=True)
class LogView:
    """A log that is not handed in any more, and by whom."""

    unit: str
    log: str
    trouble: TroubleView
    phones: Sequence[str]


def readers_only(scope: Scope) -> None:
    """Do nothing for who sees watches of some unit. Errors: PermissionDenied."""
    if not scope.has_role(*WORKERS, *COUNTERS):
        raise PermissionDenied(_("Your role has no access to the monitoring."))


def seen_by(scope: Scope, prefix: str = "node__") -> Q:
    """Return the condition on rows of the person's own units and of all below. Cost: one query."""
    own, above = scope.own_units(*WORKERS), scope.own_units(*COUNTERS)
    places = CampaignNode.objects.filter(unit_id__in=[*own, *above], campaign__state__in=RUNNING)
    paths = list(places.values_list("unit_id", "path"))
    return below_or_at(
        [path for unit_id, path in paths if unit_id in above],
        [path for unit_id, path in paths if unit_id in own],
        prefix,
    )


def sensors_for(scope: Scope) -> QuerySet[Sensor]:
    """Return the watches that the person sees, the worst first."""
    rows = Sensor.objects.filter(seen_by(scope)).select_related("node__campaign__release_file")
    return rows.order_by("-severity", "node__path", "pk")


def counts_for(scope: Scope) -> dict[str, int]:
    """Return how many of the watches that the person sees are how. Cost: two queries."""
    rows = Sensor.objects.filter(seen_by(scope)).order_by().values("severity")
    counts = {row["severity"]: row["count"] for row in rows.annotate(count=Count("pk"))}
    return {one.name.lower(): counts.get(one.value, 0) for one in SensorSeverity}


def views_of(scope: Scope, sensors: Sequence[Sensor]) -> list[SensorView]:
    """Return the watches of a page. Cost: three queries."""
    own = scope.own_units(*WORKERS)
    keys = [sensor.pk for sensor in sensors]
    troubles: dict[tuple[int, int | None], list[TroubleView]] = defaultdict(list)
    rows = SensorTrouble.objects.filter(sensor__in=keys, ended_at__isnull=True)
    for row in rows.order_by("-severity", "pk"):
        assert row.sensor_id is not None
        troubles[row.sensor_id, row.source_id].append(_trouble(row))
    sources: dict[int, list[SensorSource]] = defaultdict(list)
    for source in SensorSource.objects.filter(sensor__in=keys).order_by("pk"):
        sources[source.sensor_id].append(source)
    phones = _phones([s.node.unit_id for s in sensors if s.node.unit_id not in own])
    now = timezone.now()
    return [
        _view(sensor, sources[sensor.pk], troubles, own, phones.get(sensor.node.unit_id, []), now)
        for sensor in sensors
    ]


def _view(
    sensor: Sensor,
    sources: Sequence[SensorSource],
    troubles: dict[tuple[int, int | None], list[TroubleView]],
    own: Collection[int],
    phones: Sequence[str],
    now: datetime,
) -> SensorView:
    is_own = sensor.node.unit_id in own
    is_heard = now - sensor.heard_at <= HEARD_LATELY
    worst = sorted(sources, key=lambda one: -len(troubles[sensor.pk, one.pk]))
    severity = SensorSeverity(sensor.severity)
    if not is_heard and severity == SensorSeverity.WELL:
        severity = SensorSeverity.OFF
    return SensorView(
        sensor=sensor,
        is_own=is_own,
        is_heard=is_heard,
        has_list=sensor.list_differs_since is None and not sensor.list_problem,
        tone=TONES[severity],
        troubles=troubles[sensor.pk, None],
        sources=[
            _source(one, is_own, troubles[sensor.pk, one.pk]) for one in worst[:MOST_SOURCES_SHOWN]
        ],
        planted=_planted(sensor) if is_own else [],
        more=max(0, len(sources) - MOST_SOURCES_SHOWN) + sensor.sources_left_out,
        phones=phones,
    )


def _planted(sensor: Sensor) -> list[dict[str, Any]]:
    """Return the newest planted names that it saw, each once, however many sources saw it."""
    by_name = {one["name"]: one for one in sensor.planted}
    newest = sorted(by_name.values(), key=lambda one: str(one["seen_at"]), reverse=True)
    return newest[:MOST_PLANTED_SHOWN]


def _source(
    source: SensorSource, is_own: bool, troubles: Sequence[TroubleView]
) -> SensorSourceView:
    alarms = any(one.is_alarm for one in troubles)
    return SensorSourceView(
        name=source.source if is_own else "",
        file=source.file if is_own and source.file != source.source else "",
        row=source,
        lag="–" if source.lag_s is None else duration(source.lag_s),
        troubles=troubles,
        tone="bad" if alarms else "warn" if troubles else "good",
    )


def _trouble(row: SensorTrouble) -> TroubleView:
    return TroubleView(
        sentence_of(row), advice_of(row), row.since, row.severity == SensorSeverity.ALARM
    )


def _phones(units: Collection[int]) -> dict[int, list[str]]:
    phones: dict[int, list[str]] = defaultdict(list)
    if units:
        contacts = UnitContact.objects.filter(unit__in=units, valid_to__isnull=True)
        for contact in contacts.exclude(phone="").order_by("pk"):
            phones[contact.unit_id].append(contact.phone)
    return phones


def logs_for(scope: Scope) -> list[LogView]:
    """Return the logs that the person's units, and those below, hand in no more."""
    own = scope.own_units(*WORKERS)
    rows = SensorTrouble.objects.filter(
        seen_by(scope), sensor__isnull=True, ended_at__isnull=True
    ).select_related("node")
    shown = list(rows.order_by("since", "pk")[:MOST_LOGS_SHOWN])
    phones = _phones([row.node.unit_id for row in shown if row.node.unit_id not in own])
    return [
        LogView(row.node.name_at_freeze, row.log, _trouble(row), phones.get(row.node.unit_id, []))
        for row in shown
    ]


def today_for_unit(scope: Scope) -> list[CaseTask]:
    """Return what the person's own units have to see to. Cost: one query."""
    return _tasks(
        _OWN(units=scope.own_units(*WORKERS)), _("Logs that are not being watched as they should")
    )


def today_for_office(scope: Scope) -> list[CaseTask]:
    """Return how many units directly below offices of the person have logs that nobody watches."""
    return _tasks(
        _BELOW(units=scope.own_units(*COUNTERS)), _("Units whose logs are not being watched")
    )


def _tasks(rows: Sequence[Any], title: str) -> list[CaseTask]:
    count = rows[0]["count"] if rows else 0
    return [CaseTask(title, str(count), reverse("sensors:index"), "bad")] if count else []


_ALARMS = {"ended_at__isnull": True, "severity": SensorSeverity.ALARM.value}

_OWN = CompiledQuery(
    lambda units: (
        SensorTrouble.objects.filter(node__unit_id__in=units, **_ALARMS)
        .order_by()
        .values("severity")
        .annotate(count=Count("pk"))
    )
)
_BELOW = CompiledQuery(
    lambda units: (
        SensorTrouble.objects.filter(
            Q(node__parent__unit_id__in=units) | Q(node__campaign__lead_unit_id__in=units),
            **_ALARMS,
        )
        .order_by()
        .values("severity")
        .annotate(count=Count("node", distinct=True))
    )
)
