"""The forms of a re-check."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.people.models import User
from quetsach_portal.rechecks.actions import MOST_DRAWN
from quetsach_portal.rechecks.models import Answer, Subject

_AREA = forms.Textarea(attrs={"rows": 3})


class DrawForm(forms.Form):
    """Of what is drawn, and how many."""

    subject = forms.ChoiceField(
        label=_lazy("What is re-checked"), choices=Subject.choices, widget=forms.RadioSelect
    )
    size = forms.IntegerField(
        label=_lazy("How many are drawn"),
        min_value=1,
        max_value=MOST_DRAWN,
        initial=60,
        help_text=_lazy("With 60 the range is about 25 points wide, with 200 about 14."),
    )


class AnswerForm(forms.Form):
    """What was found on the spot."""

    found = forms.ChoiceField(
        label=_lazy("What was found"), choices=Answer.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_lazy("Remarks"),
        widget=_AREA,
        required=False,
        max_length=500,
        help_text=_lazy("Needed where it could not be told. No names of people."),
    )


class GiveForm(forms.Form):
    """Who looks."""

    checker = forms.ChoiceField(label=_lazy("Who looks"), required=False)

    def __init__(self, data: Any, people: list[User]) -> None:
        super().__init__(data)
        self._people = {str(one.pk): one for one in people}
        named = [(pk, str(one)) for pk, one in self._people.items()]
        self.fields["checker"].choices = [("", _lazy("Nobody yet")), *named]  # type: ignore[attr-defined]

    def person(self) -> User | None:
        """Return who was chosen."""
        return self._people.get(self.cleaned_data["checker"])


class WhyForm(forms.Form):
    """Why a sample is given up."""

    reason = forms.CharField(label=_lazy("Reason"), widget=_AREA, max_length=500)
