"""Forms for events of the tree; units are chosen from the register."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.units.models import ReportingLine, UnitKind
from quetsach_portal.units.unit_fields import UnitField, UnitsField
from quetsach_portal.web.days import DayField

MOST_GROUPS = 60


class EventForm(forms.Form):
    """What all events of the tree ask; the forms of the kinds add to it."""

    effective_on = DayField(label=_lazy("Takes effect on"))
    legal_doc = forms.CharField(
        label=_lazy("Legal document"),
        max_length=255,
        help_text=_lazy("Number, code and issuer, for example Nghị quyết số 1687/NQ-UBTVQH15."),
    )

    field_order: tuple[str, ...] | None = ("units", "parent")
    grows = False

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Yield the visible fields in groups that belong together, each with its title or ""."""
        yield "", self.visible_fields()


class RenameForm(EventForm):
    """A new name."""

    units = UnitField(label=_lazy("Unit"))
    name = forms.CharField(label=_lazy("New name"), max_length=255)
    short_name = forms.CharField(label=_lazy("Short name"), max_length=120, required=False)
    doc_code = forms.CharField(
        label=_lazy("Code in document numbers"), max_length=40, required=False
    )
    field_order = ("units", "name", "short_name", "doc_code")


class MoveForm(EventForm):
    """A new parent."""

    units = UnitsField(label=_lazy("Units that move"))
    parent = UnitField(label=_lazy("New parent"))
    line = forms.ChoiceField(label=_lazy("On which line"), choices=ReportingLine.choices)
    at_once = forms.BooleanField(
        label=_lazy("Also in the phase that runs (otherwise from the next one on)"),
        required=False,
    )
    field_order = ("units", "parent", "line")


class CloseUnitsForm(EventForm):
    """Units that nothing continues."""

    units = UnitsField(label=_lazy("Units that end"))
    final_report = forms.BooleanField(
        label=_lazy("The units still owe the report of the phase that runs"), required=False
    )


class OpenForm(EventForm):
    """A new unit."""

    parent = UnitField(label=_lazy("Parent"))
    code = forms.CharField(label=_lazy("Code of the new unit"), max_length=40)
    name = forms.CharField(label=_lazy("Name of the unit"), max_length=255)
    kind = forms.ChoiceField(label=_lazy("Kind"), choices=UnitKind.choices)
    line = forms.ChoiceField(label=_lazy("On which line"), choices=ReportingLine.choices)
    staff = forms.IntegerField(
        label=_lazy("Officials and staff"), min_value=0, max_value=1_000_000, required=False
    )
    field_order = ("parent", "name", "code", "kind", "line", "staff")


class GroupedForm(EventForm):
    """An event with groups of fields that repeat: "units_1", "units_2" and so on."""

    groups = forms.IntegerField(widget=forms.HiddenInput, required=False)

    grows = True
    least = 1
    last: tuple[str, ...] = ()
    """Fields after the groups, before the day and the document."""

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        given = data if data is not None else self.initial
        self.count = _count(given.get("groups"), self.least)
        self.initial["groups"] = self.count
        for number in range(1, self.count + 1):
            for name, field in self.group().items():
                self.fields[f"{name}_{number}"] = field
        self.order_fields(
            [
                *("units", "groups"),
                *(f"{name}_{n}" for n in range(1, self.count + 1) for name in self.group()),
                *self.last,
            ]
        )

    def group(self) -> dict[str, forms.Field]:
        """Return fresh fields of one group, by name."""
        raise NotImplementedError

    def title(self, number: int) -> str:
        """Return the heading of a group."""
        raise NotImplementedError

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Yield the fields before the groups, each group, and the rest."""
        grouped = [[f"{name}_{n}" for name in self.group()] for n in range(1, self.count + 1)]
        if "units" in self.fields:
            yield "", [self["units"]]
        for number, names in enumerate(grouped, start=1):
            yield self.title(number), [self[name] for name in names]
        inside = {"units", *(name for names in grouped for name in names)}
        yield "", [field for field in self.visible_fields() if field.name not in inside]

    def cleaned_groups(self) -> list[dict[str, Any]]:
        """Return what was given in each group, without those that were left empty."""
        groups = [
            {name: self.cleaned_data.get(f"{name}_{number}") for name in self.group()}
            for number in range(1, self.count + 1)
        ]
        marks = [name for name in self.group() if name != "kind"]
        return [
            group for group in groups if any(group[name] not in (None, "", []) for name in marks)
        ]

    def with_one_more(self) -> "GroupedForm":
        """Return the form as it was filled in, with one more group and without errors."""
        filled = {
            name: field.widget.value_from_datadict(self.data, {}, name)
            for name, field in self.fields.items()
        }
        return type(self)(initial={**filled, "groups": min(self.count + 1, MOST_GROUPS)})


class MergeForm(GroupedForm):
    """Merges of units into one, as many as the document has."""

    merges = forms.CharField(
        label=_lazy("Many merges, from a table"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        max_length=400_000,
        required=False,
        help_text=_lazy(
            "Only where a whole area is reorganised; one merge a line, such as "
            "TC01 + TC14 + TC16 = X29461; Ủy ban nhân dân xã Trà Cú; xã. "
            "Behind = stands the code of a unit that exists, or code; name; kind of a new one."
        ),
    )
    last = ("effective_on", "legal_doc", "merges")

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["units_1"].required = not (data or {}).get("merges")

    def group(self) -> dict[str, forms.Field]:
        """Return the units, and the unit that continues them: one that exists, or a new one."""
        return {
            "units": UnitsField(label=_lazy("Units that are merged"), required=False),
            "into": UnitField(
                label=_lazy("They go into this unit"),
                required=False,
                help_text=_lazy(
                    "A unit that exists already: a part of its name, or its code. "
                    "Leave it empty when a new unit is set up."
                ),
            ),
            "name": forms.CharField(
                label=_lazy("or into a new unit with the name"), max_length=255, required=False
            ),
            "code": forms.CharField(
                label=_lazy("Code of the new unit"), max_length=40, required=False
            ),
            "kind": _kind(_lazy("Kind of the new unit")),
        }

    def title(self, number: int) -> str:
        """Return the heading of a group."""
        return _("Merge %(number)s") % {"number": number}


class UnitSplitForm(GroupedForm):
    """New units, and which units below go to which of them."""

    units = UnitField(label=_lazy("Unit that is split"))
    least = 2

    def group(self) -> dict[str, forms.Field]:
        """Return a new unit, and the units below it."""
        return {
            "name": forms.CharField(label=_lazy("Name of the unit"), max_length=255),
            "code": forms.CharField(label=_lazy("Code of the new unit"), max_length=40),
            "kind": _kind(_lazy("Kind")),
            "staff": forms.IntegerField(
                label=_lazy("Officials and staff"), min_value=0, max_value=1_000_000, required=False
            ),
            "children": UnitsField(
                label=_lazy("Units below that go to it"),
                required=False,
                help_text=_lazy("Each unit below the one that is split goes to one new unit."),
            ),
        }

    def title(self, number: int) -> str:
        """Return the heading of a group."""
        return _("New unit %(number)s") % {"number": number}


class AbolishForm(GroupedForm):
    """A level that ends."""

    units = UnitsField(
        label=_lazy("Units that end"),
        help_text=_lazy(
            "One unit a line: a part of its name, or its code. The units below them go to the "
            "unit above, but for those that you name here."
        ),
    )
    at_once = forms.BooleanField(
        label=_lazy("Also in the phase that runs (otherwise from the next one on)"),
        required=False,
    )

    def group(self) -> dict[str, forms.Field]:
        """Return units below, and where they go."""
        return {
            "below": UnitsField(label=_lazy("Units below"), required=False),
            "heir": UnitField(label=_lazy("New parent"), required=False),
        }

    def title(self, number: int) -> str:
        """Return the heading of a group."""
        return _("Units that go to another parent (%(number)s)") % {"number": number}


FORMS: dict[str, type[EventForm]] = {
    "rename": RenameForm,
    "move": MoveForm,
    "merge": MergeForm,
    "split": UnitSplitForm,
    "close": CloseUnitsForm,
    "abolish": AbolishForm,
    "open": OpenForm,
}


def _kind(label: Any) -> forms.Field:
    return forms.ChoiceField(
        label=label, choices=UnitKind.choices, initial=UnitKind.COMMUNE, required=False
    )


def _count(given: Any, least: int) -> int:
    written = str(given if given is not None else "")
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 0
    return max(least, min(number, MOST_GROUPS))
