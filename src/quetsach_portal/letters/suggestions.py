"""What the clerk's form is filled with: the next number, today, and who signed last time."""

from typing import Any

from django.db.models import Max
from django.utils import timezone

from quetsach_portal.letters.documents import usual_code
from quetsach_portal.letters.models import Capacity, Letter

KEPT = ("signer_name", "signer_post", "capacity", "capacity_of", "on_behalf_of", "contact")


def signing_for(letter: Letter) -> dict[str, Any]:
    """Return the initial values of the form by which `letter` gets its number."""
    same_unit = Letter.objects.filter(node__unit=letter.node.unit, is_outside=False)
    last = same_unit.filter(number__isnull=False).order_by("-pk").first()
    source = letter if letter.number is not None else last
    kept = {name: getattr(source, name) for name in KEPT} if source is not None else {}
    # Of the letter itself alone: that the last one was urgent says nothing of this one.
    kept["urgency"] = letter.urgency
    today = timezone.localdate()
    highest = same_unit.filter(signed_on__year=today.year).aggregate(most=Max("number"))["most"]
    return {
        "capacity": Capacity.DIRECT,
        **kept,
        # The unit numbers other letters elsewhere too: only a number known here is continued.
        "number": letter.number or (None if highest is None else highest + 1),
        "code": letter.code or usual_code(letter),
        "signed_on": letter.signed_on or today,
    }
