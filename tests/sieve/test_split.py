"""The kernel's reader of a split, fed by hand."""

import pytest

from quetsach.sieve.contract import LineChoice, LineClock, LineSigns
from quetsach.sieve.kernel import RustSieve, rust_available
from quetsach.sieve.split import Extent, RustSplit
from tests.sieve import lines

pytestmark = pytest.mark.skipif(not rust_available(), reason="NOT TESTED: no kernel here")


def _fed(extent: Extent, choice: LineChoice) -> RustSplit:
    reader = RustSieve(lines.KEYS).open_reader(extent, "newline", choice, (16, 64))
    reader.turn_to(LineSigns(header=b"#"))
    return reader


def test_lines_come_out_as_their_text_goes_in() -> None:
    reader = _fed(Extent(0, 1 << 40, is_whole=True), LineChoice(head_lines=1))
    reader.feed(b"first line\nto bad.")
    part = reader.next_part()
    assert part is not None
    assert (part.lines, part.chosen, part.heads) == (1, [(0, b"first line")], [0])
    assert reader.next_part() is None
    reader.feed(b"example\n#fields\n")
    part = reader.next_part()
    assert part is not None
    assert (part.candidates, part.header) == ({11}, b"#fields")
    reader.finish()
    assert [part.lines for part in iter(reader.next_part, None)] == [1]
    assert reader.figures() == (34, 3, 0, False)
    (tally,) = reader.take_hours()
    assert (tally.lines, tally.first, tally.last) == (3, (0, b"first line"), (26, b"#fields"))
    assert reader.take_hours() == []


def test_what_begins_behind_the_split_is_not_its_own() -> None:
    reader = _fed(Extent(4, 4, is_whole=False), LineChoice())
    reader.feed(b"b\nccc\nddd\n")
    assert [part.lines for part in iter(reader.next_part, None)] == [1]
    assert reader.figures().lines_begun == 1


def test_other_line_ends_than_ours_are_refused() -> None:
    with pytest.raises(ValueError, match="line ends"):
        RustSieve(lines.KEYS).open_reader(
            Extent(0, 1, is_whole=True), "dots", LineChoice(), (16, 64)
        )


def test_tallies_of_a_text_of_made_up_hours_are_handed_over_in_between() -> None:
    sieve = RustSieve(lines.KEYS)
    extent = Extent(0, 1 << 40, is_whole=True)
    reader = sieve.open_reader(extent, "newline", LineChoice(), (1 << 14, 64))
    reader.turn_to(LineSigns(clock=LineClock(length=8)))
    tallies, full = 0, 0
    for number in range(0, 10_000, 500):
        reader.feed(b"".join(b"%08d x\n" % line for line in range(number, number + 500)))
        for part in iter(reader.next_part, None):
            if part.is_full:
                full += 1
                tallies += len(reader.take_hours())
    reader.finish()
    list(iter(reader.next_part, None))
    assert tallies + len(reader.take_hours()) == 10_000
    assert full >= 2
