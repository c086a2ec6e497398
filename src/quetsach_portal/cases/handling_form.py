"""From the form about a handling to the act."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from quetsach_portal.cases import actions
from quetsach_portal.cases.models import Case, Handling, HandlingKind
from quetsach_portal.people.models import User
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.scope import Scope
from quetsach_portal.web.problems import Refused


def tell(scope: Scope, case: Case, told: Mapping[str, Any], actor: User) -> Handling:
    """Write down what the form says. Errors: Refused; a risk is accepted by the focal point."""
    kind = HandlingKind(told["kind"])
    focal = case.node.unit_id in scope.own_units(Role.FOCAL_POINT)
    if kind == HandlingKind.ACCEPTED_RISK and not focal:
        raise Refused(_("A risk is accepted by the focal point of the unit."), field="kind")
    return actions.tell_handling(
        case.pk,
        kind=kind,
        at=told["at"],
        tool=told["tool"].strip(),
        result=told["result"],
        told=told["told"].strip(),
        review_on=told["review_on"],
        actor=actor,
        version=told["version"],
    )
