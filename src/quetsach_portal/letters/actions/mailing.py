"""The mails of a letter: dry run, start, pause, go on, and what a person decides about one row."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.letters import recipients
from quetsach_portal.letters.actions.drafting import locked, note, wrote
from quetsach_portal.letters.answers import switch_off
from quetsach_portal.letters.models import (
    Channel,
    Dispatch,
    DispatchState,
    DispatchSubject,
    LetterState,
    Mailing,
    MailingState,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.web.acts import Refused

# The jobs that send the mails of a letter, one round after the other.


KIND = "letters.send"
TRIES = 1000
"""A worker that is killed leaves its round to the next one; only a flood of kills ends a round."""


def wake(mailing: Mailing, actor: User | None = None, *, at: datetime | None = None) -> None:
    """Ask for the next round of `mailing`, from `at` on, and save it; the caller holds its row.

    Any earlier round stops when it sees the new number: there is never more than one at work.
    """
    mailing.round += 1
    mailing.next_try_at = at
    mailing.save()
    enqueue(
        KIND,
        key=f"{KIND}:{mailing.pk}:{mailing.round}",
        payload={"letter_id": mailing.pk, "round": mailing.round},
        run_after=at,
        asked_by_id=None if actor is None else actor.pk,
        unit_path=mailing.letter.node.unit.path,
        max_attempts=TRIES,
    )


FASTEST = 1000
AGAIN = (DispatchState.IN_DOUBT, DispatchState.FAILED)
BOUNCES = (DispatchState.SENT, DispatchState.IN_DOUBT, DispatchState.FAILED, DispatchState.QUEUED)


def request_rehearsal(letter_id: int, *, actor: User) -> Job:
    """Return the job that makes all mails of the letter and sends none (C4)."""
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.is_outside or letter.state in (LetterState.DRAFT, LetterState.WITHDRAWN):
            raise Refused(_("A dry run is for a letter that has its number."))
        waiting = Job.objects.filter(
            kind=recipients.KIND,
            payload__letter_id=letter.pk,
            state__in=[JobState.READY, JobState.RUNNING],
        ).first()
        if waiting is not None:
            return waiting
        count = Job.objects.filter(kind=recipients.KIND, payload__letter_id=letter.pk).count()
        note("letter.rehearsed", letter, actor)
        return enqueue(
            recipients.KIND,
            key=f"{recipients.KIND}:{letter.pk}:{count + 1}",
            payload={"letter_id": letter.pk},
            asked_by_id=actor.pk,
            unit_path=letter.node.unit.path,
        )


def start(letter_id: int, *, per_second: int, actor: User) -> Mailing:
    """Return the mailing of a released letter, started or going on, at most so many a second.

    Whoever wrote a letter of the lead office does not start its mails as well.
    Errors: Refused when nothing waits, or the letter is not out.
    """
    with transaction.atomic():
        mailing = _mailing(letter_id)
        letter = mailing.letter
        if letter.node.parent_id is None:
            if wrote(letter, actor):
                raise Refused(_("The mails of the lead office are started by a second person."))
            refuse_same_hand(letter.made_by_id, actor)
        if not 0 <= per_second <= FASTEST:
            raise Refused(_("At most %(most)s a second.") % {"most": FASTEST}, field="per_second")
        if not letter.dispatches.filter(channel=Channel.MAIL, state=DispatchState.QUEUED).exists():
            raise Refused(_("No mail is waiting."))
        mailing.per_second, mailing.failures, mailing.problem = per_second, 0, ""
        mailing.state = MailingState.RUNNING
        if mailing.started_at is None:
            mailing.started_by, mailing.started_at = actor, timezone.now()
        wake(mailing, actor)
        note("letter.mails_started", letter, actor, per_second=per_second)
    return mailing


def pause(letter_id: int, *, actor: User) -> Mailing:
    """Return the mailing, paused: the mail that is under way is finished, no other is begun."""
    with transaction.atomic():
        mailing = _mailing(letter_id)
        if mailing.state != MailingState.RUNNING:
            raise Refused(_("The mails are not being sent just now."))
        mailing.state, mailing.next_try_at = MailingState.PAUSED, None
        mailing.save(update_fields=["state", "next_try_at"])
        note("letter.mails_paused", mailing.letter, actor)
    return mailing


def mark_received(dispatch_id: int, *, actor: User) -> Dispatch:
    """Return a row that was in doubt, now sent: the recipient says that the mail is there."""
    with transaction.atomic():
        row = _row(dispatch_id, DispatchState.IN_DOUBT)
        row.state, row.done_at, row.claim = DispatchState.SENT, timezone.now(), ""
        row.reply = _("the recipient has it, says %(who)s") % {"who": str(actor)[:120]}
        row.save(update_fields=["state", "done_at", "claim", "reply"])
        note("letter.mail_is_there", row.letter, actor, dispatch=row.pk)
    return row


def resend(dispatch_id: int, *, actor: User) -> Dispatch:
    """Return a row that was in doubt or failed, queued once more under the same Message-ID."""
    with transaction.atomic():
        row = _row(dispatch_id, *AGAIN)
        if row.contact is not None and row.contact.disabled_reason:
            raise Refused(_("The address is switched off. Put the contact right first."))
        if row.letter.state == LetterState.WITHDRAWN and row.about == DispatchSubject.ISSUE:
            raise Refused(_("The letter has been withdrawn."))
        mailing = _mailing(row.letter_id)
        row.state, row.claim, row.retry_at = DispatchState.QUEUED, "", None
        row.attempts = 0
        row.save(update_fields=["state", "claim", "retry_at", "attempts"])
        if mailing.state in (MailingState.RUNNING, MailingState.DONE):
            mailing.state = MailingState.RUNNING
            wake(mailing, actor)
        note("letter.mail_again", row.letter, actor, dispatch=row.pk)
    return row


def mark_bounced(dispatch_id: int, *, text: str, actor: User) -> Dispatch:
    """Return the row, bounced, as a notice in the mailbox said; its contact is off from now on."""
    with transaction.atomic():
        row = _row(dispatch_id, *BOUNCES)
        if row.channel != Channel.MAIL:
            raise Refused(_("Only an e-mail can bounce."))
        if not text.strip():
            raise Refused(_("Copy what the notice says."), field="text")
        row.state, row.reply, row.claim = DispatchState.BOUNCED, text.strip()[:500], ""
        row.done_at = timezone.now()
        row.save(update_fields=["state", "reply", "claim", "done_at"])
        switch_off(row, row.reply, actor)
        note("letter.mail_bounced", row.letter, actor, dispatch=row.pk)
    return row


def _mailing(letter_id: int) -> Mailing:
    letter = locked(letter_id)
    if letter.state not in (LetterState.RELEASED, LetterState.WITHDRAWN) or letter.is_outside:
        raise Refused(_("Release the letter first."))
    Mailing.objects.get_or_create(
        letter=letter, defaults={"per_second": settings.QUETSACH.mail_per_second}
    )
    return (
        Mailing.objects.select_for_update(of=("self",))
        .select_related("letter__node__unit")
        .get(pk=letter.pk)
    )


def _row(dispatch_id: int, *states: DispatchState) -> Dispatch:
    # The letter before the row, in every act: two acts never wait for each other.
    locked(Dispatch.objects.values_list("letter_id", flat=True).get(pk=dispatch_id))
    row = (
        Dispatch.objects.select_for_update(of=("self",))
        .select_related("letter__node__unit", "contact")
        .get(pk=dispatch_id)
    )
    if row.state not in states:
        raise Refused(
            _("This row is “%(state)s” by now; look at it again.")
            % {"state": row.get_state_display()}
        )
    return row
