"""What of the follow-up is about persons and goes when a campaign is archived; the sums stay."""

from collections.abc import Iterator
from uuid import UUID

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.files.storage import forget
from quetsach_portal.followup.models import (
    DeployDeclaration,
    DeployEvidence,
    Extension,
    FollowupMail,
    PaperReport,
    Receipt,
    Reminder,
    ReminderCalendar,
    ReminderRule,
)
from quetsach_portal.mail import outbox
from quetsach_portal.mail.models import MailPurpose


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many rows lost what they said of persons; their files are forgotten.

    The caller holds the transaction.
    """
    files = set(_files(campaign))
    mails = FollowupMail.objects.filter(node__campaign=campaign)
    outbox.forget(MailPurpose.FOLLOWUP, mails.values_list("pk", flat=True))
    Reminder.objects.filter(node__campaign=campaign).exclude(words="").update(words="")
    ReminderRule.objects.filter(calendar__campaign=campaign).exclude(words="").update(words="")
    ReminderCalendar.objects.filter(campaign=campaign).update(saved_by=None)
    return {
        "receipts": Receipt.objects.filter(node__campaign=campaign).update(
            by=None, said_by="", note="", proof=None
        ),
        "evidence": DeployEvidence.objects.filter(declaration__node__campaign=campaign).delete()[0],
        "declarations": DeployDeclaration.objects.filter(node__campaign=campaign).update(
            by=None, note="", why="", checked_by=None, withdrawn_by=None, withdrawn_why=""
        ),
        "paper": PaperReport.objects.filter(slot__node__campaign=campaign).update(
            by=None, note="", proof=None, undone_by=None, undone_why=""
        ),
        "extensions": Extension.objects.filter(slot__node__campaign=campaign).update(
            asked_by=None, decided_by=None, reason="", decision=""
        ),
        "mails": mails.delete()[0],
        "proofs": forget(files),
    }


def _files(campaign: Campaign) -> Iterator[UUID]:
    for rows, name in (
        (Receipt.objects.filter(node__campaign=campaign), "proof"),
        (DeployEvidence.objects.filter(declaration__node__campaign=campaign), "file"),
        (PaperReport.objects.filter(slot__node__campaign=campaign), "proof"),
    ):
        yield from rows.exclude(**{name: None}).values_list(name, flat=True)
