"""Record what a watch says of itself each minute: bounded, and what is told twice counts once."""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.sensors.messages import Heartbeat, SourceTold
from quetsach_portal.sensors.models import Sensor, SensorHour, SensorSource
from quetsach_portal.web.acts import Refused

MOST_SENSORS = 50
"""So many watches may a unit have in a campaign."""

MOST_SOURCES = 200

NEAR = timedelta(minutes=5)
"""Two heartbeats nearer than this tell what came between them, and in which hour."""

AT_MOST_EACH = timedelta(seconds=5)

SKEW = timedelta(minutes=10)
"""The newest line may be so far ahead of the clock that read it."""

OLD = timedelta(hours=24)
"""The newest line of a log that is read to its end is not as old as this."""

RUNNING = (CampaignState.LIVE, CampaignState.CLOSING)


class TooSoon(Exception):
    """This watch was heard a moment ago."""


def take(node: CampaignNode, heartbeat: Heartbeat) -> Sensor | None:
    """Record a heartbeat for `node`, and return the watch as it now stands; None for no change.

    One that was told before changes nothing, neither does one that a later one has overtaken.
    Errors: TooSoon; Refused for a campaign that does not run, or for more watches than a unit has.
    Cost: about ten queries, however many sources it has.
    """
    if node.campaign.state not in RUNNING:
        raise Refused(_("The campaign does not run."))
    now = timezone.now()
    with transaction.atomic():
        CampaignNode.objects.select_for_update(of=("self",)).get(pk=node.pk)
        sensor = Sensor.objects.filter(node=node, watch=heartbeat.watch).first()
        if sensor is None:
            if Sensor.objects.filter(node=node).count() >= MOST_SENSORS:
                raise Refused(_("This unit has as many watches as one may have."))
            sensor = Sensor(node=node, watch=heartbeat.watch, first_heard_at=now)
        elif heartbeat.at == sensor.sender_at or _is_overtaken(sensor, heartbeat):
            return None
        elif now - sensor.heard_at < AT_MOST_EACH:
            raise TooSoon
        before = None if sensor.pk is None else sensor.heard_at
        _describe(sensor, heartbeat, node.campaign, now)
        sensor.save()
        _take_sources(sensor, heartbeat.sources, before, now)
        return sensor


def _is_overtaken(sensor: Sensor, heartbeat: Heartbeat) -> bool:
    """Return whether it was sent before one that is recorded; a clock set back is no such thing."""
    if heartbeat.at >= sensor.sender_at or heartbeat.started_at != sensor.started_at:
        return False
    totals = dict(sensor.sources.values_list("source", "lines"))
    return any(reading.lines < totals.get(reading.source, 0) for reading in heartbeat.sources)


def _describe(sensor: Sensor, heartbeat: Heartbeat, campaign: Campaign, now: datetime) -> None:
    for name, fact in heartbeat.facts.items():
        setattr(sensor, name, fact)
    sensor.sender_at, sensor.started_at, sensor.heard_at = heartbeat.at, heartbeat.started_at, now
    sensor.clock_ahead_s = (heartbeat.at - now).total_seconds()
    sensor.sources_left_out = max(0, len(heartbeat.sources) - MOST_SOURCES)
    if has_list_in_force(sensor, campaign):
        sensor.list_differs_since = None
    elif sensor.list_differs_since is None:
        sensor.list_differs_since = now


def has_list_in_force(sensor: Sensor, campaign: Campaign) -> bool:
    """Return whether the watch looks for the campaign's list; true where there is none yet."""
    digests = {campaign.release_sha256, digest_in_force(campaign)} - {""}
    return not digests or sensor.list_digest in digests


def digest_in_force(campaign: Campaign) -> str:
    """Return the SHA-256 of the file that is handed out as the campaign's list, "" for none."""
    return "" if campaign.release_file is None else campaign.release_file.sha256


def _take_sources(
    sensor: Sensor, sources: Sequence[SourceTold], before: datetime | None, now: datetime
) -> None:
    sources_by_name = {source.source: source for source in sensor.sources.all()}
    gone = NEAR if before is None else now - before
    fresh: list[SensorSource] = []
    changed: list[SensorSource] = []
    hours: list[SensorHour] = []
    for reading in {reading.source: reading for reading in sources[:MOST_SOURCES]}.values():
        source = sources_by_name.get(reading.source)
        if source is None:
            # A watch that names others each time fills no table.
            if len(sources_by_name) + len(fresh) < 2 * MOST_SOURCES:
                source = SensorSource(sensor=sensor, source=reading.source, first_heard_at=now)
                _write(source, reading, 0, now)
                fresh.append(source)
            continue
        grown = _grown(source, reading)
        _write(source, reading, grown[0], now)
        changed.append(source)
        if gone < NEAR:
            hours.append(_hour(source, reading, grown, now, gone.total_seconds()))
    SensorSource.objects.bulk_create(fresh)
    write_over(changed, unique=("sensor", "source"), fields=_WRITTEN)
    _add_hours(hours, now)


def _grown(source: SensorSource, reading: SourceTold) -> tuple[int, int, int]:
    """Return the lines, the received and the dropped ones since the last heartbeat."""

    def since(before: int, total: int) -> int:
        # A total that fell began anew.
        return total - before if total >= before else total

    return (
        since(source.lines, reading.lines),
        since(source.received, reading.received),
        since(source.dropped_kernel, reading.dropped_kernel)
        + since(source.dropped_spool, reading.dropped_spool)
        + since(source.dropped_length, reading.dropped_length),
    )


_SAME = (
    "file",
    "kind",
    "lines",
    "size",
    "rate",
    "lag_bytes",
    "lag_s",
    "last_read_at",
    "last_event_at",
    "received",
    "dropped_kernel",
    "dropped_spool",
    "dropped_length",
)


_WRITTEN = (
    *_SAME,
    "dataset",
    "dataset_before",
    "dataset_changed_at",
    "skewed_since",
    "problems",
    "heard_at",
)


def _write(source: SensorSource, reading: SourceTold, lines: int, now: datetime) -> None:
    for name in _SAME:
        setattr(source, name, getattr(reading, name))
    source.problems, source.heard_at = list(reading.problems), now
    if reading.dataset and reading.dataset != source.dataset:
        if source.dataset:
            source.dataset_before, source.dataset_changed_at = source.dataset, now
        source.dataset = reading.dataset
    if lines and not reading.lag_bytes:
        is_skewed = _is_skewed(reading)
        source.skewed_since = (source.skewed_since or now) if is_skewed else None


def _is_skewed(reading: SourceTold) -> bool:
    """Return whether the newest line of a log, read to its end, has a time that cannot be."""
    if reading.last_event_at is None or reading.last_read_at is None:
        return False
    ahead = reading.last_event_at - reading.last_read_at
    return ahead > SKEW or ahead < -OLD


def _hour(
    source: SensorSource,
    reading: SourceTold,
    grown: tuple[int, int, int],
    now: datetime,
    gone_s: float,
) -> SensorHour:
    lines, received, dropped = grown
    return SensorHour(
        source=source,
        hour=now.replace(minute=0, second=0, microsecond=0),
        covered_s=gone_s,
        lines=lines,
        received=received,
        dropped=dropped,
        most_lag_s=reading.lag_s or 0.0,
    )


def _add_hours(hours: Sequence[SensorHour], now: datetime) -> None:
    """Add to the hours that run; the caller holds the node's lock, so nobody else writes them."""
    begun = SensorHour.objects.filter(
        source__in=[one.source_id for one in hours],
        hour=now.replace(minute=0, second=0, microsecond=0),
    )
    running = {running_hour.source_id: running_hour for running_hour in begun}
    for hour in hours:
        total = running.get(hour.source_id)
        if total is not None:
            total.covered_s += hour.covered_s
            total.lines, total.received = total.lines + hour.lines, total.received + hour.received
            total.dropped += hour.dropped
            total.most_lag_s = max(total.most_lag_s, hour.most_lag_s)
    SensorHour.objects.bulk_create(hour for hour in hours if hour.source_id not in running)
    sums = ("covered_s", "lines", "received", "dropped", "most_lag_s")
    write_over(running.values(), unique=("source", "hour"), fields=sums)


def write_over(rows: Iterable[Model], *, unique: Sequence[str], fields: Sequence[str]) -> None:
    """Write `fields` of rows that are there, found by their `unique` fields, in one statement.

    A third of what `bulk_update` costs, which compiles a condition for each row and field.
    """
    anew = [copy(row) for row in rows]
    for row in anew:
        # With its number it would be in the way of itself.
        row.pk = None
    if anew:
        type(anew[0])._default_manager.bulk_create(
            anew, batch_size=100, update_conflicts=True, unique_fields=unique, update_fields=fields
        )
