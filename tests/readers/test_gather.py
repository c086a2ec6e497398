"""What a reader collects stays within the limits, also over the parts of a document."""

import dataclasses

from quetsach.readers.contract import ReadLimits
from quetsach.readers.gather import BlockCollector
from quetsach.readers.text import TextReader
from tests.readers.samples import codes


def test_what_is_gathered_stays_within_its_bytes() -> None:
    raw = "một hai ba bốn\n".encode() * 100
    paper = TextReader().read(raw, "x.txt", ReadLimits(bytes_unpacked=200))
    assert codes(paper) == ["E413"]
    assert 0 < sum(len(block.text) for block in paper.blocks) <= 200


def test_a_part_gets_what_is_left_and_less_time() -> None:
    limits = ReadLimits(blocks=10, seconds=100, depth=2)
    left = BlockCollector("x", "eml", limits).left()
    assert (left.depth, left.blocks) == (1, 10)
    assert left.seconds < 80
    assert dataclasses.replace(left, depth=2, seconds=100) == limits
