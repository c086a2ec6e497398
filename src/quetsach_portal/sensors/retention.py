"""How long it is kept what watches told: by age, and all of it no longer than the campaign."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.sensors.models import Sensor, SensorHour, SensorTrouble

KEEP_HOURS = timedelta(days=60)
"""Nobody asks for more hours: a habit is that of the last four weeks."""

KEEP_TROUBLES = timedelta(days=180)

KEEP_UNHEARD = timedelta(days=60)
"""A watch that was not heard for so long was replaced or given up."""


def forget_old(work: RunningJob) -> None:
    """Delete what is past its time; a job's handler.

    What is wrong and has not ended is kept as long as its watch is.
    Cost: run each day, 24 hours of each source.
    """
    now = timezone.now()
    with work.finishing():
        SensorHour.objects.filter(hour__lt=now - KEEP_HOURS).delete()
        SensorTrouble.objects.filter(ended_at__lt=now - KEEP_TROUBLES).delete()
        Sensor.objects.filter(heard_at__lt=now - KEEP_UNHEARD).delete()


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many rows of a campaign were deleted, sources and hours with their watches.

    The caller holds the transaction.
    """
    of_campaign = {"node__campaign": campaign}
    troubles = SensorTrouble.objects.filter(**of_campaign).delete()[0]
    return {"troubles": troubles, "sensors": Sensor.objects.filter(**of_campaign).delete()[0]}
