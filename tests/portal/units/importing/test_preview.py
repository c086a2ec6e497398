"""Rows of a register file compared with the register."""

import pytest

from quetsach_portal.units.importing.preview import depth_after, preview_of
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.units.register_file.rows import RegisterFlaw, UnitRow
from tests.portal.world import World

NAMES = {"TC01": "Ủy ban nhân dân xã Một", "TC02": "Ủy ban nhân dân xã Hai"}


def row(code: str, parent: str = "TC", **fields: object) -> UnitRow:
    named = {"name": NAMES.get(code, f"Đơn vị {code}"), "line": "territory", **fields}
    return UnitRow(row=2, sheet="", code=code, parent=parent, **named)


@pytest.mark.django_db
def test_a_file_is_parted_into_new_changed_unchanged_and_missing(world: World) -> None:
    rows = [row("TC01", staff=12), row("TC02"), row("N1", mail="n1@donvi.example")]
    preview = preview_of(rows, [], world.units["TC"])
    assert [new.code for new in preview.new] == ["N1"]
    assert {change.row.code: dict(change.fields) for change in preview.changed} == {
        "TC01": {"staff": ("", "12")}
    }
    assert preview.unchanged == 1
    assert {unit.code for unit in preview.missing} == {"TC", "TC01A"}
    assert preview.problems == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("unit_row", "flaw"),
    [
        (row("KH"), RegisterFlaw.OUTSIDE),
        (row("TC01", "TC01A"), RegisterFlaw.CYCLE),
        (row("N1", "TC02"), RegisterFlaw.CLOSED_UNIT),
        (row("TC02", staff=3), RegisterFlaw.CLOSED_UNIT),
        (row("TC01", name="Phường Một"), RegisterFlaw.BY_EVENT),
        (row("N1", "N9"), RegisterFlaw.UNKNOWN_PARENT),
    ],
)
def test_a_row_that_cannot_be_saved_says_why(
    world: World, unit_row: UnitRow, flaw: RegisterFlaw
) -> None:
    OrgUnit.objects.filter(code="TC02").update(closed_on="2026-11-02")
    frozen = {world.units["TC01"].pk} if flaw is RegisterFlaw.BY_EVENT else ()
    preview = preview_of([unit_row], [], world.units["TC"], frozen)
    assert [problem.flaw for problem in preview.problems] == [flaw]
    assert (preview.new, preview.changed) == ([], [])


@pytest.mark.django_db
def test_the_digest_is_of_what_was_reviewed(world: World) -> None:
    top = world.units["TC"]
    digests = [
        preview_of(rows, [], top).seen
        for rows in ([row("N1")], [row("N1")], [row("N2")], [row("TC01", staff=1)])
    ]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_the_depth_of_a_unit_is_counted_from_the_top() -> None:
    parents = {"A": "", "B": "A", "C": "B"}
    assert [depth_after(code, parents) for code in "ABCX"] == [0, 1, 2, 0]
