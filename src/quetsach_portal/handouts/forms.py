"""Which material, in which language, for whom."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.handouts.kinds import LANGUAGE_NAMES, Kind, name_of
from quetsach_portal.participation.models import JoinKind


class PullForm(forms.Form):
    """All three have a good first choice."""

    kind = forms.ChoiceField(label=_lazy("Material"))
    language = forms.ChoiceField(
        label=_lazy("Language"),
        choices=list(LANGUAGE_NAMES.items()),
        widget=forms.RadioSelect,
        initial="vi",
        help_text=_lazy("The Khmer texts wait for a native reader, and say so on each sheet."),
    )
    audience = forms.ChoiceField(
        label=_lazy("Whom its QR code counts"),
        choices=JoinKind.choices,
        widget=forms.RadioSelect,
        initial=JoinKind.PUBLIC,
        help_text=_lazy("Staff for the office's own wall; residents for everywhere else."),
    )

    def __init__(self, *args: object, **named: object) -> None:
        """Name the kinds in the reader's language."""
        super().__init__(*args, **named)  # type: ignore[arg-type]  # Django's own arguments
        shown_in = shown_language()
        self.fields["kind"].choices = [(kind, name_of(kind, shown_in)) for kind in Kind]  # type: ignore[attr-defined]

    def said(self) -> tuple[Kind, str, JoinKind]:
        """Return what was chosen."""
        chosen = self.cleaned_data
        return Kind(chosen["kind"]), chosen["language"], JoinKind(chosen["audience"])


def shown_language() -> str:
    """Return the language in which this page names things."""
    return "en" if get_language() == "en" else "vi"
