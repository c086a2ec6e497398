"""The end of a campaign for its owner: the next step, open reports, and what is purged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.actions import state
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignState,
    ExpectedReport,
    ExpectedReportState,
)
from quetsach_portal.lifecycle import actions
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.totals.changes import unsent_supplements

GOES = {
    "devices": _lazy("Names, addresses and places of machines"),
    "sightings": _lazy("Contacts of machines with harmful addresses"),
    "case_events": _lazy("Lines in the history of cases"),
    "case_files": _lazy("Photos and proofs of cases"),
    "handlings": _lazy("Notes on handlings, and who did them"),
    "files": _lazy("Files of cases and of the authority's notices"),
    "notices": _lazy("Addresses in the authority's notices"),
    "submissions": _lazy("Notes and findings of the units' submissions"),
    "list_decisions": _lazy("Reasons of decisions on rows of the list"),
    "list_holds": _lazy("Reasons of holds on rows of the list"),
    "office_rows": _lazy("Reasons of rows that the office vouches for"),
    "list_trials": _lazy("What a trial of the list said of units"),
    "submitted_files": _lazy("Files that units handed in"),
    "receipts": _lazy("Who confirmed receipts, and the notes on them"),
    "declarations": _lazy("Who declared deployments, and the notes on them"),
    "evidence": _lazy("Evidence of deployments"),
    "paper": _lazy("Who recorded paper reports, and the notes on them"),
    "proofs": _lazy("Scans of receipts, deployments and reports on paper"),
    "extensions": _lazy("Reasons for extensions, and who gave them"),
    "mails": _lazy("Mails of the follow-up"),
    "dispatches": _lazy("Addresses and persons that letters were sent to"),
    "sheets": _lazy("Printed covering sheets of letters"),
    "contacts": _lazy("Contacts of units that are in no other campaign"),
    "rechecks": _lazy("Notes on re-checks, and who made them"),
    "public_lists": _lazy("Addresses in lists of the public page"),
    "public_files": _lazy("Files of lists of the public page"),
}
"""What goes, by the names under which the purges of `actions.archive` count it."""


@dataclass(frozen=True)
class Step:
    """A step: the form sends its `name`, so that no other step is taken than was shown."""

    name: str
    title: Promise
    button: Promise
    happens: Sequence[Promise]
    goes_on: Sequence[Promise]
    act: Callable[..., None]
    takes_away: bool = False


STEPS = {
    one.name: one
    for one in (
        Step(
            "begin",
            _lazy("Begin to close the campaign"),
            _lazy("Begin to close"),
            (
                _lazy("Join codes of units no longer count anyone, here or on the public page."),
                _lazy("The portal sends no more reminders or escalations."),
                _lazy("No materials can be added."),
            ),
            (
                _lazy("Receipts, deployments, evidence, cases and letters."),
                _lazy("Reports: late units request an extension first."),
                _lazy("The public page, until you close it."),
            ),
            actions.begin_closing,
        ),
        Step(
            "close",
            _lazy("Close the campaign"),
            _lazy("Close the campaign"),
            (
                _lazy("The totals are final."),
                _lazy(
                    "Receipts, deployments, evidence, letters and changes of the tree are no "
                    "longer accepted."
                ),
                _lazy("Extensions are no longer possible: reports not submitted count as missing."),
                _lazy(
                    "Devices get no new lists of harmful addresses, and no handouts are created."
                ),
                _lazy("The 90 days begin after which personal data may be removed."),
            ),
            (
                _lazy("Corrections and supplements: they never change signed reports."),
                _lazy("Cases that are open, and the public page, until you close it."),
            ),
            actions.close,
        ),
        Step(
            "ask",
            _lazy("Request archiving"),
            _lazy("Request archiving"),
            (
                _lazy(
                    "A second owner in the lead office must confirm on this page. Nothing is "
                    "removed before that."
                ),
            ),
            (),
            state.request_archive,
            takes_away=True,
        ),
        Step(
            "archive",
            _lazy("Confirm and archive"),
            _lazy("Archive the campaign"),
            (
                _lazy("The data listed below is removed permanently, also for you."),
                _lazy("The public page of this campaign is closed, if it is shown."),
            ),
            (),
            actions.archive,
            takes_away=True,
        ),
    )
}


def possible_from(campaign: Campaign) -> datetime | None:
    """Return the moment before which the next step cannot be taken, None where it can be now."""
    moment = None
    if campaign.state == CampaignState.LIVE:
        moment = state.closing_from(campaign)
    elif campaign.state in state.ENDED:
        moment = state.archive_from(campaign)
    return moment if moment is not None and moment > timezone.now() else None


def next_step(campaign: Campaign, person: User) -> Step | None:
    """Return what `person` can do next to end `campaign`, None for nothing now."""
    if possible_from(campaign) is not None or campaign.archive_asked_by_id == person.pk:
        return None
    is_asked = campaign.archive_asked_by_id is not None
    names = {
        CampaignState.LIVE: "begin",
        CampaignState.CLOSING: "close",
        CampaignState.CLOSED: "archive" if is_asked else "ask",
        CampaignState.CANCELLED: "archive" if is_asked else "ask",
    }
    return STEPS.get(names.get(CampaignState(campaign.state), ""))


@dataclass(frozen=True)
class Purged:
    """The audit row of the archiving: what was removed, with counts."""

    seq: int
    at: datetime
    by: str
    rows: Sequence[tuple[str, int]]


def open_slots(campaign: Campaign) -> QuerySet[ExpectedReport]:
    """Return the expected reports that have not come and are not excused."""
    rows = ExpectedReport.objects.filter(
        ~Q(state=ExpectedReportState.EXCUSED),
        phase__campaign=campaign,
        reported_at__isnull=True,
        node__state__in=COUNTED,
    )
    return rows.select_related("phase", "node").order_by("phase__no", "node__path")


def purged(campaign: Campaign) -> Purged | None:
    """Return what the archiving took away, None before it."""
    line = AuditEvent.objects.filter(
        action="campaign.archived", object_kind="campaign", object_id=str(campaign.pk)
    ).last()
    if line is None:
        return None
    removed: Mapping[str, int] = line.detail.get("removed", {})
    rows = [(str(words), removed[name]) for name, words in GOES.items() if name in removed]
    return Purged(line.seq, line.at, line.actor, rows)


def end_context(campaign: Campaign) -> dict[str, Any]:
    """Return what the page of the end shows of all this. Cost: four queries and those of apps."""
    if campaign.state == CampaignState.ARCHIVED:
        return {"purged": purged(campaign)}
    slots = open_slots(campaign)
    return {
        "open_count": slots.count(),
        "open_slots": slots,
        "leftovers": unsent_supplements(campaign),
        "goes": list(GOES.values()),
    }


class StepForm(forms.Form):
    """Confirms the step that the person saw, and no other."""

    step = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, sent: QueryDict | None, shown: Step) -> None:
        """Expect the press of `shown`."""
        # The field always bears the step of the page that is shown now.
        self._pressed = None if sent is None else sent.get("step")
        super().__init__(
            None if sent is None else {"step": shown.name}, initial={"step": shown.name}
        )
        self._shown = shown

    def clean(self) -> None:
        """Refuse the press of an older page."""
        if self._pressed != self._shown.name:
            raise forms.ValidationError(
                _(
                    "The state of the campaign has changed since this page was opened. Review the "
                    "next step and confirm again."
                )
            )
