"""Rows of a register file that make a tree, and what is wrong with the others."""

import pytest

from quetsach_portal.units.register_file.rows import RegisterFlaw, RowProblem, UnitRow, tree_of


def row(code: str, parent: str = "", line: str = "territory", name: str = "") -> UnitRow:
    return UnitRow(
        row=1, sheet="", code=code, name=name or f"Đơn vị {code}", parent=parent, line=line
    )


@pytest.mark.parametrize(
    ("rows", "order", "flaws"),
    [
        ([row("B", "A"), row("A")], ["A", "B"], {}),
        ([row("A", "TOP")], ["A"], {}),
        ([row("A", "X")], [], {"A": RegisterFlaw.UNKNOWN_PARENT}),
        ([row("A", "A")], [], {"A": RegisterFlaw.OWN_PARENT}),
        ([row("A", "B"), row("B", "A")], [], dict.fromkeys("AB", RegisterFlaw.CYCLE)),
        (
            [row("C", "A"), row("A", "B"), row("B", "A")],
            [],
            {"A": RegisterFlaw.CYCLE, "B": RegisterFlaw.CYCLE, "C": RegisterFlaw.BAD_PARENT},
        ),
        ([row("A"), row("A")], ["A"], {"A": RegisterFlaw.DOUBLE_CODE}),
        ([row("A"), row("A", "TOP", "party", "Tên khác")], ["A"], {"A": RegisterFlaw.DOUBLE_CODE}),
        ([row("A", "BAD")], [], {"A": RegisterFlaw.BAD_PARENT}),
        ([row("B", "đơn vị a"), row("A")], ["A", "B"], {}),
    ],
)
def test_rows_come_after_their_parents_or_say_why_not(
    rows: list[UnitRow], order: list[str], flaws: dict[str, RegisterFlaw]
) -> None:
    tree = tree_of(rows, {"TOP"}, {"BAD"}, "TOP")
    assert [placed.code for placed in tree.rows] == order
    assert {problem.value or "": problem.flaw for problem in tree.problems}.keys() <= {
        *(unit.parent for unit in rows),
        *(unit.code for unit in rows),
    }
    assert sorted(problem.flaw for problem in tree.problems) == sorted(flaws.values())
    assert {*order, *flaws} == {unit.code for unit in rows}


def test_a_unit_on_two_lines_has_a_second_parent_and_is_one_unit() -> None:
    tree = tree_of([row("A"), row("B", "A"), row("B", "TOP", "party")], {"TOP"}, set(), "TOP")
    assert [placed.code for placed in tree.rows] == ["A", "B"]
    assert [(edge.code, edge.parent, edge.line) for edge in tree.more_edges] == [
        ("B", "TOP", "party")
    ]
    assert tree.problems == ()


@pytest.mark.parametrize("flaw", RegisterFlaw)
def test_every_flaw_says_what_is_wrong_and_what_to_do(flaw: RegisterFlaw) -> None:
    problem = RowProblem(2, "Mã đơn vị", flaw)
    assert problem.told.endswith(".")
    assert problem.remedy.endswith(".")
    assert problem.told != problem.remedy
