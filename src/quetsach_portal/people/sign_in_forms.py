"""allauth's forms as our pages show them: a label above the field, and nothing inside it.

A text inside a field goes away as soon as somebody types, and looks like a value before.
"""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from django import forms


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


class CodeForm(factors.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
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
