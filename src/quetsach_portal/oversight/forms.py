"""What to look for in the trail."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy


class TrailFilter(forms.Form):
    """All of it may be left out."""

    action = forms.CharField(label=_lazy("Act begins with"), required=False, max_length=60)
    actor = forms.CharField(label=_lazy("Who"), required=False, max_length=80)
    since = forms.DateField(
        label=_lazy("Since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
