"""Long lists: one page by number, or all rows as a file."""

import pytest
from django.http import HttpRequest, QueryDict

from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.paging import key_page_of, page_of

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


def test_pages_by_key_lead_forward_and_back_and_keep_the_filter(world) -> None:
    units = OrgUnit.objects.all()
    codes = sorted(OrgUnit.objects.values_list("code", flat=True))
    there, query = [], "q=x&before="
    for _page in range(len(codes)):
        page = key_page_of(units, asking(query), "code", per=2)
        there.append([one.code for one in page.rows])
        if not page.after:
            break
        query = page.after
        assert QueryDict(query).dict() == {"q": "x", "after": there[-1][-1]}
    assert [code for rows in there for code in rows] == codes
    back = [there[-1]]
    while page.before:
        page = key_page_of(units, asking(page.before), "code", per=2)
        back.append([one.code for one in page.rows])
    assert [row for rows in back[::-1] for row in rows] == codes


@pytest.mark.parametrize("asked", ["after=zzz", "before=%00", "after=%00", "before=A"])
def test_a_key_that_nobody_has_is_a_place_or_the_beginning(world, asked: str) -> None:
    page = key_page_of(OrgUnit.objects.all(), asking(asked), "code", per=2)
    assert page.before == ""
    assert len(page.rows) == (0 if asked in ("after=zzz", "before=A") else 2)
