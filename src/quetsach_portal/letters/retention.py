"""Purge personal data of the dispatch when a campaign is archived; the letters stay.

The signer of a letter is in the register of outgoing documents and on the letter itself; both are
kept by the law on archives. The addresses it was sent to are no longer needed.
"""

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.files.storage import forget
from quetsach_portal.letters.actions.mailing import queue_name
from quetsach_portal.letters.models import Dispatch, Letter, Mailing
from quetsach_portal.mail import outbox
from quetsach_portal.mail.models import MailPurpose, MailQueue
from quetsach_portal.units.models import UnitContact


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many rows lost personal data, and how many contacts were deleted.

    Shapes: an address becomes its row's number, so that channels to one recipient stay distinct.
    Contacts are deleted of units that no other open campaign needs.
    The caller holds the transaction.
    """
    letters = Letter.objects.filter(campaign=campaign)
    sheets = set(letters.exclude(sheets=None).values_list("sheets", flat=True))
    letters.update(returned_why="", withdrawn_why="", sheets=None)
    Mailing.objects.filter(letter__campaign=campaign).update(dry_run={})
    queues = [queue_name(letter_id) for letter_id in letters.values_list("pk", flat=True)]
    MailQueue.objects.filter(name__in=queues).update(problem="")
    dispatches = Dispatch.objects.filter(letter__campaign=campaign)
    outbox.forget(MailPurpose.LETTER, dispatches.values_list("pk", flat=True))
    number = Concat(Value("#"), Cast(F("pk"), CharField()))
    return {
        "dispatches": dispatches.update(contact=None, address=number, person="", reply=""),
        "sheets": forget(sheets),
        "contacts": _contacts(campaign).delete()[0],
    }


def _contacts(campaign: Campaign) -> QuerySet[UnitContact]:
    nodes = CampaignNode.objects.exclude(campaign=campaign)
    needed = nodes.exclude(campaign__state=CampaignState.ARCHIVED).values("unit_id")
    units = CampaignNode.objects.filter(campaign=campaign).exclude(unit_id__in=needed)
    return UnitContact.objects.filter(unit_id__in=units.values("unit_id"))
