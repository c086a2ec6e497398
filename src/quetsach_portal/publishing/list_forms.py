"""The form for a list of the public page."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.files.forms import FileForm
from quetsach_portal.publishing.models import ListKind

_ABOUT = {
    ListKind.LISTED: _lazy(
        "Addresses at which malware was seen: a notice of the authority, or a CSV file with the "
        "columns time, address and malware (timestamp, ip, infection)."
    ),
    ListKind.RANGES: _lazy(
        "The file of the registry (delegated-apnic-latest), of which the rows of the country are "
        "taken; or a CSV file with a network a line."
    ),
    ListKind.SHARED: _lazy(
        "A CSV file: network, then why many share it (carrier's translation, mobile network, VPN). "
        "Who comes from there is told that it cannot be told."
    ),
}


class ListForm(FileForm):
    """A file, what it is called, and of a registry's file which country."""

    name = forms.CharField(label=_lazy("What the list is called"), max_length=120, required=False)
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_lazy("Country (two letters)"),
        initial="VN",
        required=False,
        widget=forms.TextInput(attrs={"size": 4}),
    )

    def __init__(self, *args: Any, kind: ListKind, **named: Any) -> None:
        super().__init__(*args, **named)
        self.about = _ABOUT[kind]
        if kind is not ListKind.RANGES:
            del self.fields["country"]

    def clean(self) -> dict[str, Any]:
        """Return the cleaned fields; a registry's file needs its country."""
        cleaned = super().clean()
        if "country" in self.fields and not self.errors and not cleaned.get("country"):
            self.add_error("country", _("Write the country, such as VN."))
        return cleaned
