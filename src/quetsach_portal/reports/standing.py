"""Where a report stands and who acts next, in one sentence."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models import Slot, SlotState

_UNDER: Mapping[str, Promise] = {
    SlotState.OPEN: _lazy("Step 1 of 4: the unit writes the report and hands it in to %(above)s."),
    SlotState.DRAFT: _lazy("Step 1 of 4: this is a draft; %(above)s does not see it yet."),
    SlotState.SUBMITTED: _lazy("Step 2 of 4: it waits until %(above)s reads it."),
    SlotState.RETURNED: _lazy("Back to step 1 of 4: the unit mends it and hands it in again."),
    SlotState.ACCEPTED: _lazy(
        "Step 3 of 4: %(above)s accepted it and counts it; it waits for the unit's signer."
    ),
    SlotState.SIGNED: _lazy(
        "Step 4 of 4: it is signed; it waits until the unit's clerk sends it to %(above)s."
    ),
    SlotState.FORWARDED: _lazy(
        "Done: it was sent to %(above)s. Nothing more is asked of the unit."
    ),
    SlotState.EXCUSED: _lazy("No report is asked of this unit in this phase."),
}

_AT_THE_TOP: Mapping[str, Promise] = {
    SlotState.OPEN: _lazy("Step 1 of 4: the office adds up the report and hands it in."),
    SlotState.DRAFT: _lazy("Step 1 of 4: this is a draft; it was not handed in yet."),
    SlotState.SUBMITTED: _lazy(
        "Step 2 of 4: it waits until a second person of the office reads it."
    ),
    SlotState.ACCEPTED: _lazy("Step 3 of 4: it was accepted; it waits for the signer."),
    SlotState.SIGNED: _lazy(
        "Step 4 of 4: it is signed; it waits until the clerk gives it a number and issues it."
    ),
    SlotState.FORWARDED: _lazy(
        "Done here: it was issued. Send the document to whom it is addressed through your office's "
        "document system; this portal sends nothing further."
    ),
}


def standing(state: str, above: str) -> str:
    """Return who acts next on a report in `state`; `above` is who reads it, "" at the top."""
    told = _UNDER.get(state) if above else _AT_THE_TOP.get(state, _UNDER.get(state))
    return "" if told is None else str(told) % {"above": above}


def reader(above: Slot | None) -> str:
    """Return who reads a report that goes into `above`, "" where nobody is above."""
    return "" if above is None else above.node.name_at_freeze
