"""Forms about roles."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Invitation, Role
from quetsach_portal.people.roles.passwords import refuse_own_words
from quetsach_portal.web.days import DayField


class InviteForm(forms.Form):
    """Whom, to what, until when."""

    email = forms.EmailField(label=_lazy("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_lazy("Role"), widget=forms.RadioSelect)
    last_day = DayField(
        label=_lazy("Last day"),
        required=False,
        help_text=_lazy("Leave it empty for a role without an end."),
    )

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.value, role.label) for role in Role if role in set(roles)]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]

    def clean_role(self) -> Role:
        """Return the role that was chosen."""
        return Role(self.cleaned_data["role"])


class LendForm(forms.Form):
    """Which of my roles, to whom, from when until when."""

    seat = forms.TypedChoiceField(label=_lazy("Role"), coerce=int, widget=forms.RadioSelect)
    to = forms.TypedChoiceField(label=_lazy("Who acts for me"), coerce=int)
    first_day = DayField(label=_lazy("First day"))
    last_day = DayField(label=_lazy("Last day"), help_text=_lazy("At most 60 days."))

    def __init__(
        self,
        *args: Any,
        seats: Iterable[Assignment],
        people: Iterable[tuple[Any, list[User]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        own_seats, offered = list(seats), list(people)
        self.held = {one.pk: one for one in own_seats}
        self.offered = {one.pk: one for _unit, some in offered for one in some}
        self.fields["seat"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{Role(one.role).label} · {one.unit}") for one in own_seats
        ]
        self.initial.setdefault("first_day", timezone.localdate())
        if len(own_seats) == 1:
            self.initial.setdefault("seat", own_seats[0].pk)
        self.fields["to"].choices = [("", "")] + [  # type: ignore[attr-defined]
            (str(unit), [(one.pk, str(one)) for one in some]) for unit, some in offered
        ]

    def picked(self) -> dict[str, Any]:
        """Return what was chosen, as `actions.lend` takes it."""
        fields = self.cleaned_data
        return {
            "seat": self.held[fields["seat"]],
            "to": self.offered[fields["to"]],
            "first_day": fields["first_day"],
            "last_day": fields["last_day"],
        }


class AcceptForm(forms.Form):
    """Name and password of a new account; of one that exists, the password alone."""

    name = forms.CharField(
        label=_lazy("Full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_lazy("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    again = forms.CharField(
        label=_lazy("Password once more"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        if invitation.user is not None:
            del self.fields["name"]

    def clean_password(self) -> str:
        """Return the password. Errors: ValidationError when it is easily guessed (A10)."""
        password = str(self.cleaned_data["password"])
        name = str(self.cleaned_data.get("name", ""))
        user = self.invitation.user or User(email=self.invitation.email, name=name)
        validate_password(password, user)
        refuse_own_words(password, [self.invitation.unit.name, user.email, user.name])
        return password

    def clean(self) -> dict[str, Any]:
        """Return the fields. Errors: the two passwords differ."""
        fields = super().clean() or {}
        if "password" in fields and fields["password"] != fields.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return fields
