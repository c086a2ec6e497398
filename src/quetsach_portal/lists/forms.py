"""Forms of the gate: a new version, decisions on rows, and the acts on a version."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.report_form import FilesField
from quetsach_portal.lists.models import FeedKind, OfficeRowKind
from quetsach_portal.web.days import DayField

DECISIONS = (
    ("drop", _lazy("Leave out of the list")),
    ("watch", _lazy("Mark: contacts are shown, nobody is accused")),
    ("keep", _lazy("Keep: a contact accuses the machine")),
    ("", _lazy("Take the decision back")),
)

ACTS = ("proposals", "propose", "approve", "take_back", "refuse", "again")


class NewVersionForm(forms.Form):
    """Files of a new version."""

    title = forms.CharField(
        label=_lazy("Title of the list"),
        max_length=200,
        help_text=_lazy("For example the number and day of the letter that it came with."),
    )
    lists = FilesField(
        label=_lazy("Lists or a release"),
        help_text=_lazy("PDF, DOCX, XLSX, CSV, TXT, JSON or JSONL; several at once."),
    )


EVERY = (
    (60, _lazy("Every hour")),
    (6 * 60, _lazy("Every six hours")),
    (24 * 60, _lazy("Every day")),
    (7 * 24 * 60, _lazy("Every week")),
)


class NewFeedForm(forms.Form):
    """A feed to be asked from now on."""

    title = forms.CharField(label=_lazy("Name of the feed"), max_length=180)
    kind = forms.ChoiceField(label=_lazy("How it is asked"), choices=FeedKind.choices)
    url = forms.URLField(
        label=_lazy("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_lazy("Only hosts that the keeper of the portal allowed."),
    )
    every = forms.TypedChoiceField(
        label=_lazy("How often it brings something new"),
        choices=EVERY,
        coerce=int,
        initial=24 * 60,
        help_text=_lazy("It is asked as often; silent for three times as long, it is told."),
    )


class RowsForm(forms.Form):
    """A decision on the rows that were ticked."""

    rows = forms.TypedMultipleChoiceField(coerce=int, required=False)
    # What is not chosen with thought accuses nobody, and takes no decision back.
    decision = forms.ChoiceField(
        label=_lazy("Decision"), choices=DECISIONS, required=False, initial="watch"
    )
    reason = forms.CharField(
        label=_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=_lazy("Needed to keep a row."),
    )
    until = DayField(
        label=_lazy("Holds until"),
        required=False,
        help_text=_lazy("180 days if empty; then the question is open again."),
    )

    def __init__(self, *given: Any, rows: list[int], **options: Any) -> None:
        """Make the form for these rows."""
        super().__init__(*given, **options)
        field = self.fields["rows"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(pk, pk) for pk in rows]


class VersionActForm(forms.Form):
    """One act on a version; which words it needs depends on the act."""

    act = forms.ChoiceField(choices=[(one, one) for one in ACTS], widget=forms.HiddenInput)
    reason = forms.CharField(label=_lazy("Reason"), max_length=300, required=False)
    shrink_reason = forms.CharField(
        label=_lazy("Why it is meant that so much is gone"), max_length=300, required=False
    )
    leaves_open = forms.BooleanField(
        label=_lazy("Leave the undecided rows as they are: they accuse nobody"), required=False
    )


class HoldForm(forms.Form):
    """A row of the version in force that is to accuse nobody from now, or all that it brought."""

    key = forms.CharField(
        label=_lazy("Row"),
        max_length=300,
        required=False,
        help_text=_lazy("One name, address or web address as the list has it."),
    )
    whole = forms.BooleanField(
        label=_lazy("All that this version brought (then the row above stays empty)"),
        required=False,
    )
    reason = forms.CharField(label=_lazy("Reason"), max_length=300)
    until = DayField(
        label=_lazy("Holds until"), required=False, help_text=_lazy("180 days if empty.")
    )

    def clean(self) -> dict[str, Any]:
        """Take a row or the whole version, and say which is missing."""
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("key")) == bool(cleaned.get("whole")):
            self.add_error("key", _lazy("Write a row, or tick that all of the version is meant."))
        return cleaned


class OfficeRowsForm(forms.Form):
    """Names and addresses that the office vouches for, typed or in a file."""

    kind = forms.ChoiceField(
        label=_lazy("What they keep from happening"), choices=OfficeRowKind.choices
    )
    rows = forms.CharField(
        label=_lazy("Names, addresses or networks, one a line"),
        max_length=50_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    upload = forms.FileField(
        label=_lazy("Or a text file"), required=False, help_text=_lazy("One a line; # for remarks.")
    )
    reason = forms.CharField(
        label=_lazy("Why the office vouches for them"),
        max_length=300,
        help_text=_lazy("For example: mail server of the province, letter 12/STTTT."),
    )
