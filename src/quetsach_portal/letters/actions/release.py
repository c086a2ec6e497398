"""Release a letter to all its recipients at once, or withdraw it; both in one transaction."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.counters import reach_many
from quetsach_portal.letters.actions.drafting import locked, note, wrote
from quetsach_portal.letters.actions.mailing import wake
from quetsach_portal.letters.cascade import checked_deadline
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
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.web.acts import Refused

ROWS_AT_ONCE = 1000


def release(letter_id: int, ways: DeliveryChannels, *, start_mails: bool, actor: User) -> Letter:
    """Return the letter, released: on the portal of all recipients, its mails queued.

    Whoever wrote a letter of the lead office does not release it as well: it reaches the whole
    tree, so a second person looks at it.
    Errors: Refused when it has no number, no recipients, or its deadline has passed meanwhile.
    Cost: a few statements for each thousand recipients.
    """
    with transaction.atomic():
        letter = locked(letter_id)
        _refuse_unready(letter, actor)
        nodes = recipients_of(letter)
        if not nodes:
            raise Refused(_("No unit stands below yours in this campaign."))
        now = timezone.now()
        letter.state, letter.released_by, letter.released_at = LetterState.RELEASED, actor, now
        letter.passed_on_days = _days_since_basis(letter)
        letter.save()
        # The trail comes before the counters: its lock keeps two releases in order.
        note("letter.released", letter, actor, recipients=len(nodes), by_mail=ways.by_mail)
        Dispatch.objects.bulk_create(rows_of_issue(letter, nodes, ways), batch_size=ROWS_AT_ONCE)
        reach_many(nodes, "told", now)
        _open_mailing(letter, actor, start=start_mails and ways.by_mail)
    return letter


def withdraw(letter_id: int, *, why: str, actor: User) -> Letter:
    """Return the letter, withdrawn: what still waited is cancelled, all others are told.

    Receipts stay as they are. Errors: Refused when it is not out, or no reason is given.
    """
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.state != LetterState.RELEASED or letter.is_outside:
            raise Refused(_("Only a released letter of your own can be withdrawn."))
        if not why.strip():
            raise Refused(_("Say why; all who got the letter read it."), field="why")
        letter.state, letter.withdrawn_at = LetterState.WITHDRAWN, timezone.now()
        letter.withdrawn_why = why.strip()[:500]
        letter.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])
        told = list(rows_of_withdrawal(letter))
        waiting = letter.dispatches.filter(about=DispatchSubject.ISSUE, state=DispatchState.QUEUED)
        waiting.update(state=DispatchState.CANCELLED)
        Dispatch.objects.bulk_create(told, batch_size=ROWS_AT_ONCE)
        if any(row.channel == Channel.MAIL for row in told):
            mailing = Mailing.objects.select_for_update().get(letter=letter)
            mailing.state = MailingState.RUNNING
            wake(mailing, actor)
        # After the rows: the sender writes a row and then the trail, in this order too.
        note("letter.withdrawn", letter, actor)
    return letter


def _refuse_unready(letter: Letter, actor: User) -> None:
    if letter.is_outside or letter.state != LetterState.NUMBERED:
        raise Refused(_("Only a numbered letter can be released, and only once."))
    if letter.deadline is not None:
        checked_deadline(letter, letter.deadline)
    if letter.based_on is not None and letter.based_on.state == LetterState.WITHDRAWN:
        raise Refused(_("The letter that this one rests on has been withdrawn."))
    if letter.node.parent_id is None:
        if wrote(letter, actor):
            raise Refused(_("A letter of the lead office is released by a second person."))
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


def _open_mailing(letter: Letter, actor: User, *, start: bool) -> None:
    # A dry run before the release has left its row here.
    mailing, _is_new = Mailing.objects.get_or_create(
        letter=letter, defaults={"per_second": settings.QUETSACH.mail_per_second}
    )
    has_mails = letter.dispatches.filter(channel=Channel.MAIL, state=DispatchState.QUEUED).exists()
    if not has_mails:
        Mailing.objects.filter(pk=mailing.pk).update(state=MailingState.DONE)
    elif start:
        mailing.state = MailingState.RUNNING
        mailing.started_by, mailing.started_at = actor, timezone.now()
        wake(mailing, actor)
