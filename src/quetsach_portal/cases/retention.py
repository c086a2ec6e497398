"""What of cases and re-checks names machines or persons and goes when a campaign is archived."""

import shutil
from collections.abc import Iterator
from uuid import UUID

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.cases.attaching import path_of
from quetsach_portal.cases.models.case import (
    Case,
    CaseEvent,
    CaseFile,
    Device,
    FalseAlarm,
    Handling,
    Sighting,
)
from quetsach_portal.cases.models.coverage import CoveredDay, FolderRead
from quetsach_portal.cases.models.notice import NoticeBatch, NoticeItem
from quetsach_portal.cases.models.recheck import RecheckItem
from quetsach_portal.cases.models.request import AddressRequest, AskedAddress
from quetsach_portal.files.storage import forget
from quetsach_portal.jobs.queue import RunningJob, enqueue


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many rows lost what named a machine or a person; states and counts stay.

    Shapes: a device keeps its number alone. The lines of the history go, the audit trail stays;
    the kept findings folders are removed by a job after the caller's transaction.
    The caller holds the transaction.
    """
    read = FolderRead.objects.filter(node__campaign=campaign)
    enqueue(
        "cases.forget_folders",
        key=f"cases.forget_folders:{campaign.pk}",
        payload={"digests": sorted(set(read.values_list("digest", flat=True)))},
    )
    read.delete()
    files = set(_stored(campaign))
    number = Concat(Value("#"), Cast(F("pk"), CharField()))
    CoveredDay.objects.filter(node__campaign=campaign).update(alive=[])
    Case.objects.filter(node__campaign=campaign).update(technician=None)
    FalseAlarm.objects.filter(case__node__campaign=campaign).update(reason="", answer="")
    return {
        "devices": Device.objects.filter(node__campaign=campaign).update(
            key=number,
            engine_key=number,
            label="",
            host_name="",
            mac="",
            addresses=[],
            rivals=[],
            place="",
        ),
        "sightings": Sighting.objects.filter(finding__origin__node__campaign=campaign).delete()[0],
        "case_events": CaseEvent.objects.filter(case__node__campaign=campaign).delete()[0],
        "case_files": CaseFile.objects.filter(case__node__campaign=campaign).delete()[0],
        "handlings": Handling.objects.filter(case__node__campaign=campaign).update(
            note="", by=None
        ),
        "notices": NoticeItem.objects.filter(batch__node__campaign=campaign).update(
            address="", port=None, device_key="", because="", rivals=[], row=[]
        ),
        "address_requests": AddressRequest.objects.filter(node__campaign=campaign).update(
            answer={}
        ),
        "asked_addresses": AskedAddress.objects.filter(request__node__campaign=campaign).update(
            address="", row={}
        ),
        "files": forget(files),
    }


def forget_folders(work: RunningJob) -> None:
    """Remove the findings folders of an archived campaign, but those that another one rests on."""
    for digest in work.payload["digests"]:
        if not FolderRead.objects.filter(digest=digest).exists():
            shutil.rmtree(path_of(str(digest)), ignore_errors=True)


def _stored(campaign: Campaign) -> Iterator[UUID]:
    proofs = CaseFile.objects.filter(case__node__campaign=campaign)
    yield from proofs.values_list("stored", flat=True)
    yield from NoticeBatch.objects.filter(node__campaign=campaign).values_list("stored", flat=True)
    letters = AddressRequest.objects.filter(node__campaign=campaign)
    yield from letters.values_list("stored", flat=True)


def purge_rechecks(campaign: Campaign) -> dict[str, int]:
    """Return how many answers lost their note and who gave them; seed, frame and share stay.

    The caller holds the transaction.
    """
    items = RecheckItem.objects.filter(draw__node__campaign=campaign)
    return {"rechecks": items.update(note="", checker=None, answered_by=None)}
