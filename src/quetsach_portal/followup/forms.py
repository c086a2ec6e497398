"""The forms of the follow-up."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.deadlines import exclusive
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.campaigns.report_form import FilesField
from quetsach_portal.followup.actions.declaring import DeploymentClaim
from quetsach_portal.followup.mails import OwnWords
from quetsach_portal.followup.models import DeploymentStep, PendingStep
from quetsach_portal.mail.message import one_line
from quetsach_portal.web.days import DayField, HourField

_AREA = forms.Textarea(attrs={"rows": 3})
LAST_OF_DAY = time(23, 59, 59)


class ReceivedReportForm(forms.Form):
    """A day in the past, with the time where it is known, and a proof."""

    day = DayField(label=_lazy("On the day"))
    hour = HourField(label=_lazy("At the time, if the stamp shows one"), required=False)

    def came_at(self) -> datetime:
        """Return the moment; without a time the end of the day, or now where that is to come."""
        return moment_of_stamp(self.cleaned_data["day"], self.cleaned_data["hour"])


def moment_of_stamp(day: Any, hour: time | None) -> datetime:
    """Return the moment; without a time this one when `day` is today, else the end of `day`."""
    if hour is not None:
        return exclusive(day, hour)
    now = timezone.now()
    return now if day == timezone.localdate() else exclusive(day, LAST_OF_DAY)


class ReceivedForForm(ReceivedReportForm):
    """A receipt that the office above records."""

    said_by = forms.CharField(
        label=_lazy("Who confirmed it"), max_length=120, help_text=_lazy("Name and position.")
    )
    proof = forms.FileField(
        label=_lazy("Proof"),
        help_text=_lazy("Signed page, note of the call, picture: PDF, JPEG, PNG or DOCX."),
    )
    note = forms.CharField(label=_lazy("Remarks"), widget=_AREA, required=False, max_length=500)


class LinksField(forms.CharField):
    """Web addresses, one a line; its value is a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=_AREA, max_length=5000, **options)

    def clean(self, value: Any) -> Any:
        """Return the addresses. Errors: ValidationError names the first that is none."""
        typed = str(super().clean(value))
        lines = [line.strip() for line in typed.splitlines() if line.strip()]
        for line in lines:
            if len(line) > 500:
                raise ValidationError(_("This address is too long."))
            URLValidator(schemes=["http", "https"])(line)
        return lines


class CountField(forms.CharField):
    """A whole number as people write it: 1234, 1.234, 1,234, 1 234, １２３４; empty is not 0."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric"})
        super().__init__(widget=widget, max_length=20, **options)

    def clean(self, value: Any) -> Any:
        """Return the number, or None for nothing. Errors: ValidationError, in words."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        number = count_in(text)
        if number is None:
            raise ValidationError(_("Write a whole number, such as 120 or 1.200."))
        return number


def count_in(text: str) -> int | None:
    """Return the number that `text` writes, None where it is none; "1.5" is no 15."""
    plain = "".join(str(int(sign)) if sign.isdigit() else sign for sign in text.strip())
    for mark in (".", ",", " ", "\u00a0", "\u202f"):
        if mark in plain:
            first, *rest = plain.split(mark)
            fits = 1 <= len(first) <= 3 and all(len(part) == 3 for part in rest)
            plain = "".join([first, *rest]) if fits else ""
            break
    return int(plain) if plain.isascii() and plain.isdecimal() else None


class DeployForm(forms.Form):
    """What a unit did to deploy the campaign, with evidence."""

    done = forms.MultipleChoiceField(
        label=_lazy("What your unit has done"),
        choices=DeploymentStep.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    staff_told = CountField(label=_lazy("How many staff were informed"), required=False)
    why = forms.CharField(
        label=_lazy("Why more people than the unit has"),
        required=False,
        max_length=300,
        help_text=_lazy("Only if this is the case."),
    )
    photos = FilesField(
        label=_lazy("Photos"), required=False, help_text=_lazy("JPEG or PNG; several at once.")
    )
    minutes = FilesField(
        label=_lazy("Minutes, plan or letter"), required=False, help_text=_lazy("PDF or DOCX.")
    )
    links = LinksField(
        label=_lazy("Links"), required=False, help_text=_lazy("Posts or pages, one per line.")
    )
    note = forms.CharField(label=_lazy("Remarks"), widget=_AREA, required=False, max_length=1000)

    def said(self) -> DeploymentClaim:
        """Return what the unit declares."""
        return DeploymentClaim(**self.cleaned_data)


class FollowupReasonForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_lazy("Why"), widget=_AREA, max_length=500)


class UntilForm(forms.Form):
    """A later deadline, exclusive as all are."""

    day = DayField(
        label=_lazy("New deadline: before the day"),
        help_text=_lazy("“Before 6/10/2022” means that 5/10 is the last day."),
    )
    hour = HourField(label=_lazy("or before this time on that day"), required=False)

    def until(self) -> datetime:
        """Return the exclusive instant."""
        return exclusive(self.cleaned_data["day"], self.cleaned_data["hour"])


class MoreTimeForm(UntilForm):
    """Asking for more time, or giving it to a subtree."""

    reason = forms.CharField(label=_lazy("Reason"), widget=_AREA, max_length=1000)


class DecideForm(UntilForm):
    """The answer to asking for more time."""

    answer = forms.ChoiceField(
        label=_lazy("Decision"),
        choices=[("grant", _lazy("Grant")), ("refuse", _lazy("Refuse"))],
        widget=forms.RadioSelect,
    )
    day = DayField(label=_lazy("New deadline: before the day"), required=False)
    decision = forms.CharField(
        label=_lazy("Reason of the decision"), widget=_AREA, required=False, max_length=1000
    )
    field_order = ("answer", "day", "hour", "decision")

    def clean(self) -> dict[str, Any]:
        """Ask for the day where time is granted."""
        cleaned = dict(super().clean() or self.cleaned_data)
        if cleaned.get("answer") == "grant" and not cleaned.get("day"):
            self.add_error("day", _("Until when?"))
        return cleaned

    @property
    def grants(self) -> bool:
        """True when more time is granted."""
        return bool(self.cleaned_data["answer"] == "grant")


WAITING = (
    ("", _lazy("All units")),
    (PendingStep.RECEIVED.value, _lazy("Silent: no receipt")),
    (PendingStep.DEPLOYED.value, _lazy("Received, not deployed")),
    (PendingStep.REPORTED.value, _lazy("No report yet")),
    (PendingStep.SIGNED.value, _lazy("Accepted, not signed")),
)
"""What the ladder can be cut down to."""


class OwnWordsForm(forms.Form):
    """A sentence of one's own for a reminder: plain text, one line."""

    words = forms.CharField(
        label=_lazy("A sentence of your own"),
        max_length=300,
        required=False,
        help_text=_lazy("Plain text; the unit sees it as a quotation, with your name."),
        widget=forms.TextInput(),
    )

    def words_of(self, node: CampaignNode) -> OwnWords:
        """Return what was typed, for a reminder of the office of `node`; call it when valid."""
        return OwnWords(one_line(self.cleaned_data["words"]), node.name_at_freeze)


HAS_STEPS = ("told", PendingStep.RECEIVED.value, PendingStep.DEPLOYED.value)


class LadderFilterForm(forms.Form):
    """Which units the ladder shows; wrong values count as none."""

    waits = forms.ChoiceField(label=_lazy("Show"), required=False, choices=WAITING)
    days = forms.IntegerField(
        label=_lazy("for more than (days)"), min_value=0, max_value=365, required=False
    )

    @property
    def waits_for(self) -> str:
        """Return the step that is waited for, "" for all units."""
        return str(self.cleaned_data.get("waits", "")) if self.is_valid() else ""

    @property
    def has(self) -> str:
        """Return the step that all units shown have reached, "" where they need not."""
        asked = self.data.get("has", "")
        return str(asked) if asked in HAS_STEPS else ""

    @property
    def silent_days(self) -> int:
        """Return for how many days, 3 where nothing sensible was said."""
        days = self.cleaned_data.get("days") if self.is_valid() else None
        return 3 if days is None else int(days)
