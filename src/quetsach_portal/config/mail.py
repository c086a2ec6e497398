"""Which app writes the mails of each purpose, and which one is told what became of them."""

from collections.abc import Mapping, Sequence

from quetsach_portal.followup import mails as followup_mails
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.letters import mails as letter_mails
from quetsach_portal.letters.actions import mailing
from quetsach_portal.mail import delivery
from quetsach_portal.mail.delivery import Composer, Observer
from quetsach_portal.mail.models import MailPurpose, OutboxMail
from quetsach_portal.people import notices, sign_in_forms
from quetsach_portal.people.roles import invitations


def _observe_nothing(mails: Sequence[OutboxMail]) -> None:
    """Keep nothing: whoever waits for a link to a new password asks for another."""


COMPOSERS: Mapping[MailPurpose, Composer] = {
    MailPurpose.LETTER: letter_mails.compose,
    MailPurpose.FOLLOWUP: followup_mails.compose,
    MailPurpose.INVITATION: invitations.compose,
    MailPurpose.NEW_PASSWORD: sign_in_forms.compose,
    MailPurpose.ACCOUNT_NOTICE: notices.compose,
}
"""Who writes the mail about an object; it is written right before it is sent."""

OBSERVERS: Mapping[MailPurpose, Observer] = {
    MailPurpose.LETTER: mailing.observe,
    MailPurpose.FOLLOWUP: followup_mails.observe,
    MailPurpose.INVITATION: invitations.observe,
    MailPurpose.NEW_PASSWORD: _observe_nothing,
    MailPurpose.ACCOUNT_NOTICE: notices.observe,
}
"""Who keeps the state of a mail on a row of its own."""


def deliver(work: RunningJob) -> None:
    """Send what is due of one queue; a job's handler."""
    delivery.deliver(work, composers=COMPOSERS, observers=OBSERVERS)
