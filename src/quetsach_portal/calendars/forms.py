"""The form of a calendar address."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy


class FeedForm(forms.Form):
    """What the address is for."""

    name = forms.CharField(
        label=_lazy("What it is for"),
        max_length=80,
        help_text=_lazy("Such as: calendar of the office. It helps to know which one to end."),
    )
