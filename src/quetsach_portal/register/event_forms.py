"""Forms for events of the tree; units are chosen from the register."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from django import forms
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
    line = forms.ChoiceField(label=_lazy("Reporting line"), choices=ReportingLine.choices)
    at_once = forms.BooleanField(
        label=_lazy("Also in the current phase (otherwise from the next phase)"), required=False
    )
    field_order = ("units", "parent", "line")


class CloseUnitsForm(EventForm):
    """Units that nothing continues."""

    units = UnitsField(label=_lazy("Units that end"))
    final_report = forms.BooleanField(
        label=_lazy("The units must still submit the report of the current phase"), required=False
    )


class OpenForm(EventForm):
    """A new unit."""

    parent = UnitField(label=_lazy("Parent"))
    code = forms.CharField(label=_lazy("Code of the new unit"), max_length=40)
    name = forms.CharField(label=_lazy("Name of the unit"), max_length=255)
    kind = forms.ChoiceField(label=_lazy("Kind"), choices=UnitKind.choices)
    line = forms.ChoiceField(label=_lazy("Reporting line"), choices=ReportingLine.choices)
    staff = forms.IntegerField(
        label=_lazy("Officials and staff"), min_value=0, max_value=1_000_000, required=False
    )
    field_order = ("parent", "name", "code", "kind", "line", "staff")


class GroupedForm(EventForm):
    """An event with groups of fields that repeat: "units_1", "units_2" and so on."""

    groups = forms.IntegerField(widget=forms.HiddenInput, required=False)

    grows = True
    least = 1
    group_title: object = ""
    """The heading of a group; `%(number)s` is its place."""
    group_fields: Mapping[str, forms.Field] = {}
    """The fields of one group by name; each group gets its own copies."""
    last: tuple[str, ...] = ()
    """Fields after the groups, before the day and the document."""

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        given = data if data is not None else self.initial
        self.count = _count(given.get("groups"), self.least)
        self.initial["groups"] = self.count
        for number in range(1, self.count + 1):
            for name, field in self.group_fields.items():
                self.fields[f"{name}_{number}"] = deepcopy(field)
        self.order_fields(
            [
                *("units", "groups"),
                *(f"{name}_{n}" for n in range(1, self.count + 1) for name in self.group_fields),
                *self.last,
            ]
        )

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Yield the fields before the groups, each group, and the rest."""
        grouped = [[f"{name}_{n}" for name in self.group_fields] for n in range(1, self.count + 1)]
        if "units" in self.fields:
            yield "", [self["units"]]
        for number, names in enumerate(grouped, start=1):
            yield str(self.group_title) % {"number": number}, [self[name] for name in names]
        inside = {"units", *(name for names in grouped for name in names)}
        yield "", [field for field in self.visible_fields() if field.name not in inside]

    def cleaned_groups(self) -> list[dict[str, Any]]:
        """Return what was given in each group, without those that were left empty."""
        groups = [
            {name: self.cleaned_data.get(f"{name}_{number}") for name in self.group_fields}
            for number in range(1, self.count + 1)
        ]
        marks = [name for name in self.group_fields if name != "kind"]
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


def _kind(label: Any) -> forms.Field:
    return forms.ChoiceField(
        label=label, choices=UnitKind.choices, initial=UnitKind.COMMUNE, required=False
    )


class MergeForm(GroupedForm):
    """Merges of units into one, as many as the document has."""

    merges = forms.CharField(
        label=_lazy("Many merges as a table"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        max_length=400_000,
        required=False,
        help_text=_lazy(
            "Only where a whole area is reorganised. One merge per line, for example TC01 + TC14 "
            "+ TC16 = X29461; Ủy ban nhân dân xã Trà Cú; xã. After =, give the code of an "
            "existing unit, or code; name; kind of a new unit."
        ),
    )
    last = ("effective_on", "legal_doc", "merges")
    group_title = _lazy("Merge %(number)s")
    group_fields = {
        "units": UnitsField(label=_lazy("Units that are merged"), required=False),
        "into": UnitField(
            label=_lazy("Merge into this unit"),
            required=False,
            help_text=_lazy(
                "An existing unit: part of its name, or its code. Leave it empty to create a new "
                "unit."
            ),
        ),
        "name": forms.CharField(
            label=_lazy("or into a new unit with this name"), max_length=255, required=False
        ),
        "code": forms.CharField(label=_lazy("Code of the new unit"), max_length=40, required=False),
        "kind": _kind(_lazy("Kind of the new unit")),
    }

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["units_1"].required = not (data or {}).get("merges")


class UnitSplitForm(GroupedForm):
    """New units, and which units below go to which of them."""

    units = UnitField(label=_lazy("Unit that is split"))
    least = 2

    group_title = _lazy("New unit %(number)s")
    group_fields = {
        "name": forms.CharField(label=_lazy("Name of the unit"), max_length=255),
        "code": forms.CharField(label=_lazy("Code of the new unit"), max_length=40),
        "kind": _kind(_lazy("Kind")),
        "staff": forms.IntegerField(
            label=_lazy("Officials and staff"), min_value=0, max_value=1_000_000, required=False
        ),
        "children": UnitsField(
            label=_lazy("Units below that move to it"),
            required=False,
            help_text=_lazy("Assign each unit below the split unit to one new unit."),
        ),
    }


class AbolishForm(GroupedForm):
    """A level that ends."""

    units = UnitsField(
        label=_lazy("Units that end"),
        help_text=_lazy(
            "One unit per line: part of its name, or its code. The units below them move to the "
            "unit above, except those listed here."
        ),
    )
    at_once = forms.BooleanField(
        label=_lazy("Also in the current phase (otherwise from the next phase)"), required=False
    )

    group_title = _lazy("Units that go to another parent (%(number)s)")
    group_fields = {
        "below": UnitsField(label=_lazy("Units below"), required=False),
        "heir": UnitField(label=_lazy("New parent"), required=False),
    }


FORMS: dict[str, type[EventForm]] = {
    "rename": RenameForm,
    "move": MoveForm,
    "merge": MergeForm,
    "split": UnitSplitForm,
    "close": CloseUnitsForm,
    "abolish": AbolishForm,
    "open": OpenForm,
}


def _count(given: Any, least: int) -> int:
    written = str(given if given is not None else "")
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 0
    return max(least, min(number, MOST_GROUPS))
