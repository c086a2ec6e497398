"""What the clerk gives any document that goes out: number, day, and who signs in what capacity."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.letters.models import Capacity, Urgency
from quetsach_portal.web.days import DayField


def name_field(most: int) -> forms.CharField:
    """Return the box for the signer's name, of at most so many characters."""
    return forms.CharField(
        label=_lazy("Name of the signer"),
        max_length=most,
        help_text=_lazy("Without titles and degrees."),
    )


def post_field(most: int) -> forms.CharField:
    """Return the box for the signer's post, of at most so many characters."""
    return forms.CharField(
        label=_lazy("Own post of the signer"),
        max_length=most,
        help_text=_lazy("Such as Phó Chủ tịch."),
    )


class NumberingForm(forms.Form):
    """The base of the forms that number a letter and a report: the decree asks the same of both.

    Each says by itself what its code looks like, and how long a name may be in its register.
    """

    number = forms.IntegerField(label=_lazy("Number"), min_value=1, max_value=999_999)
    code = forms.CharField()
    signed_on = DayField(label=_lazy("Day of signing"))
    signer_name = name_field(120)
    signer_post = post_field(120)
    capacity = forms.ChoiceField(label=_lazy("Signs"), choices=Capacity.choices, required=False)
    capacity_of = forms.CharField(
        label=_lazy("Signs for whom"),
        max_length=120,
        required=False,
        help_text=_lazy("What stands after TM., KT., TL. or TUQ., such as Chủ tịch."),
    )
    on_behalf_of = forms.CharField(
        label=_lazy("TM. line above it"),
        max_length=120,
        required=False,
        help_text=_lazy("Where a deputy signs for a body that decides together: its name."),
    )
    urgency = forms.ChoiceField(
        label=_lazy("Stamp of urgency"),
        choices=Urgency.choices,
        required=False,
        help_text=_lazy("Only where the signer has decided it; it stands below number and code."),
    )
    contact = forms.CharField(
        label=_lazy("Address at the foot of page 1"),
        max_length=70,
        required=False,
        help_text=_lazy(
            "Address, e-mail or telephone of the body, on one line of up to 70 characters."
        ),
    )
    repeat_is_meant = forms.BooleanField(
        label=_lazy("This number and code may repeat; I have looked it up."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            # It is asked only after a warning.
            del self.fields["repeat_is_meant"]

    def clean(self) -> dict[str, Any]:
        """Ask for whom somebody signs, where the capacity says that there is one."""
        data = super().clean() or {}
        if data.get("capacity") and not data.get("capacity_of"):
            self.add_error("capacity_of", _lazy("Say for whom."))
        return data

    def typed(self) -> dict[str, Any]:
        """Return what was typed, the code in capitals; call it on a valid form."""
        data = dict(self.cleaned_data)
        data.pop("repeat_is_meant")
        data["code"] = data["code"].strip().upper()
        return data
