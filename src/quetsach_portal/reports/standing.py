"""Where a report stands and who acts next, in one sentence."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models import Slot, SlotState

_UNDER: Mapping[str, Promise] = {
    SlotState.OPEN: _lazy("Step 1 of 5: the unit writes the report and hands it in to %(above)s."),
    SlotState.DRAFT: _lazy("Step 1 of 5: this is a draft; %(above)s does not see it yet."),
    SlotState.SUBMITTED: _lazy("Step 2 of 5: it waits until %(above)s reads it."),
    SlotState.RETURNED: _lazy("Back to step 1 of 5: the unit mends it and hands it in again."),
    SlotState.ACCEPTED: _lazy(
        "Step 3 of 5: %(above)s accepted it and counts it; it waits for the unit's signer."
    ),
    SlotState.SIGNED: _lazy(
        "Step 4 of 5: it is signed; it waits until the unit's clerk sends it to %(above)s."
    ),
    SlotState.FORWARDED: _lazy(
        "Step 5 of 5, done: it was sent to %(above)s. Nothing more is asked of the unit."
    ),
    SlotState.EXCUSED: _lazy("No report is asked of this unit in this phase."),
}

_AT_THE_TOP: Mapping[str, Promise] = {
    SlotState.OPEN: _lazy("Step 1 of 5: the office adds up the report and hands it in."),
    SlotState.DRAFT: _lazy("Step 1 of 5: this is a draft; it was not handed in yet."),
    SlotState.SUBMITTED: _lazy(
        "Step 2 of 5: it waits until a second person of the office reads it."
    ),
    SlotState.ACCEPTED: _lazy("Step 3 of 5: it was accepted; it waits for the signer."),
    SlotState.SIGNED: _lazy(
        "Step 4 of 5: it is signed; it waits until the clerk issues it, with a number."
    ),
    SlotState.FORWARDED: _lazy(
        "Step 5 of 5, done here: it was issued. Send the document to whom it is addressed through "
        "your office's document system; this portal sends nothing further."
    ),
}


_NOT_COUNTED = _lazy(
    "Step 3 of 5: %(above)s accepted it after making its own total, and decides whether it goes "
    "in; it waits for the unit's signer."
)

_ON_PAPER = _lazy(
    "The report came on paper and counts as handed in. Its figures are not here yet: the unit "
    "types them in and hands them in, so that they go into the total."
)


def standing(state: str, above: str, *, is_counted: bool = True, is_on_paper: bool = False) -> str:
    """Return who acts next on a report in `state`; `above` is who reads it, "" at the top.

    `is_counted` is false where the total above was made before and nobody has taken it in;
    `is_on_paper` is true where a record of paper is all that came.
    """
    if is_on_paper:
        return str(_ON_PAPER)
    told = _UNDER.get(state) if above else _AT_THE_TOP.get(state, _UNDER.get(state))
    if above and state == SlotState.ACCEPTED and not is_counted:
        told = _NOT_COUNTED
    return "" if told is None else str(told) % {"above": above}


def reader(above: Slot | None) -> str:
    """Return who reads a report that goes into `above`, "" where nobody is above."""
    return "" if above is None else above.node.name_at_freeze


def told_after_acceptance(above: Slot | None, *, is_counted: bool) -> str:
    """Return what the office above is told when it has accepted a report."""
    if above is None:
        return _("Accepted. It waits for the signer.")
    if is_counted:
        return _("Accepted. It goes into your total from now on.")
    return _(
        "Accepted. Your own total was made before and stays as it is; decide whether this goes in."
    )
