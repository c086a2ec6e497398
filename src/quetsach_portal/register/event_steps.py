"""Steps of the wizard for events of the tree."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from quetsach_portal.register.tree_acts import drafted
from quetsach_portal.register.typed_plans import plan_from
from quetsach_portal.rights.request import Request
from quetsach_portal.units.models import OrgEvent


def begun(code: str) -> dict[str, Any]:
    """Return what stands in the form at first: today, and the unit somebody came from."""
    known = code[:40]
    return {
        "effective_on": timezone.localdate(),
        "units": known,
        "parent": known,
        "merges": f"{known} + " if known else "",
    }


def drafted_from(kind: str, typed: Mapping[str, Any], request: Request) -> OrgEvent:
    """Return the event that was typed, not saved. Errors: Refused."""
    plan = plan_from(kind, typed, request.scope)
    return drafted(
        kind,
        plan,
        effective_on=typed["effective_on"],
        legal_doc=typed["legal_doc"],
        actor=request.user,
    )
