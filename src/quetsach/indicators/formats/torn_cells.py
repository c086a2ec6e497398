"""Values that two cells of a table share: joined where the table says so, else asked about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from quetsach.indicators.formats.headings import hash_length
from quetsach.indicators.formats.passages import TextPassage, whole_kind
from quetsach.indicators.model import IndicatorKind
from quetsach.indicators.options import ListOptions, plain_heading
from quetsach.indicators.text.defang import refang_text

_PATH_HEADING = re.compile(r"\b(?:path|uri|url path|đường dẫn|trang con|tham số)\b")
_FIRST_HEADING = re.compile(
    r"(?:từ|from|start|begin|bắt đầu)\b.*|.*\b(?:đầu|bắt đầu|start|first|begin)"
)
_LAST_HEADING = re.compile(r"(?:đến|tới|to|end|kết thúc)\b.*|.*\b(?:cuối|kết thúc|end|last)")
_HEX = re.compile(r"[0-9a-fA-F]{8,63}")
_ENDS_OPEN = re.compile(r"[\w\])][-./]$|://$|[\w\])]\[\.\]$")
_ENDS_TORN = re.compile(r"\w-$|://$|[\w\])]\[\.\]$")
_BEGINS_OPEN = re.compile(r"(?:\[\.\]|\.(?=\w)|[/?&=]\S|:\d{1,5}\b)")
_PREFIX = re.compile(r"/\d{1,3}")
_NUMBERED = re.compile(r"\W*\d{1,5}\W*")


@dataclass(frozen=True)
class TornRow:
    """A row of a table, its values whole; `asked` are columns whose value a person must see."""

    passage: TextPassage
    asked: frozenset[int] = frozenset()


def whole_rows(
    rows: Sequence[TextPassage], values: Sequence[int], numbers: Sequence[int], options: ListOptions
) -> Iterator[TextPassage]:
    """Yield `rows`, with the rest of a value in a row without a number put below its beginning.

    Shapes: `values` and `numbers` are the columns of values and of the rows' own numbers.
    """
    pending: TextPassage | None = None
    for passage in rows:
        if pending is not None and _goes_on(pending, passage, values, numbers, options):
            pending = _below(pending, passage)
            continue
        if pending is not None:
            yield pending
        pending = passage
    if pending is not None:
        yield pending


def _goes_on(
    above: TextPassage,
    below: TextPassage,
    values: Sequence[int],
    numbers: Sequence[int],
    options: ListOptions,
) -> bool:
    filled = [column for column, cell in enumerate(below.cells) if cell.strip()]
    if not numbers or not filled or filled[-1] >= len(above.cells):
        return False
    number = numbers[0]
    if number >= len(above.cells) or not _NUMBERED.fullmatch(above.cells[number]):
        return False
    if any(column not in values for column in filled):
        return False
    return all(
        above.cells[column].strip()
        and (
            whole_kind(below.cells[column].split("\n")[0].strip(), options) is None
            or _ENDS_OPEN.search(above.cells[column].rstrip()) is not None
        )
        for column in filled
    )


def _below(above: TextPassage, below: TextPassage) -> TextPassage:
    cells = tuple(
        f"{first.rstrip()}\n{second.strip()}" if second.strip() else first
        for first, second in zip_longest(above.cells, below.cells, fillvalue="")
    )
    return replace(above, cells=cells, text="\t".join(cells))


def joined_cells(
    passage: TextPassage, values: Sequence[int], headings: Sequence[str], options: ListOptions
) -> TornRow:
    """Return the row with values put together that two neighbouring cells share."""
    cells = list(passage.cells)
    doubted: set[int] = set()
    for column, beside in pairwise(range(len(cells))):
        first, second = cells[column].strip(), cells[beside].strip()
        if column not in values or not first or not second or " " in second or "\n" in second:
            continue
        heading, other = _plain(headings, column), _plain(headings, beside)
        whole = _whole(first, second, heading, other, options)
        if whole is None:
            continue
        if whole:
            cells[column], cells[beside] = whole, ""
        else:
            doubted.add(column)
    return TornRow(replace(passage, cells=tuple(cells)), frozenset(doubted))


def _plain(headings: Sequence[str], column: int) -> str:
    return plain_heading(headings[column]) if column < len(headings) else ""


def _whole(first: str, second: str, heading: str, other: str, options: ListOptions) -> str | None:
    """Return the whole value, "" where a person must decide, None for two unrelated cells."""
    same = other in ("", heading)
    digits = hash_length(heading)
    if _HEX.fullmatch(first) and _HEX.fullmatch(second):
        fits = digits and len(first) + len(second) == digits and len(first) < digits
        return first + second if fits and same else ("" if fits else None)
    kinds = whole_kind(first, options), whole_kind(second, options)
    if _are_ends(heading, other) and kinds == (IndicatorKind.ADDRESS, IndicatorKind.ADDRESS):
        return f"{first} - {second}"
    joined = whole_kind(first + second, options)
    if second.startswith("/") and len(second) > 1 and kinds[0] is not None:
        if _PREFIX.fullmatch(second):
            return first + second if joined is IndicatorKind.NETWORK else ""
        sure = joined is IndicatorKind.URL and (same or _PATH_HEADING.search(other))
        return first + second if sure else ""
    # "bad.example/" beside "Mirai" or beside its address is whole.
    ends = _ENDS_OPEN if same and kinds[1] is None else _ENDS_TORN
    if joined is None or not (ends.search(first) or _BEGINS_OPEN.match(second)):
        return None
    plain = refang_text(first + second).text
    return first + second if same and whole_kind(plain, options) is not None else ""


def _are_ends(heading: str, other: str) -> bool:
    return bool(_FIRST_HEADING.fullmatch(heading) and _LAST_HEADING.fullmatch(other))
