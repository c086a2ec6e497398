"""Mails about accounts: asked for in the act's transaction, sent by the worker.

A job that is tried again sends the same Message-ID, so that a mail which went out just before the
worker was killed is the same mail to every server and reader, and not a second one.
"""

import hashlib
import secrets
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.people.models.account import User


def enqueue_mail(to: str, subject: str, body: str) -> None:
    """Ask for a mail that holds no secret; its text waits in the job until it is sent."""
    enqueue(
        "people.mail",
        key=f"people.mail:{secrets.token_hex(16)}",
        payload={"to": to, "subject": subject, "body": body},
    )


def notify(user: User, actor: User, what: str) -> None:
    """Tell `user` by mail what `actor` did to the account, by the mail `what`."""
    with translation.override(user.language):
        body = render_to_string(f"people/mails/{what}.txt", {"user": user, "actor": actor})
        enqueue_mail(user.email, _("Your account at quét sạch was changed"), body)


def mail(work: RunningJob) -> None:
    """Send what `ask_to_mail` asked for; a job's handler."""
    send(
        work.payload["to"],
        work.payload["subject"],
        work.payload["body"],
        once=f"{work.kind}:{work.job_id}",
    )


def send(to: str, subject: str, body: str, *, once: str) -> None:
    """Send a mail; the same `once` gives the same Message-ID. Errors: those of the mail server."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    place = sender.rpartition("@")[2] or "localhost"
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{once}".encode()).hexdigest()[:40]
    EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[to],
        headers={"Message-ID": f"<{digest}@{place}>", "Auto-Submitted": "auto-generated"},
    ).send()
