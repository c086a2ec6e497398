"""The number of the bell."""

import pytest
from django.db import DatabaseError
from django.template import Context

from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.news.readers import MOST_COUNTED
from quetsach_portal.people.news.writing import NewsSubject, tell_many
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.worklist.templatetags import guide
from quetsach_portal.worklist.templatetags.guide import unread_news

pytestmark = pytest.mark.django_db


def shown(scope) -> str:
    request = type("Request", (), {"scope": scope})()
    return str(unread_news(Context({"request": request}))["text"])


def test_the_bell_counts_and_ends_at_99(world) -> None:
    scope, unit = scope_of(world.user("TC01", Role.CLERK)), world.units["TC01"].pk
    assert shown(scope) == ""
    subject = NewsSubject("letter:1", "1", "/")
    tell_many(NewsKind.LETTER, [(unit, subject)] * 3)
    assert shown(scope) == "3"
    tell_many(NewsKind.LETTER, [(unit, subject)] * MOST_COUNTED)
    assert shown(scope) == "99+"


def test_without_a_request_or_a_person_nothing_is_asked(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert unread_news(Context({})) == {"count": 0, "text": ""}
        assert shown(None) == ""


def test_the_page_of_an_error_has_its_head_where_the_database_fails(world, monkeypatch) -> None:
    def fail(scope) -> int:
        raise DatabaseError

    monkeypatch.setattr(guide, "unread_count", fail)
    assert shown(scope_of(world.user("TC01", Role.CLERK))) == ""


def test_the_head_of_a_page_has_the_bell_with_its_number(world, client_of) -> None:
    tell_many(NewsKind.LETTER, [(world.units["TC01"].pk, NewsSubject("letter:1", "1", "/"))] * 2)
    page = client_of("TC01", Role.CLERK).get("/find/").content.decode()
    assert page.count("Thông báo: 2 tin chưa đọc") == 2
    assert page.count('class="bell-count"') == 2
