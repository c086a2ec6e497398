"""A document as passages: lines of text, headings, and rows of tables, each with its place."""

from dataclasses import dataclass, field

from quetsach.indicators.options import ListOptions


@dataclass(frozen=True)
class Passage:
    """One line of text, a heading, or one row of a table.

    Shapes: `number` is its line or block from 1; `place` is for people; `cells` are those of a
    row, which `table` tells apart from other tables; `listed` is whether a bare value in it is
    an item of a list and not a page to read (an annex, a code block, a bullet).
    """

    text: str
    number: int
    place: str = ""
    cells: tuple[str, ...] = ()
    table: int = 0
    heading: bool = False
    listed: bool = True
    edge: bool = False
    by_ocr: bool = False
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """What is known of the whole document; `own` are domains of its sender."""

    options: ListOptions
    letter: str = ""
    own: frozenset[str] = field(default_factory=frozenset)
