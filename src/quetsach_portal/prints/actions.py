"""The acts: ask the campaign's list, and ask a unit for what it still has of a day."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.alerts.models import AlertKind
from quetsach_portal.alerts.raising import raise_about
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.release import release_problem
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.prints.models import PrintMatch, PrintQuestion
from quetsach_portal.web.acts import Refused


def ask_list(campaign: Campaign, *, actor: User) -> PrintQuestion:
    """Ask the list in force of all fingerprints of the campaign's units.

    Only a list that was read and checked can be asked, never a value that somebody types: whoever
    could ask for any name could learn who looked it up. Errors: Refused.
    """
    file = campaign.release_file
    if file is None or release_problem(campaign):
        raise Refused(_("The campaign has no list that was checked; only such a one is asked."))
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        if PrintQuestion.objects.filter(campaign=campaign, done_at=None).exists():
            raise Refused(_("The list is being asked already."))
        question = PrintQuestion.objects.create(
            campaign=campaign, release_sha256=file.sha256, asked_by=actor
        )
        path = campaign.lead_unit.path
        enqueue(
            "prints.ask",
            key=f"prints.ask:{question.pk}",
            payload={"question": question.pk},
            asked_by_id=actor.pk,
            unit_path=path,
        )
        record(
            "fingerprints.asked",
            actor=actor,
            kind="campaign",
            object_id=campaign.pk,
            detail={"release": file.sha256},
            unit_path=path,
        )
    return question


def request_evidence(hit: PrintMatch, *, actor: User) -> None:
    """Ask the unit for what it still has of the day: an alert, with its mail. Errors: Refused."""
    with transaction.atomic():
        fresh = PrintMatch.objects.select_for_update().get(pk=hit.pk)
        if fresh.requested_at is not None:
            raise Refused(_("The unit was asked already."))
        fresh.requested_at, fresh.requested_by = timezone.now(), actor
        fresh.save(update_fields=["requested_at", "requested_by"])
        words = _(
            "Something of the new list was seen in your logs of %(day)s, which are destroyed here: "
            "hand in what you still have of that day, and of the days since."
        ) % {"day": day_text(fresh)}
        page = reverse("intake:hand_in", args=[fresh.node_id])
        raise_about(hit.node, AlertKind.LIST, f"prints:{fresh.pk}", words, page)
        record(
            "fingerprints.evidence_asked",
            actor=actor,
            kind="campaign",
            object_id=hit.node.campaign_id,
            detail={"node": fresh.node_id, "day": str(fresh.first_day or "")},
            unit_path=hit.node.unit.path,
        )


def day_text(hit: PrintMatch) -> str:
    """Return the day or days of a hit in words."""
    if hit.first_day is None or hit.last_day is None:
        return _("an unknown day")
    ends = dict.fromkeys((hit.first_day, hit.last_day))
    return "–".join(date_format(end, "d/m/Y") for end in ends)
