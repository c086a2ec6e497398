"""What to look for in the trail."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.oversight.acts import AREAS
from quetsach_portal.web.days import DayField


class TrailFilter(forms.Form):
    """All of it may be left out."""

    action = forms.ChoiceField(label=_lazy("Act"), required=False)
    actor = forms.CharField(label=_lazy("Who"), required=False, max_length=80)
    since = DayField(
        label=_lazy("Since"),
        required=False,
        example=False,
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.fields["action"].choices = list(_acts())  # type: ignore[attr-defined]  # a ChoiceField


def _acts() -> Iterator[tuple[str, Any]]:
    """Return all acts by area, and each area as a whole."""
    yield "", _("All acts")
    for number, (area, acts) in enumerate(AREAS):
        every = (f"area-{number}", _("%(area)s: all") % {"area": area})
        yield str(area), [every, *((act, str(word)) for act, word in acts.items())]
