"""Long tables: found, sorted, counted, what is overdue; and which tables of the portal have it."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web import tables
from quetsach_portal.web.folding import folded
from quetsach_portal.web.tables import Column, LongList, LongTable, long_table
from tests.portal.world import World, make_unit

pytestmark = pytest.mark.django_db

UNITS = LongList(
    "Đơn vị",
    {
        "name": Column("Tên", "name"),
        "closed": Column("Giải thể", "closed_on", is_optional=True),
        "kind": Column("Loại"),
    },
    folded_in=("search",),
    text_in=("name",),
    number_in=("pk",),
    late=lambda: Q(closed_on__lte=timezone.localdate()),
)
ROWS = LongList(
    UNITS.title,
    {"name": Column("Tên", "unit__name"), "due": Column("Hạn", "due", is_optional=True)},
    text_in=("unit__name",),
    number_in=("number",),
    is_late=lambda row: row.due is not None and row.due < 10,
)


@dataclass(frozen=True)
class Line:
    """A row that is at hand."""

    name: str
    due: int | None
    number: int = 0

    @property
    def unit(self) -> SimpleNamespace:
        """What its name hangs on."""
        return SimpleNamespace(name=self.name)


LINES = [Line("Xã Bê", 12), Line("Ủy ban A", None, 7), Line("Xã Ông", 3), Line("xã an", 12)]


def of_units(query: str = "", **more: Any) -> LongTable:
    rows = OrgUnit.objects.exclude(code="VN").order_by("code")
    return long_table(rows, RequestFactory().get(f"/{query}"), UNITS, **more)


def names(table: LongTable) -> list[str]:
    return [row.name for row in table.page.rows]


@pytest.fixture
def units(world: World) -> World:
    for code, name in (("Z1", "Trạm Một"), ("Z2", "Trạm Hai"), ("Z3", "trạm ba")):
        make_unit(code, world.units["TC"])
        OrgUnit.objects.filter(code=code).update(name=name, search=f"{folded(name)} {code.lower()}")
    OrgUnit.objects.filter(code="Z2").update(closed_on=timezone.localdate() - timedelta(days=1))
    OrgUnit.objects.filter(code="Z3").update(closed_on=timezone.localdate() + timedelta(days=1))
    return world


def test_a_box_finds_by_words_without_marks_by_names_and_by_numbers(units: World) -> None:
    assert names(of_units("?q=tram")) == ["Trạm Một", "Trạm Hai", "trạm ba"]
    assert names(of_units("?q=HAI+tram")) == ["Trạm Hai"]
    one = OrgUnit.objects.get(code="Z1")
    assert "Trạm Một" in names(of_units(f"?q={one.pk}"))
    for hostile in ("%27--", "%25", "_", "9" * 400, "%00", "٣"):
        assert of_units(f"?q={hostile}").page.rows == [] or hostile == "%00"


def test_heads_sort_and_what_is_empty_comes_last_either_way(units: World) -> None:
    for sort, closed in (("closed", ["Trạm Hai", "trạm ba"]), ("-closed", ["trạm ba", "Trạm Hai"])):
        table = of_units(f"?sort={sort}&page=1")
        assert names(table)[:2] == closed
        assert len(names(table)) == OrgUnit.objects.count()
    name, closed_on, kind = of_units("?sort=-closed&x=1&page=2").heads
    assert (name.order, closed_on.order, kind.order) == ("", "descending", "")
    assert (name.query, closed_on.query) == ("sort=name&x=1", "sort=closed&x=1")
    assert kind.query == ""
    for nothing in ("kind", "-kind", "pk", "closed_on", "--name", "password"):
        assert names(of_units(f"?sort={nothing}")) == names(of_units())


def test_what_a_column_leaves_equal_stays_in_the_usual_order(units: World) -> None:
    OrgUnit.objects.update(name="Một tên")
    ids = [row.pk for row in of_units().page.rows]
    for sort in ("name", "-name"):
        assert [row.pk for row in of_units(f"?sort={sort}").page.rows] == ids


def test_only_what_is_overdue_is_shown_where_it_is_asked_for(units: World) -> None:
    table = of_units("?late=1")
    assert names(table) == ["Trạm Hai"]
    assert table.total == 1
    assert table.is_narrowed
    assert not of_units("?late=0").is_narrowed


def test_rows_at_hand_are_found_sorted_and_overdue_alike() -> None:
    def of_lines(query: str) -> list[str]:
        return names(long_table(LINES, RequestFactory().get(f"/{query}"), ROWS))

    assert of_lines("?sort=name") == ["Ủy ban A", "xã an", "Xã Bê", "Xã Ông"]
    assert of_lines("?sort=due") == ["Xã Ông", "Xã Bê", "xã an", "Ủy ban A"]
    assert of_lines("?sort=-due") == ["Xã Bê", "xã an", "Xã Ông", "Ủy ban A"]
    assert of_lines("?q=an+xa") == ["xã an"]
    assert of_lines("?q=7") == ["Ủy ban A"]
    assert of_lines("?late=1") == ["Xã Ông"]


def test_the_caption_says_how_many_and_pages_hold_fifty(
    units: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = of_units("?q=tram", per=2)
    assert (table.total, table.page.has_next, len(table.page.rows)) == (3, True, 2)
    head = render_to_string("components/table_head.html", {"table": table})
    assert "Đơn vị có “tram”: 3</caption>" in head
    monkeypatch.setattr(tables, "MOST_COUNTED", 2)
    head = render_to_string("components/table_head.html", {"table": of_units("?q=tram")})
    assert "hơn 2</caption>" in head
    assert "Đơn vị: 44</caption>" in render_to_string(
        "components/table_head.html", {"table": of_units(total=44)}
    )


def test_a_table_is_a_page_and_a_count_and_no_count_where_it_is_known(units: World) -> None:
    with CaptureQueriesContext(connection) as asked:
        of_units("?sort=closed&q=tram")
    assert len(asked) == 2
    with CaptureQueriesContext(connection) as asked:
        of_units(total=5)
    assert len(asked) == 1


@pytest.mark.asvs("V1.2.2")
def test_words_and_addresses_of_strangers_are_written_as_text(units: World) -> None:
    table = of_units("?q=%3Cb%3E&x=%22%3E%3Ci%3E&sort=name")
    form = render_to_string("components/table_find.html", {"table": table, "shows_all": ""})
    assert "<b>" not in form + render_to_string("components/table_head.html", {"table": table})
    assert "<i>" not in form
    assert 'name="x" value="&quot;&gt;&lt;i&gt;"' in form
