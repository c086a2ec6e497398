"""The mails of a letter: dry run, start, pause, go on, and what a person decides about one row."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.letters import recipients
from quetsach_portal.letters.actions.drafting import locked, note, wrote
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
from quetsach_portal.mail import outbox
from quetsach_portal.mail.models import MailPurpose, OutboxMail, OutboxState
from quetsach_portal.mail.outbox import MailRecipient
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.units.models import UnitContact
from quetsach_portal.web.acts import Refused

FASTEST = 1000
AGAIN = (DispatchState.IN_DOUBT, DispatchState.FAILED)
BOUNCES = (DispatchState.SENT, DispatchState.IN_DOUBT, DispatchState.FAILED, DispatchState.QUEUED)


def request_dry_run(letter_id: int, *, actor: User) -> Job:
    """Return the job that makes all mails of the letter and sends none (C4)."""
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.is_outside or letter.state in (LetterState.DRAFT, LetterState.WITHDRAWN):
            raise Refused(_("A dry run needs a numbered letter."))
        waiting = Job.objects.filter(
            kind=recipients.KIND,
            payload__letter_id=letter.pk,
            state__in=[JobState.READY, JobState.RUNNING],
        ).first()
        if waiting is not None:
            return waiting
        count = Job.objects.filter(kind=recipients.KIND, payload__letter_id=letter.pk).count()
        note("letter.dry_run", letter, actor)
        return enqueue(
            recipients.KIND,
            key=f"{recipients.KIND}:{letter.pk}:{count + 1}",
            payload={"letter_id": letter.pk},
            asked_by_id=actor.pk,
            unit_path=letter.node.unit.path,
        )


def start(letter_id: int, *, per_second: int, actor: User) -> Mailing:
    """Return the mailing of a released letter, started or going on, at most so many a second.

    The author of a letter of the lead office cannot start its mails.
    Errors: Refused when nothing waits, or the letter is not out.
    """
    with transaction.atomic():
        mailing = _mailing(letter_id)
        letter = mailing.letter
        if letter.node.parent_id is None:
            if wrote(letter, actor):
                raise Refused(_("A second person must start the mails of the lead office."))
            refuse_same_hand(letter.made_by_id, actor)
        if not 0 <= per_second <= FASTEST:
            raise Refused(_("At most %(most)s per second.") % {"most": FASTEST}, field="per_second")
        if not letter.dispatches.filter(channel=Channel.MAIL, state=DispatchState.QUEUED).exists():
            raise Refused(_("There is no mail to send."))
        mailing.state = MailingState.RUNNING
        if mailing.started_at is None:
            mailing.started_by, mailing.started_at = actor, timezone.now()
        mailing.save(update_fields=["state", "started_by", "started_at"])
        outbox.start_queue(queue_name(letter.pk), per_second=per_second, asked_by_id=actor.pk)
        note("letter.mails_started", letter, actor, per_second=per_second)
    return mailing


def pause(letter_id: int, *, actor: User) -> Mailing:
    """Return the mailing, paused: the mail that is under way is finished, no other is begun."""
    with transaction.atomic():
        mailing = _mailing(letter_id)
        if mailing.state != MailingState.RUNNING or not mails_wait(mailing.letter):
            raise Refused(_("The mails are not being sent at the moment."))
        mailing.state = MailingState.PAUSED
        mailing.save(update_fields=["state"])
        outbox.pause_queue(queue_name(letter_id))
        note("letter.mails_paused", mailing.letter, actor)
    return mailing


def mark_received(dispatch_id: int, *, actor: User) -> Dispatch:
    """Return a row that was in doubt, now sent: the recipient says that the mail is there."""
    with transaction.atomic():
        dispatch, mail = _row(dispatch_id, DispatchState.IN_DOUBT)
        dispatch.state, dispatch.done_at = DispatchState.SENT, timezone.now()
        dispatch.reply = _("received, according to %(who)s") % {"who": str(actor)[:120]}
        if mail is not None:
            outbox.mark_sent(mail, dispatch.reply)
        dispatch.save(update_fields=["state", "done_at", "reply"])
        note("letter.mail_is_there", dispatch.letter, actor, dispatch=dispatch.pk)
    return dispatch


def resend(dispatch_id: int, *, actor: User) -> Dispatch:
    """Return a row that was in doubt or failed, queued once more.

    Its mail keeps its Message-ID as long as the outbox remembers it.
    """
    with transaction.atomic():
        dispatch, mail = _row(dispatch_id, *AGAIN)
        if dispatch.contact is not None and dispatch.contact.disabled_reason:
            raise Refused(_("The address is disabled. Correct the contact first."))
        if (
            dispatch.letter.state == LetterState.WITHDRAWN
            and dispatch.about == DispatchSubject.ISSUE
        ):
            raise Refused(_("The letter has been withdrawn."))
        if mail is None:
            enqueue_mails(dispatch.letter, [dispatch])
        else:
            outbox.send_again(mail)
        dispatch.state, dispatch.attempts, dispatch.done_at = DispatchState.QUEUED, 0, None
        dispatch.save(update_fields=["state", "attempts", "done_at"])
        note("letter.mail_again", dispatch.letter, actor, dispatch=dispatch.pk)
    return dispatch


def mark_bounced(dispatch_id: int, *, text: str, actor: User) -> Dispatch:
    """Return the row, bounced, as a notice in the mailbox said; its contact is off from now on."""
    with transaction.atomic():
        dispatch, mail = _row(dispatch_id, *BOUNCES)
        if dispatch.channel != Channel.MAIL:
            raise Refused(_("Only e-mails can bounce."))
        if not text.strip():
            raise Refused(_("Copy the text of the notice."), field="text")
        dispatch.state, dispatch.reply = DispatchState.BOUNCED, text.strip()[:500]
        dispatch.done_at = timezone.now()
        if mail is not None:
            outbox.mark_failed(mail, dispatch.reply)
        dispatch.save(update_fields=["state", "reply", "done_at"])
        switch_off(dispatch, dispatch.reply, actor)
        note("letter.mail_bounced", dispatch.letter, actor, dispatch=dispatch.pk)
    return dispatch


def queue_name(letter_id: int) -> str:
    """Return the name of the queue in which the mails of a letter wait."""
    return f"letter:{letter_id}"


def enqueue_mails(letter: Letter, rows: Iterable[Dispatch]) -> int:
    """Ask for the mails of those `rows` that wait for one; return how many were new.

    The caller holds the transaction.
    """
    recipients_by_mail = [
        MailRecipient(row.pk, row.address, f"letter:{row.pk}")
        for row in rows
        if row.channel == Channel.MAIL
    ]
    return outbox.enqueue_many(MailPurpose.LETTER, recipients_by_mail, queue=queue_name(letter.pk))


def observe(mails: Sequence[OutboxMail]) -> None:
    """Write on the dispatch rows what became of their mails; an unknown address is switched off."""
    dispatches = Dispatch.objects.in_bulk([mail.object_id for mail in mails])
    for mail in mails:
        dispatch = dispatches[mail.object_id]
        dispatch.state = _state_of(mail)
        dispatch.attempts, dispatch.reply, dispatch.done_at = (
            mail.attempts,
            mail.reply,
            mail.done_at,
        )
    changed = ["state", "attempts", "reply", "done_at"]
    Dispatch.objects.bulk_update(dispatches.values(), changed)
    for dispatch in dispatches.values():
        if dispatch.state == DispatchState.BOUNCED:
            switch_off(dispatch, dispatch.reply)


def _state_of(mail: OutboxMail) -> DispatchState:
    if mail.state == OutboxState.FAILED and mail.address_unknown:
        return DispatchState.BOUNCED
    return DispatchState(mail.state)


def switch_off(dispatch: Dispatch, reply: str, actor: User | None = None) -> None:
    """Disable the contact of `dispatch`, so that no later letter goes there; once (C3).

    The caller holds the transaction. A contact that was corrected in the meantime stays enabled.
    """
    if dispatch.contact_id is None:
        return
    reason = (_("bounced: %(reply)s") % {"reply": reply})[:200]
    contact = UnitContact.objects.filter(
        pk=dispatch.contact_id, disabled_reason="", mail=dispatch.address
    )
    if contact.update(disabled_reason=reason):
        record("contact.disabled", actor=actor, kind="contact", object_id=dispatch.contact_id)


def _mailing(letter_id: int) -> Mailing:
    letter = locked(letter_id)
    if letter.state not in (LetterState.RELEASED, LetterState.WITHDRAWN) or letter.is_outside:
        raise Refused(_("Release the letter first."))
    Mailing.objects.get_or_create(letter=letter)
    return (
        Mailing.objects.select_for_update(of=("self",))
        .select_related("letter__node__unit")
        .get(pk=letter.pk)
    )


def mails_wait(letter: Letter) -> bool:
    """True while mails of `letter` are queued or under way."""
    states = [DispatchState.QUEUED, DispatchState.SENDING]
    return letter.dispatches.filter(channel=Channel.MAIL, state__in=states).exists()


def _row(dispatch_id: int, *states: DispatchState) -> tuple[Dispatch, OutboxMail | None]:
    """Return a row in one of `states`, and its mail if the outbox still has it; both locked.

    Errors: Refused in any other state.
    """
    # The letter, then the mail, then the row, in every act: two acts never wait for each other.
    locked(Dispatch.objects.values_list("letter_id", flat=True).get(pk=dispatch_id))
    try:
        mail = outbox.mail_about(MailPurpose.LETTER, dispatch_id)
    except OutboxMail.DoesNotExist:
        mail = None
    dispatch = (
        Dispatch.objects.select_for_update(of=("self",))
        .select_related("letter__node__unit", "contact")
        .get(pk=dispatch_id)
    )
    if dispatch.state not in states:
        raise Refused(
            _("This row is “%(state)s” by now; look at it again.")
            % {"state": dispatch.get_state_display()}
        )
    return dispatch, mail
