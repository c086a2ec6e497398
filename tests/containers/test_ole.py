"""Compound files: names at the root are found, and neither damage nor circles do harm."""

import io
import struct

import pytest

from quetsach.containers.ole import record_kinds, root_names
from quetsach.containers.refusal import DamagedDataError
from tests.readers.compound_writer import compound


def names(raw: bytes) -> frozenset[str]:
    return root_names(io.BytesIO(raw))


def test_names_count_at_the_root_only() -> None:
    raw = compound({"Workbook": b"x" * 100, "MBD01": {"WordDocument": b"y" * 5000}})
    assert names(raw) == {"Workbook", "MBD01"}


def test_names_are_found_in_a_directory_of_many_sectors() -> None:
    tree = {f"stream {n}": bytes([n]) * 700 for n in range(200)}
    assert names(compound(tree)) == set(tree)


@pytest.mark.parametrize("size", [0, 8, 76, 512, 513, 1000, 1024])
def test_a_file_that_breaks_off_is_no_harm(size: int) -> None:
    raw = compound({"WordDocument": b"x" * 5000})
    assert names(raw[:size]) <= {"WordDocument", "1Table"}


def test_a_directory_that_runs_in_a_circle_ends() -> None:
    raw = bytearray(compound({"a": b"x", "b": b"y"}))
    at = raw.index("a\0".encode("utf-16-le"))
    raw[at + 68 : at + 76] = bytes([1, 0, 0, 0, 1, 0, 0, 0])
    assert "a" in names(bytes(raw))


def test_a_chain_of_sectors_that_runs_in_a_circle_ends() -> None:
    raw = bytearray(compound({f"stream {n}": b"x" for n in range(20)}))
    table = (struct.unpack_from("<I", raw, 76)[0] + 1) * 512
    first = struct.unpack_from("<I", raw, 48)[0]
    raw[table + 4 * first : table + 4 * first + 4] = struct.pack("<I", first)
    assert names(bytes(raw)) <= {f"stream {n}" for n in range(20)}


def test_what_is_no_compound_file_has_no_names() -> None:
    raw = compound({"a": b"x"})
    assert names(b"\x00" + raw[1:]) == names(raw[:30] + b"\x07\x00" + raw[32:]) == frozenset()


@pytest.mark.parametrize("place", range(20, 1536, 61))
def test_damage_is_never_another_error(place: int) -> None:
    raw = bytearray(compound({"a": b"x" * 5000, "b": b"y"}))
    raw[place] ^= 0xFF
    assert isinstance(names(bytes(raw)), frozenset)


def test_the_kinds_of_records_of_a_stream_are_found() -> None:
    records = [(0x0809, b"\0" * 16), (0x0006, b"\0" * 22)]
    stream = b"".join(struct.pack("<HH", kind, len(raw)) + raw for kind, raw in records)
    file = io.BytesIO(compound({"Workbook": stream.ljust(4096, b"\0")}))
    assert record_kinds(file, "Workbook") == {0x0809, 0x0006, 0}


def test_a_stream_that_is_not_there_is_damage() -> None:
    with pytest.raises(DamagedDataError):
        record_kinds(io.BytesIO(compound({"a": b"x"})), "Workbook")


def test_a_stream_that_claims_more_than_its_file_is_damage() -> None:
    """A chain of sectors that runs in a circle would fill a gigabyte from six kibibytes."""
    raw = bytearray(compound({"Workbook": b"x" * 5000}))
    place = raw.index("Workbook".encode("utf-16-le"))
    struct.pack_into("<I", raw, place + 120, 500_000_000)
    with pytest.raises(DamagedDataError, match="longer than its file"):
        record_kinds(io.BytesIO(bytes(raw)), "Workbook")
