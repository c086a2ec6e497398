"""A letter that a campaign is made of, handed in and posted."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quetsach_portal.campaigns.letter_review import proposal_of
from quetsach_portal.campaigns.models.campaign import LetterReading

LETTER = Path(__file__).parents[2] / "letters/samples/district-letter.txt"


def upload(name: str = "cong-van.txt", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, LETTER.read_bytes() if content is None else content)


def post(reading: LetterReading, client: Client, **changed: str):
    proposal = proposal_of(reading.result)
    form = {
        "title": proposal.title,
        "legal_basis": proposal.legal_basis,
        "goal": "",
        "page_url": proposal.page_url,
        "tasks": "\n\n".join(proposal.tasks),
        "due_day": "2022-09-29",
        "due_time": "",
        "form_code": proposal.form_code,
        "stay_open": "on",
    }
    return client.post(f"/campaigns/new/letter/{reading.pk}/", {**form, **changed})
