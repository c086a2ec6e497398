"""Answers from what the lead office said of a phase, the same for each of its units."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from quetsach.api.reports import Grade, Words
from quetsach_portal.campaigns.models import Slot
from quetsach_portal.reports.derived_value import Derived


def cut_off(slot: Slot) -> Mapping[str, Derived]:
    """Return the day as of which the phase wants its figures; nothing where it names none."""
    day = slot.phase.counted_until
    if day is None:
        return {}
    said = Words(f"{day:%d/%m/%Y}", Grade.DECLARED)
    why = _("The day that the lead office set for all reports of the phase.")
    return {"phase_cut_off": Derived(said, why=why)}
