"""Heads that sort: what a press asks for, and what is said of the order."""

from django.test import RequestFactory

from quetsach_portal.web.sorting import sort_heads, sorted_by

SORTS = {"unit": ("Đơn vị", "name"), "due": ("Hạn", "due_at")}


def test_a_press_sorts_upwards_and_a_second_one_downwards_and_keeps_the_rest() -> None:
    request = RequestFactory().get("/?show=late&page=3&sort=unit")
    unit, due = sort_heads(request, SORTS)
    assert (unit.order, unit.query) == ("ascending", "show=late&sort=-unit")
    assert (due.order, due.query) == ("", "show=late&sort=due")
    again = RequestFactory().get("/?sort=-unit")
    assert sort_heads(again, SORTS)[0].order == "descending"
    assert sorted_by(again, SORTS, ("pk",)) == ("-name", "pk")


def test_what_is_no_column_sorts_nothing() -> None:
    for asked in ("password", "-", "", "name", "--unit"):
        request = RequestFactory().get("/", {"sort": asked})
        assert sorted_by(request, SORTS, ("pk",)) == ("pk",)
        assert not any(head.order for head in sort_heads(request, SORTS))
