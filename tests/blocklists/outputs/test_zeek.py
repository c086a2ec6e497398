"""Zeek's intelligence file: six columns a row, each name with its www., each row once."""

import pytest

from quetsach.blocklists.outputs.zeek import with_withdrawn
from tests.blocklists.making import EXACT, indicators, make

HASH = "44d88612fea8a8f36de82e1278abb02f"


def _rows(*values: str, exact: tuple[str, ...] = ()) -> list[list[str]]:
    text = make("zeek", indicators(*values, exact=exact)).files["quetsach-intel.dat"]
    head, *rows = text.splitlines()
    assert head.startswith("#fields\tindicator\tindicator_type\t")
    return [row.split("\t") for row in rows]


@pytest.mark.parametrize(
    ("value", "row"),
    [
        ("203.0.113.9", ["203.0.113.9", "Intel::ADDR"]),
        ("203.0.113.0/25", ["203.0.113.0/25", "Intel::SUBNET"]),
        ("http://hacked.example/a|b", ["hacked.example/a%7Cb", "Intel::URL"]),
        (HASH, [HASH, "Intel::FILE_HASH"]),
    ],
)
def test_each_kind_has_the_type_that_zeek_calls_it(value: str, row: list[str]) -> None:
    rows = _rows(value)
    assert row in [columns[:2] for columns in rows]
    assert all(len(columns) == 6 for columns in rows)


def test_a_name_with_all_below_it_brings_its_www() -> None:
    names = [columns[0] for columns in _rows("bad.example", "www.bad.example", exact=(EXACT,))]
    assert names.count("www.bad.example") == 1
    assert {"bad.example", EXACT} <= set(names)
    assert f"www.{EXACT}" not in names


def test_to_undo_it_every_row_is_taken_back() -> None:
    made = make("zeek", indicators("bad.example"))
    _, *rows = made.undo["quetsach-intel.dat"].splitlines()
    assert [row.split("\t")[:2] for row in rows] == [row[:2] for row in _rows("bad.example")]
    assert {row.split("\t")[-1] for row in rows} == {"T"}


def test_what_a_new_file_lacks_is_taken_back_once() -> None:
    first = make("zeek", indicators("bad.example", "old.example")).files["quetsach-intel.dat"]
    second = make("zeek", indicators("bad.example")).files["quetsach-intel.dat"]
    moved = with_withdrawn(second, first)
    gone = [row.split("\t")[0] for row in moved.splitlines() if row.endswith("\tT")]
    assert {"old.example", "www.old.example"} <= {*gone}
    assert "bad.example" not in gone
    assert with_withdrawn(second, moved) == second
    again = with_withdrawn(first, moved)
    assert "old.example\tIntel::DOMAIN" in again
    assert not [row for row in again.splitlines() if "old.example" in row and row.endswith("T")]
    assert with_withdrawn(second, "#fields\tindicator\nx") == second
