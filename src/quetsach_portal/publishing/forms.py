"""The forms around the public page."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

_HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_LOCAL = frozenset({"127.0.0.1", "localhost"})
MOST_DOMAINS = 30


class PageForm(forms.Form):
    """What the public page says of the campaign."""

    title = forms.CharField(label=_lazy("Name of the campaign on the page"), max_length=200)
    office = forms.CharField(label=_lazy("Who is responsible for the page"), max_length=200)
    phone = forms.CharField(
        label=_lazy("Phone for questions"),
        max_length=40,
        required=False,
        help_text=_lazy("Everybody reads it: an office's number, no person's."),
    )
    address = forms.CharField(
        label=_lazy("Address of the public page"),
        max_length=200,
        required=False,
        help_text=_lazy(
            "As https://host. Printed codes lead there; without it they lead to this portal."
        ),
    )
    domains = forms.CharField(
        label=_lazy("Official addresses"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_lazy("One host name a line, as people see it in their browser."),
    )
    documents = forms.CharField(
        label=_lazy("Page on which a document's code is checked"),
        max_length=200,
        required=False,
    )
    days_valid = forms.IntegerField(
        label=_lazy("Days after which the list of addresses is too old to answer"),
        min_value=1,
        max_value=60,
        initial=7,
    )

    def clean_address(self) -> str:
        """Return the address without a slash at its end."""
        return _origin(self.cleaned_data["address"])

    def clean_documents(self) -> str:
        """Return an address on the web, or none."""
        text: str = self.cleaned_data["documents"].strip()
        if text and not text.startswith("https://") and urlsplit(text).hostname not in _LOCAL:
            raise forms.ValidationError(_("The address must begin with https://."))
        return text

    def clean_domains(self) -> list[str]:
        """Return the host names, each once."""
        lines = [line.strip().lower().rstrip(".") for line in self.cleaned_data["domains"].split()]
        hosts = list(dict.fromkeys(line for line in lines if line))
        wrong = [host for host in hosts if not _HOST.fullmatch(host)]
        if wrong:
            text = _("“%(host)s” is no host name. Write it without https:// and without a slash.")
            raise forms.ValidationError(text % {"host": wrong[0][:80]})
        if len(hosts) > MOST_DOMAINS:
            raise forms.ValidationError(_("At most %(most)s addresses.") % {"most": MOST_DOMAINS})
        return hosts

    def said(self) -> dict[str, Any]:
        """Return the fields of the page."""
        return dict(self.cleaned_data)


def _origin(text: str) -> str:
    text = text.strip().rstrip("/")
    if not text:
        return ""
    parts = urlsplit(text)
    is_ours = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
    if not is_ours or not parts.hostname or parts.path or parts.query or parts.username:
        raise forms.ValidationError(_("Write the address as https://host, without a path."))
    return text
