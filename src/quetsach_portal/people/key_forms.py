"""allauth's forms of security keys, with an error in words for whatever a browser sends.

What should be the answer of a key is a stranger's text; allauth lets much of it through to readers
that fall over it, as Python's own reader of JSON does over a number of 5,000 digits.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as keys
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _lazy

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

    def to_python(self, value: Any) -> Any:
        """Return the answer. Errors: ValidationError for a text that is none."""
        invalid = ValidationError(
            self.error_messages["invalid"], code="invalid", params={"value": str(value)[:80]}
        )
        if isinstance(value, str) and len(value) > MOST_CHARACTERS:
            raise invalid
        try:
            return super().to_python(value)
        except (RecursionError, ValueError) as error:
            raise invalid from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what stands in the field again: nothing, as each answer holds once."""
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
    """The answer of a key, before something weighty."""

    credential = KeyAnswerField()

    def clean_credential(self) -> Any:
        """Return the key that answered. Errors: ValidationError."""
        with _said_as_a_wrong_key():
            return super().clean_credential()


class RenameKeyForm(keys.EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """What a key is called."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _lazy("Name of the key")
