"""The form of the calendar of reminders: a row for each, and one more to add."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.followup.models import ReminderAudience, ReminderOccasion
from quetsach_portal.followup.reminder_rules import MOST_DAYS, CalendarRule, SettledCalendar
from quetsach_portal.mail.message import one_line
from quetsach_portal.web.days import day_of


class ReminderRuleForm(forms.Form):
    """One reminder; the added row counts only with a number of days."""

    is_on = forms.BooleanField(label=_lazy("Remind"), required=False)
    days = forms.IntegerField(
        label=_lazy("Working days"), min_value=0, max_value=MOST_DAYS, required=False
    )
    occasion = forms.ChoiceField(label=_lazy("When and whom"), choices=ReminderOccasion.choices)
    audience = forms.ChoiceField(
        label=_lazy("The e-mail goes to"), choices=ReminderAudience.choices
    )
    words = forms.CharField(
        label=_lazy("A sentence of your own"),
        max_length=300,
        required=False,
        widget=forms.TextInput(),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the days of a reminder that is on."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("is_on") and cleaned.get("days") is None and "days" not in self.errors:
            self.add_error("days", _("Enter how many working days before or after."))
        return cleaned

    def rule(self) -> CalendarRule | None:
        """Return the reminder, None for a row without days; call it when valid."""
        typed = self.cleaned_data
        if typed.get("days") is None:
            return None
        return CalendarRule(
            ReminderOccasion(typed["occasion"]),
            typed["days"],
            ReminderAudience(typed["audience"]),
            one_line(typed["words"]),
            is_on=typed["is_on"],
        )


RuleForms = forms.formset_factory(ReminderRuleForm, extra=1, max_num=13, absolute_max=13)
"""All rows of the page."""


class DaysOffForm(forms.Form):
    """Days on which nothing is sent, beside weekends."""

    days_off = forms.CharField(
        label=_lazy("Other days off"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_lazy(
            "Public holidays and days in lieu, as dd/mm/yyyy, with commas between. Nothing is sent "
            "on Saturdays, Sundays and these days."
        ),
    )

    def clean_days_off(self) -> list[date]:
        """Return the days; an error names what is none."""
        texts = self.cleaned_data["days_off"].replace("\n", ",").replace(";", ",").split(",")
        days = []
        for text in filter(None, map(str.strip, texts)):
            day = day_of(text)
            if day is None:
                raise forms.ValidationError(_("“%(text)s” is not a day.") % {"text": text[:40]})
            days.append(day)
        return sorted(set(days))


def initial_rows(calendar: SettledCalendar) -> list[dict[str, Any]]:
    """Return the initial values of the rows of `calendar`, in the order in which they go out."""
    return [
        {
            "is_on": rule.is_on,
            "days": rule.days,
            "occasion": rule.occasion.value,
            "audience": rule.audience.value,
            "words": rule.words,
        }
        for rule in sorted(calendar.rules, key=_order_in_time)
    ]


def _order_in_time(rule: CalendarRule) -> tuple[int, int]:
    if rule.occasion == ReminderOccasion.RECEIPT:
        return 0, rule.days
    return (1, -rule.days) if rule.is_before else (2, rule.days)


def initial_days_off(calendar: SettledCalendar) -> dict[str, str]:
    """Return the initial value of the days off."""
    return {"days_off": ", ".join(f"{day:%d/%m/%Y}" for day in sorted(calendar.days_off))}
