"""Mails that tell people what was done to their accounts; they hold no secret."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from quetsach_portal.mail.message import MailDraft
from quetsach_portal.mail.models import MailPurpose, OutboxMail
from quetsach_portal.mail.outbox import SETTLED, enqueue
from quetsach_portal.people.models.account import AccountNotice, User


def enqueue_notice(to: str, subject: str, body: str, *, language: str) -> AccountNotice:
    """Enqueue a mail with this text, and return the row that is kept until it was sent.

    The caller holds the transaction.
    """
    notice = AccountNotice.objects.create(
        subject=" ".join(subject.split())[:300], body=body, language=language
    )
    enqueue(MailPurpose.ACCOUNT_NOTICE, notice.pk, to, key=f"notice:{notice.pk}")
    return notice


def notify(user: User, actor: User, what: str) -> None:
    """Tell `user` by mail what `actor` did to the account, by the mail `what`."""
    with translation.override(user.language):
        body = render_to_string(f"people/mails/{what}.txt", {"user": user, "actor": actor})
        subject = _("Your account at quét sạch was changed")
    enqueue_notice(user.email, subject, body, language=user.language)


def compose(notice_id: int) -> MailDraft:
    """Return the mail with the text of a notice."""
    notice = AccountNotice.objects.get(pk=notice_id)
    return MailDraft(notice.subject, notice.body, notice.language)


def observe(mails: Sequence[OutboxMail]) -> None:
    """Delete the texts of the mails that will not be sent again."""
    settled = [mail.object_id for mail in mails if mail.state in SETTLED]
    AccountNotice.objects.filter(pk__in=settled).delete()
