"""Write news in the transaction of an act, mark it read, and forget it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.mail import outbox
from quetsach_portal.mail.message import one_line
from quetsach_portal.mail.models import MailPurpose
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import (
    NewsEvent,
    NewsKind,
    NewsMail,
    NewsReader,
    NewsReading,
)
from quetsach_portal.people.news.readers import KEPT, unread_of
from quetsach_portal.people.roles.scope import Scope

ROWS_AT_ONCE = 1000
MOST_MARKED = 1000
"""Events of one group that one press marks: more than a group can have in 90 days."""


@dataclass(frozen=True)
class NewsSubject:
    """What an event is about, by which events are grouped, and the page where it stands.

    Shapes: `about` names no machine, no person and no indicator.
    """

    key: str
    about: str
    path: str


def tell(
    kind: NewsKind,
    unit_id: int,
    subject: NewsSubject,
    *,
    campaign_id: int | None = None,
    by: User | None = None,
    to: User | None = None,
) -> None:
    """Write an event for a unit, or for `to` alone. The caller holds the transaction."""
    event = _event(kind, unit_id, subject, campaign_id, by)
    event.to = to
    event.save()


def tell_many(
    kind: NewsKind,
    subjects: Iterable[tuple[int, NewsSubject]],
    *,
    campaign_id: int | None = None,
    by: User | None = None,
) -> None:
    """Write an event for each of these units. The caller holds the transaction.

    Cost: one statement for each thousand.
    """
    events = [_event(kind, unit_id, subject, campaign_id, by) for unit_id, subject in subjects]
    NewsEvent.objects.bulk_create(events, batch_size=ROWS_AT_ONCE)


def _event(
    kind: NewsKind, unit_id: int, subject: NewsSubject, campaign_id: int | None, by: User | None
) -> NewsEvent:
    return NewsEvent(
        kind=kind,
        unit_id=unit_id,
        campaign_no=campaign_id,
        key=subject.key[:40],
        about=one_line(subject.about)[:200],
        path=subject.path[:200],
        by=by,
    )


def take_back(kind: NewsKind, keys: Collection[str], *, since: datetime) -> None:
    """Delete what a person's act wrote about these subjects since then: the act is undone."""
    rows = NewsEvent.objects.filter(kind=kind, key__in=keys, at__gte=since, by__isnull=False)
    NewsReading.objects.filter(event__in=rows).delete()
    rows.delete()


def mark_group(scope: Scope, key: str) -> int:
    """Mark what the person has not read of a group; return how many that were."""
    with transaction.atomic():
        ids = unread_of(scope).filter(key=key).values_list("pk", flat=True)[:MOST_MARKED]
        rows = [NewsReading(user_id=scope.user_id, event_id=pk) for pk in ids]
        NewsReading.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def mark_all(scope: Scope, until: int, later: Sequence[int] = ()) -> None:
    """Mark all events up to `until`, and those of `later`, at most MOST_MARKED.

    Both come from the page, which goes no further with `until` than where all is settled: what
    appears meanwhile stays unread, whatever its number.
    """
    with transaction.atomic():
        unread = unread_of(scope).filter(pk__in=later[:MOST_MARKED])
        ids = unread.values_list("pk", flat=True)
        rows = [NewsReading(user_id=scope.user_id, event_id=event_id) for event_id in ids]
        NewsReading.objects.bulk_create(rows, ignore_conflicts=True)
        newest = NewsEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        reader, _is_new = NewsReader.objects.select_for_update().get_or_create(
            user_id=scope.user_id
        )
        reader.read_until = max(reader.read_until, min(until, newest))
        reader.save(update_fields=["read_until"])
        past = NewsReading.objects.filter(user_id=scope.user_id, event_id__lte=reader.read_until)
        past.delete()


def forget_campaign(campaign_id: int) -> dict[str, int]:
    """Delete the news of an archived campaign, and return how many; in a transaction."""
    rows = NewsEvent.objects.filter(campaign_no=campaign_id)
    NewsReading.objects.filter(event__in=rows).delete()
    return {"news": rows.delete()[0]}


def forget_old(work: RunningJob) -> None:
    """Delete news, and the rows of mails about it, after 90 days; a periodic job."""
    with transaction.atomic():
        before = timezone.now() - KEPT
        old = NewsEvent.objects.filter(at__lt=before)
        NewsReading.objects.filter(event__in=old).delete()
        old.delete()
        mails = NewsMail.objects.filter(made_at__lt=before)
        outbox.forget(MailPurpose.NEWS, list(mails.values_list("pk", flat=True)))
        mails.delete()
    work.renew()
