"""Forms for the public page."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.publishing.tools.queries import flaw_of, flaw_of_host

_LOCAL = re.compile(r"https?://(127\.0\.0\.1|localhost)(:\d{1,5})?(/[!-~]*)?")
_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost"})
"""An address of the local machine, for trying the page out."""
MOST_DOMAINS = 30
MOST_CARRIERS = 12


class PageForm(forms.Form):
    """The fields of the public page."""

    title = forms.CharField(label=_lazy("Name of the campaign on the page"), max_length=200)
    office = forms.CharField(label=_lazy("Who is responsible for the page"), max_length=200)
    phone = forms.CharField(
        label=_lazy("Phone for questions"),
        max_length=40,
        required=False,
        help_text=_lazy("Public: use an office number, not a personal number."),
    )
    address = forms.CharField(
        label=_lazy("Address of the public page"),
        max_length=200,
        required=False,
        help_text=_lazy(
            "As https://host. Printed codes lead there; if empty, they lead to this portal."
        ),
    )
    domains = forms.CharField(
        label=_lazy("Official addresses"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_lazy("One host name per line, as shown in the browser."),
    )
    documents = forms.CharField(
        label=_lazy("Page on which a document's code is checked"),
        max_length=200,
        required=False,
        help_text=_lazy(
            "The address of the page followed by /check, for example "
            "https://quetsach.example/check. If empty, QR codes of reports lead to this portal."
        ),
    )
    amnesty = forms.CharField(
        label=_lazy("Amnesty notice for people who report cracked software"),
        max_length=200,
        required=False,
        help_text=_lazy(
            "Its number, date and office. Without it the page, the leaflet, the slides and the "
            "loudspeaker text promise nothing."
        ),
    )
    carriers = forms.CharField(
        label=_lazy("Carriers that answer slips"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_lazy(
            "One per line: name, then the address of its answer page. Visitors behind a shared "
            "address are offered these pages; a second owner must agree."
        ),
    )
    days_valid = forms.IntegerField(
        label=_lazy("Days for which the list of addresses is valid"),
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
        return _checked(text) if text else ""

    def clean_domains(self) -> list[str]:
        """Return the host names, each once."""
        lines = [line.strip().lower().rstrip(".") for line in self.cleaned_data["domains"].split()]
        hosts = list(dict.fromkeys(line for line in lines if line))
        for host in hosts:
            if "/" in host or ":" in host:
                text = _(
                    "“%(host)s” is not a host name. Enter it without https:// and without a slash."
                )
                raise forms.ValidationError(text % {"host": host[:80]})
            flaw = "" if host in _LOCAL_HOSTS else flaw_of_host(host)
            if flaw:
                raise forms.ValidationError(f"“{host[:80]}”: {flaw}")
        if len(hosts) > MOST_DOMAINS:
            raise forms.ValidationError(_("At most %(most)s addresses.") % {"most": MOST_DOMAINS})
        return hosts

    def clean_carriers(self) -> list[list[str]]:
        """Return [name, address] of each carrier."""
        rows = []
        for line in self.cleaned_data["carriers"].splitlines():
            name, comma, address = (part.strip() for part in line.rpartition(","))
            if not comma and not address:
                continue
            if not name or "?" in address or "#" in address:
                text = _("“%(line)s”: enter the name, a comma, and an address without ? and #.")
                raise forms.ValidationError(text % {"line": line.strip()[:80]})
            rows.append([name[:60], _checked(address)])
        if len(rows) > MOST_CARRIERS:
            raise forms.ValidationError(_("At most %(most)s carriers.") % {"most": MOST_CARRIERS})
        return rows

    def clean(self) -> dict[str, Any]:
        """Return the cleaned fields; no text has signs that hide, or that the pages fill in."""
        cleaned = super().clean() or {}
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and not value.isprintable():
                self.add_error(name, _("The text contains characters that cannot be displayed."))
            elif isinstance(value, str) and "@@" in value:
                self.add_error(
                    name, _("The text contains “@@”, which is reserved for the page's program.")
                )
        return cleaned

    def page_fields(self) -> dict[str, Any]:
        """Return the fields of the page."""
        return dict(self.cleaned_data)


def _origin(text: str) -> str:
    text = text.strip().rstrip("/")
    if not text:
        return ""
    text = _checked(text)
    parts = urlsplit(text)
    if text != f"{parts.scheme}://{parts.netloc}":
        raise forms.ValidationError(_("Enter the address as https://host, without a path."))
    return text.lower()


def _checked(text: str) -> str:
    """Return an address that may be named, or one of this very machine."""
    flaw = "" if _LOCAL.fullmatch(text) else flaw_of(text, with_port=True)
    if flaw:
        raise forms.ValidationError(flaw)
    return text


class ClosePageForm(forms.Form):
    """Why the page is taken down."""

    reason = forms.CharField(
        label=_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )
