"""The two ways to ask: the code on the paper, or the file."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.reports.proof.codes import code_in


class CodeForm(forms.Form):
    """The 16 characters at the foot of each page."""

    code = forms.CharField(
        label=_lazy("Code at the foot of each page"),
        max_length=40,
        help_text=_lazy("16 characters, 0 to 9 and a to f, such as 0123 4567 89ab cdef."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )

    def clean_code(self) -> str:
        """Return the code as it is kept."""
        code = code_in(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(_("A code has 16 characters, 0 to 9 and a to f."))
        return code


class FileForm(forms.Form):
    """A PDF to be held against what was issued."""

    file = forms.FileField(
        label=_lazy("PDF"),
        help_text=_lazy("At most 1 MB without signing in. It is compared, and not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}),
    )
