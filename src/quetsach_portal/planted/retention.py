"""How long it is kept what was planted and seen: by age, and no longer than its campaign."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.planted.models import PlantedName, SubnetSeen

KEEP_NAMES = timedelta(days=400)
"""As long as the names of a zip last."""

KEEP_SUBNETS = timedelta(days=180)
"""A subnet that no log shows for so long is no longer used."""


def forget_old(work: RunningJob) -> None:
    """Delete what is past its time; a job's handler, done each night.

    What was planted on a day is kept as long as a zip has names, as a zero of that day rests on it;
    subnets only as long as they may be in use. Places end by their unit's act and stay.
    """
    now = timezone.now()
    with work.finishing():
        first = timezone.localtime(now).date() - KEEP_NAMES
        PlantedName.objects.filter(day__lt=first).delete()
        SubnetSeen.objects.filter(seen_at__lt=now - KEEP_SUBNETS).delete()


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many rows of a campaign were deleted; places belong to units and stay.

    The caller holds the transaction.
    """
    of_campaign = {"node__campaign": campaign}
    return {
        "planted_names": PlantedName.objects.filter(**of_campaign).delete()[0],
        "subnets_seen": SubnetSeen.objects.filter(**of_campaign).delete()[0],
    }
