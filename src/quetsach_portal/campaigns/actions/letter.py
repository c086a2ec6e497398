"""A letter that is handed in to make a campaign of: kept, and read by a job."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import LetterReading, ReadingState
from quetsach_portal.campaigns.reading_apart import LETTER
from quetsach_portal.campaigns.release import asked
from quetsach_portal.files.actions import keep
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.jobs.work import Work
from quetsach_portal.people.models import User
from quetsach_portal.units.models import OrgUnit


def take_letter(lead: OrgUnit, upload: "UploadedFile[bytes]", *, actor: User) -> LetterReading:
    """Return the reading of the letter, which a job does. Errors: Refused for another kind of file.

    The file's name is shown to people and gives the reader hints; it is no path.
    """
    stored = keep(upload, purpose="letter-in", owner_path=lead.path, actor=actor)
    with transaction.atomic():
        reading = LetterReading.objects.create(lead_unit=lead, file=stored, created_by=actor)
        record(
            "letter.handed_in",
            actor=actor,
            kind="letter_reading",
            object_id=reading.pk,
            unit_path=lead.path,
            detail={"sha256": stored.sha256},
        )
        enqueue(
            "campaigns.read_letter",
            key=f"campaigns.read_letter:{reading.pk}",
            payload={"reading_id": reading.pk},
            asked_by_id=actor.pk,
            unit_path=lead.path,
            max_attempts=2,
        )
    return reading


def run_read_letter(work: Work) -> None:
    """Read a letter and keep what it says, field by field; a job. What cannot be read is told."""
    reading = LetterReading.objects.select_related("file").get(pk=work.payload["reading_id"])
    problem, result = "", {}
    with TemporaryDirectory() as folder:
        # The reader knows a file by how its name ends.
        named = Path(folder) / "given" / Path(reading.file.name.replace("\\", "/")).name
        named.parent.mkdir()
        shutil.copyfile(path_of(reading.file), named)
        answer = asked(
            LETTER,
            f"given/{named.name}",
            folder=Path(folder),
            on_progress=lambda _progress: work.renew(),
        )
        if answer.problem or not isinstance(answer.value, dict):
            problem = answer.problem or _("The letter could not be read.")
        else:
            result = answer.value
    with work.finishing():
        reading.result, reading.problem = result, problem
        reading.state = ReadingState.FAILED if problem else ReadingState.READ
        reading.save(update_fields=["result", "problem", "state"])
