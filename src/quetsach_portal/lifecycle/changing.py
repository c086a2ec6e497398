"""Carry a change of a running campaign out and tell each unit of it, page by page, by a job."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns import news
from quetsach_portal.campaigns.actions.changing import (
    ALLOWED_IN,
    ask_change,
    confirm_change,
    decline_change,
    resume,
    retract_change,
)
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignNode,
    CampaignState,
    ExpectedReport,
)
from quetsach_portal.campaigns.models.changes import (
    RunningChange,
    RunningChangeKind,
    RunningChangeState,
)
from quetsach_portal.followup.mails import change_notice, queue
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.days import DayField

NODES_AT_ONCE = 500


class RunningChangeForm(forms.Form):
    """What is asked for after the start: the change, its reason, and for a pause until when."""

    kind = forms.ChoiceField(choices=RunningChangeKind.choices)
    until = DayField(label=_lazy("Runs again from"), required=False)
    reason = forms.CharField(
        label=_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_lazy("Each unit reads it in the mail about the change."),
    )

    def ask(self, campaign: Campaign, actor: User) -> RunningChange:
        """Ask for the change. Errors: as `ask_change`."""
        given = self.cleaned_data
        kind = RunningChangeKind(given["kind"])
        return ask_change(
            campaign, kind, reason=given["reason"], until=given.get("until"), actor=actor
        )


def confirm(change: RunningChange, *, actor: User) -> None:
    """Do what another owner asked for; each unit is told. Errors: as `confirm_change`."""
    with transaction.atomic():
        _tell_later(confirm_change(change, actor=actor), "done", actor)


def run_again(campaign: Campaign, *, actor: User | None) -> None:
    """End the pause of `campaign`; each unit is told. Errors: as `resume`."""
    with transaction.atomic():
        _tell_later(resume(campaign, actor=actor), "resumed", actor)


def end_pauses(work: RunningJob) -> None:
    """Let campaigns run again whose pause is over; a periodic job."""
    today = timezone.localdate()
    over = Campaign.objects.filter(state=CampaignState.LIVE, paused_until__lte=today)
    for campaign in over.order_by("pk"):
        run_again(campaign, actor=None)
        work.renew()


def tell_units(work: RunningJob) -> None:
    """Write news and one mail to each unit that was told of the campaign; a job.

    A later try goes on behind the last page that was written.
    """
    change = RunningChange.objects.select_related("campaign").get(pk=work.payload["change_id"])
    step, last = work.payload["step"], work.payload.get("last", 0)
    while True:
        rows = CampaignNode.objects.filter(
            campaign=change.campaign, state__in=COUNTED, told_at__isnull=False, pk__gt=last
        )
        nodes = list(rows.select_related("campaign", "unit").order_by("pk")[:NODES_AT_ONCE])
        if not nodes:
            return
        last = nodes[-1].pk
        with transaction.atomic():
            news.tell_units(NewsKind.CHANGED, change.campaign, nodes)
            queue(mail for node in nodes for mail in change_notice(node, change, step))
            work.note(last=last)


def effects(campaign: Campaign) -> list[str]:
    """Return whom a change touches, in sentences. Cost: two queries."""
    nodes = CampaignNode.objects.filter(campaign=campaign, state__in=COUNTED)
    units = nodes.filter(told_at__isnull=False).count()
    ahead = ExpectedReport.objects.filter(
        phase__campaign=campaign, reported_at__isnull=True, due_at__gt=timezone.now()
    ).count()
    return [
        _("%(count)s units were told of the campaign; each gets one mail.") % {"count": units},
        _("%(count)s reports are not in yet and their deadline lies ahead.") % {"count": ahead},
    ]


@dataclass(frozen=True)
class RunningChangeSection:
    """One of the changes that the page offers: its words, and what it does and leaves alone."""

    kind: str
    title: Promise
    does: Sequence[Promise]
    asks_day: bool = False
    is_hard: bool = False


_SECTIONS = (
    RunningChangeSection(
        RunningChangeKind.PAUSE,
        _lazy("Pause the campaign"),
        (
            _lazy("Nobody is reminded, and no report is late, until the day that you give."),
            _lazy("Deadlines that lie ahead move by as many days; units see “paused until”."),
            _lazy("What units hand in is read as ever. The campaign can run again at any time."),
        ),
        asks_day=True,
    ),
    RunningChangeSection(
        RunningChangeKind.END,
        _lazy("End the campaign early"),
        (
            _lazy("All phases are locked now; late units request an extension first."),
            _lazy("Reports, cases and evidence stay and can be worked on until you close it."),
        ),
        is_hard=True,
    ),
    RunningChangeSection(
        RunningChangeKind.CANCEL,
        _lazy("Cancel the campaign"),
        (
            _lazy("It disappears from the first page of every unit, and each gets one mail."),
            _lazy("Cases, reports, evidence and the audit trail are kept; nothing is added."),
        ),
        is_hard=True,
    ),
)


def sections(campaign: Campaign) -> list[RunningChangeSection]:
    """Return the changes that `campaign` allows now; none while a question is open."""
    if open_question(campaign) is not None:
        return []
    return [
        section
        for section in _SECTIONS
        if campaign.state in ALLOWED_IN[RunningChangeKind(section.kind)]
        and not (section.asks_day and campaign.paused_until is not None)
    ]


def open_question(campaign: Campaign) -> RunningChange | None:
    """Return the change that waits for a second owner, None where none does."""
    return (
        campaign.changes.filter(state=RunningChangeState.ASKED).select_related("asked_by").first()
    )


def decide(campaign: Campaign, question: RunningChange | None, act: str, *, actor: User) -> None:
    """Do one of the acts of the page: confirm, decline, retract, resume. Errors: Refused."""
    if act == "resume":
        run_again(campaign, actor=actor)
    elif question is None:
        raise Refused(_("This was decided already."))
    elif act == "confirm":
        confirm(question, actor=actor)
    elif act == "decline":
        decline_change(question, actor=actor)
    elif act == "retract":
        retract_change(question, actor=actor)
    else:
        raise Refused(_("This act is not known."))


def last_changes(campaign: Campaign) -> list[RunningChange]:
    """Return what was asked for and decided, the newest first, at most 50."""
    rows = campaign.changes.select_related("asked_by", "decided_by", "resumed_by")
    return list(rows.order_by("-pk")[:50])


def _tell_later(change: RunningChange, step: str, actor: User | None) -> None:
    enqueue(
        "campaigns.tell_change",
        key=f"campaigns.tell_change:{change.pk}:{step}",
        payload={"change_id": change.pk, "step": step},
        asked_by_id=None if actor is None else actor.pk,
        unit_path=change.campaign.lead_unit.path,
    )
