"""Mails of the follow-up: each is a row that keeps its text, and waits in the outbox."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.deadlines import before_text
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignNode,
    ExpectedReport,
    Phase,
)
from quetsach_portal.campaigns.models.changes import RunningChange, RunningChangeKind
from quetsach_portal.campaigns.models.checks import Fault, RenderCheck
from quetsach_portal.campaigns.units import addresses_of
from quetsach_portal.followup.models import (
    Extension,
    ExtensionState,
    FollowupMail,
    MailKind,
    MailState,
    PendingStep,
)
from quetsach_portal.mail import outbox
from quetsach_portal.mail.message import MailDraft, MailNotNeeded, one_line
from quetsach_portal.mail.models import MailPurpose, OutboxMail, OutboxState
from quetsach_portal.mail.outbox import MailRecipient
from quetsach_portal.people.models.news import MailSort, NewsKind
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.news.mail_choices import reached_by_digest, with_way_out

SHOWN_UNITS = 30
ROWS_AT_ONCE = 500


def queue(mails: Iterable[FollowupMail], *, not_before: datetime | None = None) -> int:
    """Write the mails and ask for their sending; return how many there are.

    With `not_before` they wait in the outbox until then. One that was written before, for the
    same thing and address, is neither written nor sent again.
    """
    rows = list(mails)
    with transaction.atomic():
        for start in range(0, len(rows), ROWS_AT_ONCE):
            _enqueue(rows[start : start + ROWS_AT_ONCE], not_before)
    return len(rows)


def _enqueue(rows: Sequence[FollowupMail], not_before: datetime | None) -> None:
    FollowupMail.objects.bulk_create(rows, ignore_conflicts=True)
    keys = {row.key for row in rows}
    waiting = FollowupMail.objects.filter(key__in=keys, state=MailState.QUEUED).order_by("pk")
    outbox.enqueue_many(
        MailPurpose.FOLLOWUP,
        [MailRecipient(row.pk, row.address, f"followup:{row.pk}") for row in waiting],
        not_before=not_before,
    )


def compose(mail_id: int) -> MailDraft:
    """Return the mail as it was written. Errors: MailNotNeeded when its campaign was archived."""
    row = FollowupMail.objects.filter(pk=mail_id).first()
    if row is None:
        raise MailNotNeeded("the campaign was archived")
    return with_way_out(MailDraft(row.subject, row.body), row.address, SORTS[MailKind(row.kind)])


def observe(mails: Sequence[OutboxMail]) -> None:
    """Write on the rows what became of their mails."""
    for mail in mails:
        FollowupMail.objects.filter(pk=mail.object_id).update(
            state=MailState(mail.state),
            attempts=mail.attempts,
            problem="" if mail.state == OutboxState.SENT else mail.reply[:300],
            done_at=mail.done_at,
        )


SORTS: Mapping[MailKind, MailSort] = {
    MailKind.REMINDER: MailSort.DEADLINES,
    MailKind.SILENCE: MailSort.OFFICE,
    MailKind.EXTENSION: MailSort.DIGEST,
    MailKind.CHANGE: MailSort.DIGEST,
    MailKind.CORRECTION: MailSort.DIGEST,
}
"""Which mails a reader switches off together."""

NEWS: Mapping[MailKind, NewsKind] = {
    MailKind.REMINDER: NewsKind.REMINDED,
    MailKind.SILENCE: NewsKind.SILENT,
    MailKind.EXTENSION: NewsKind.DEADLINE,
    MailKind.CHANGE: NewsKind.CHANGED,
    MailKind.CORRECTION: NewsKind.CORRECTED,
}
"""The news that says the same: who reads it is told by the digest, where there is no hurry."""


@dataclass(frozen=True)
class OwnWords:
    """A sentence of who reminds, quoted in the mail: plain text, never a command of ours."""

    text: str = ""
    speaker: str = ""


NO_WORDS = OwnWords()


def reminder(
    node: CampaignNode,
    waits_for: str,
    slot: ExpectedReport | None,
    words: OwnWords = NO_WORDS,
    *,
    heads: bool = False,
    can_wait: bool = False,
) -> list[FollowupMail]:
    """Return the reminder to `node`, one mail for the first address of the unit; none without.

    With `heads` its signers get it as well, each once. Where it `can_wait`, none goes to who is
    told by the digest.
    """
    with translation.override("vi"):
        subject = reminder_subject(node, waits_for)
        body = reminder_text(node, waits_for, slot, words)
    key = reminder_key(node.pk, timezone.localdate())
    addresses = [*addresses_of(node)[:1], *(people_of(node, Role.SIGNER) if heads else ())]
    make = _unless_digest if can_wait else _mails
    return make(node, MailKind.REMINDER, key, list(dict.fromkeys(addresses)), subject, body)


def reminder_key(node_id: int, day: date) -> str:
    """Return the key of the mail that reminds a unit on `day`."""
    return f"reminder:{node_id}:{day.isoformat()}"


def _mails(
    node: CampaignNode,
    kind: MailKind,
    key: str,
    addresses: Iterable[str],
    subject: str,
    body: str,
) -> list[FollowupMail]:
    facts: dict[str, Any] = {"node": node, "kind": kind, "key": key, "body": body}
    facts["subject"] = subject[:300]
    return [FollowupMail(address=address, **facts) for address in addresses]


def _unless_digest(
    node: CampaignNode,
    kind: MailKind,
    key: str,
    addresses: Collection[str],
    subject: str,
    body: str,
) -> list[FollowupMail]:
    """Return the mails to those whom no digest tells the same."""
    told = reached_by_digest(NEWS[kind], node.unit_id, addresses)
    rest = [address for address in addresses if address not in told]
    return _mails(node, kind, key, rest, subject, body)


def reminder_subject(node: CampaignNode, waits_for: str) -> str:
    """Return the subject of a reminder, in the language in use."""
    return _("Reminder: %(what)s – %(campaign)s") % {
        "what": PendingStep(waits_for).label,
        "campaign": one_line(node.campaign.title),
    }


def reminder_text(
    node: CampaignNode, waits_for: str, slot: ExpectedReport | None, words: OwnWords = NO_WORDS
) -> str:
    """Return the text of a reminder, in the language in use."""
    lines = [
        _("To: %(unit)s") % {"unit": one_line(node.name_at_freeze)},
        "",
        _("Campaign: %(campaign)s") % {"campaign": one_line(node.campaign.title)},
        _("Your unit still has to: %(what)s.") % {"what": PendingStep(waits_for).label},
    ]
    if slot is not None:
        lines.append(_("Report due %(due)s.") % {"due": before_text(slot.due_at)})
    if words.text:
        facts = {"who": one_line(words.speaker), "text": one_line(words.text)}
        lines += ["", _("%(who)s writes: “%(text)s”") % facts]
    lines += ["", _("Do it here (sign-in required):"), address_of_node(node)]
    return _closed(lines)


def notify_decision(extension: Extension) -> None:
    """Queue the mails that inform the unit, and the office above it, of the decision."""
    node = extension.slot.node
    above = [] if node.parent is None else compilers_of(node.parent)
    with translation.override("vi"):
        subject = _("Extension: %(state)s – %(unit)s") % {
            "state": ExtensionState(extension.state).label,
            "unit": one_line(node.name_at_freeze),
        }
        body = _closed(_decision_lines(extension))
    addresses = dict.fromkeys([*addresses_of(node)[:1], *above])
    key = f"extension:{extension.pk}"
    told = reached_by_digest(NewsKind.DEADLINE, node.unit_id, list(addresses))
    if node.parent is not None:
        told |= reached_by_digest(NewsKind.DEADLINE, node.parent.unit_id, above)
    rest = [address for address in addresses if address not in told]
    queue(_mails(node, MailKind.EXTENSION, key, rest, subject, body))


def change_notice(node: CampaignNode, change: RunningChange, step: str) -> list[FollowupMail]:
    """Return the mail to `node` about a change of the campaign that runs; none without address.

    Shapes: `step` is done, or resumed for the end of a pause.
    """
    with translation.override("vi"):
        words = _change_words(change, step)
        subject = f"{words} – {one_line(node.campaign.title)}"
        lines = [f"{words}."]
        if step == "done":
            lines.append(_("Reason: %(why)s") % {"why": one_line(change.reason)})
        if change.kind == RunningChangeKind.CANCEL:
            lines.append(_("What your unit handed in and reported is kept."))
        elif change.kind == RunningChangeKind.PAUSE and change.moved_days:
            lines.append(
                _("Deadlines that lay ahead stand %(days)s days later than before the pause.")
                % {"days": change.moved_days}
            )
    key = f"change:{change.pk}:{step}:{node.pk}"
    return notice_to(node, MailKind.CHANGE, key, subject, lines)


def notice_to(
    node: CampaignNode, kind: MailKind, key: str, subject: str, lines: Sequence[str]
) -> list[FollowupMail]:
    """Return the mail to `node` about its campaign, with a link to its page; none without address.

    Shapes: `lines` are in Vietnamese, as `subject` is.
    """
    with translation.override("vi"):
        head = [
            _("To: %(unit)s") % {"unit": one_line(node.name_at_freeze)},
            "",
            _("Campaign: %(campaign)s") % {"campaign": one_line(node.campaign.title)},
        ]
        body = _closed([*head, *lines, "", address_of_node(node)])
    return _unless_digest(node, kind, key, addresses_of(node)[:1], subject, body)


def _change_words(change: RunningChange, step: str) -> str:
    if step == "resumed":
        return _("The campaign runs again")
    if change.kind == RunningChangeKind.PAUSE and change.until is not None:
        day = date_format(change.until, "SHORT_DATE_FORMAT")
        return _("The campaign is paused; it runs again from %(day)s") % {"day": day}
    if change.kind == RunningChangeKind.END:
        return _("The campaign ends early")
    return _("The campaign is cancelled")


def compilers_of(node: CampaignNode) -> list[str]:
    """Return the addresses of the compilers of `node` today, of its owners where it has none."""
    return people_of(node, Role.COMPILER) or people_of(node, Role.LEAD_OWNER)


def people_of(node: CampaignNode, role: Role) -> list[str]:
    """Return the addresses of those who hold `role` in the unit of `node` today."""
    today = timezone.localdate()
    assignments = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        unit_id=node.unit_id,
        role=role,
        valid_from__lte=today,
        user__is_active=True,
    )
    return list(dict.fromkeys(assignments.order_by("pk").values_list("user__email", flat=True)))


def address_of_node(node: CampaignNode) -> str:
    """Return the address of the unit's own page; opening it changes nothing."""
    return address_of(reverse("followup:node", args=[node.pk]))


def address_of(path: str) -> str:
    """Return `path` as an address for mails."""
    return urljoin(f"{settings.QUETSACH.public_url}/", path.lstrip("/"))


def _decision_lines(extension: Extension) -> list[str]:
    node = extension.slot.node
    lines = [
        _("Campaign: %(campaign)s") % {"campaign": one_line(node.campaign.title)},
        _("Unit: %(unit)s") % {"unit": one_line(node.name_at_freeze)},
    ]
    if extension.subtree:
        lines.append(_("This holds for the unit and all units below it."))
    if extension.new_due_at is not None:
        lines.append(_("New deadline: %(due)s.") % {"due": before_text(extension.new_due_at)})
    reason = extension.decision or extension.reason
    lines.append(_("Reason: %(why)s") % {"why": one_line(reason)})
    return [*lines, "", address_of_node(node)]


def _closed(lines: Sequence[str]) -> str:
    day = date_format(timezone.localdate(), "SHORT_DATE_FORMAT")
    end = _("This mail has no attachment and does not ask for a password. Written on %(day)s.")
    return "\n".join([*lines, "", end % {"day": day}]) + "\n"


# What the follow-up would send, made for every unit before a start; nothing is kept or sent.


def check(campaign: Campaign) -> RenderCheck:
    """Return how many reminders were made, and the units for which none can be."""
    faults: list[Fault] = []
    rendered = 0
    phase = Phase.objects.filter(campaign=campaign).order_by("no").first()
    slots = {slot.node_id: slot for slot in ExpectedReport.objects.filter(phase=phase)}
    nodes = CampaignNode.objects.filter(campaign=campaign, state__in=COUNTED)
    with translation.override("vi"):
        for node in nodes.select_related("campaign").iterator(chunk_size=2000):
            if not one_line(node.name_at_freeze):
                faults.append(Fault("cannot_render", node.pk))
                continue
            for waits_for in PendingStep.values:
                reminder_text(node, waits_for, slots.get(node.pk))
                rendered += 1
    return RenderCheck(rendered, faults)
