"""A forged file with a fitting checksum is refused, or read without leading out of its columns."""

import hashlib
import random
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.compiled.list_file import open_compiled, write_compiled
from quetsach.indicators.compiled.validity import check_columns
from quetsach.indicators.indicator_columns import ColumnArrays, IndicatorColumns
from quetsach.indicators.indicator_set import IndicatorTable
from quetsach.indicators.model import IndicatorKind
from tests.indicators.compiled.test_list_file import CONTENT


def forged(path: Path, content: bytes) -> None:
    """Write `content` with the checksum that fits."""
    path.write_bytes(content[:16] + hashlib.sha256(content[48:]).digest() + content[48:])


def read_all(columns: IndicatorColumns) -> None:
    """Follow every number of the columns."""
    list(columns.every())
    table = IndicatorTable(columns=columns)
    for kind in IndicatorKind:
        table.simple_keys(kind)
        assert columns.find(kind, "zz.example") is None


def test_what_we_write_is_fine() -> None:
    columns = CONTENT.columns
    check_columns(columns.arrays, columns.spans, columns.lists)


def test_a_byte_changed_anywhere_is_refused_or_read(tmp_path: Path) -> None:
    path = tmp_path / "all.qslist"
    write_compiled(path, CONTENT)
    whole, refused, read = path.read_bytes(), 0, 0
    chance = random.Random(5)
    for place in chance.sample(range(56, len(whole)), 300):
        changed = bytearray(whole)
        changed[place] ^= chance.choice((0x01, 0x40, 0x80, 0xFF))
        forged(path, bytes(changed))
        try:
            columns = open_compiled(path).columns
        except QuetsachError as error:
            refused += error.problem.code in ("E271", "E272")
        else:
            read_all(columns)
            read += 1
    assert refused + read == 300
    assert refused > 60


@pytest.mark.parametrize("name", ["key_starts", "row_starts", "claims", "row_lists", "row_places"])
def test_a_number_that_leads_out_is_refused(name: str) -> None:
    arrays = CONTENT.columns.arrays
    wrong = memoryview(bytearray(getattr(arrays, name))).cast("I")
    wrong[len(wrong) // 2] = 0xFFFF_FFF0
    others = {one: getattr(arrays, one) for one in ColumnArrays.__dataclass_fields__}
    with pytest.raises(ValueError):  # noqa: PT011 - it has no words: list_file.py gives them
        check_columns(
            ColumnArrays(**{**others, name: wrong}), CONTENT.columns.spans, CONTENT.columns.lists
        )
