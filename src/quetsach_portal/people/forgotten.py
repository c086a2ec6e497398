"""A forgotten password: the same answer for every address, and a link by mail for a known one.

The page only asks for a job, whoever the address belongs to, so neither its text nor its time
tells who has an account. The worker looks the address up and makes the link while it sends.
"""

import secrets
from typing import Any

from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.jobs.work import Work
from quetsach_portal.people.mailing import send
from quetsach_portal.people.models import User


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Asks for the address alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        """Return the address; whether somebody has it is nobody's business here."""
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        """Ask for the mail."""
        email = str(self.cleaned_data["email"])
        with transaction.atomic():
            enqueue(
                "people.forgotten",
                key=f"people.forgotten:{secrets.token_hex(16)}",
                payload={"email": email},
            )
        return email


def mail_link(work: Work) -> None:
    """Mail the link to a new password to the account with the job's address, if there is one."""
    user = User.objects.filter(email=work.payload["email"].lower(), is_active=True).first()
    if user is None or not user.has_usable_password():
        return
    with translation.override(user.language):
        body = render_to_string(
            "people/mails/forgotten.txt",
            {"user": user, "link": settings.QUETSACH.public_url + link_for(user)},
        )
        send(
            user.email,
            _("A new password for quét sạch"),
            body,
            once=f"{work.kind}:{work.job_id}",
        )


def link_for(user: User) -> str:
    """Return the path at which `user` gives themselves a new password, once."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
