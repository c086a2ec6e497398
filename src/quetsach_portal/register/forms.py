"""Forms of the register's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.register.geojson import MOST_BYTES as MOST_SHAPE_BYTES
from quetsach_portal.units.areas.read import YEARS, areas
from quetsach_portal.units.models import DeskRole
from quetsach_portal.units.register_file.cells import mail_of, phone_of, text_of
from quetsach_portal.units.register_file.read import MOST_BYTES
from quetsach_portal.units.unit_fields import UnitField
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
        cleaned = super().clean() or self.cleaned_data
        year, area = cleaned.get("year"), cleaned.get("area")
        if year in YEARS and area is not None and area not in areas(year):
            self.add_error("area", _("This tree has no area with this code."))
        return cleaned


class ShapesForm(forms.Form):
    """A file of outlines, and whose they are."""

    file = forms.FileField(
        label=_lazy("GeoJSON file"),
        help_text=_lazy(
            "Polygons in degrees of WGS 84, at most 20 MB; the property “code” of each has the "
            "code of the unit or of its area."
        ),
    )
    valid_from = DayField(label=_lazy("The boundaries hold from"))
    source = forms.CharField(
        label=_lazy("Source"),
        max_length=200,
        help_text=_lazy("Written beside the map, for example: © OpenStreetMap contributors."),
    )
    licence = forms.CharField(
        label=_lazy("Licence, or by whose permission"),
        max_length=120,
        help_text=_lazy("For example: ODbL 1.0; or the letter that allows the use."),
    )

    def clean_file(self) -> Any:
        """Return the file, if it is not too large."""
        file = self.cleaned_data["file"]
        if file.size > MOST_SHAPE_BYTES:
            raise forms.ValidationError(_("The file is larger than %(most)s MB.") % {"most": 20})
        return file


class ContactForm(forms.Form):
    """Where a unit is reached."""

    role = forms.ChoiceField(label=_lazy("Task"), choices=DeskRole.choices)
    person = forms.CharField(label=_lazy("Contact person"), max_length=120, required=False)
    mail = forms.CharField(label=_lazy("E-mail address"), max_length=254, required=False)
    phone = forms.CharField(label=_lazy("Telephone"), max_length=30, required=False)

    def clean_person(self) -> str:
        """Return the name on one line."""
        text, flaw = text_of(self.cleaned_data["person"], 120)
        if flaw is not None:
            raise forms.ValidationError(_("Enter the name as plain text."))
        return text

    def clean_mail(self) -> str:
        """Return the address in lower case."""
        written = self.cleaned_data["mail"].strip()
        if written and mail_of(written) is None:
            raise forms.ValidationError(_("Enter one address, for example vanthu@donvi.example."))
        return mail_of(written) or ""

    def clean_phone(self) -> str:
        """Return the number."""
        written = self.cleaned_data["phone"].strip()
        if written and phone_of(written) is None:
            raise forms.ValidationError(_("Enter one number of 8 to 15 digits."))
        return phone_of(written) or ""


class DesksForm(forms.Form):
    """The units that work for this one; empty for the unit itself."""

    compiler = UnitField(label=_lazy("Compiles the report"), required=False)
    receiver = UnitField(label=_lazy("Receives letters"), required=False)
    signer = UnitField(label=_lazy("Signs documents"), required=False)
    clerk = UnitField(label=_lazy("Numbers and sends (clerk)"), required=False)


class HeadcountForm(forms.Form):
    """How many people work in a unit."""

    staff_count = forms.IntegerField(
        label=_lazy("Officials and staff"), min_value=0, max_value=1_000_000
    )
    as_of = DayField(label=_lazy("As of"))
    source_doc = forms.CharField(label=_lazy("Source document"), max_length=200, required=False)


class EventDecisionForm(forms.Form):
    """A word with a decision."""

    note = forms.CharField(
        label=_lazy("Remark on the decision"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_lazy("Required when you refuse."),
    )


MOST = 40


def numbers(text: str) -> list[int]:
    """Return the whole numbers in "1,34,2"; other parts are ignored."""
    parts = text[:800].split(",")[:MOST]
    return [int(one) for one in parts if one.isascii() and one.isdigit() and len(one) < 12]
