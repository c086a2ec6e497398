"""Forms about one's own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.people.models import User


class ProfileForm(forms.Form):
    """Name and language."""

    name = forms.CharField(
        label=_lazy("Full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_lazy("Language"), choices=settings.LANGUAGES)


def initial_of(user: User) -> dict[str, Any]:
    """Return what stands in the profile of `user` now."""
    return {"name": user.name, "language": user.language}
