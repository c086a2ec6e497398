"""What the page of news shows: events grouped by what they are about, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from quetsach_portal.people.models.news import NewsEvent, NewsReader, NewsReading
from quetsach_portal.people.news.readers import SETTLED, news_of
from quetsach_portal.people.roles.scope import Scope

MOST_EVENTS = 300
MOST_IN_GROUP = 5


@dataclass(frozen=True)
class NewsLine:
    """An event, and whether the person has read it."""

    event: NewsEvent
    is_unread: bool


@dataclass(frozen=True)
class NewsGroup:
    """All events about one thing: its newest lines, and how many more and unread there are."""

    key: str
    about: str
    lines: Sequence[NewsLine]
    more: int
    unread: int

    @property
    def newest(self) -> NewsEvent:
        """Return the newest event; its page is where the group leads."""
        return self.lines[0].event


@dataclass(frozen=True)
class NewsPage:
    """The groups, and what a press that marks all of it covers.

    Shapes: `until` is the number of the newest event up to which no other can still appear here,
    0 for none; `later` the numbers of what is shown and unread after it. `is_cut` where older news
    is not shown.
    """

    groups: Sequence[NewsGroup]
    until: int
    later: Sequence[int]
    unread: int
    is_cut: bool


def news_page(scope: Scope) -> NewsPage:
    """Return the newest news of a person, at most MOST_EVENTS. Cost: two queries."""
    readings = NewsReading.objects.filter(event=OuterRef("pk"), user_id=scope.user_id)
    past = NewsReader.objects.filter(user_id=scope.user_id).values_list("read_until", flat=True)
    read_until = past.first() or 0
    rows = news_of(scope).annotate(has_read=Exists(readings)).order_by("-pk")[: MOST_EVENTS + 1]
    lines = [NewsLine(event, event.pk > read_until and not event.has_read) for event in rows]
    is_cut, lines = len(lines) > MOST_EVENTS, lines[:MOST_EVENTS]
    by_key: dict[str, list[NewsLine]] = {}
    for line in lines:
        by_key.setdefault(line.event.key, []).append(line)
    groups = [
        NewsGroup(
            key,
            about=some[0].event.about,
            lines=some[:MOST_IN_GROUP],
            more=max(0, len(some) - MOST_IN_GROUP),
            unread=sum(line.is_unread for line in some),
        )
        for key, some in by_key.items()
    ]
    until = _until(lines, is_cut=is_cut)
    later = [line.event.pk for line in lines if line.is_unread and line.event.pk > until]
    return NewsPage(groups, until, later, sum(group.unread for group in groups), is_cut)


def _until(lines: Sequence[NewsLine], *, is_cut: bool) -> int:
    settled = timezone.now() - SETTLED
    numbers = [line.event.pk for line in lines if line.event.at < settled]
    if is_cut:
        # What comes below the last line would not be shown on any page either.
        numbers.append(lines[-1].event.pk)
    return max(numbers, default=0)


def event_of(scope: Scope, event_id: int) -> NewsEvent | None:
    """Return an event that the person may read now, None for any other."""
    return news_of(scope).filter(pk=event_id).first()
