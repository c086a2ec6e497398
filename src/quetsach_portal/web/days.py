"""Days and times in forms, typed as they are written on paper: 5/12/2026, 16:30.

The browser's own choosers follow the language of the computer: on an English Windows the fourth of
December stands as 12/04/2026 beside pages that say 04/12/2026, and is read as the twelfth of April.
"""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

_DAY = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})|(\d{2})(\d{2})(\d{4})")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HOUR = re.compile(r"(\d{1,2})\s*(?:[:h.]|giờ|g)\s*(\d{2})?(?:\s*(?:phút|p))?|(\d{2})(\d{2})")
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_HOUR_FIRST = re.compile(r"(?P<hour>\S+)\s+(?:ngày\s+)?(?P<day>\S*\d{4})")
_DAY_FIRST = re.compile(r"(?P<day>\S*\d{4})\s+(?P<hour>\S+)")

YEARS = range(1900, 2200)
"""Beyond these somebody mistyped, and reckoning with days leaves the calendar."""

_DAY_SHOWN = "%d/%m/%Y"
_HOUR_SHOWN = "%H:%M"
_MOMENT_SHOWN = "%H:%M %d/%m/%Y"


def day_of(text: str) -> date | None:
    """Return the day that somebody typed, None for what is none."""
    text = text.strip()
    if _ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in text.split("-"))
    else:
        found = _DAY.fullmatch(text)
        if found is None:
            return None
        day, month, year = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def hour_of(text: str) -> str:
    """Return the time that somebody typed as 16:30, "" for what is none."""
    found = _HOUR.fullmatch(text.strip().lower())
    if found is None:
        return ""
    hour, minute = (int(found[1] or found[3]), int(found[2] or found[4] or 0))
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""


class DayField(forms.DateField):
    """A day, typed as 5/12/2026."""

    default_error_messages = {
        "invalid": _lazy("Type the day as day/month/year, for example 05/12/2026."),
    }

    def __init__(self, *, example: bool = True, **options: Any) -> None:
        """Make the field; without `example` no hint is shown, only the shape in the empty box."""
        shape = {"placeholder": _lazy("dd/mm/yyyy"), "autocomplete": "off", "class": "narrow"}
        options.setdefault("widget", forms.DateInput(attrs=shape, format=_DAY_SHOWN))
        _add_example(options, _lazy("Example: 05/12/2026.") if example else "")
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        """Return the day. Errors: ValidationError for what is none."""
        found = day_of(value) if isinstance(value, str) else None
        day = super().to_python(value if found is None else found)
        if day is not None and day.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day

    def prepare_value(self, value: Any) -> Any:
        """Return what stands in the box: a stored day as people write it, typed text as it is."""
        if isinstance(value, str) and _ISO_DAY.fullmatch(value):
            return day_of(value) or value
        return value


class HourField(forms.TimeField):
    """A time of day, typed as 16:30 or 16h30."""

    default_error_messages = {"invalid": _lazy("Type the time as 16:30.")}

    def __init__(self, **options: Any) -> None:
        shape = {"placeholder": "--:--", "autocomplete": "off", "class": "narrow"}
        options.setdefault("widget", forms.TimeInput(attrs=shape, format=_HOUR_SHOWN))
        _add_example(options, _lazy("Example: 16:30."))
        super().__init__(input_formats=[_HOUR_SHOWN], **options)

    def to_python(self, value: Any) -> Any:
        """Return the time. Errors: ValidationError for what is none."""
        return super().to_python(hour_of(value) or value if isinstance(value, str) else value)


class MomentField(forms.DateTimeField):
    """A time on a day, typed as 16:30 05/12/2026 or the other way about."""

    default_error_messages = {"invalid": _lazy("Type time and day as 16:30 05/12/2026.")}

    def __init__(self, **options: Any) -> None:
        shape = {"placeholder": _lazy("--:-- dd/mm/yyyy"), "autocomplete": "off", "class": "narrow"}
        options.setdefault("widget", forms.DateTimeInput(attrs=shape, format=_MOMENT_SHOWN))
        _add_example(options, _lazy("Example: 16:30 05/12/2026."))
        super().__init__(input_formats=[_MOMENT_SHOWN], **options)

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment in the portal's time zone. Errors: ValidationError for what is none."""
        invalid = ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            moment = super().to_python(_moment_of(value) if isinstance(value, str) else value)
        except OverflowError as error:
            raise invalid from error
        if moment is not None and moment.year not in YEARS:
            raise invalid
        return moment


def _moment_of(text: str) -> str:
    text = text.strip()
    if _ISO_MOMENT.match(text):
        return f"{text[11:16]} {text[8:10]}/{text[5:7]}/{text[:4]}"
    found = _HOUR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    if found is None:
        return text
    day, hour = day_of(found["day"]), hour_of(found["hour"])
    return text if day is None or not hour else f"{hour} {day:{_DAY_SHOWN}}"


def _add_example(options: dict[str, Any], example: Any) -> None:
    hint = options.get("help_text", "")
    if example:
        options["help_text"] = format_lazy("{} {}", hint, example) if hint else example


class PastDay(forms.Form):
    """The past day as of which a page shows its figures; without one they are those of now."""

    on = DayField(required=False, example=False)

    def __init__(self, sent: QueryDict, label: str | Promise) -> None:
        """Read the day that the address of a page asks for, if it asks for one."""
        asked = sent.get("on", "").strip()
        super().__init__({"on": asked} if asked else None, auto_id="%s")
        self.fields["on"].label = str(label)

    @property
    def day(self) -> date | None:
        """Return the past day, None for now and for what is no day."""
        day = self.cleaned_data.get("on") if self.is_bound and self.is_valid() else None
        return day if day is not None and day < timezone.localdate() else None

    def clean_on(self) -> date | None:
        """Return the day. Errors: ValidationError for one that lies ahead."""
        day: date | None = self.cleaned_data["on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("This day is in the future. Choose today or an earlier day."))
        return day
