"""Hand the mails over, each once: a row is claimed before its mail leaves, and never sent twice.

What the server refuses for now waits for the job's next try. A row whose worker died in between,
or whose connection broke after the text went out, is in doubt: a person sees it, no machine sends
it again.
"""

from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from quetsach_portal.followup.models import FollowupMail, MailState
from quetsach_portal.jobs.queue import RunningJob

CLAIM_HOLDS = timedelta(minutes=10)
MOST_FOLLOWUP_ATTEMPTS = 12


class NotNow(Exception):
    """The mail server takes nothing for the moment; the job is tried again later."""


def send_followup_mails(work: RunningJob) -> None:
    """Send what is queued. Errors: NotNow, and the job runner tries again."""
    doubt_the_orphaned()
    server = get_connection()
    try:
        while (row := claim()) is not None:
            work.renew()
            hand_over(row, server)
    finally:
        server.close()


def doubt_the_orphaned() -> int:
    """Mark rows whose worker fell silent as in doubt; return how many."""
    old = FollowupMail.objects.filter(
        state=MailState.SENDING, claimed_at__lt=timezone.now() - CLAIM_HOLDS
    )
    return old.update(state=MailState.IN_DOUBT, problem="its worker ended while it was handed over")


def claim() -> FollowupMail | None:
    """Return the oldest queued row, now claimed, committed before anything is sent."""
    with transaction.atomic():
        skips = database.features.has_select_for_update_skip_locked
        rows = FollowupMail.objects.filter(state=MailState.QUEUED).order_by("made_at", "pk")
        row = rows.select_for_update(skip_locked=skips).first()
        if row is None:
            return None
        row.state, row.claimed_at = MailState.SENDING, timezone.now()
        row.attempts += 1
        row.save(update_fields=["state", "claimed_at", "attempts"])
    return row


def hand_over(row: FollowupMail, server: BaseEmailBackend) -> None:
    """Send one claimed row and note how it ended. Errors: NotNow."""
    try:
        server.open()
    except (OSError, SMTPConnectError, SMTPHeloError, SMTPAuthenticationError) as error:
        _wait(row, error)
    try:
        server.send_messages([message_of(row)])
    except SMTPRecipientsRefused as error:
        _refused(row, error, max((code for code, _text in error.recipients.values()), default=500))
    except (SMTPSenderRefused, SMTPDataError) as error:
        _refused(row, error, error.smtp_code)
    except (SMTPServerDisconnected, OSError) as error:
        # The text may have arrived: sending it again could tell the unit twice.
        _end(row, MailState.IN_DOUBT, str(error))
        raise NotNow(str(error)) from error
    except ValueError as error:
        _end(row, MailState.FAILED, str(error))
    else:
        _end(row, MailState.SENT, "")


def message_of(row: FollowupMail) -> EmailMessage:
    """Return the mail of `row`, with the same Message-ID whenever it is made."""
    host = urlsplit(settings.QUETSACH.public_url).hostname or "localhost"
    return EmailMessage(
        subject=row.subject,
        body=row.body,
        to=[row.address],
        headers={"Message-ID": f"<followup-{row.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def _refused(row: FollowupMail, error: Exception, code: int) -> None:
    if 400 <= code < 500 and row.attempts < MOST_FOLLOWUP_ATTEMPTS:
        _wait(row, error)
    _end(row, MailState.FAILED, str(error))


def _wait(row: FollowupMail, error: Exception) -> None:
    row.state, row.problem, row.claimed_at = MailState.QUEUED, str(error)[:300], None
    row.save(update_fields=["state", "problem", "claimed_at"])
    raise NotNow(str(error)) from error


def _end(row: FollowupMail, state: MailState, problem: str) -> None:
    row.state, row.problem, row.done_at = state, problem[:300], timezone.now()
    row.save(update_fields=["state", "problem", "done_at"])
