"""A unit is told by a table of networks, else by the folder of the evidence, else not at all."""

from pathlib import Path, PurePath

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.sweeping.units import UnitResolver, read_units, roots_of


def unit(raw: bytes, address: str) -> str:
    return UnitResolver(read_units(raw, "u.csv"), (PurePath("logs"),)).unit_of(
        address, "logs/x/a.log"
    )


@pytest.mark.parametrize(
    "heads", ["subnet,unit", "Mạng;Đơn vị", "x\tDải mạng\tĐƠN VỊ", "tên đơn vị,subnet"]
)
def test_headings_are_read_in_both_languages(heads: str) -> None:
    separator = next(one for one in ";\t," if one in heads)
    cells = {True: ["10.0.0.0/8", "Huyện"], False: ["Huyện", "10.0.0.0/8"]}[
        not heads.startswith("tên")
    ]
    row = separator.join(["1", *cells][-len(heads.split(separator)) :])
    assert unit(f"{heads}\n\n{row}\n".encode(), "10.2.3.4") == "Huyện"


def test_the_narrowest_network_counts_and_the_table_goes_before_the_folder() -> None:
    raw = b"subnet,unit\n10.0.0.0/8,wide\n10.1.0.0/16,narrow\n2001:db8::/32,six\n"
    assert unit(raw, "10.1.2.3") == "narrow"
    assert unit(raw, "10.2.2.3") == "wide"
    assert unit(raw, "2001:db8::1") == "six"
    assert unit(raw, "192.168.0.1") == "", "the folder is not asked where a table was given"


def test_a_network_plan_tells_its_units_by_name() -> None:
    assert unit(b"code,name,subnet\nTC01,Xa A,10.0.0.0/8\n", "10.2.3.4") == "Xa A"
    assert unit(b"name,unit,subnet\nx,Xa B,10.0.0.0/8\n", "10.2.3.4") == "Xa B"


@pytest.mark.parametrize(
    "raw",
    [b"a,b\n1,2\n", b"", b"subnet,unit\nx,y\n", b"subnet,unit\n10.0.0.0/8,\n", b"\x00\xff\x00\x00",
     b"subnet,unit\n10.0.0.0/8\n", b'subnet,unit\n"' + b"x" * 200_000],
)  # fmt: skip
def test_a_table_that_tells_no_unit_is_an_error(raw: bytes) -> None:
    with pytest.raises(QuetsachError, match="E228"):
        read_units(raw, "u.csv")


def test_the_first_folder_below_the_evidence_is_the_unit(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (tmp_path / "one.log").write_text("x")
    roots = roots_of([str(logs), str(tmp_path / "one.log"), str(tmp_path / "*.log")])
    assert roots == (PurePath(logs),)
    units = UnitResolver(None, roots)
    assert units.unit_of("10.0.0.1", f"{logs}/xa-a/zeek/conn.log") == "xa-a"
    assert units.unit_of("10.0.0.1", f"{logs}/conn.log") == ""
    assert units.unit_of("10.0.0.1", "elsewhere/a/b.log") == ""


def test_a_table_of_units_with_their_networks_is_read_as_well() -> None:
    table = read_units(
        b"code,name,subnet,public\nTC01,Xa A,10.1.0.0/16,198.51.100.1\n", "units.csv"
    )
    assert UnitResolver(table).unit_of("10.1.2.3", "x.log") == "Xa A"
