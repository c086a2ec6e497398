"""A form with a file chooser, which also takes uploads in parts."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.files.actions import Given
from quetsach_portal.files.kinds import RULES, Rules, size_text
from quetsach_portal.files.permits import permit_for
from quetsach_portal.files.refusal import FileRefused, Problem
from quetsach_portal.people.models import User


class FileForm(forms.Form):
    """One file for one purpose; an app's own form inherits from this and adds its fields.

    Shapes: `given()` is what `files.actions.accept_upload` takes.
    """

    file = forms.FileField(required=False, widget=forms.FileInput)
    upload = forms.UUIDField(required=False, widget=forms.HiddenInput)
    must_bring_file = True

    def __init__(self, *args: Any, purpose: str, owner_path: str, user: User, **named: Any) -> None:
        super().__init__(*args, **named)
        rules = RULES[purpose]
        self.fields["file"].label = _("File")
        self.fields["file"].help_text = hint(rules)
        self.fields["file"].widget.attrs |= {
            "data-upload-to": reverse("files:begin"),
            "data-upload-permit": permit_for(user, purpose=purpose, owner_path=owner_path),
            "data-upload-said": _("%(percent)s %% uploaded") % {"percent": "%p"},
            "data-upload-waits": _("The line was lost. Trying again …"),
        }
        if rules.exact:
            self.fields["file"].widget.attrs["accept"] = ",".join(rules.endings())

    def clean(self) -> dict[str, Any]:
        """Return the cleaned fields. Errors: P130 when neither a file nor an upload came."""
        cleaned = super().clean() or {}
        nothing = cleaned.get("file") is None and cleaned.get("upload") is None
        if self.must_bring_file and nothing and not self.errors:
            self.add_error("file", FileRefused("P130").told)
        return cleaned

    def given(self) -> Given:
        """Return what came: a file in one piece or an upload in parts."""
        return Given(self.cleaned_data.get("file"), self.cleaned_data.get("upload"))


def hint(rules: Rules) -> str:
    """Return which files are taken, for the person who chooses one."""
    return Problem(
        "P145", "", {"kinds": rules.titles(), "limit": size_text(rules.max_bytes)}
    ).what()
