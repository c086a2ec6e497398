"""Watches that a unit lets run, their sources, the hours of each source, and what is wrong."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode


class SensorSeverity(models.IntegerChoices):
    """How a watch is, the worst last: lists show it first."""

    WELL = 0, _lazy("well")
    OFF = 1, _lazy("off")
    NOTED = 2, _lazy("to be looked at")
    ALARM = 3, _lazy("not working")


class Sensor(models.Model):
    """A running `quetsach watch`, by the identifier of its state folder, as it was last heard.

    Shapes: `list_digest` is the SHA-256 of the list that it looks for, "" for none; `list_problem`
    the code for which it kept an older one; `planted` are [{"name", "seen_at", "source"}], the
    newest last; `sources_left_out` counts those beyond what is kept. Units: `clock_ahead_s` is how
    far its clock is ahead of the portal's, in seconds, with the way of the message in it.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="sensors")
    watch = models.UUIDField()
    name = models.CharField(max_length=120, blank=True)
    version = models.CharField(max_length=40, blank=True)
    first_heard_at = models.DateTimeField(default=timezone.now)
    heard_at = models.DateTimeField(default=timezone.now)
    sender_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    clock_ahead_s = models.FloatField(default=0.0)
    list_digest = models.CharField(max_length=80, blank=True)
    list_indicators = models.BigIntegerField(default=0)
    list_read_at = models.DateTimeField(null=True)
    list_problem = models.CharField(max_length=10, blank=True)
    list_differs_since = models.DateTimeField(null=True)
    sightings = models.BigIntegerField(default=0)
    devices = models.BigIntegerField(default=0)
    outbox_waiting = models.BigIntegerField(default=0)
    outbox_oldest_at = models.DateTimeField(null=True)
    outbox_refused = models.BigIntegerField(default=0)
    planted = models.JSONField(default=list)
    sources_left_out = models.PositiveIntegerField(default=0)
    severity = models.PositiveSmallIntegerField(
        choices=SensorSeverity.choices, default=SensorSeverity.WELL
    )

    class Meta:
        """Once a node; listed the worst first."""

        constraints = [models.UniqueConstraint(fields=["node", "watch"], name="sensor_once")]
        indexes = [models.Index(fields=["node", "-severity"], name="sensor_worst")]

    def __str__(self) -> str:
        return self.name or str(self.watch)[:8]


class SensorSource(models.Model):
    """A source of a watch, as it was last told: totals since the watch's state began.

    Shapes: `dataset` is the form of its lines, "" where none is known; `dataset_before` what it was
    until `dataset_changed_at`. `skewed_since` says since when its newest lines have carried a time
    far from that of their reading. Units: bytes, seconds, lines a second.
    """

    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="sources")
    source = models.CharField(max_length=300)
    file = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=12, blank=True)
    dataset = models.CharField(max_length=60, blank=True)
    dataset_before = models.CharField(max_length=60, blank=True)
    dataset_changed_at = models.DateTimeField(null=True)
    lines = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    rate = models.FloatField(default=0.0)
    lag_bytes = models.BigIntegerField(default=0)
    lag_s = models.FloatField(null=True)
    last_read_at = models.DateTimeField(null=True)
    last_event_at = models.DateTimeField(null=True)
    skewed_since = models.DateTimeField(null=True)
    received = models.BigIntegerField(default=0)
    dropped_kernel = models.BigIntegerField(default=0)
    dropped_spool = models.BigIntegerField(default=0)
    dropped_length = models.BigIntegerField(default=0)
    problems = models.JSONField(default=list)
    first_heard_at = models.DateTimeField(default=timezone.now)
    heard_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Once a watch."""

        constraints = [
            models.UniqueConstraint(fields=["sensor", "source"], name="sensor_source_once")
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def dropped(self) -> int:
        """Return how many lines were lost, by whomever."""
        return self.dropped_kernel + self.dropped_spool + self.dropped_length


class SensorHour(models.Model):
    """What a source brought in an hour, as far as heartbeats cover it.

    Shapes: `hour` is its beginning. Units: `covered_s` seconds of it lie between two heartbeats
    that were near each other; what came between others is in no hour.
    """

    source = models.ForeignKey(SensorSource, on_delete=models.CASCADE, related_name="hours")
    hour = models.DateTimeField()
    covered_s = models.FloatField(default=0.0)
    lines = models.BigIntegerField(default=0)
    received = models.BigIntegerField(default=0)
    dropped = models.BigIntegerField(default=0)
    most_lag_s = models.FloatField(default=0.0)

    class Meta:
        """Once a source; forgotten by age."""

        constraints = [models.UniqueConstraint(fields=["source", "hour"], name="sensor_hour_once")]
        indexes = [models.Index(fields=["hour"], name="sensor_hour_by_age")]


class TroubleKind(models.TextChoices):
    """What is wrong with a watch, a source, or a log that is handed in."""

    UNHEARD = "unheard", _lazy("The watch is not heard")
    SILENT = "silent", _lazy("No line comes any more")
    SLOW = "slow", _lazy("Far fewer lines than usual")
    BEHIND = "behind", _lazy("Reading is far behind")
    FORM = "form", _lazy("The log has another form")
    CLOCK = "clock", _lazy("The clock is wrong")
    LOSS = "loss", _lazy("Lines were lost")
    LIST = "list", _lazy("Not the list in force")
    OUTBOX = "outbox", _lazy("Findings do not get through")
    NOT_HANDED_IN = "not-handed-in", _lazy("A log is not handed in any more")


class SensorTrouble(models.Model):
    """Something that was wrong from `since` until `ended_at`; an alarm if its severity says so.

    Shapes: `source` is None where the whole watch is meant; `sensor` too where a log is meant that
    the unit hands in, then `log` is the log. `facts` are the numbers that its sentence needs.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="troubles")
    sensor = models.ForeignKey(Sensor, null=True, on_delete=models.CASCADE, related_name="troubles")
    source = models.ForeignKey(
        SensorSource, null=True, on_delete=models.CASCADE, related_name="troubles"
    )
    log = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=14, choices=TroubleKind.choices)
    severity = models.PositiveSmallIntegerField(
        choices=SensorSeverity.choices, default=SensorSeverity.ALARM
    )
    facts = models.JSONField(default=dict)
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Open ones are asked for by unit."""

        indexes = [
            models.Index(
                fields=["node"], condition=Q(ended_at__isnull=True), name="sensor_trouble_open"
            ),
            models.Index(fields=["ended_at"], name="sensor_trouble_by_age"),
        ]

    def __str__(self) -> str:
        return self.kind
