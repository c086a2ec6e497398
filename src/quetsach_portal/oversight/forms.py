"""What to look for in the trail."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.web.days import DayField


class TrailFilter(forms.Form):
    """All of it may be left out."""

    action = forms.CharField(label=_lazy("Act begins with"), required=False, max_length=60)
    actor = forms.CharField(label=_lazy("Who"), required=False, max_length=80)
    since = DayField(
        label=_lazy("Since"),
        required=False,
        example=False,
    )
