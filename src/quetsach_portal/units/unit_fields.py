"""Form fields that choose units by a part of the name or by code.

Without script the form comes back with a list to choose from; `unit-picker.js` offers the same list
while a person types. The field always has text: "Ủy ban nhân dân xã Hai (TC02)".
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.units.models import OrgUnit
from quetsach_portal.units.searching import MOST_ASKED, UnitSearchResult, answers, label_of

_LINES = re.compile(r"[\n;]+")
_BLANKS = re.compile(r"[\s,]+")


class _Picker:
    """What the box of one unit and that of several share."""

    look_up = ""
    asked: Sequence[UnitSearchResult] = ()

    class Media:
        """The list under the box."""

        css = {"all": ["units/unit-picker.css"]}
        js = [Script("units/unit-picker.js", defer=True)]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)  # type: ignore[misc]
        context["widget"].update(look_up=self.look_up, asked=self.asked)
        return context

    def value_from_datadict(self, submitted: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return what was written, with the unit that was chosen from a list in its place."""
        written = submitted.get(name)
        if not isinstance(written, str):
            return written
        chosen = {
            submitted.get(f"{name}-for-{number}", ""): submitted.get(f"{name}-pick-{number}", "")
            for number in range(1, MOST_ASKED + 1)
        }
        lines = _LINES.split(written)
        return "\n".join(chosen.get(line.strip()) or line for line in lines)


class UnitInput(_Picker, forms.TextInput):
    """The box of one unit."""

    template_name = "units/unit_input.html"


class UnitsInput(_Picker, forms.Textarea):
    """The box of several units, one per line."""

    template_name = "units/units_input.html"


class UnitField(forms.CharField):
    """One unit among those that `offer_units` has set; its value is the unit, or None."""

    box: type[forms.Widget] = UnitInput
    most = 1

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 400)
        options.setdefault("widget", self.box(attrs={"autocomplete": "off", "spellcheck": "false"}))
        options.setdefault("help_text", _lazy("Type part of the name, or the code."))
        super().__init__(**options)
        self.units: QuerySet[OrgUnit] = OrgUnit.objects.none()
        self._shown: str | None = None

    def clean(self, value: Any) -> Any:
        """Return the unit. Errors: ValidationError where a list has to be chosen from."""
        found = self._chosen(str(super().clean(value)))
        return found[0] if found else None

    def prepare_value(self, chosen: Any) -> Any:
        """Return the text of the field for a unit, or for several."""
        if isinstance(chosen, OrgUnit):
            return label_of(chosen)
        if isinstance(chosen, list | tuple):
            return "\n".join(label_of(one) for one in chosen)
        return chosen

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return the names of the units that were found, otherwise what was written."""
        return data if self._shown is None else self._shown

    def _chosen(self, written: str) -> list[OrgUnit]:
        results = answers(self.units, self._parts(written))
        unclear = [one for one in results if one.unit is None]
        if unclear:
            self.widget.asked = [one for one in unclear if one.offered]
            raise ValidationError([_message(one) for one in unclear[:5]])
        units = list(dict.fromkeys(one.unit for one in results if one.unit is not None))
        self._shown = "\n".join(map(label_of, units))
        return units

    def _parts(self, written: str) -> list[str]:
        whole = " ".join(written.split())
        return [whole] if whole else []


class UnitsField(UnitField):
    """Several units, one per line; its value is the list of them."""

    box = UnitsInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 200_000)
        options.setdefault(
            "help_text",
            _lazy("One unit per line: part of its name, or its code. You can paste codes."),
        )
        super().__init__(**options)
        self.widget.attrs["rows"] = 4

    def clean(self, value: Any) -> Any:
        """Return the units. Errors: ValidationError where a list has to be chosen from."""
        return self._chosen(str(forms.CharField.clean(self, value)))

    def _parts(self, written: str) -> list[str]:
        lines = [" ".join(line.split()) for line in _LINES.split(written)]
        parts: list[str] = []
        for line in filter(None, lines):
            # Codes are pasted beside each other, too; a name has letters that no code has.
            words = [one for one in _BLANKS.split(line) if one]
            codes = len(words) > 1 and all(any(sign.isdigit() for sign in one) for one in words)
            parts.extend(words if codes else [line])
        return parts


def offer_units(form: forms.BaseForm, units: QuerySet[OrgUnit], look_up: str) -> None:
    """Let the fields of `form` choose among `units`; `look_up` is the address that finds them."""
    for field in form.fields.values():
        if isinstance(field, UnitField):
            field.units = units
            field.widget.look_up = look_up


def _message(answer: UnitSearchResult) -> str:
    words = {"words": answer.words[:80]}
    if answer.offered and not answer.is_near:
        return _("“%(words)s”: choose the unit from the list.") % words
    if not answer.offered:
        return _("No unit available here is called “%(words)s”.") % words
    names = "; ".join(one.name for one in answer.offered[:3])
    message = _("No unit available here is called “%(words)s”. Closest matches: %(names)s.")
    return message % {**words, "names": names}
