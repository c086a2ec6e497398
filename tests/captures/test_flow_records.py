"""What single fields of a record mean."""

import struct

import pytest

from quetsach.captures.flow_records import ExportHead, flow_of

HEAD = ExportHead(10, 0, 1_788_225_322_000_000)
ENDS = {8: bytes((10, 20, 3, 41)), 12: bytes((203, 0, 113, 77))}
START_US = 1_788_225_320_500_000
NTP = struct.pack(">II", 1_788_225_320 + 2_208_988_800, 1 << 31)


@pytest.mark.parametrize(
    "fields",
    [
        {152: (START_US // 1000).to_bytes(8)},
        {154: NTP},
        {156: NTP},
        {158: (1_500_000).to_bytes(4)},
        {22: (500).to_bytes(4), 160: (START_US // 1000 - 500).to_bytes(8)},
        {323: (START_US // 1000).to_bytes(8)},
        {153: (START_US // 1000).to_bytes(8)},
    ],
)
def test_each_way_to_tell_a_time_is_read(fields: dict[int, bytes]) -> None:
    flow = flow_of({**ENDS, **fields}, HEAD)
    assert flow is not None
    assert flow.start_us == START_US


def test_a_time_since_an_unknown_start_is_none() -> None:
    flow = flow_of({**ENDS, 22: bytes(4)}, HEAD)
    assert flow is not None
    assert flow.start_us is None


@pytest.mark.parametrize("bad", [b"", bytes(4), bytes(16), b"\x01\x02\x03"])
def test_an_end_that_is_no_address_makes_no_flow(bad: bytes) -> None:
    assert flow_of({**ENDS, 12: bad}, HEAD) is None


def test_numbers_of_odd_lengths_are_read_or_absent() -> None:
    fields = {7: bytes(3) + b"\x50", 11: b"\xff\xff\xff", 1: b"\x02\x05", 4: bytes(9)}
    flow = flow_of({**ENDS, **fields}, HEAD)
    assert flow is not None
    told = (flow.source_port, flow.destination_port, flow.sent, flow.protocol)
    assert told == (0x50, None, 517, None)
