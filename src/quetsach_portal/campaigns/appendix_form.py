"""The form in which a campaign chooses its report form."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.chosen_form import (
    MOST_BYTES,
    OWN,
    ChosenForm,
    block_choices,
    brought,
    chosen,
)
from quetsach_portal.campaigns.forms import form_choices, set_choices
from quetsach_portal.web.problems import Refused


class AppendixForm(forms.Form):
    """Which report form: a shipped one, which blocks of it, or one of the office's own."""

    form_code = forms.ChoiceField(label=_lazy("Report form (appendix)"))
    blocks = forms.MultipleChoiceField(
        label=_lazy("Blocks of the extended form"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("Only for the extended form: units are asked what is ticked here."),
    )
    own = forms.FileField(
        label=_lazy("A form of your own"),
        required=False,
        help_text=_lazy("A .toml or .json file of at most 256 KB, as docs/forms.md tells."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = (OWN, _("A form of your own (file below)"))
        set_choices(self.fields["form_code"], [*form_choices(), own])
        set_choices(self.fields["blocks"], block_choices())

    def chosen(self) -> ChosenForm:
        """Return what was chosen. Errors: Refused."""
        code, file = self.cleaned_data["form_code"], self.cleaned_data["own"]
        if code == OWN:
            if file is None:
                raise Refused(_("Choose the file of your form."), field="own")
            return brought(file.read(MOST_BYTES + 1), file.name)
        ticked = [one.partition(":") for one in self.cleaned_data["blocks"]]
        return chosen(code, [block for form, _colon, block in ticked if form == code])
