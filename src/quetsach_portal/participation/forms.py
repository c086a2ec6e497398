"""What somebody who takes part says; all of it may be left out."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.participation.actions import JoinAnswers


class JoinForm(forms.Form):
    """No name, no address, nothing to type."""

    checked = forms.BooleanField(label=_lazy("I have scanned my machine"), required=False)
    flagged = forms.BooleanField(label=_lazy("The scan found something"), required=False)
    cleaned = forms.BooleanField(label=_lazy("It is cleaned now"), required=False)
    ticket = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def said(self) -> JoinAnswers:
        """Return what was ticked."""
        ticked = self.cleaned_data
        return JoinAnswers(ticked["checked"], ticked["flagged"], ticked["cleaned"])
