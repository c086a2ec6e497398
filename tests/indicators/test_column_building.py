"""Rows of one key become one indicator, as by merging them one at a time."""

import random

import pytest

from quetsach.indicators.column_building import build_columns
from quetsach.indicators.formats.contract import ListFile
from quetsach.indicators.formats.csv_table import CsvTable
from quetsach.indicators.model import Claim, IndicatorKind, IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.indicators.columns import bulk


def test_rows_of_one_key_are_merged_with_both_origins() -> None:
    columns = build_columns([bulk()])
    place = columns.find(IndicatorKind.NAME, "a.example")
    assert place is not None
    merged = columns.indicator(place)
    assert merged.claim == Claim(family="Mirai")
    assert [(origin.row, origin.text, origin.claim.family) for origin in merged.origins] == [
        (1, "a.example", ""),
        (5, "a.example, Mirai", "Mirai"),
    ]
    assert [row.origins for row in columns.separate(place)] == [(o,) for o in merged.origins]
    assert len(columns) == 4


def test_a_list_that_is_given_twice_counts_once_and_another_is_added() -> None:
    once, twice = build_columns([bulk()]), build_columns([bulk(), bulk()])
    assert list(once.every()) == list(twice.every())
    two = build_columns([bulk(), bulk("other.txt", sha256="1" * 64)])
    place = two.find(IndicatorKind.ADDRESS, "203.0.113.7")
    assert place is not None
    assert [origin.list_name for origin in two.indicator(place).origins] == [
        "great.txt",
        "other.txt",
    ]
    again = build_columns([build_columns([bulk()]), bulk("other.txt", sha256="1" * 64)])
    assert list(again.every()) == list(two.every())


@pytest.mark.parametrize("seed", range(15))
def test_several_lists_by_columns_are_the_lists_row_by_row(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    rng = random.Random(seed)
    folder = tmp_path_factory.mktemp("lists")
    values = ["a.example", "b.example", "203.0.113.7", "203.0.113.8", "0" * 40, "b[.]example"]
    paths = []
    for number in range(rng.randint(1, 3)):
        rows = [
            f"{rng.choice(values)},{rng.choice(('', 'Mirai', 'Emotet'))},"
            f"{rng.choice(('', 'revoked', 'active'))},{rng.choice(('', '2026-01-01'))}"
            for _ in range(rng.randint(2, 12))
        ]
        path = folder / f"{number}.csv"
        path.write_text("\n".join(("indicator,malware,status,valid until", *rows)))
        paths.append(path)
    paths += rng.choices(paths, k=rng.randint(0, 1))
    by_column = read_lists(paths, ListOptions(), (CsvTable(bulk_from=0),))
    by_row = read_lists(paths, ListOptions(), (CsvTable(),))
    assert tuple(by_column.indicators) == tuple(by_row.indicators)
    assert by_column.digest == by_row.digest == IndicatorSet(tuple(by_row.indicators)).digest
    assert by_column.readings == by_row.readings


def test_nothing_gives_empty_columns() -> None:
    file = ListFile("x.csv", "0" * 64, b"indicator,malware\n#,\n")
    reading = CsvTable(bulk_from=0).read(file)
    assert reading is None or reading.bulk is None or not len(build_columns([reading.bulk]))
