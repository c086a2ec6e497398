"""The forms of certificates: the file and the desk, and why a registration ends."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.units.models import OrgUnit


class RegisterForm(forms.Form):
    """A certificate without its key, and for which desk."""

    unit = forms.ChoiceField(label=_lazy("Desk: the unit in which you sign or seal"))
    file = forms.FileField(
        label=_lazy("File of the certificate"),
        help_text=_lazy(
            "A .cer, .crt or .pem file, exported by the program of your token without its key."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".cer,.crt,.pem,.der"}),
    )

    def __init__(self, *args: Any, units: Sequence[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {str(one.pk): one for one in units}
        choices = [(key, one.name) for key, one in self._units.items()]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def chosen(self) -> OrgUnit:
        """Return the unit of the desk."""
        return self._units[self.cleaned_data["unit"]]


class EndForm(forms.Form):
    """Why a registration ends."""

    why = forms.CharField(
        label=_lazy("Why"),
        max_length=300,
        help_text=_lazy("Such as: the token was lost, the person left the desk."),
    )
