"""Look after the watches of all units: what is wrong is recorded, told, and ends by itself."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.alerts.models import Alert, AlertKind, AlertState
from quetsach_portal.alerts.raising import end_about, raise_about
from quetsach_portal.campaigns.deadlines import is_working_day
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.sensors.handing_in import logs_not_handed_in
from quetsach_portal.sensors.judging import (
    HEARD_LATELY,
    HourSum,
    SensorJudgement,
    SourceHabit,
    is_over,
    judge,
    over_judgement,
)
from quetsach_portal.sensors.models import (
    Sensor,
    SensorHour,
    SensorSeverity,
    SensorTrouble,
    TroubleKind,
)

HABIT_DAYS = 10
"""Working days back that make a habit."""

LEAST_UNITS, MOST_SHARE = 5, 0.6
"""Where so many units are known and more than this share is quiet, it is the day, not the unit."""

RENEW_EACH = 100
"""Units between two signs of life of the job."""

OF_THE_DAY = (TroubleKind.UNHEARD, TroubleKind.SILENT, TroubleKind.SLOW)

ALARMS: Mapping[TroubleKind, AlertKind] = {
    TroubleKind.UNHEARD: AlertKind.DEAD_SENSOR,
    TroubleKind.SILENT: AlertKind.DEAD_SENSOR,
    TroubleKind.SLOW: AlertKind.DEAD_SENSOR,
    TroubleKind.BEHIND: AlertKind.DEAD_SENSOR,
    TroubleKind.FORM: AlertKind.DEAD_SENSOR,
    TroubleKind.CLOCK: AlertKind.DEAD_SENSOR,
    TroubleKind.NOT_HANDED_IN: AlertKind.DEAD_SENSOR,
    TroubleKind.LOSS: AlertKind.LOSS,
    TroubleKind.OUTBOX: AlertKind.LOSS,
    TroubleKind.LIST: AlertKind.LIST,
}


def look_after(work: RunningJob) -> None:
    """Judge all watches of campaigns that run, and tell their units; a job's handler."""
    look_at_all(timezone.now(), work.renew)
    with work.finishing():
        pass


def look_at_all(now: datetime, renew: Callable[[], None]) -> None:
    """Record and tell what is wrong at `now`, unit by unit; `renew` is called now and then."""
    rows = Sensor.objects.filter(node__campaign__state=CampaignState.LIVE)
    sensors = list(rows.select_related("node__campaign").prefetch_related("sources").order_by("pk"))
    habits = habits_of(sensors, now)
    by_node: dict[int, list[Sensor]] = defaultdict(list)
    for sensor in sensors:
        by_node[sensor.node_id].append(sensor)
    judgements = {
        sensor.pk: over_judgement(sensor.sources.all())
        if is_over(sensor, by_node[sensor.node_id])
        else judge(sensor, list(sensor.sources.all()), habits, now)
        for sensor in sensors
    }
    quiet_days = _quiet_days(sensors, judgements)
    for sensor in sensors:
        if sensor.node.campaign_id in quiet_days:
            judgements[sensor.pk] = _without_the_day(judgements[sensor.pk])
    handed_in = logs_not_handed_in(now)
    troubled = SensorTrouble.objects.filter(
        ended_at__isnull=True, node__campaign__state=CampaignState.LIVE
    ).values_list("node_id", flat=True)
    for number, node_id in enumerate(sorted({*by_node, *handed_in, *troubled})):
        if number % RENEW_EACH == 0:
            renew()
        with transaction.atomic():
            node = CampaignNode.objects.select_for_update(of=("self",)).get(pk=node_id)
            for sensor in by_node[node_id]:
                record(sensor, judgements[sensor.pk], now)
            _record_logs(node, handed_in.get(node_id, {}), now)
            tell(node)


def habits_of(sensors: Iterable[Sensor], now: datetime) -> dict[int, SourceHabit]:
    """Return what is known of each source at this time of day. Cost: one query.

    On a day without work nothing is usual: then only what came lately is known, for losses.
    """
    local = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    recent = [local - timedelta(hours=1), local]
    earlier: list[datetime] = []
    for days in range(1, 3 * HABIT_DAYS):
        if is_working_day(now) and is_working_day(local - timedelta(days=days)):
            earlier += [hour - timedelta(days=days) for hour in recent]
        if len(earlier) == 2 * HABIT_DAYS:
            break
    hours = SensorHour.objects.filter(source__sensor__in=list(sensors), hour__in=recent + earlier)
    fields = ("source_id", "hour", "covered_s", "lines", "received", "dropped")
    recently: dict[int, dict[int, HourSum]] = defaultdict(dict)
    before: dict[int, dict[int, list[HourSum]]] = defaultdict(lambda: defaultdict(list))
    for source_id, hour, *sums in hours.values_list(*fields):
        if hour in recent:
            recently[source_id][timezone.localtime(hour).hour] = HourSum(*sums)
        else:
            before[source_id][timezone.localtime(hour).hour].append(HourSum(*sums))
    return {
        source_id: SourceHabit(recently.get(source_id, {}), before.get(source_id, {}))
        for source_id in recently.keys() | before.keys()
    }


def _quiet_days(
    sensors: Sequence[Sensor], judgements: Mapping[int, SensorJudgement]
) -> frozenset[int]:
    """Return the campaigns nearly all of whose units are quiet: a day off that nobody declared."""
    judged_nodes: dict[int, set[int]] = defaultdict(set)
    quiet: dict[int, set[int]] = defaultdict(set)
    for sensor in sensors:
        judgement = judgements[sensor.pk]
        if any(kind in OF_THE_DAY for kind, _source in judgement.judged):
            judged_nodes[sensor.node.campaign_id].add(sensor.node_id)
        if any(one.kind in OF_THE_DAY for one in judgement.troubles):
            quiet[sensor.node.campaign_id].add(sensor.node_id)
    return frozenset(
        campaign_id
        for campaign_id, nodes in quiet.items()
        if len(judged_nodes[campaign_id]) >= LEAST_UNITS
        and len(nodes) > MOST_SHARE * len(judged_nodes[campaign_id])
    )


def _without_the_day(judgement: SensorJudgement) -> SensorJudgement:
    return SensorJudgement(
        [one for one in judgement.troubles if one.kind not in OF_THE_DAY],
        frozenset(pair for pair in judgement.judged if pair[0] not in OF_THE_DAY),
    )


def record(sensor: Sensor, judgement: SensorJudgement, now: datetime) -> None:
    """Write what is wrong with a watch: new, still so, or over. The caller holds the node."""
    open_troubles = SensorTrouble.objects.filter(sensor=sensor, ended_at__isnull=True)
    by_key = {(TroubleKind(one.kind), one.source_id): one for one in open_troubles}
    for trouble in judgement.troubles:
        before = by_key.pop((trouble.kind, trouble.source_id), None)
        fields = {"severity": trouble.severity, "facts": dict(trouble.facts), "seen_at": now}
        if before is None:
            SensorTrouble.objects.create(
                node_id=sensor.node_id,
                sensor=sensor,
                source_id=trouble.source_id,
                kind=trouble.kind,
                since=now,
                **fields,
            )
        else:
            SensorTrouble.objects.filter(pk=before.pk).update(**fields)
    over = [row.pk for key, row in by_key.items() if key in judgement.judged]
    SensorTrouble.objects.filter(pk__in=over).update(ended_at=now)
    stays = [row.severity for key, row in by_key.items() if key not in judgement.judged]
    is_off = now - sensor.heard_at > HEARD_LATELY and not judgement.troubles
    severity = SensorSeverity.OFF if is_off else max([judgement.severity, *stays])
    if severity != sensor.severity:
        Sensor.objects.filter(pk=sensor.pk).update(severity=severity)


def _record_logs(node: CampaignNode, missing: Mapping[str, datetime], now: datetime) -> None:
    """Write which logs a unit no longer hands in; `missing` has when each came last."""
    rows = SensorTrouble.objects.filter(node=node, sensor__isnull=True, ended_at__isnull=True)
    by_log = {row.log: row for row in rows}
    for log, last_at in missing.items():
        if by_log.pop(log, None) is None:
            SensorTrouble.objects.create(
                node=node,
                log=log,
                kind=TroubleKind.NOT_HANDED_IN,
                facts={"last_at": last_at.isoformat()},
                since=now,
                seen_at=now,
            )
    SensorTrouble.objects.filter(pk__in=[row.pk for row in by_log.values()]).update(ended_at=now)


def tell(node: CampaignNode) -> None:
    """Raise, change or end the alerts of a unit by what is wrong now. The caller holds the node.

    One alert a watch and kind: ten sources that fall silent with their firewall are one matter. Its
    words name no source: offices above read them. A watch that is off keeps its alerts.
    """
    troubles = SensorTrouble.objects.filter(
        node=node, ended_at__isnull=True, severity=SensorSeverity.ALARM
    )
    counts: dict[tuple[AlertKind, int], Counter[TroubleKind]] = defaultdict(Counter)
    for kind, sensor_id in troubles.values_list("kind", "sensor_id"):
        trouble = TroubleKind(kind)
        counts[ALARMS[trouble], sensor_id or 0][trouble] += 1
    keys = {f"{KEY}{kind}:{sensor_id}": (kind, sensor_id) for kind, sensor_id in counts}
    for key in (
        Alert.objects.filter(node=node, key__startswith=KEY)
        .exclude(state=AlertState.CLOSED)
        .values_list("key", flat=True)
    ):
        if key not in keys:
            end_about(node, key)
    for key, matter in keys.items():
        words = "; ".join(
            _("%(what)s (%(count)s)") % {"what": trouble.label, "count": count}
            for trouble, count in sorted(counts[matter].items())
        )
        raise_about(node, matter[0], key, words, reverse("sensors:index"))


KEY = "evidence:"
"""So the keys of alerts begin that are raised and ended here."""
