"""allauth's forms as our pages show them: a label above the field, and nothing inside it.

A text inside a field goes away as soon as somebody types, and looks like a value before.
"""

import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as keys
from cryptography.exceptions import InvalidSignature
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.mail import outbox
from quetsach_portal.mail.message import MailDraft, MailNotNeeded
from quetsach_portal.mail.models import MailPurpose
from quetsach_portal.people import login_delay
from quetsach_portal.people.directory.accounts import proof_by_directory, signs_in_there_alone
from quetsach_portal.people.models.account import User
from quetsach_portal.people.sessions import renew_number
from quetsach_portal.people.sign_in_trail import note_failure


class _Plain:
    """A form of allauth whose fields have no placeholder."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_Plain, account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    @property
    def directory_name(self) -> str:
        """Return the name of the directory at which one may sign in instead; "" for none."""
        directory = settings.QUETSACH.directory
        return "" if directory is None else str(directory.name)


class ChangePasswordForm(_Plain, account.ChangePasswordForm):  # type: ignore[misc]  # no types there
    """The password of now and the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class NewPasswordForm(_Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]  # no types there
    """A new password."""


class ConfirmByPasswordForm(_Plain, account.ReauthenticateForm):  # type: ignore[misc]  # no types there
    """The password once more: that of the directory, for who signed in there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        directory = settings.QUETSACH.directory
        hint = ""
        if directory is not None and proof_by_directory(context.request, self.user) is not None:
            hint = _("Your password at %(name)s.") % {"name": directory.name}
        self.fields["password"].help_text = hint


class _CountedCode:
    """A form with a code: tries are counted in the database, and no code is taken twice."""

    user: User
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """Return the code. Errors: ValidationError for a wrong one, a used one and one too soon."""
        key = login_delay.factor_key(self.user.pk)
        if not login_delay.take_try(key):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        try:
            code = str(super().clean_code())  # type: ignore[misc]  # of the form beside this
            used = login_delay.factor_key(self.user.pk, "".join(code.split()))
            if not login_delay.take_once(used):
                raise get_adapter().validation_error("incorrect_code")
        except ValidationError:
            slowed = login_delay.begins_to_wait(key)
            note_failure(self.user.email, "mfa", is_slowed=slowed)
            raise
        login_delay.forgive(key)
        return code


class SignInCodeForm(_CountedCode, _Plain, factors.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code, at signing in."""

    @property
    def has_app(self) -> bool:
        """True if the person has set up an authenticator app; others have at most spare codes."""
        kind = Authenticator.Type.TOTP
        return bool(Authenticator.objects.filter(user=self.user, type=kind).exists())


class ConfirmByCodeForm(_CountedCode, _Plain, factors.ReauthenticateForm):  # type: ignore[misc]  # no types there
    """A code, before a sensitive act."""

    def save(self) -> None:
        """Note the proof; the session has another number then."""
        super().save()
        renew_number(context.request)


class SetUpAppForm(_Plain, totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of an app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


# The answer of a key is a stranger's text. allauth passes much of it on to readers
# that fail on it, as Python's JSON reader does on a number of 5,000 digits.

MOST_CHARACTERS = 20_000
"""The longest answers of keys, with an attestation and its certificates, take some 6,000."""

_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    InvalidSignature,
    LookupError,
    TypeError,
    ValueError,
    struct.error,
)


class KeyAnswerField(forms.JSONField):
    """What a security key answered, as the browser writes it."""

    def __init__(self) -> None:
        super().__init__(label=_lazy("Security key"), widget=forms.HiddenInput)

    def to_python(self, answer: Any) -> Any:
        """Return the answer. Errors: ValidationError for a text that is none."""
        invalid = ValidationError(
            self.error_messages["invalid"], code="invalid", params={"value": str(answer)[:80]}
        )
        if isinstance(answer, str) and len(answer) > MOST_CHARACTERS:
            raise invalid
        try:
            return super().to_python(answer)
        except (RecursionError, ValueError) as error:
            raise invalid from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return "": each answer is valid once and is not shown again."""
        return ""


@contextmanager
def _said_as_a_wrong_key() -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise get_adapter().validation_error("incorrect_code") from error


class AddKeyForm(keys.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """What a key is called."""

    credential = KeyAnswerField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _lazy("Name of the key")

    def clean(self) -> Any:
        """Return the fields, with the key that answered. Errors: ValidationError."""
        with _said_as_a_wrong_key():
            return super().clean()


class UseKeyForm(keys.AuthenticateWebAuthnForm):  # type: ignore[misc]  # no types there
    """The answer of a key, at signing in."""

    credential = KeyAnswerField()

    def clean_credential(self) -> Any:
        """Return the key that answered. Errors: ValidationError."""
        with _said_as_a_wrong_key():
            return super().clean_credential()


class ConfirmByKeyForm(keys.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # no types there
    """The answer of a key, before a sensitive act."""

    credential = KeyAnswerField()

    def save(self) -> None:
        """Note the proof; the session has another number then."""
        super().save()
        renew_number(context.request)

    def clean_credential(self) -> Any:
        """Return the key that answered. Errors: ValidationError."""
        with _said_as_a_wrong_key():
            return super().clean_credential()


class RenameKeyForm(keys.EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """What a key is called."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _lazy("Name of the key")


# A forgotten password: the same answer for every address, and a link by mail for a known one.


class ForgottenPasswordForm(_Plain, ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Asks for the address alone."""

    def clean_email(self) -> str:
        """Return the address; the form does not reveal whether an account has it."""
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        """Ask for the mail."""
        email = str(self.cleaned_data["email"])
        if not login_delay.take_try(login_delay.reset_key(email)):
            return email
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
    has_one = user.is_active and user.has_usable_password()
    return has_one and not signs_in_there_alone(user)


def link_for(user: User) -> str:
    """Return the path at which `user` gives themselves a new password, once."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
