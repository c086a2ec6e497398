"""Odd records are all counted, and the first of them are named by their places."""

import pyarrow as pa

from quetsach.attribution.model import RecordPlace
from quetsach.attribution.record_notes import SHOWN, NoteKind, OddRecords, odd_records, placed

RECORDS = pa.table({"file": [1, 0, 1, 0, 0, 0, 0, 0], "offset": [5, 9, 3, 7, 1, 2, 8, 4]})


def test_the_first_records_by_file_and_offset_are_named_and_all_counted() -> None:
    every = pa.chunked_array([[True] * len(RECORDS)])
    odd = odd_records(NoteKind.NO_TIME, every, RECORDS)
    assert odd.count == len(RECORDS) > SHOWN
    assert odd.rows == ((0, 1), (0, 2), (0, 4), (0, 7), (0, 8))


def test_only_the_records_that_are_meant_count() -> None:
    some = pa.chunked_array([[True, False, True, False, False, False, False, False]])
    assert odd_records(NoteKind.NO_TIME, some, RECORDS).rows == ((1, 3), (1, 5))
    none = pa.chunked_array([[False] * len(RECORDS)])
    assert odd_records(NoteKind.NO_TIME, none, RECORDS) == OddRecords(NoteKind.NO_TIME, 0, ())


def test_notes_come_by_kind_and_a_file_without_name_has_no_path() -> None:
    odd = [
        OddRecords(NoteKind.YEAR_OFF, 2, ((0, 4), (9, 5))),
        OddRecords(NoteKind.NO_MACHINE, 0, ()),
        OddRecords(NoteKind.NO_ADDRESS, 1, ((1, 0),)),
    ]
    first, second = placed(odd, ["a.log", "b.log"])
    assert (first.kind, first.places) == (NoteKind.NO_ADDRESS, (RecordPlace("b.log", 0),))
    assert (second.count, second.places) == (2, (RecordPlace("a.log", 4), RecordPlace("", 5)))
