"""Who reads which news: by the roles held now, in one's own unit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.people.models.news import NewsEvent, NewsKind
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.news.readers import (
    KEPT,
    MOST_COUNTED,
    READERS,
    news_of,
    unread_count,
    unread_of,
)
from quetsach_portal.people.news.writing import NewsSubject, mark_all, mark_group, tell
from quetsach_portal.people.roles.scope import Scope, scope_of

pytestmark = pytest.mark.django_db

SUBJECT = NewsSubject("case:1", "VV-1", "/cases/1/")


def write(world, code: str = "TC01", kind: NewsKind = NewsKind.MACHINE, **changed) -> NewsEvent:
    tell(kind, world.units[code].pk, changed.pop("subject", SUBJECT), **changed)
    return NewsEvent.objects.latest("pk")


def kinds_read_by(world, role: Role, code: str = "TC01") -> set[str]:
    scope = scope_of(world.user(code, role))
    return set(news_of(scope).values_list("kind", flat=True))


def test_every_kind_has_readers_and_each_role_reads_what_the_table_says(world) -> None:
    assert READERS.keys() == set(NewsKind)
    for kind in NewsKind:
        write(world, kind=kind)
    for role in Role:
        assert kinds_read_by(world, role) == {k for k, roles in READERS.items() if role in roles}


def test_news_of_another_unit_is_read_by_nobody_else(world) -> None:
    write(world, "TC01")
    for code in ("TC", "TC02", "TC01A", "KH"):
        assert kinds_read_by(world, Role.FOCAL_POINT, code) == set()
    assert news_of(Scope(0, ())).count() == 0


def test_who_lost_the_role_reads_nothing_of_it_any_more(world) -> None:
    write(world)
    user = world.user("TC01", Role.TECHNICIAN)
    assert unread_count(scope_of(user)) == 1
    Assignment.objects.filter(user=user).update(valid_to=timezone.localdate())
    assert unread_count(scope_of(user)) == 0


def test_a_role_in_one_unit_opens_nothing_of_another_where_a_lesser_one_is_held(world) -> None:
    user = world.user("TC01", Role.CLERK)
    Assignment.objects.create(
        user=user,
        unit=world.units["TC02"],
        role=Role.TECHNICIAN,
        valid_from=timezone.localdate() - timedelta(days=1),
    )
    write(world, "TC01")
    mine = write(world, "TC02")
    assert list(news_of(scope_of(user))) == [mine]


def test_one_s_own_act_is_no_news_and_what_is_for_one_person_is_for_no_other(world) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    second = Role.LEAD_OWNER
    write(world, "TC", NewsKind.ASKED, by=owner)
    assert unread_count(scope_of(owner)) == 0
    write(world, "TC", NewsKind.DECLINED, to=owner)
    assert [event.kind for event in news_of(scope_of(owner))] == ["declined"]
    assert second in READERS[NewsKind.DECLINED]
    analyst = scope_of(world.user("TC", Role.LEAD_ANALYST))
    assert news_of(analyst).count() == 0


def test_read_is_one_s_own_and_later_news_of_the_group_is_new(world) -> None:
    first, other = world.user("TC01", Role.TECHNICIAN), world.user("TC01", Role.FOCAL_POINT)
    write(world)
    assert mark_group(scope_of(first), "case:1") == 1
    assert mark_group(scope_of(first), "case:1") == 0
    assert unread_count(scope_of(first)) == 0
    assert unread_count(scope_of(other)) == 1
    write(world)
    assert unread_count(scope_of(first)) == 1


def test_all_is_marked_up_to_what_was_shown(world) -> None:
    scope = scope_of(world.user("TC01", Role.TECHNICIAN))
    shown, later = write(world), write(world)
    mark_all(scope, shown.pk)
    assert list(unread_of(scope)) == [later]
    mark_all(scope, 10**15)
    assert unread_count(scope) == 0
    mark_all(scope, 0)
    coming = write(world)
    assert list(unread_of(scope)) == [coming]


def test_what_is_older_than_90_days_is_gone_and_the_count_has_an_end(world) -> None:
    scope = scope_of(world.user("TC01", Role.TECHNICIAN))
    for _number in range(MOST_COUNTED + 2):
        write(world)
    assert unread_count(scope) == MOST_COUNTED
    NewsEvent.objects.update(at=timezone.now() - KEPT - timedelta(minutes=1))
    assert unread_count(scope) == 0


def test_the_count_is_one_query(world, django_assert_num_queries) -> None:
    scope = scope_of(world.user("TC01", Role.TECHNICIAN))
    with django_assert_num_queries(1):
        unread_count(scope)
