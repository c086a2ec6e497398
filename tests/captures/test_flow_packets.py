"""What begins a packet, and how records lie in a set."""

import pytest

from quetsach.captures.flow_packets import FlowTemplate, fits, head_at, records_of
from tests.captures.flow_building import FIELDS, flow, packet_5, packet_9, packet_10, template


@pytest.mark.parametrize(
    "content",
    [packet_5(flow()), packet_9(template(256, FIELDS)), packet_10(), b"x" * 3 + packet_10()],
)
def test_a_packet_is_known_where_it_begins(content: bytes) -> None:
    place = content.find(b"\x00")
    head = head_at(content, place)
    assert head is not None
    assert head.when_us // 1_000_000 == 1_788_225_322
    assert head_at(content, place + 1) is None
    assert head_at(content[: place + 15], place) is None


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x05\x00\x1f" + packet_5(flow())[4:],
        packet_5(flow())[:8] + bytes(4) + packet_5(flow())[12:],
        b"\x00\x06" + packet_5(flow())[2:],
        packet_9(b"\x00\x07\x00\x08" + bytes(4)),
        packet_10(b"\x01\x00\x00\x03"),
    ],
)
def test_what_only_looks_like_a_packet_is_none(content: bytes) -> None:
    assert head_at(content) is None


def test_padding_is_no_record_and_a_variable_field_may_be_cut_off() -> None:
    fixed = FlowTemplate(((8, 4), (7, 2)))
    assert len(list(records_of(bytes(12 + 3), fixed))) == 2
    assert fits(bytes(12 + 3), fixed)
    assert not fits(bytes(12 + 4), fixed)
    assert not fits(b"", fixed)
    variable = FlowTemplate(((8, 4), (460, 0xFFFF)))
    assert list(records_of(b"\x0a\x00\x00\x01\x03abc", variable)) == [
        {8: b"\x0a\x00\x00\x01", 460: b"abc"}
    ]
    assert list(records_of(b"\x0a\x00\x00\x01\x09abc", variable)) == []
    assert next(records_of(b"\x0a\x00\x00\x01\xff\x00\x01a", variable))[460] == b"a"
