"""The form by which the units of a campaign are chosen: lines, single units, and the reasons."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.called_lines import CalledLines
from quetsach_portal.campaigns.tree.choosing import TreeChoice
from quetsach_portal.units.models import ReportingLine
from quetsach_portal.web.days import DayField

_NUMBER = re.compile(r"[0-9]{1,18}")

PREVIEW = "preview"
"""The value of the button that shows what a choice means and freezes nothing."""


class TreeForm(forms.Form):
    """Which lines and units take part, as of which day.

    Shapes: `shown` are the units that stood on the page as taking part, `members` those of them
    that stay ticked, `added` those ticked among the others.
    """

    day = DayField(label=_lazy("State of the register on"))
    lines = forms.MultipleChoiceField(choices=ReportingLine.choices)
    first = forms.ChoiceField(
        label=_lazy("A unit on several lines reports on"),
        choices=ReportingLine.choices,
        required=False,
        help_text=_lazy("Each unit is in the tree once and is counted once."),
    )
    reason = forms.CharField(
        label=_lazy("Why units or a line named in the letter do not take part"),
        max_length=255,
        required=False,
    )

    def __init__(self, *args: Any, called: CalledLines, **options: Any) -> None:
        """Make the form for a letter that calls the lines of `called`."""
        super().__init__(*args, **options)
        self.called = called
        self.fields["lines"].error_messages["required"] = _("Choose at least one line.")

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where something that the letter names stays outside."""
        cleaned: dict[str, Any] = super().clean() or {}
        lines = cleaned.get("lines") or []
        missing = [line for line in self.called.words if line not in lines]
        if self.data.get("act") != PREVIEW and not cleaned.get("reason"):
            if lines and missing:
                labels = ", ".join(str(ReportingLine(line).label) for line in missing)
                self.add_error(
                    "reason",
                    _("The letter also names: %(lines)s. Tick that, or say why it stays out.")
                    % {"lines": labels},
                )
            elif lines and self._left_out():
                self.add_error("reason", _("Say why single units are left out."))
        return cleaned

    def chosen(self, before: TreeChoice) -> TreeChoice:
        """Return the choice; units that the page did not show stay as `before` has them.

        Raises nothing on a form that is not valid: what cannot be read is left out.
        """
        cleaned = getattr(self, "cleaned_data", {})
        lines = list(cleaned.get("lines") or [])
        first = cleaned.get("first")
        if first in lines:
            lines = [first, *(line for line in lines if line != first)]
        ticked, added = self._numbers("members"), self._numbers("added")
        left_out = (before.left_out | self._left_out()) - ticked - added
        kept = (before.added - self._numbers("shown")) | (before.added & ticked)
        return TreeChoice(
            lines,
            frozenset(left_out),
            frozenset((kept | (added - before.left_out)) - left_out),
            cleaned.get("reason") or "",
        )

    def chosen_day(self, today: date) -> date:
        """Return the day that was typed, `today` where it cannot be read."""
        day = getattr(self, "cleaned_data", {}).get("day")
        return day if isinstance(day, date) else today

    def _left_out(self) -> frozenset[int]:
        return self._numbers("shown") - self._numbers("members")

    def _numbers(self, name: str) -> frozenset[int]:
        texts = self.data.getlist(name) if hasattr(self.data, "getlist") else ()
        return frozenset(
            int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19
        )
