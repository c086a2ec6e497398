"""allauth's forms as our pages show them: a label above the field, and nothing inside it.

A text inside a field goes away as soon as somebody types, and looks like a value before.
"""

import secrets
from typing import Any

from allauth.account import forms as account
from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.base import forms as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.mail import outbox
from quetsach_portal.mail.message import MailDraft, MailNotNeeded
from quetsach_portal.mail.models import MailPurpose
from quetsach_portal.people.models.account import User


def _plain(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignInForm(account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]  # no types there
    """The password of now and the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["oldpassword"].help_text = ""


class NewPasswordForm(account.ResetPasswordKeyForm):  # type: ignore[misc]  # no types there
    """A new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)


class ConfirmByPasswordForm(account.ReauthenticateForm):  # type: ignore[misc]  # no types there
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["password"].help_text = ""


class SignInCodeForm(factors.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code, at signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)

    @property
    def has_app(self) -> bool:
        """True for who has set up an app that shows codes; others have spare codes at most."""
        kind = Authenticator.Type.TOTP
        return bool(Authenticator.objects.filter(user=self.user, type=kind).exists())


class ConfirmByCodeForm(factors.ReauthenticateForm):  # type: ignore[misc]  # no types there
    """A code, before something weighty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)


class SetUpAppForm(totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of an app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


# A forgotten password: the same answer for every address, and a link by mail for a known one.


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


def mail_link(work: RunningJob) -> None:
    """Ask for the mail to the account with the job's address, if there is one; a job's handler."""
    user = User.objects.filter(email=work.payload["email"].lower()).first()
    with work.finishing():
        if user is not None and _has_password(user):
            key = f"people.forgotten:{work.job_id}"
            outbox.enqueue(MailPurpose.NEW_PASSWORD, user.pk, user.email, key=key)


def compose(user_id: int) -> MailDraft:
    """Return the mail with a link to a new password.

    Errors: MailNotNeeded when the account was switched off meanwhile.
    """
    user = User.objects.get(pk=user_id)
    if not _has_password(user):
        raise MailNotNeeded("the account has no password of its own")
    with translation.override(user.language):
        link = settings.QUETSACH.public_url + link_for(user)
        body = render_to_string("people/mails/forgotten.txt", {"user": user, "link": link})
        return MailDraft(_("A new password for quét sạch"), body, user.language)


def _has_password(user: User) -> bool:
    return user.is_active and user.has_usable_password()


def link_for(user: User) -> str:
    """Return the path at which `user` gives themselves a new password, once."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
