"""The form by which many filled workbooks come back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.fields import FilesField


class WorkbooksForm(forms.Form):
    """Filled workbooks, or one ZIP file of them."""

    workbooks = FilesField(
        label=_lazy("Filled workbooks"),
        help_text=_lazy(
            "Up to 40 XLSX files that were downloaded here, or one ZIP file of them. Nothing is "
            "saved before you have looked at it, and nothing is handed in by itself."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workbooks"].widget.attrs["accept"] = ".xlsx,.zip"
