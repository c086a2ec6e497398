"""Who works cases in a unit today."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from quetsach_portal.people.models import User
from quetsach_portal.rights.models import Role


def technicians_of(*unit_ids: int) -> QuerySet[User]:
    """Return the technicians and focal points of these units, by name."""
    today = timezone.localdate()
    return (
        User.objects.filter(
            Q(assignments__valid_to__isnull=True) | Q(assignments__valid_to__gt=today),
            is_active=True,
            assignments__unit_id__in=unit_ids,
            assignments__role__in=[Role.TECHNICIAN, Role.FOCAL_POINT],
            assignments__valid_from__lte=today,
        )
        .distinct()
        .order_by("name", "pk")
    )
