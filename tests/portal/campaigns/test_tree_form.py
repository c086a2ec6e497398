"""What was ticked becomes a choice; what the page did not show stays as it was."""

from django.http import QueryDict

from quetsach_portal.campaigns.called_lines import CalledLines
from quetsach_portal.campaigns.tree.choosing import TreeChoice
from quetsach_portal.campaigns.tree_form import TreeForm

BEFORE = TreeChoice(["territory"], frozenset({1, 2}), frozenset({8, 9}), "Cũ")


def typed(text: str, called: CalledLines | None = None) -> TreeForm:
    data = QueryDict(f"day=01/12/2026&lines=territory&{text}")
    return TreeForm(data, called=called or CalledLines())


def test_units_that_were_not_shown_stay_as_they_were() -> None:
    form = typed("reason=Mới")
    assert form.is_valid()
    chosen = form.chosen(BEFORE)
    assert (chosen.left_out, chosen.added, chosen.reason) == ({1, 2}, {8, 9}, "Mới")


def test_ticks_leave_out_take_back_and_add() -> None:
    form = typed("shown=5&shown=6&members=5&shown=8&added=1&added=7&reason=x")
    assert form.is_valid()
    chosen = form.chosen(BEFORE)
    assert chosen.left_out == {2, 6, 8}
    assert chosen.added == {7, 9}


def test_what_the_letter_names_stays_out_for_a_reason_only() -> None:
    called = CalledLines({"territory": "a", "party": "b"})
    assert "reason" in typed("act=freeze", called).errors
    assert typed("act=freeze&reason=x", called).is_valid()
    assert typed("act=preview", called).is_valid()


def test_a_unit_stays_out_for_a_reason_only() -> None:
    assert "reason" in typed("act=freeze&shown=5").errors
    assert "reason" in typed("act=freeze&shown=5&members=6").errors
    assert typed("act=freeze&shown=5&members=5").is_valid()


def test_the_first_line_goes_before_the_others() -> None:
    form = typed("lines=party&first=party")
    assert form.is_valid()
    assert form.chosen(BEFORE).lines == ["party", "territory"]


def test_numbers_that_are_none_are_not_read() -> None:
    form = typed("shown=x&members=-1&added=9.5&shown=²")
    assert form.is_valid()
    assert form.chosen(TreeChoice([])).left_out == frozenset()
