"""What is kept of looks when a campaign is archived, and of machines once they are gone."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.looks.models import MachineLook, UnitMachine

KEEP_ENDED = timedelta(days=400)
"""A machine that is no longer in use is asked about no longer than this."""


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many looks of an archived campaign were deleted; its figures stay.

    Machines belong to their units and stay. The caller holds the transaction.
    """
    return {"machine_looks": MachineLook.objects.filter(campaign=campaign).delete()[0]}


def forget_old(work: RunningJob) -> None:
    """Blank who used a machine, where and with which phone, long after it was taken out.

    A job's handler, done each night. Its name stays: looks of archived campaigns count it.
    """
    with transaction.atomic():
        gone = UnitMachine.objects.filter(ended_at__lt=timezone.now() - KEEP_ENDED)
        gone.update(room="", user_role="", phone="", asset_tag="", end_reason="")
    work.renew()
