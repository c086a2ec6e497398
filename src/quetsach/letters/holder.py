"""A request for the holder of an address: told from other letters, and read row by row.

A value that is not clear is a question: an answer about another minute names somebody else.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec import structs

from quetsach.addresses import parse_address
from quetsach.letters.holder_request import HolderRequest, HolderRow, WantedFact
from quetsach.letters.holder_times import UNKNOWN_ZONE, ProseTime, day_in, time_in, zones_in
from quetsach.letters.lines import LetterLine, fold_accents, paragraphs
from quetsach.letters.model import DueDate, OpenQuestions
from quetsach.notices.headings import NoticeColumns, NoticeField, columns_of

MOST_ROWS = 1_000
_MOST_WORDS = 300

_ASKED = re.compile(
    r"(?:cung cap|xac minh|xac dinh|dinh danh|tra cuu|lam ro|cho biet)(?=.{0,200}?"
    r"(?:chu the|chu thue bao|thue bao|thong tin khach hang|thong tin dinh danh|chu so huu"
    r"|(?:nguoi|to chuc|ca nhan|co quan|don vi)[^.;:]{0,40}?(?:su dung|duoc cap|quan ly)))"
    r"(?=.{0,300}?dia chi (?:mang )?(?:internet )?\(?ip(?![a-z]))"
)
_ADDRESS = re.compile(
    r"(?<![\w.:/])(?:\d{1,3}(?:\.|\[\.\]|\(\.\)){1}){3}\d{1,3}(?:/\d{1,2})?(?![\w]|\.\d)"
    # With two colons together, or eight groups: 08:15:10 is a time.
    r"|(?<![\w.:])\[?(?=[0-9a-f:]{0,39}::|(?:[0-9a-f]{1,4}:){7})"
    r"[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}\]?(?:/\d{1,3})?(?![\w:])"
)
_PORT_BEHIND = re.compile(r":(\d{1,6})(?![\d:])")
_PORT = re.compile(
    r"(?:cong|port)(?: \(port\))?(?P<other> dich| ket noi den| dest\w*)?(?: nguon| source)?"
    r"(?: so| la)? ?:? ?(?P<port>\d{1,6})(?!\d)"
)
_REACHED = re.compile(
    r"(?:\bden|\btoi|\bdich|may chu|truy cap|ket noi)"
    r"(?:(?!\btu (?:dia chi|ip|may|thiet bi|mang)\b)[^.;\d]){0,60}\Z"
)
_PURPOSE = re.compile(r"(?:de |nham )?phuc vu [^.;,]{5,200}|muc dich ?:? [^.;,]{5,200}")
_DEADLINE = re.compile(
    r"(?:trong (?:vong |thoi han )?|cham nhat (?:la )?(?:sau )?)\d{1,3} ?(?:gio|ngay)[^.;]{0,60}"
)
_WANTED = {
    WantedFact.NAME: r"ho (?:va )?ten|ten (?:chu|to chuc|nguoi)|chu thue bao|chu the",
    WantedFact.IDENTITY: r"cccd|can cuoc|so dinh danh|giay to|ma so thue",
    WantedFact.ADDRESS: r"dia chi (?:lap dat|thuong tru|lien he|lien lac|cu tru|tru so|su dung)",
    WantedFact.PHONE: r"dien thoai",
    WantedFact.CONTRACT: r"hop dong|ma khach hang",
    WantedFact.UNIT: r"(?:co quan|don vi|phong ban|to chuc)[^.;:]{0,40}su dung",
    WantedFact.DEVICE: r"thiet bi|may tinh|may tram|dia chi mac(?![a-z])",
    WantedFact.LOGS: r"nhat ky|(?<![a-z])logs?(?![a-z])",
}


@dataclass(frozen=True)
class _Row:
    """A row as it was found: texts, before anything is judged."""

    address: str
    ports: tuple[str, ...]
    time: ProseTime | None
    zones: tuple[str, ...]
    destination: str
    line: LetterLine


def holder_request(
    body: Sequence[LetterLine],
    annexes: Sequence[LetterLine],
    opened: OpenQuestions,
    *,
    subject: str,
    issuer: str,
    dues: Sequence[DueDate],
) -> HolderRequest | None:
    """Return what a request for the holder of an address asks, None for any other letter."""
    sentences = paragraphs(body)
    texts = [fold_accents(subject), *(line.folded for line in sentences)]
    if not any(_ASKED.search(text[:3000]) for text in texts):
        return None
    every = [*sentences, *paragraphs(annexes)]
    from_tables = list(_table_rows(every))
    tables = {row.address for row in from_tables}
    # Where the letter has a table, a sentence only names what stands there.
    prose = [
        row
        for row in _prose_rows(every)
        if not from_tables or (row.time is not None and row.address not in tables)
    ]
    rows_found = [*prose, *from_tables]
    # A zone that stands beside one address is said of that one alone.
    of_rows = {id(row.line) for row in rows_found}
    general = [line for line in every if id(line) not in of_rows]
    stated = tuple(dict.fromkeys(zone for line in general for zone in zones_in(line.folded)))
    rows = tuple(_judged(n, row, stated, opened) for n, row in enumerate(rows_found[:MOST_ROWS], 1))
    if not rows:
        opened.ask("holder_request.rows", "holder-rows")
    if len(rows_found) > MOST_ROWS:
        opened.ask("holder_request.rows", "holder-rows-more", limit=MOST_ROWS)
    whole = " ".join(texts)
    return HolderRequest(
        rows,
        tuple(fact for fact, words in _WANTED.items() if re.search(words, whole)),
        _words(sentences, _PURPOSE),
        _words(sentences, _DEADLINE) or next((due.words for due in dues), None),
        _words(sentences, re.compile(re.escape(fold_accents(issuer)))) if issuer else None,
    )


def _words(lines: Sequence[LetterLine], pattern: re.Pattern[str]) -> str | None:
    for line in lines:
        match = pattern.search(line.folded[:3000])
        if match is not None:
            return line.at(*match.span())
    return None


def _table_rows(lines: Sequence[LetterLine]) -> Iterator[_Row]:
    columns: NoticeColumns | None = None
    for line in lines:
        if not line.cells:
            continue
        headings = columns_of(line.cells)
        if headings is not None:
            columns = headings
            stated = zones_in(line.folded)
            continue
        if columns is None or len(line.cells) < 2:
            continue
        fields = {
            field: line.cells[place]
            for field, place in columns.places
            if place < len(line.cells) and line.cells[place].strip()
        }
        written = fields.get(NoticeField.ADDRESS, "")
        if not any(sign in written for sign in ".:"):
            continue
        address, behind = _split(fold_accents(written))
        times = [fields.get(field, "") for field in (NoticeField.TIME, NoticeField.CLOCK)]
        end = fields.get(NoticeField.END, "")
        when = fold_accents(" ".join(filter(None, times)) + (f" den {end}" if end else ""))
        port = fields.get(NoticeField.PORT, "").strip()
        ports = tuple(filter(None, (behind, "" if port in ("-", "0") else port)))
        yield _Row(
            address,
            ports,
            time_in(when),
            zones_in(when) or stated,
            fields.get(NoticeField.REMOTE, ""),
            line,
        )


def _split(text: str) -> tuple[str, str]:
    """Return the address in a cell, and the port written behind it; of several, the whole cell.

    An arrow leads to what was reached.
    """
    matches = [
        match
        for match in _ADDRESS.finditer(text)
        if not text[: match.start()].rstrip().endswith(("->", "=>", "→"))
    ]
    if len(matches) != 1:
        return text.strip()[:60], ""
    behind = _PORT_BEHIND.match(text, matches[0].end())
    return matches[0][0], behind[1] if behind else ""


def _prose_rows(lines: Sequence[LetterLine]) -> Iterator[_Row]:
    for line in lines:
        if line.cells:
            continue
        text = line.folded
        starts = [
            match
            for match in _ADDRESS.finditer(text)
            if not _REACHED.search(text, max(0, match.start() - 100), match.start())
        ]
        pieces = [line.folded[: starts[0].start()]] if starts else []
        for place, match in enumerate(starts):
            end = starts[place + 1].start() if place + 1 < len(starts) else len(text)
            behind = _PORT_BEHIND.match(text, match.end())
            pieces.append(text[behind.end() if behind else match.end() : end])
        has_times = _are_behind([bool(day_in(piece)) for piece in pieces])
        has_ports = _are_behind([bool(_ports(piece)) for piece in pieces])
        for match, piece in zip(starts, pieces[1:], strict=True):
            # What stands before the only address is said of it, too: "vào lúc ... địa chỉ IP ...".
            words = f"{pieces[0]} {piece}" if len(starts) == 1 else piece
            behind = _PORT_BEHIND.match(text, match.end())
            ports = [*([behind[1]] if behind else []), *(_ports(words) if has_ports else ())]
            reached = next(
                (other[0] for other in _ADDRESS.finditer(words)),
                "",
            )
            yield _Row(
                match[0],
                tuple(dict.fromkeys(ports)),
                time_in(_ADDRESS.sub(" ", words)) if has_times else None,
                zones_in(words),
                reached,
                line,
            )


def _ports(words: str) -> list[str]:
    return [port["port"] for port in _PORT.finditer(words) if not port["other"]]


def _are_behind(is_in_piece: Sequence[bool]) -> bool:
    """Return whether a fact of several addresses clearly stands behind each of them.

    Shapes: the first piece is what stands before the first address. Where it has the fact, or the
    last address has none behind it, a fact between two addresses may be that of either.
    """
    return len(is_in_piece) <= 2 or (is_in_piece[-1] and not is_in_piece[0])


def _judged(number: int, written: _Row, stated: Sequence[str], opened: OpenQuestions) -> HolderRow:
    """Return the row with what is clear; what is not is asked."""
    mended = written.address.replace("[.]", ".").replace("(.)", ".").strip("[]")
    address = parse_address(mended)
    shown = mended if address is None else str(address)
    codes: list[str] = []
    if address is None:
        codes.append("holder-address")
    port, is_bad = _port(written.ports)
    if is_bad:
        codes.append("holder-port-bad")
    elif port is None and address is not None and address.version == 4:
        codes.append("holder-port")
    zones = written.zones or tuple(stated)
    zone = zones[0] if len(zones) == 1 and zones[0] != UNKNOWN_ZONE else None
    if written.time is None:
        codes.append("holder-time")
    elif zone is None:
        codes.append("holder-zone-several" if len(zones) > 1 else "holder-zone")
    if written.time is not None and written.time.digits == "day":
        codes.append("holder-day")
    for code in codes:
        field = f"holder_request.rows.{number}"
        opened.ask(field, code, address=shown, words=written.line.text[:_MOST_WORDS])
    asked_about = HolderRow(
        number,
        shown,
        port,
        first=None,
        last=None,
        digits="second",
        zone=zone,
        destination=_reached(written),
        words=written.line.text[:_MOST_WORDS],
        place=written.line.place,
        open=tuple(codes),
    )
    if written.time is None:
        return asked_about
    last = written.time.last
    return structs.replace(
        asked_about,
        first=written.time.first.isoformat() + (zone or ""),
        last=None if last is None else last.isoformat() + (zone or ""),
        digits=written.time.digits,
    )


def _reached(row: _Row) -> str:
    address = parse_address(row.destination.replace("[.]", ".").strip())
    return "" if address is None else str(address)


def _port(ports: Sequence[str]) -> tuple[int | None, bool]:
    """Return the one port, and whether what is written is none, or several."""
    if not ports:
        return None, False
    numbers = {int(one) if one.isdecimal() and len(one) <= 5 else 0 for one in ports}
    port = numbers.pop()
    return (None, True) if numbers or not 0 < port < 65_536 else (port, False)
