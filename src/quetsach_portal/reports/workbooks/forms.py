"""The form by which a filled workbook comes back."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy


class WorkbookForm(forms.Form):
    """A filled workbook."""

    file = forms.FileField(
        label=_lazy("Filled workbook"),
        help_text=_lazy(
            "The XLSX file that you downloaded here. Nothing is saved before you have looked at it."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )
