"""Create a campaign, by hand or from a letter, and set its basics, tasks and report form."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.actions.phases import add_phase
from quetsach_portal.campaigns.actions.state import changed, locked_to_prepare, record_act
from quetsach_portal.campaigns.models.campaign import Campaign, LetterReading, ReadingState
from quetsach_portal.campaigns.release import run_in_sandbox
from quetsach_portal.campaigns.report_form import ChosenForm, form_named
from quetsach_portal.campaigns.sandboxed_reading import LETTER
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

MOST_TASKS = 60


@dataclass(frozen=True)
class CampaignBasics:
    """The title and the texts of a campaign."""

    title: str
    legal_basis: str = ""
    goal: str = ""
    page_url: str = ""


@dataclass(frozen=True)
class ReviewedLetter:
    """What a person made of a letter: the basics, tasks, deadline, form, and the answers given.

    Shapes: `answers` is question number -> answer; a question without one stays open.
    """

    basics: CampaignBasics
    tasks: Sequence[str]
    due_at: datetime
    form_code: str
    answers: dict[int, str] = field(default_factory=dict)


def create(lead: OrgUnit, basics: CampaignBasics, *, actor: User) -> Campaign:
    """Return a new campaign of the office `lead`, in preparation."""
    with transaction.atomic():
        campaign = Campaign.objects.create(
            title=basics.title,
            lead_unit=lead,
            legal_basis=basics.legal_basis,
            goal=basics.goal,
            page_url=basics.page_url,
            form_version=form_named("phu-luc-2022").version,
            created_by=actor,
        )
        record_act("campaign.created", campaign, actor)
    return campaign


def create_from_letter(
    reading: LetterReading, reviewed: ReviewedLetter, *, actor: User
) -> Campaign:
    """Return the campaign that a person made of a letter after reviewing it; one for each letter.

    Errors: Refused when it was made already, or the letter is not read.
    """
    with transaction.atomic():
        reading = LetterReading.objects.select_for_update().get(pk=reading.pk)
        if reading.state == ReadingState.USED:
            raise Refused(_("A campaign has already been created from this letter."))
        if reading.state != ReadingState.READ:
            raise Refused(_("The letter has not been read yet."))
        campaign = create(reading.lead_unit, reviewed.basics, actor=actor)
        campaign.letter = with_answers(reading.result, reviewed.answers)
        campaign.letter_file = reading.file
        campaign.tasks = _sound_tasks(reviewed.tasks)
        form = form_named(reviewed.form_code)
        campaign.form_code, campaign.form_version = form.code, form.version
        changed(campaign, "letter", "letter_file", "tasks", "form_code", "form_version")
        # A letter whose deadline is past is accepted; the dry run reports it before any start.
        opens_at = min(timezone.now(), reviewed.due_at - timedelta(days=1))
        add_phase(campaign, title="", due_at=reviewed.due_at, opens_at=opens_at, actor=actor)
        reading.state, reading.campaign = ReadingState.USED, campaign
        reading.save(update_fields=["state", "campaign"])
    return campaign


def with_answers(result: dict[str, Any], answers: dict[int, str]) -> dict[str, Any]:
    """Return what was read of a letter with each question's answer, "" while it is open."""
    questions = result.get("questions", [])
    return {
        **result,
        "questions": [{**one, "answer": answers.get(n, "")} for n, one in enumerate(questions)],
    }


def answer_questions(campaign: Campaign, answers: Mapping[int, str], *, actor: User) -> None:
    """Write answers to questions about the letter; one that has an answer keeps it.

    Errors: Refused once the campaign has begun.
    """
    with transaction.atomic():
        campaign = locked_to_prepare(campaign)
        questions = [
            {**question, "answer": question.get("answer") or answers.get(number, "")}
            for number, question in enumerate(campaign.letter.get("questions", []))
        ]
        campaign.letter = {**campaign.letter, "questions": questions}
        record_act("campaign.letter_answered", campaign, actor, answers=len(answers))
        campaign.save(update_fields=["letter"])


def set_basics(campaign: Campaign, basics: CampaignBasics, *, actor: User) -> None:
    """Write what the campaign is. Errors: Refused once it has begun."""
    with transaction.atomic():
        campaign = locked_to_prepare(campaign)
        before = {"title": campaign.title, "page_url": campaign.page_url}
        campaign.title, campaign.legal_basis = basics.title, basics.legal_basis
        campaign.goal, campaign.page_url = basics.goal, basics.page_url
        record_act("campaign.basics", campaign, actor, before=before)
        changed(campaign, "title", "legal_basis", "goal", "page_url")


def set_tasks(campaign: Campaign, tasks: Sequence[str], *, actor: User) -> None:
    """Write what the campaign asks of its units. Errors: Refused for none, or once it has begun."""
    with transaction.atomic():
        row = locked_to_prepare(campaign)
        row.tasks = _sound_tasks(tasks)
        record_act("campaign.tasks", row, actor, tasks=len(row.tasks))
        changed(row, "tasks")


def set_form(campaign: Campaign, chosen: ChosenForm, *, actor: User) -> None:
    """Choose the appendix; its version is bound to the campaign from now on. Errors: Refused."""
    with transaction.atomic():
        campaign = locked_to_prepare(campaign)
        campaign.form_code, campaign.form_version = chosen.code, chosen.version
        campaign.form_definition = chosen.definition
        record_act("campaign.form", campaign, actor, form=chosen.code, version=chosen.version)
        changed(campaign, "form_code", "form_version", "form_definition")


def _sound_tasks(tasks: Sequence[str]) -> list[str]:
    kept = [" ".join(one.split()) for one in tasks if one.strip()]
    if not kept:
        raise Refused(_("Enter at least one task."), field="tasks")
    if len(kept) > MOST_TASKS or any(len(one) > 4000 for one in kept):
        raise Refused(_("At most 60 tasks of 4,000 characters each."), field="tasks")
    return kept


def take_letter(lead: OrgUnit, upload: "UploadedFile[bytes]", *, actor: User) -> LetterReading:
    """Return the reading of the letter, which a job does. Errors: Refused for another kind of file.

    The file's name is shown to people and gives the reader hints; it is no path.
    """
    stored = store_upload(upload, purpose="letter-in", owner_path=lead.path, actor=actor)
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


def run_read_letter(work: RunningJob) -> None:
    """Read a letter and store its fields; a job. A letter that cannot be read becomes FAILED."""
    reading = LetterReading.objects.select_related("file").get(pk=work.payload["reading_id"])
    problem, result = "", {}
    with TemporaryDirectory() as folder:
        # The reader derives the format from the file name.
        named = Path(folder) / "given" / Path(reading.file.name.replace("\\", "/")).name
        named.parent.mkdir()
        shutil.copyfile(path_of(reading.file), named)
        answer = run_in_sandbox(
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
