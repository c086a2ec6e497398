"""Which roles of a unit read which news, and which news a person may read now."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from quetsach_portal.people.models.news import NewsEvent, NewsKind, NewsReader, NewsReading
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope

OWNER, ANALYST, COMPILER, FOCAL = (
    Role.LEAD_OWNER,
    Role.LEAD_ANALYST,
    Role.COMPILER,
    Role.FOCAL_POINT,
)
_WORKS = frozenset({OWNER, ANALYST, COMPILER, FOCAL, Role.TECHNICIAN})
_UNIT = frozenset({OWNER, COMPILER, FOCAL, Role.SIGNER, Role.CLERK})
_REPORTS = frozenset({OWNER, ANALYST, COMPILER, FOCAL})

READERS: Mapping[NewsKind, frozenset[Role]] = {
    NewsKind.MACHINE: _WORKS,
    NewsKind.ALERT: _WORKS,
    NewsKind.SILENT: frozenset({OWNER, ANALYST, COMPILER}),
    NewsKind.LETTER: _UNIT,
    NewsKind.WITHDRAWN: _UNIT,
    NewsKind.REMINDED: _UNIT,
    NewsKind.DEADLINE: _UNIT,
    NewsKind.MORE_TIME: frozenset({OWNER, COMPILER}),
    NewsKind.RETURNED: _REPORTS,
    NewsKind.ACCEPTED: _REPORTS,
    NewsKind.REPORTED: frozenset({OWNER, ANALYST, COMPILER}),
    NewsKind.LIST: _REPORTS,
    NewsKind.ASKED: frozenset({OWNER}),
    NewsKind.CHANGED: _UNIT | {Role.TECHNICIAN},
    NewsKind.CORRECTED: _UNIT | {Role.TECHNICIAN},
    NewsKind.DECLINED: frozenset({OWNER}),
}

KEPT = timedelta(days=90)
SETTLED = timedelta(minutes=15)
"""Events get their numbers before their act is committed: until they are so old, one with a
smaller number may still appear, and no mark "all up to this number" may go so far."""

MOST_COUNTED = 100
"""The bell counts so far: with more it says so."""


def news_of(scope: Scope) -> QuerySet[NewsEvent]:
    """Return what the person may read by the roles held now, of the last 90 days.

    What somebody did is no news to them; what is for one person is for that person alone.
    """
    units: dict[frozenset[NewsKind], set[int]] = defaultdict(set)
    roles: dict[int, set[Role]] = defaultdict(set)
    for seat in scope.seats:
        roles[seat.unit_id].add(seat.role)
    for unit_id, held in roles.items():
        kinds = frozenset(kind for kind, readers in READERS.items() if readers & held)
        if kinds:
            units[kinds].add(unit_id)
    if not units:
        return NewsEvent.objects.none()
    allowed = Q()
    for kinds, unit_ids in units.items():
        allowed |= Q(unit_id__in=unit_ids, kind__in=sorted(kinds))
    rows = NewsEvent.objects.filter(allowed, at__gte=timezone.now() - KEPT)
    mine = Q(to__isnull=True) | Q(to_id=scope.user_id)
    return rows.filter(mine).exclude(by_id=scope.user_id)


def unread_of(scope: Scope) -> QuerySet[NewsEvent]:
    """Return what of it the person has not read."""
    readings = NewsReading.objects.filter(event=OuterRef("pk"), user_id=scope.user_id)
    past = NewsReader.objects.filter(user_id=scope.user_id, read_until__gte=OuterRef("pk"))
    return news_of(scope).filter(~Exists(readings), ~Exists(past))


def unread_count(scope: Scope) -> int:
    """Return how many are unread, at most MOST_COUNTED. Cost: one query."""
    return len(unread_of(scope).order_by("-pk").values_list("pk", flat=True)[:MOST_COUNTED])
