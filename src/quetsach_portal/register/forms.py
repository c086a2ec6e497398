"""Forms of the register's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.units.areas.read import YEARS, areas
from quetsach_portal.units.models import DeskRole, Line, UnitKind
from quetsach_portal.units.register_file.cells import mail_of, phone_of, text_of
from quetsach_portal.units.register_file.read import MOST_BYTES
from quetsach_portal.web.days import DayField


class UploadForm(forms.Form):
    """A register file."""

    file = forms.FileField(
        label=_lazy("Register file"), help_text=_lazy("XLSX, ODS, XLS or CSV, at most 10 MB.")
    )

    def clean_file(self) -> Any:
        """Return the file, if it is not too large."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB."))
        return file


class AreasForm(forms.Form):
    """A part of the national tree of areas."""

    year = forms.TypedChoiceField(
        label=_lazy("Tree of"),
        coerce=int,
        choices=[(year, str(year)) for year in YEARS],
        widget=forms.RadioSelect,
    )
    area = forms.CharField(
        label=_lazy("Area code"),
        max_length=5,
        help_text=_lazy("2 digits for a province, 3 for a district of 2022, 5 for a commune."),
    )
    itself = forms.BooleanField(
        label=_lazy("The area itself is my unit: load only what lies below it"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Return the fields, if the area is in the tree of that year."""
        found = super().clean() or self.cleaned_data
        year, area = found.get("year"), found.get("area")
        if year in YEARS and area is not None and area not in areas(year):
            self.add_error("area", _("This tree has no area with this code."))
        return found


class ContactForm(forms.Form):
    """Where a unit is reached."""

    role = forms.ChoiceField(label=_lazy("For what"), choices=DeskRole.choices)
    person = forms.CharField(label=_lazy("Contact person"), max_length=120, required=False)
    mail = forms.CharField(label=_lazy("E-mail address"), max_length=254, required=False)
    phone = forms.CharField(label=_lazy("Telephone"), max_length=30, required=False)

    def clean_person(self) -> str:
        """Return the name on one line."""
        text, flaw = text_of(self.cleaned_data["person"], 120)
        if flaw is not None:
            raise forms.ValidationError(_("Write the name as plain text."))
        return text

    def clean_mail(self) -> str:
        """Return the address in lower case."""
        written = self.cleaned_data["mail"].strip()
        if written and mail_of(written) is None:
            raise forms.ValidationError(_("Write one address, like vanthu@donvi.example."))
        return mail_of(written) or ""

    def clean_phone(self) -> str:
        """Return the number."""
        written = self.cleaned_data["phone"].strip()
        if written and phone_of(written) is None:
            raise forms.ValidationError(_("Write one number of 8 to 15 digits."))
        return phone_of(written) or ""


class DesksForm(forms.Form):
    """Codes of the units that work for this one; empty for the unit itself."""

    compiler = forms.CharField(label=_lazy("Compiles the report"), max_length=40, required=False)
    receiver = forms.CharField(label=_lazy("Receives letters"), max_length=40, required=False)
    signer = forms.CharField(label=_lazy("Signs documents"), max_length=40, required=False)
    clerk = forms.CharField(label=_lazy("Numbers and sends (clerk)"), max_length=40, required=False)


class HeadcountForm(forms.Form):
    """How many people work in a unit."""

    staff_count = forms.IntegerField(
        label=_lazy("Officials and staff"), min_value=0, max_value=1_000_000
    )
    as_of = DayField(label=_lazy("As of"))
    source_doc = forms.CharField(label=_lazy("By which document"), max_length=200, required=False)


class EventForm(forms.Form):
    """What all events of the tree ask; the forms of the kinds add to it."""

    effective_on = DayField(
        label=_lazy("Takes effect on"),
    )
    legal_doc = forms.CharField(
        label=_lazy("Legal document"),
        max_length=255,
        help_text=_lazy("Number, code and issuer, for example Nghị quyết số 1687/NQ-UBTVQH15."),
    )


class UnitsForm(EventForm):
    """An event of some units."""

    units = forms.CharField(
        label=_lazy("Codes of the units"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=200_000,
        help_text=_lazy("One code a line."),
    )

    field_order = ("units",)


class RenameForm(UnitsForm):
    """A new name."""

    name = forms.CharField(label=_lazy("New name"), max_length=255)
    short_name = forms.CharField(label=_lazy("Short name"), max_length=120, required=False)
    doc_code = forms.CharField(
        label=_lazy("Code in document numbers"), max_length=40, required=False
    )


class MoveForm(UnitsForm):
    """A new parent."""

    parent = forms.CharField(label=_lazy("Code of the new parent"), max_length=40)
    line = forms.ChoiceField(label=_lazy("On which line"), choices=Line.choices)
    at_once = forms.BooleanField(
        label=_lazy("Also in the phase that runs (otherwise from the next one on)"),
        required=False,
    )


class MergeForm(EventForm):
    """One merge a line."""

    merges = forms.CharField(
        label=_lazy("Merges, one a line"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        max_length=400_000,
        help_text=_lazy(
            "TC01 + TC14 + TC16 = X29461; Ủy ban nhân dân xã Trà Cú; xã. "
            "Behind = stands a unit that exists, or code; name; kind of a new one."
        ),
    )

    field_order = ("merges",)


class SplitForm(UnitsForm):
    """New units, and where the children go."""

    parts = forms.CharField(
        label=_lazy("New units, one a line"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
        help_text=_lazy("Code; name; kind; head count."),
    )
    allot = forms.CharField(
        label=_lazy("Units below, one a line"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=100_000,
        required=False,
        help_text=_lazy("Code of the unit = code of the new unit above it."),
    )


class CloseForm(UnitsForm):
    """Units that nothing continues."""

    final_report = forms.BooleanField(
        label=_lazy("The units still owe the report of the phase that runs"), required=False
    )


class AbolishForm(UnitsForm):
    """A level that ends."""

    heirs = forms.CharField(
        label=_lazy("Other parents, one a line"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=400_000,
        required=False,
        help_text=_lazy(
            "Code of the unit below = code of its new parent. "
            "Units that are not named go to the unit above the one that ends."
        ),
    )
    at_once = forms.BooleanField(
        label=_lazy("Also in the phase that runs (otherwise from the next one on)"),
        required=False,
    )


class OpenForm(EventForm):
    """A new unit."""

    parent = forms.CharField(label=_lazy("Code of the parent"), max_length=40)
    code = forms.CharField(label=_lazy("Code"), max_length=40)
    name = forms.CharField(label=_lazy("Name of the unit"), max_length=255)
    kind = forms.ChoiceField(label=_lazy("Kind"), choices=UnitKind.choices)
    line = forms.ChoiceField(label=_lazy("On which line"), choices=Line.choices)
    staff = forms.IntegerField(
        label=_lazy("Officials and staff"), min_value=0, max_value=1_000_000, required=False
    )


FORMS: dict[str, type[EventForm]] = {
    "rename": RenameForm,
    "move": MoveForm,
    "merge": MergeForm,
    "split": SplitForm,
    "close": CloseForm,
    "abolish": AbolishForm,
    "open": OpenForm,
}


class DecisionForm(forms.Form):
    """A word with a decision."""

    note = forms.CharField(
        label=_lazy("Remark on the decision"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_lazy("Needed when you refuse."),
    )
