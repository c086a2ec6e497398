"""Words with their places on a page, put into lines, columns and rows in reading order.

A letter's number and date are stamped into it at last, so they stand at the end of a PDF's own
order; here what stands between "Số:" and "/UBND" on the page stands there in the text as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quetsach.readers.contract import BlockPlace
from quetsach.readers.gather import BlockCollector

_SAME_LINE = 0.5
_WIDE_GAP = 0.7
_WIDEST_SPACE = 6.0
_NO_GAP = 0.12
_NEAR_LINE = 1.8
_SHORT = 6
_MANY_COLUMNS = 3


@dataclass(slots=True)
class PlacedWord:
    """A word and its place, from the top left corner of the page.

    Shapes: `follows` says that only a space parts it from the word before it in the list.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    follows: bool = False
    links: tuple[str, ...] = ()


@dataclass(slots=True)
class LineSegment:
    """Words of a line that belong together; another column's words are another segment."""

    text: str
    x0: float
    x1: float
    links: tuple[str, ...] = ()


@dataclass(slots=True)
class PageLine:
    """A line of the page, its segments from left to right."""

    top: float
    bottom: float
    segments: list[LineSegment] = field(default_factory=list)


def take_words(
    words: Sequence[PlacedWord], out: BlockCollector, *, page: int, by_ocr: bool = False
) -> None:
    """Take the lines that `words` make into `out`."""
    take_lines(lines_of(words), out, page=page, by_ocr=by_ocr, first=1)


def take_lines(
    lines: Sequence[PageLine], out: BlockCollector, *, page: int, by_ocr: bool, first: int
) -> int:
    """Take lines in reading order, numbered from `first`; return the number behind the last.

    A line of three columns or more is a ROW, as of a table without rules.
    """
    number = first
    for cells in _in_order(lines):
        place = BlockPlace(page=page, line=number)
        links = tuple(dict.fromkeys(link for cell in cells for link in cell.links))
        if len(cells) == 1:
            out.paragraph(cells[0].text, place, links=links, by_ocr=by_ocr)
        else:
            out.row([cell.text for cell in cells], place, links=links, by_ocr=by_ocr)
        number += 1
    return number


def lines_of(words: Sequence[PlacedWord], *, columns: bool = True) -> list[PageLine]:
    """Return the lines that `words` make; with `columns=False` a line is one segment."""
    numbered = sorted(enumerate(words), key=lambda at: (at[1].top + at[1].bottom, at[1].x0))
    lines: list[list[tuple[int, PlacedWord]]] = []
    top = bottom = 0.0
    for number, word in numbered:
        tall = word.bottom - word.top
        shared = min(bottom, word.bottom) - max(top, word.top)
        if lines and shared >= _SAME_LINE * min(tall, bottom - top):
            lines[-1].append((number, word))
            # The tallest word is the line; raised and lowered marks are not.
            if tall > bottom - top:
                top, bottom = word.top, word.bottom
        else:
            lines.append([(number, word)])
            top, bottom = word.top, word.bottom
    return [_line(sorted(line, key=lambda at: at[1].x0), columns) for line in lines]


def text_of(words: Sequence[PlacedWord]) -> str:
    """Return the text of a cell: its lines parted by `\\n`."""
    lines = lines_of(words, columns=False)
    return "\n".join(line.segments[0].text for line in lines)


def _line(numbered: list[tuple[int, PlacedWord]], columns: bool) -> PageLine:
    words = [word for _, word in numbered]
    height = max(word.bottom - word.top for word in words)
    bridged = _bridged(numbered, height)
    line = PageLine(min(word.top for word in words), max(word.bottom for word in words))
    for at, word in enumerate(words):
        gap = word.x0 - words[at - 1].x1 if at else 0.0
        if not at or (columns and gap > _WIDE_GAP * height and at not in bridged):
            line.segments.append(LineSegment(word.text, word.x0, word.x1, word.links))
            continue
        last = line.segments[-1]
        neighbours = numbered[at][0] - numbered[at - 1][0] == 1
        spaced = gap > _NO_GAP * height or (word.follows and neighbours)
        last.text += f" {word.text}" if spaced else word.text
        last.x1 = max(last.x1, word.x1)
        last.links += word.links
    return line


def _bridged(numbered: list[tuple[int, PlacedWord]], height: float) -> set[int]:
    """Return the places before which nothing parts the line: inside of words typed in one go."""
    place_of = {number: at for at, (number, _) in enumerate(numbered)}
    bridged: set[int] = set()
    for at, (number, word) in enumerate(numbered):
        start = place_of.get(number - 1)
        if not word.follows or start is None or start >= at:
            continue
        if word.x0 - numbered[start][1].x1 <= _WIDEST_SPACE * height:
            bridged.update(range(start + 1, at + 1))
    return bridged


def _in_order(lines: Sequence[PageLine]) -> Iterator[list[LineSegment]]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if len(line.segments) != 2:
            yield line.segments if len(line.segments) >= _MANY_COLUMNS else line.segments[:1]
            at += 1
            continue
        end, gutter = _columns(lines, at)
        yield from _side_by_side(lines[at:end], gutter)
        at = end


def _columns(lines: Sequence[PageLine], start: int) -> tuple[int, tuple[float, float]]:
    """Return where the lines end that are set in two columns, and the gap between the two."""
    left, right = lines[start].segments
    low, high = left.x1, right.x0
    end = start + 1
    while end < len(lines):
        line, before = lines[end], lines[end - 1]
        tall = line.bottom - line.top
        if len(line.segments) == 2:
            new_low, new_high = line.segments[0].x1, line.segments[1].x0
            if min(high, new_high) <= max(low, new_low) or line.top - before.bottom > 3 * tall:
                break
            low, high = max(low, new_low), min(high, new_high)
        elif len(line.segments) == 1:
            (segment,) = line.segments
            near = line.top - before.top <= _NEAR_LINE * max(tall, before.bottom - before.top)
            if not near or not (segment.x1 < high or segment.x0 > low):
                break
            low = max(low, segment.x1) if segment.x1 < high else low
            high = min(high, segment.x0) if segment.x0 > low and segment.x1 >= high else high
        else:
            break
        end += 1
    return end, (low, high)


def _side_by_side(
    lines: Sequence[PageLine], gutter: tuple[float, float]
) -> Iterator[list[LineSegment]]:
    middle = sum(gutter) / 2
    both = [line for line in lines if len(line.segments) == 2]
    # Numbers or signs before an entry: a list, not two columns of text.
    if all(len(line.segments[0].text) <= _SHORT for line in both):
        for line in lines:
            yield line.segments
        return
    for left in (True, False):
        for line in lines:
            for segment in line.segments:
                if ((segment.x0 + segment.x1) / 2 < middle) is left:
                    yield [segment]
