"""Long lists: one page by number, or all rows as a file."""

import pytest
from django.http import HttpRequest, QueryDict

from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.paging import page_of

pytestmark = pytest.mark.django_db


def asking(query: str) -> HttpRequest:
    """Return a request with the query."""
    request = HttpRequest()
    request.GET = QueryDict(query)
    return request


@pytest.mark.parametrize(
    ("asked", "number"),
    [("", 1), ("2", 2), ("0", 1), ("-3", 1), ("zwei", 1), ("٣", 1), ("9" * 400, 999_999)],
)
def test_a_page_number_that_is_none_is_the_first(world, asked: str, number: int) -> None:
    page = page_of(OrgUnit.objects.order_by("pk"), asking(f"page={asked}"), per=2)
    assert page.number == min(number, 100_000)


def test_a_page_knows_whether_another_follows_and_keeps_the_filter(world) -> None:
    units = OrgUnit.objects.order_by("pk")
    first = page_of(units, asking("kind=x&page=1"), per=2)
    assert (len(first.rows), first.has_next, first.query) == (2, True, "kind=x&")
    last = page_of(units, asking("page=3"), per=2)
    assert (len(last.rows), last.has_next) == (1, False)
