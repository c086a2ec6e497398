"""Documents: how long a letter of a hundred pages and a workbook of 50,000 rows take to read."""

import json
from collections.abc import Iterator
from pathlib import Path

import typst
import xlsxwriter

from bench.alone import Row
from bench.match import PYTHON, ROUNDS
from bench.measure import Contestant, by_turns, spread

PAGES, SHEET_ROWS = 100, 50_000

_LETTER = """
#set page(paper: "a4", margin: 2cm)
#set text(size: 12pt)
#for page in range(1, {pages} + 1) [
  #lorem(220)

  #if page <= {ruled} [
    #table(columns: (auto, 2fr, 1fr, 2fr), [STT], [Tên miền], [Địa chỉ], [Ghi chú],
      ..range(1, 21).map(n =>
        ([#n], [bad-#page;-#n;.example], [203.0.113.#n], [lần #n ngày 09/9/2022])).flatten())
  ] else [ #lorem(260) ]
  #if page < {pages} [ #pagebreak() ]
]
"""


def documents(folder: Path) -> Iterator[Row]:
    """Make the documents in `folder`, and measure what the whole of reading each costs."""
    for what, name, ruled in (
        (f"PDF of {PAGES} pages, text alone", "text.pdf", 0),
        (f"PDF of {PAGES} pages, each with a table of 20 rows", "tables.pdf", PAGES),
    ):
        path = folder / name
        source = _LETTER.format(pages=PAGES, ruled=ruled)
        typst.compile(source.encode(), output=str(path))
        yield _row(what, path)
    book = folder / "book.xlsx"
    _write_book(book)
    yield _row(f"XLSX of {SHEET_ROWS:,} rows and 5 columns", book)


def _write_book(path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("IoC")
        for number in range(SHEET_ROWS):
            address = f"198.51.{number >> 8 & 255}.{number & 255}"
            line = (number + 1, f"bad-{number}.example", address, 443, "ghi chú")
            sheet.write_row(number, 0, line)


def _row(what: str, path: Path) -> Row:
    said = path.with_suffix(".json")
    contestant = Contestant("reading", [PYTHON, "-m", "bench.reading", str(path)], output=said)
    runs = by_turns([contestant], ROUNDS)["reading"]
    low, middle, high = spread([one.seconds for one in runs])
    last = json.loads(said.read_bytes())
    return Row(
        what,
        f"{middle:.2f} s ({low:.2f} to {high:.2f}), {last['peak_mb']:.0f} MB of memory",
        f"{last['cpu']:.2f} s of one processor, {last['blocks']:,} paragraphs and rows",
    )
