"""Who sees which watches: a unit its own, whole; offices above all below, without their places."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.access import COUNTERS, WORKERS
from quetsach_portal.cases.models.case import Case
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.people.roles.scope import Scope, below_or_at, get_or_404
from quetsach_portal.sensors.heartbeats import RUNNING
from quetsach_portal.sensors.judging import HEARD_LATELY, is_no_longer_followed
from quetsach_portal.sensors.models import (
    Sensor,
    SensorHour,
    SensorSeverity,
    SensorSource,
    SensorTrouble,
)
from quetsach_portal.sensors.words import advice_of, duration, sentence_of
from quetsach_portal.units.models import UnitContact
from quetsach_portal.web.compiled_queries import CompiledQuery
from quetsach_portal.web.tables import Column, LongList

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
    """A source as the page shows it; `name` and `file` are "" for offices above.

    Shapes: `has_ended` where the watch is heard and names it no more.
    """

    name: str
    file: str
    row: SensorSource
    lag: str
    troubles: Sequence[TroubleView]
    tone: str
    has_ended: bool


@dataclass(frozen=True)
class SensorView:
    """A watch as the page shows it.

    Shapes: `sources` are those that it follows; `ended` those that its newest heartbeats name no
    more. `phones` are those of the unit, for offices above it; `more` sources are not shown.
    `open_cases` are those of the unit, of which `cases_page` has the rows.
    """

    sensor: Sensor
    is_own: bool
    is_heard: bool
    has_list: bool
    tone: str
    troubles: Sequence[TroubleView]
    sources: Sequence[SensorSourceView]
    ended: Sequence[SensorSourceView]
    planted: Sequence[dict[str, Any]]
    more: int
    phones: Sequence[str]
    open_cases: int
    cases_page: str

    @property
    def ended_has_trouble(self) -> bool:
        """Return whether something about a source that ended is still to be looked at."""
        return any(source.troubles for source in self.ended)

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


SENSORS = LongList(
    _lazy("Monitoring"), {}, folded_in=("node__unit__search",), text_in=("node__name_at_freeze",)
)
"""Watches stand below each other and in no table, the worst first."""

HOURS = LongList(
    _lazy("Hours"),
    {
        "hour": Column(_lazy("Hour"), "hour"),
        "covered": Column(_lazy("Covered (min)"), "covered_s", "number"),
        "lines": Column(_lazy("Lines"), "lines", "number"),
        "lost": Column(_lazy("Lost"), "dropped", "number"),
        "behind": Column(_lazy("Most behind (s)"), "most_lag_s", "number"),
    },
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


def chosen(sensors: QuerySet[Sensor], state: str) -> QuerySet[Sensor]:
    """Return those of `sensors` that are in `state`; all of them for "" and for no state."""
    severities = [one for one in SensorSeverity if one.name.lower() == state]
    return sensors.filter(severity=severities[0]) if severities else sensors


def source_for(scope: Scope, source_id: int) -> SensorSource:
    """Return the source if the person sees its watch. Errors: Http404."""
    rows = SensorSource.objects.filter(seen_by(scope, "sensor__node__"), pk=source_id)
    return get_or_404(rows.select_related("sensor__node"))


def named_source(scope: Scope, source: SensorSource) -> SensorSourceView:
    """Return a source with what is wrong with it now, by name to its own unit alone."""
    rows = SensorTrouble.objects.filter(source=source, ended_at__isnull=True)
    troubles = [_trouble(row) for row in rows.order_by("-severity", "pk")]
    is_own = source.sensor.node.unit_id in scope.own_units(*WORKERS)
    return _source(source.sensor, source, is_own, troubles)


def hours_of(source: SensorSource) -> QuerySet[SensorHour]:
    """Return what is known of each hour of a source, the newest first."""
    return SensorHour.objects.filter(source=source).order_by("-hour")


def views_of(scope: Scope, sensors: Sequence[Sensor]) -> list[SensorView]:
    """Return the watches of a page. Cost: four queries."""
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
    cases = _open_cases({sensor.node_id for sensor in sensors})
    now = timezone.now()
    return [
        _view(
            sensor,
            _sources(sensor, sources[sensor.pk], troubles, own),
            troubles[sensor.pk, None],
            phones=phones.get(sensor.node.unit_id, []),
            cases=cases.get(sensor.node_id, 0),
            is_own=sensor.node.unit_id in own,
            now=now,
        )
        for sensor in sensors
    ]


def _view(
    sensor: Sensor,
    sources: Sequence[SensorSourceView],
    troubles: Sequence[TroubleView],
    *,
    phones: Sequence[str],
    cases: int,
    is_own: bool,
    now: datetime,
) -> SensorView:
    is_heard = now - sensor.heard_at <= HEARD_LATELY
    severity = SensorSeverity(sensor.severity)
    if not is_heard and severity == SensorSeverity.WELL:
        severity = SensorSeverity.OFF
    followed = [source for source in sources if not source.has_ended]
    ended = [source for source in sources if source.has_ended]
    left_out = max(0, len(followed) - MOST_SOURCES_SHOWN) + max(0, len(ended) - MOST_SOURCES_SHOWN)
    return SensorView(
        sensor=sensor,
        is_own=is_own,
        is_heard=is_heard,
        has_list=sensor.list_differs_since is None and not sensor.list_problem,
        tone=TONES[severity],
        troubles=troubles,
        sources=followed[:MOST_SOURCES_SHOWN],
        ended=ended[:MOST_SOURCES_SHOWN],
        planted=_planted(sensor) if is_own else [],
        more=left_out + sensor.sources_left_out,
        phones=phones,
        open_cases=cases,
        cases_page=_cases_page(sensor.node_id, is_own),
    )


def _sources(
    sensor: Sensor,
    sources: Sequence[SensorSource],
    troubles: Mapping[tuple[int, int | None], list[TroubleView]],
    own: Collection[int],
) -> list[SensorSourceView]:
    """Return the sources of a watch, those first with which most is wrong."""
    is_own = sensor.node.unit_id in own
    shown = [
        _source(sensor, source, is_own, troubles.get((sensor.pk, source.pk), []))
        for source in sources
    ]
    return sorted(shown, key=lambda view: -len(view.troubles))


def _open_cases(nodes: Collection[int]) -> dict[int, int]:
    """Return how many cases each node has open. Cost: one query."""
    rows = Case.objects.filter(node__in=nodes, closed_at__isnull=True).order_by()
    return dict(rows.values_list("node").annotate(count=Count("pk")))


def _cases_page(node_id: int, is_own: bool) -> str:
    """Return where the cases stand one by one, for offices above as counts."""
    if is_own:
        return reverse("cases:index", query={"node": node_id})
    return reverse("cases:counts_of", args=[node_id])


def _planted(sensor: Sensor) -> list[dict[str, Any]]:
    """Return the newest planted names that it saw, each once, however many sources saw it."""
    by_name = {one["name"]: one for one in sensor.planted}
    newest = sorted(by_name.values(), key=lambda one: str(one["seen_at"]), reverse=True)
    return newest[:MOST_PLANTED_SHOWN]


def _source(
    sensor: Sensor, source: SensorSource, is_own: bool, troubles: Sequence[TroubleView]
) -> SensorSourceView:
    alarms = any(one.is_alarm for one in troubles)
    return SensorSourceView(
        name=source.source if is_own else "",
        file=source.file if is_own and source.file != source.source else "",
        row=source,
        lag="–" if source.lag_s is None else duration(source.lag_s),
        troubles=troubles,
        tone="bad" if alarms else "warn" if troubles else "good",
        has_ended=is_no_longer_followed(sensor, source),
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
    page = reverse("sensors:index", query={"state": "alarm"})
    return [CaseTask(title, str(count), page, "bad")] if count else []


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
