"""News grouped by what it is about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.people.models.news import NewsEvent, NewsKind, NewsReading
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.news.readers import SETTLED, unread_of
from quetsach_portal.people.news.writing import NewsSubject, mark_all, mark_group, tell, tell_many
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.worklist.news.page import MOST_EVENTS, MOST_IN_GROUP, event_of, news_page

pytestmark = pytest.mark.django_db


def write(world, key: str, kind: NewsKind = NewsKind.MACHINE) -> NewsEvent:
    tell(kind, world.units["TC01"].pk, NewsSubject(key, f"Về {key}", "/cases/"))
    return NewsEvent.objects.latest("pk")


def grow_old() -> None:
    """Let all news be so old that none with a smaller number appears any more."""
    NewsEvent.objects.update(at=timezone.now() - SETTLED - timedelta(seconds=1))


def test_what_is_about_one_thing_stands_together_the_newest_first(world) -> None:
    scope = scope_of(world.user("TC01", Role.FOCAL_POINT))
    write(world, "case:1")
    write(world, "case:2")
    newest = write(world, "case:1", NewsKind.ALERT)
    grow_old()
    page = news_page(scope)
    assert [(group.key, len(group.lines), group.unread) for group in page.groups] == [
        ("case:1", 2, 2),
        ("case:2", 1, 1),
    ]
    assert page.groups[0].newest == newest
    assert (page.until, page.later, page.unread, page.is_cut) == (newest.pk, [], 3, False)


def test_what_was_read_stays_and_is_not_new(world) -> None:
    scope = scope_of(world.user("TC01", Role.FOCAL_POINT))
    first = write(world, "case:1")
    write(world, "case:2")
    mark_group(scope, "case:2")
    assert [group.unread for group in news_page(scope).groups] == [0, 1]
    mark_all(scope, first.pk)
    assert news_page(scope).unread == 0
    assert len(news_page(scope).groups) == 2


def test_what_appears_after_the_page_under_a_smaller_number_stays_unread(world) -> None:
    scope = scope_of(world.user("TC01", Role.FOCAL_POINT))
    write(world, "case:1")
    grow_old()
    # An act that took its number here is committed after the page was shown.
    pending = write(world, "case:2")
    NewsEvent.objects.filter(pk=pending.pk).delete()
    newest = write(world, "case:3")
    page = news_page(scope)
    assert (page.until < pending.pk, page.later) == (True, [newest.pk])
    pending.save()
    mark_all(scope, page.until, page.later)
    assert list(unread_of(scope)) == [pending]
    assert [group.unread for group in news_page(scope).groups] == [0, 1, 0]


def test_numbers_of_others_that_are_sent_mark_nothing(world) -> None:
    other = write(world, "case:1")
    mark_all(scope_of(world.user("TC02", Role.FOCAL_POINT)), 0, [other.pk, 10**15])
    assert not NewsReading.objects.exists()


def test_a_page_has_an_end_and_says_so(world) -> None:
    scope = scope_of(world.user("TC01", Role.FOCAL_POINT))
    unit = world.units["TC01"].pk
    rows = [(unit, NewsSubject("case:1", "VV-1", "/"))] * (MOST_EVENTS + 1)
    tell_many(NewsKind.MACHINE, rows)
    page = news_page(scope)
    (group,) = page.groups
    assert page.is_cut
    assert (len(group.lines), group.more) == (MOST_IN_GROUP, MOST_EVENTS - MOST_IN_GROUP)
    mark_all(scope, page.until, page.later)
    assert not unread_of(scope).exists()


def test_an_event_that_one_may_not_read_is_none(world) -> None:
    event = write(world, "case:1")
    assert event_of(scope_of(world.user("TC01", Role.TECHNICIAN)), event.pk) == event
    assert event_of(scope_of(world.user("TC01", Role.CLERK)), event.pk) is None
    assert event_of(scope_of(world.user("TC02", Role.TECHNICIAN)), event.pk) is None


def test_the_page_is_two_queries(world, django_assert_num_queries) -> None:
    scope = scope_of(world.user("TC01", Role.FOCAL_POINT))
    write(world, "case:1")
    with django_assert_num_queries(2):
        news_page(scope)
