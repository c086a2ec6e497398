"""The answer to the box in which somebody types the name of a unit."""

from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse

from quetsach_portal.units.models import OrgUnit
from quetsach_portal.units.searching import label_of, offered


def suggestions(request: HttpRequest, units: QuerySet[OrgUnit]) -> JsonResponse:
    """Return at most ten of `units` for the words asked for, each with the unit above it."""
    some = offered(units, request.GET.get("q", "")[:100])
    found = [
        {"text": label_of(one), "above": "" if one.parent is None else one.parent.name}
        for one in some
    ]
    return JsonResponse({"units": found}, headers={"Cache-Control": "no-store"})
