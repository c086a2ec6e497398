"""Release a letter to all its recipients at once, or withdraw it; both in one transaction."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.counters import reach_many
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.campaigns.scope import PREPARING
from quetsach_portal.letters.actions.drafting import locked, note, wrote
from quetsach_portal.letters.actions.mailing import enqueue_mails, queue_name
from quetsach_portal.letters.actions.signing import refuse_unsigned
from quetsach_portal.letters.addressing import refuse_unlike_recipients
from quetsach_portal.letters.cascade import checked_deadline, cited_by
from quetsach_portal.letters.documents import refuse_missing_annexes
from quetsach_portal.letters.models import (
    Channel,
    Dispatch,
    DispatchState,
    DispatchSubject,
    Letter,
    LetterState,
    Mailing,
    MailingState,
)
from quetsach_portal.letters.recipients import (
    DeliveryChannels,
    recipients_of,
    rows_of_issue,
    rows_of_withdrawal,
)
from quetsach_portal.mail import outbox
from quetsach_portal.mail.models import MailPurpose
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.people.news.writing import NewsSubject, tell_many
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.web.acts import Refused

ROWS_AT_ONCE = 1000


def release(letter_id: int, ways: DeliveryChannels, *, start_mails: bool, actor: User) -> Letter:
    """Return the letter, released: on the portal of all recipients, its mails queued.

    The author of a letter of the lead office cannot release it: it reaches the whole tree, so a
    second person reviews it.
    Errors: Refused when it is not signed, has no number, no recipients, or its deadline has passed
    meanwhile.
    Cost: a few statements for each thousand recipients.
    """
    with transaction.atomic():
        letter = locked(letter_id)
        _refuse_unready(letter, actor)
        refuse_unsigned(letter)
        nodes = recipients_of(letter)
        if not nodes:
            raise Refused(_("There is no unit below yours in this campaign."))
        refuse_missing_annexes(letter, cited_by(letter))
        refuse_unlike_recipients(letter, nodes)
        now = timezone.now()
        letter.state, letter.released_by, letter.released_at = LetterState.RELEASED, actor, now
        letter.passed_on_days = _days_since_basis(letter)
        letter.save()
        # The trail comes before the counters: its lock keeps two releases in order.
        note("letter.released", letter, actor, recipients=len(nodes), by_mail=ways.by_mail)
        rows = Dispatch.objects.bulk_create(
            rows_of_issue(letter, nodes, ways), batch_size=ROWS_AT_ONCE
        )
        reach_many(nodes, "told", now)
        _tell(NewsKind.LETTER, letter, nodes, actor)
        _open_mailing(letter, rows, actor, start=start_mails and ways.by_mail)
    return letter


def withdraw(letter_id: int, *, why: str, actor: User) -> Letter:
    """Return the letter, withdrawn: pending dispatches are cancelled, all others are notified.

    Receipts stay as they are. Errors: Refused when it is not out, or no reason is given.
    """
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.state != LetterState.RELEASED or letter.is_outside:
            raise Refused(_("Only a released letter of your own can be withdrawn."))
        if not why.strip():
            raise Refused(_("Enter the reason; all recipients will read it."), field="why")
        letter.state, letter.withdrawn_at = LetterState.WITHDRAWN, timezone.now()
        letter.withdrawn_why = why.strip()[:500]
        letter.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])
        _cancel_waiting(letter)
        notices = Dispatch.objects.bulk_create(rows_of_withdrawal(letter), batch_size=ROWS_AT_ONCE)
        _tell(NewsKind.WITHDRAWN, letter, _reached(letter), actor)
        if any(row.channel == Channel.MAIL for row in notices):
            Mailing.objects.filter(letter=letter).update(state=MailingState.RUNNING)
            enqueue_mails(letter, notices)
            queue = outbox.open_queue(queue_name(letter.pk))
            if queue.is_paused:
                outbox.start_queue(queue.name, per_second=queue.per_second, asked_by_id=actor.pk)
        # After the rows: the sender writes a row and then the trail, in this order too.
        note("letter.withdrawn", letter, actor)
    return letter


def _reached(letter: Letter) -> list[CampaignNode]:
    """Return the units to which the letter went."""
    went = letter.dispatches.filter(about=DispatchSubject.ISSUE)
    went = went.exclude(state=DispatchState.CANCELLED)
    return list(CampaignNode.objects.filter(pk__in=went.values("to_node")))


def _tell(kind: NewsKind, letter: Letter, nodes: Sequence[CampaignNode], actor: User) -> None:
    """Write the news to each unit, under the letter's number and subject."""
    about = f"{letter.full_number}: {letter.subject}"
    page = reverse("letters:letter", args=[letter.pk])
    subject = NewsSubject(f"letter:{letter.pk}", about, page)
    tell_many(
        kind,
        [(node.unit_id, subject) for node in nodes],
        campaign_id=letter.node.campaign_id,
        by=actor,
    )


def _refuse_unready(letter: Letter, actor: User) -> None:
    if letter.is_outside or letter.state != LetterState.NUMBERED:
        raise Refused(_("Only a numbered letter can be released, and only once."))
    if letter.campaign.state in PREPARING:
        raise Refused(_("The campaign has not started: its units would not see the letter."))
    if letter.deadline is not None:
        checked_deadline(letter, letter.deadline)
    if letter.based_on is not None and letter.based_on.state == LetterState.WITHDRAWN:
        raise Refused(_("The letter that this one is based on has been withdrawn."))
    if letter.node.parent_id is None:
        if wrote(letter, actor):
            raise Refused(_("A second person must release a letter of the lead office."))
        refuse_same_hand(letter.made_by_id, actor)


def _days_since_basis(letter: Letter) -> int | None:
    """Return how many days after its basis the letter went out, None where it rests on nothing."""
    above = letter.based_on
    if above is None:
        return None
    if above.is_outside or above.released_at is None:
        begun = above.signed_on
    else:
        begun = timezone.localtime(above.released_at).date()
    return None if begun is None else max(0, (timezone.localdate() - begun).days)


def _open_mailing(letter: Letter, rows: list[Dispatch], actor: User, *, start: bool) -> None:
    # A dry run before the release has left its row here.
    mailing, _is_new = Mailing.objects.get_or_create(letter=letter)
    waiting = [
        row for row in rows if row.channel == Channel.MAIL and row.state == DispatchState.QUEUED
    ]
    name = queue_name(letter.pk)
    queue = outbox.open_queue(name, is_paused=bool(waiting), unit_path=letter.node.unit.path)
    if waiting:
        enqueue_mails(letter, waiting)
    if waiting and not start:
        return
    mailing.state = MailingState.RUNNING
    if waiting:
        mailing.started_by, mailing.started_at = actor, timezone.now()
        outbox.start_queue(name, per_second=queue.per_second, asked_by_id=actor.pk)
    mailing.save(update_fields=["state", "started_by", "started_at"])


def _cancel_waiting(letter: Letter) -> None:
    """Cancel the rows of the letter that still wait; a mail under way counts as gone out."""
    waiting = letter.dispatches.filter(about=DispatchSubject.ISSUE, state=DispatchState.QUEUED)
    mails = waiting.filter(channel=Channel.MAIL)
    cancelled = outbox.cancel(MailPurpose.LETTER, list(mails.values_list("pk", flat=True)))
    for start in range(0, len(cancelled), ROWS_AT_ONCE):
        ids = sorted(cancelled)[start : start + ROWS_AT_ONCE]
        letter.dispatches.filter(pk__in=ids).update(state=DispatchState.CANCELLED)
    waiting.exclude(channel=Channel.MAIL).update(state=DispatchState.CANCELLED)
