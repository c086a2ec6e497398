"""What a token is for, and until when."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.api.models import TokenScope
from quetsach_portal.web.days import DayField


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=_lazy("Which program will use it?"),
        help_text=_lazy("A firewall, a resolver, a script: so that you know it again."),
        max_length=80,
    )
    scopes = forms.MultipleChoiceField(
        label=_lazy("What may it do?"),
        choices=TokenScope.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = DayField(
        label=_lazy("Until which day?"),
        help_text=_lazy("At most a year; on that day it no longer works."),
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.initial.setdefault("expires_on", timezone.localdate() + timedelta(days=180))
