"""The forms of handing in."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.files.views import FileFieldForm
from quetsach_portal.intake.actions import purpose_of
from quetsach_portal.intake.log_sources import SourceWords
from quetsach_portal.intake.models import SubmissionKind, TableKind
from quetsach_portal.intake.own_tables import purpose_of as purpose_of_table
from quetsach_portal.looks.machines import MachineWords
from quetsach_portal.looks.models import UnitMachine
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.days import DayField

KINDS = tuple(SubmissionKind.values)
TABLE_KINDS = dict(TableKind.choices)


class KindField(forms.ChoiceField):
    """One of several kinds, of which one has to be chosen."""

    widget = forms.RadioSelect
    default_error_messages = {"required": _lazy("Choose an option.")}


class KindForm(forms.Form):
    """What is to be handed in."""

    kind = KindField(label=_lazy("What do you have?"), choices=SubmissionKind.choices)


class TableKindForm(forms.Form):
    """Which table is to be added."""

    kind = KindField(label=_lazy("Which table is it?"), choices=TableKind.choices)


class WithdrawForm(forms.Form):
    """Why evidence is taken back."""

    reason = forms.CharField(
        label=_lazy("Why it is withdrawn"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("For example: logs of another office, or of the wrong month."),
    )


class BeginForm(FileFieldForm):
    """The first file, with a word about it. `token` makes sending twice the same as once."""

    note = forms.CharField(
        label=_lazy("Note for yourselves"),
        required=False,
        max_length=500,
        help_text=_lazy("Where the logs come from, for example: firewall, 12 to 18 September."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("file", "upload", "note", "token")

    def __init__(self, *args: Any, kind: str, unit: OrgUnit, user: User, **named: Any) -> None:
        super().__init__(
            *args,
            purpose=purpose_of(kind),
            owner_path=unit.path,
            user=user,
            initial={"token": uuid4()},
            **named,
        )
        if kind == SubmissionKind.COLLECTOR:
            self.fields["file"].label = _lazy("File of the collector")
            self.fields["file"].help_text = _lazy("The zip file as it is: do not unpack it.")


class AddForm(FileFieldForm):
    """One more file."""

    def __init__(self, *args: Any, unit: OrgUnit, user: User, **named: Any) -> None:
        super().__init__(
            *args,
            purpose=purpose_of(SubmissionKind.LOGS),
            owner_path=unit.path,
            user=user,
            **named,
        )


class TableForm(FileFieldForm):
    """A table of the unit, and the day whose state it shows."""

    as_of = DayField(
        label=_lazy("Table as of"),
        help_text=_lazy("The day on which the table was correct. The newest table is used."),
    )
    field_order = ("file", "upload", "as_of")

    def __init__(self, *args: Any, kind: str, unit: OrgUnit, user: User, **named: Any) -> None:
        super().__init__(
            *args,
            purpose=purpose_of_table(kind),
            owner_path=unit.path,
            user=user,
            initial={"as_of": timezone.localdate()},
            **named,
        )


class ByHandForm(forms.Form):
    """The machine that a line to look at is about, and why the person thinks so."""

    machine = forms.CharField(
        label=_lazy("Machine"),
        max_length=255,
        help_text=_lazy("Its name or address, as your unit writes it."),
    )
    reason = forms.CharField(
        label=_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("How you know that this machine is meant. It is kept with the case."),
    )


class SourceForm(forms.Form):
    """What a unit declares of one source of logs."""

    name = forms.CharField(
        label=_lazy("Name of the source"),
        max_length=120,
        help_text=_lazy("For example: firewall of the head office."),
    )
    pattern = forms.CharField(
        label=_lazy("Which files"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "class": "code"}),
        help_text=_lazy(
            "One pattern a line, held against the file’s name as you hand it in: fw*.log, or "
            "branch.zip/** for all files of an archive."
        ),
    )
    zone = forms.CharField(
        label=_lazy("Zone of the times"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "zones", "class": "narrow", "spellcheck": "false"}),
        help_text=_lazy("Asia/Ho_Chi_Minh, UTC, or an offset such as +07:00."),
    )
    clock_offset = forms.CharField(
        label=_lazy("Its clock is ahead by (seconds)"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "narrow", "spellcheck": "false"}),
        help_text=_lazy("Negative when it is behind, for example -90."),
    )
    year = forms.IntegerField(
        label=_lazy("Year of its lines"),
        required=False,
        min_value=1990,
        max_value=2099,
        help_text=_lazy("Only where the lines have no year."),
    )
    taken = DayField(
        label=_lazy("Or the day on which it was taken"),
        required=False,
        help_text=_lazy("The years of its lines are then counted back from that day."),
    )
    inside = forms.CharField(
        label=_lazy("Own networks of this source"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "class": "code"}),
        help_text=_lazy("One network a line, for example 10.20.0.0/16. Leave it empty if unsure."),
    )
    reason = forms.CharField(label=_lazy("Reason for the change"), max_length=300)

    def __init__(self, *args: Any, is_new: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        if is_new:
            del self.fields["reason"]

    def words(self) -> SourceWords:
        """Return what was typed."""
        fields = {**self.cleaned_data}
        fields.pop("reason", None)
        taken = fields.pop("taken")
        return SourceWords(**fields, taken="" if taken is None else taken.isoformat())


class EndSourceForm(forms.Form):
    """Why a declaration holds no longer."""

    reason = forms.CharField(label=_lazy("Reason"), max_length=300)


class MachineForm(forms.Form):
    """What a unit says of a machine."""

    name = forms.CharField(
        label=_lazy("Name of the machine"),
        max_length=64,
        help_text=_lazy("As the machine calls itself, for example PC-VT-01."),
    )
    room = forms.CharField(label=_lazy("Room"), max_length=80, required=False)
    user_role = forms.CharField(
        label=_lazy("Who uses it"),
        max_length=80,
        required=False,
        help_text=_lazy("The desk or post, for example: clerk. No name is needed."),
    )
    phone = forms.CharField(label=_lazy("Phone"), max_length=20, required=False)
    asset_tag = forms.CharField(label=_lazy("Asset tag"), max_length=40, required=False)

    def words(self) -> MachineWords:
        """Return what was typed."""
        return MachineWords(**{name: text.strip() for name, text in self.cleaned_data.items()})


class MachineTotalForm(forms.Form):
    """How many machines the unit has."""

    machines = forms.IntegerField(
        label=_lazy("How many machines does your unit have?"),
        min_value=0,
        max_value=20_000,
        widget=forms.NumberInput(attrs={"class": "narrow"}),
    )


class EndMachineForm(forms.Form):
    """Why a machine counts no more."""

    reason = forms.CharField(
        label=_lazy("Reason"),
        max_length=200,
        help_text=_lazy("For example: broken and thrown away."),
    )


class JoinMachineForm(forms.Form):
    """Which other machine of the unit it is."""

    def __init__(self, *args: Any, machines: QuerySet[UnitMachine], **named: Any) -> None:
        super().__init__(*args, **named)
        label = _lazy("The same machine")
        self.fields["into"] = forms.ModelChoiceField(label=label, queryset=machines)


class KeyForm(forms.Form):
    """A public key."""

    pem = forms.CharField(
        label=_lazy("Public key"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "code"}),
        help_text=_lazy(
            "Open the file that ends in .pub.pem with Notepad, and copy all of it. The private "
            "key (.key.pem) stays with you."
        ),
    )


class RulesForm(forms.Form):
    """What holds for evidence in a campaign."""

    unsigned_allowed = forms.BooleanField(
        label=_lazy("Accept unsigned findings"),
        required=False,
        help_text=_lazy("They are marked “unsigned, not checked” wherever they are shown."),
    )
    unsigned_proves = forms.BooleanField(
        label=_lazy("Let unsigned findings prove that a machine is clean"),
        required=False,
        help_text=_lazy(
            "Otherwise they open cases, but their days without a sighting prove nothing: "
            "it is not confirmed who made them, and from which logs."
        ),
    )
    keep_raw_days = forms.IntegerField(
        label=_lazy("Days until raw logs are deleted"),
        min_value=1,
        max_value=365,
        help_text=_lazy(
            "Counted from the day of the sweep. Findings are kept, with the log lines "
            "that contain a malicious address."
        ),
    )
