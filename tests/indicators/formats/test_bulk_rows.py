"""A column at a time or row by row: the same set, the same refusals, the same counts."""

import random
from pathlib import Path

import pytest

from quetsach.indicators.column_building import build_columns
from quetsach.indicators.formats.contract import FEWEST_BYTES, FormReading, ListFile
from quetsach.indicators.formats.csv_table import CsvTable
from quetsach.indicators.formats.plain import PlainList
from quetsach.indicators.model import IndicatorKind, IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists

VALUES = (
    *("bad.example", "BAD.example", "a.b.bad.example", "bad[.]example", "xn--bd-fka.example"),
    *("203.0.113.7", "203.0.113.7:443", "203.0.113.007", "10.0.0.1", "224.0.0.1", "203.0.113.0/24"),
    *("com.vn", "vn", "a.ck", "www.ck", "loader.exe", "evil.com", " spaced.example ", "", "#off"),
    *("0cc175b9c0f1b6a831c399e269772661", "0CC175B9C0F1B6A831C399E269772661", "0" * 41),
    *("d41d8cd98f00b204e9800998ecf8427e", "http://c2.example/a", "tài-khoản.example", "-x.example"),
    *("\u0130.example", "\x0c#off.example", " #off.example"),
    *("a" * 64 + ".example", "a." * 130 + "example", "1.2.3.4.5", "blogspot.com", "198.51.100.9 "),
)
KINDS = ("domain", "ip", "file name", "", "sha256")
FAMILIES = ("Emotet", "", "Mirai", "họ lạ", '"quoted"', "a,b")


def _outcome(found: IndicatorSet) -> tuple[object, ...]:
    refusals = sorted((one.origin.row, one.reason) for one in found.refusals)
    return tuple(found.indicators), found.digest, refusals, found.readings


def _both(path: Path, monkeypatch: pytest.MonkeyPatch, options: ListOptions) -> None:
    found = []
    for bulk_from in (0, FEWEST_BYTES * 100):
        forms = (CsvTable(bulk_from=bulk_from), PlainList(bulk_from=bulk_from))
        found.append(_outcome(read_lists([path], options, forms)))
    assert found[0] == found[1]


def _row(rng: random.Random, *, quoted: bool) -> str:
    cells = [rng.choice(VALUES), rng.choice(KINDS), rng.choice(FAMILIES).strip('"'), "2022-12-31"]
    if rng.random() < 0.1:
        cells.append("one more")
    if rng.random() < 0.05:
        return rng.choice(("", "# remark", "only.example", '"half,open.example,x', "  "))
    if quoted:
        return ",".join(f'"{cell}"' for cell in cells)
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)


@pytest.mark.parametrize("seed", range(30))
def test_a_table_reads_the_same_both_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rng = random.Random(seed)
    head = rng.choice(("", "indicator,type,malware,valid until\n", "# list\nioc,kind,family,x\n"))
    quoted = rng.random() < 0.3
    rows = "\n".join(_row(rng, quoted=quoted) for _ in range(rng.randint(3, 60)))
    path = tmp_path / "list.csv"
    path.write_text(head + rows + rng.choice(("", "\n")), encoding="utf-8")
    _both(path, monkeypatch, ListOptions(accept_private=rng.random() < 0.3))


@pytest.mark.parametrize("seed", range(30))
def test_a_plain_list_reads_the_same_both_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rng = random.Random(seed)
    rows = [rng.choice(VALUES) + rng.choice(("", "", " # Emotet", "\t")) for _ in range(60)]
    path = tmp_path / "list.txt"
    path.write_text("\n".join(rows), encoding="utf-8")
    _both(path, monkeypatch, ListOptions())


def test_a_great_list_is_read_in_bulk_and_says_where_each_row_stands() -> None:
    text = "".join(f"n{n}.example\n" for n in range(20_000)) + "Bad[.]example # seen\n"
    file = ListFile("great.txt", "0" * 64, text.encode())
    reading = PlainList().read(file)
    assert isinstance(reading, FormReading)
    assert reading.bulk is not None
    assert len(reading.bulk) == 20_000
    assert [(row.number, row.value) for row in reading.rows] == [(20_001, "Bad[.]example")]
    columns = build_columns([reading.bulk])
    place = columns.find(IndicatorKind.NAME, "n7.example")
    assert place is not None
    (origin,) = columns.indicator(place).origins
    assert (origin.row, origin.text) == (8, "n7.example")


@pytest.mark.parametrize("blank", [" ", "\t", "\x0c"])
def test_a_row_whose_first_cell_begins_with_a_blank_and_a_hash_is_no_comment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blank: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"note;domain\na;one.example\n{blank}#2;two.example\n", encoding="utf-8")
    _both(path, monkeypatch, ListOptions())
    keys = [one.key for one in read_lists([path], ListOptions()).indicators]
    assert keys == ["one.example", "two.example"]


def test_a_great_list_of_what_is_none_is_read_a_part_at_a_time() -> None:
    text = "x\n" * 200_000
    reading = PlainList().read(ListFile("great.txt", "0" * 64, text.encode()))
    assert isinstance(reading, FormReading)
    assert not hasattr(reading.rows, "__len__")
    numbers = [row.number for row in reading.rows]
    assert numbers == list(range(1, 200_001))


def test_a_quote_in_a_comment_swallows_no_row(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = ('# a,"b', "one.example,x", '# c,"', "two.example,y")
    path.write_text("\n".join(("domain,note", *rows)), encoding="utf-8")
    keys = [one.key for one in read_lists([path], ListOptions()).indicators]
    assert keys == ["one.example", "two.example"]


def test_lines_are_cut_at_line_breaks_alone_and_the_last_needs_none() -> None:
    file = ListFile("x.txt", "0" * 64, "a\x0cb\n\n\U0001f600".encode())
    assert list(file.lines()) == ["a\x0cb\n", "\n", "\U0001f600"]


def test_json_of_more_values_than_fit_in_memory_is_not_unpacked() -> None:
    raw = b"[" + b"[]," * 5_100_000 + b"[]]"
    assert ListFile("x.json", "0" * 64, raw).json is None
    assert ListFile("x.json", "0" * 64, b"[[],[]]").json == [[], []]
