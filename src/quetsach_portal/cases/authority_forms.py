"""Forms for what an authority sends: notices, and letters that ask who used an address."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.cases.models.notice import NoticeBatch


class NoticeUploadForm(forms.Form):
    """A file of notices, or the result of a trace made at home."""

    source = forms.ChoiceField(
        label=_lazy("What is it"),
        choices=[(one.value, one.label) for one in NoticeBatch.HANDED_IN],
        widget=forms.RadioSelect,
    )
    upload = forms.FileField(
        label=_lazy("File"),
        help_text=_lazy(
            "CSV, JSON, PDF, DOCX or XLSX as it came; a trace made at home is traces.json."
        ),
    )


class DeclaredZoneForm(forms.Form):
    """The time zone of times whose zone the letter does not tell, as its sender confirms it."""

    zone = forms.ChoiceField(
        label=_lazy("Time zone of the letter’s times, where the letter does not tell it"),
        choices=[
            ("", _lazy("Not known: such rows are not looked up, and asked about")),
            ("Asia/Ho_Chi_Minh", _lazy("Vietnam (UTC+7), as the sender has confirmed")),
            ("UTC", _lazy("UTC, as the sender has confirmed")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )


class AddressRequestForm(DeclaredZoneForm):
    """A letter that asks who used public addresses of the unit."""

    upload = forms.FileField(
        label=_lazy("File"), help_text=_lazy("PDF, DOCX, text or a picture of the letter.")
    )
    field_order = ["upload", "zone"]
