"""A form with a field for one unit and one for several."""

from django import forms

from quetsach_portal.units.unit_fields import UnitField, UnitsField


class Form(forms.Form):
    """One unit and several."""

    one = UnitField(required=False)
    many = UnitsField(required=False)
