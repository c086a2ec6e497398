"""No cell of a table is run by a spreadsheet as a formula, however it parts the cells."""

import csv
import io

import pytest

from quetsach.spreadsheet_cells import harmless_cell

CALLS = "=cmd|' /C calc'!A0"


@pytest.mark.asvs("V1.2.10")
@pytest.mark.parametrize(
    "text",
    [
        *(f"{sign}1" for sign in "=+-@|%\t\r\n＝＋－＠"),
        f"a;{CALLS}",
        f'a";"{CALLS}',
        f'a;""{CALLS}',
        f"a\n{CALLS}",
        f"\n{CALLS}",
    ],
)
@pytest.mark.parametrize("parted_by", [",", ";"])
def test_no_cell_begins_a_formula(text: str, parted_by: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(["x", harmless_cell(text), "y"])
    lines = out.getvalue().replace("\r", "\n").splitlines(keepends=True)
    cells = [cell for row in csv.reader(lines, delimiter=parted_by) for cell in row]
    # A spreadsheet may drop a quote at the begin of a cell that was no cell when it was written.
    starts = [cell.lstrip('"')[:1] for cell in cells]
    assert not set(starts) & set("=+-@|%\t\r\n＝＋－＠")


@pytest.mark.parametrize("text", ["", "a", "a=b", "a -1", "x\t-\t-", "http://a.example/;id=1"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert harmless_cell(text) == text
