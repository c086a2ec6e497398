"""Choose the campaign's list: a release that came as a file, or one made of lists."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from quetsach.api import ReleaseFacts
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.actions.changes import changed, locked_to_prepare
from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.campaigns.reading_apart import MADE, RELEASE, ListsGiven
from quetsach_portal.campaigns.release import as_json, asked, facts_in, facts_of, hex_of, now_iso
from quetsach_portal.files.actions import keep
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.jobs.models import Job
from quetsach_portal.jobs.work import Work
from quetsach_portal.jobs.worker import GiveUp
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused

MOST_LISTS = 20


def take_release(campaign: Campaign, upload: "UploadedFile[bytes]", *, actor: User) -> None:
    """Keep an uploaded release and make it the campaign's, after reading every line of it.

    Errors: Refused when it is none, was changed, or the campaign has begun.
    """
    stored = keep(upload, purpose="release", owner_path=campaign.lead_unit.path, actor=actor)
    choose_release(campaign, stored, facts_of(stored), actor=actor)


def choose_release(
    campaign: Campaign, stored: StoredFile, facts: ReleaseFacts, *, actor: User | None
) -> None:
    """Make the release in `stored`, of which `facts` are told, the campaign's.

    Errors: as `take_release`.
    """
    with transaction.atomic():
        row = locked_to_prepare(campaign)
        record(
            "campaign.release",
            actor=actor,
            kind="campaign",
            object_id=row.pk,
            unit_path=row.lead_unit.path,
            detail={"digest": facts.digest, "count": facts.count},
        )
        row.release_file, row.release_path = stored, str(path_of(stored))
        row.release_sha256, row.release_facts = hex_of(facts), as_json(facts)
        changed(row, "release_file", "release_path", "release_sha256", "release_facts")


def make_release(
    campaign: Campaign, uploads: Sequence["UploadedFile[bytes]"], *, title: str, actor: User
) -> Job:
    """Keep the lists and return the job that makes a release of them.

    Errors: Refused for none or too many, or when the campaign has begun.
    """
    if not uploads or len(uploads) > MOST_LISTS:
        raise Refused(_("Choose between 1 and 20 lists."), field="lists")
    kept = [
        keep(one, purpose="list", owner_path=campaign.lead_unit.path, actor=actor)
        for one in uploads
    ]
    with transaction.atomic():
        row = locked_to_prepare(campaign)
        row.release_lists.set(kept)
        return enqueue(
            "campaigns.make_release",
            key=f"campaigns.make_release:{row.pk}:{kept[0].pk}",
            payload={
                "campaign_id": row.pk,
                "title": title,
                "actor_id": actor.pk,
            },
            asked_by_id=actor.pk,
            unit_path=row.lead_unit.path,
            max_attempts=2,
        )


def run_make_release(work: Work) -> None:
    """Make a release of lists and choose it; a job."""
    campaign = Campaign.objects.select_related("lead_unit").get(pk=work.payload["campaign_id"])
    actor = User.objects.get(pk=work.payload["actor_id"])
    files = list(campaign.release_lists.order_by("created_at"))
    try:
        with TemporaryDirectory() as folder:
            given = _laid_out(campaign, files, Path(folder), str(work.payload["title"]))
            answer = asked(
                RELEASE, given, folder=Path(folder), on_progress=lambda _progress: work.renew()
            )
            if answer.problem:
                raise GiveUp(answer.problem)
            facts, made = facts_in(answer), _made_in(Path(folder))
        with work.finishing():
            stored = keep(made, purpose="release", owner_path=campaign.lead_unit.path, actor=actor)
            choose_release(campaign, stored, facts, actor=actor)
    except Refused as refused:
        raise GiveUp(refused.told) from refused


def _laid_out(
    campaign: Campaign, files: Sequence[StoredFile], folder: Path, title: str
) -> ListsGiven:
    # A list is known by how its name ends, so each gets its own name back, in a folder of its own.
    lists = []
    for number, stored in enumerate(files):
        named = folder / str(number) / Path(stored.name.replace("\\", "/")).name
        named.parent.mkdir()
        shutil.copyfile(path_of(stored), named)
        lists.append(str(named.relative_to(folder)))
    return ListsGiven(tuple(lists), created=now_iso(), title=title, campaign=campaign.title)


def _made_in(folder: Path) -> "UploadedFile[bytes]":
    # Not through a link that the process may have left in its place.
    handle = os.open(folder / MADE, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as file:
        return SimpleUploadedFile(MADE, file.read())
