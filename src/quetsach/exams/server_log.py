"""What the server of an exam saw from outside: a public address and port for each mark.

They become notices as an authority would send them, so that `trace` is examined, too.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from quetsach.addresses import parse_address
from quetsach.atomic_files import read_at_most
from quetsach.clocks import iso_from_us, us_from_epoch, us_from_iso
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.exams.truth import ExamTruth

_MOST_BYTES = 64 * 1024 * 1024
_MOST_FLAWS = 20
_MARK = re.compile(r"(?<![a-z0-9])[a-z][a-z2-7]{11}(?![a-z0-9])")
_HEADING = re.compile(r"\s*#?\s*time\b", re.IGNORECASE)


@dataclass(frozen=True)
class ServerContact:
    """One connection as the exam's server saw it. Units: us since 1970, UTC."""

    mark: str
    when_us: int
    address: str
    port: int


@dataclass(frozen=True)
class ServerLog:
    """The first contact of each mark, and the rows that could not be used."""

    contacts: Mapping[str, ServerContact]
    problems: tuple[Problem, ...] = ()


def read_server_log(path: Path, truth: ExamTruth) -> ServerLog:
    """Return the contacts of a table with the columns time, address, port, mark (or name or path).

    A time needs its offset, or is in seconds since 1970. Rows without a mark of this exam, as every
    server sees them, are passed over; a row with one that cannot be used is a problem.
    Errors: E101, E104; E326 where the file is too large.
    """
    content = read_at_most(path, _MOST_BYTES)
    if len(content) > _MOST_BYTES:
        raise QuetsachError("E326", str(path), row=0)
    marks = {occasion.mark for occasion in truth.occasions}
    contacts: dict[str, ServerContact] = {}
    problems: list[Problem] = []
    for number, cells in _rows(content.decode("utf-8-sig", "replace")):
        mark = _mark_in(cells[3:], marks)
        if not mark or _HEADING.match(cells[0]):
            continue
        contact = _contact(mark, cells)
        if contact is not None:
            contacts.setdefault(mark, contact)
        elif len(problems) < _MOST_FLAWS:
            problems.append(Problem("E326", str(path), {"row": number}))
    return ServerLog(contacts, tuple(problems))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(io.StringIO(text, newline="\n"), 1):
        delimiter = next((mark for mark in "\t;," if mark in line), ",")
        try:
            cells = next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
        except csv.Error:
            continue
        if len(cells) >= 4:
            yield number, [cell.strip() for cell in cells]


def _mark_in(cells: list[str], marks: set[str]) -> str:
    texts = (text for cell in cells for text in _MARK.findall(cell.lower()))
    return next((text for text in texts if text in marks), "")


def _contact(mark: str, cells: list[str]) -> ServerContact | None:
    when_us = us_from_epoch(cells[0])
    if when_us is None:
        when_us = us_from_iso(cells[0], None)
    address = parse_address(cells[1])
    is_port = cells[2].isascii() and cells[2].isdigit() and len(cells[2]) < 6
    if when_us is None or address is None or not is_port or not 0 < int(cells[2]) < 65_536:
        return None
    return ServerContact(mark, when_us, str(address), int(cells[2]))


def notices_csv(contacts: Mapping[str, ServerContact], truth: ExamTruth) -> str:
    """Return the contacts as the table of an authority: no mark and no machine stands in it."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["timestamp", "ip", "port", "dst_ip", "dst_port"])
    for contact in contacts.values():
        when = iso_from_us(contact.when_us)
        server = (truth.server, truth.server_port or "")
        rows.writerow((when, contact.address, contact.port, *server))
    return out.getvalue()
