"""A request for the holder of an address: told from other letters, and read row by row.

A value that is not clear is a question: an answer about another minute names somebody else.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec import structs

from quetsach.addresses import Address, parse_address
from quetsach.letters.holder_request import (
    HolderRequest,
    HolderRow,
    WantedFact,
    question_facts,
)
from quetsach.letters.holder_rows import (
    ADDRESS,
    WrittenRow,
    damaged_addresses,
    port_behind,
    ports_in,
    zone_words,
)
from quetsach.letters.holder_tables import table_rows, with_pairs_as_tables
from quetsach.letters.holder_times import UNKNOWN_ZONE, day_in, time_in, zones_in
from quetsach.letters.lines import LetterLine, fold_accents, paragraphs
from quetsach.letters.model import DueDate, OpenQuestions

MOST_ROWS = 1_000
_MOST_WORDS = 300
MOST_BASES = 20

_ASKED = re.compile(
    r"(?:cung cap|xac minh|xac dinh|dinh danh|tra cuu|lam ro|cho biet)(?=.{0,200}?"
    r"(?:chu the|chu thue bao|thue bao|thong tin khach hang|thong tin dinh danh|chu so huu"
    r"|(?:nguoi|to chuc|ca nhan|co quan|don vi)[^.;:]{0,40}?(?:su dung|duoc cap|quan ly)))"
    r"(?=.{0,300}?dia chi (?:mang )?(?:internet )?\(?ip(?![a-z]))"
)
_REACHED = re.compile(
    r"(?:\bden|\btoi|\bdich|may chu|truy cap|ket noi)"
    r"(?:(?!\btu (?:dia chi|ip|may|thiet bi|mang)\b)[^.;\d]){0,60}\Z"
)
_PURPOSE = re.compile(r"(?:de |nham )?phuc vu [^.;,]{5,200}|muc dich ?:? [^.;,]{5,200}")
_DEADLINE = re.compile(
    r"(?:trong (?:vong |thoi han )?|cham nhat (?:la )?(?:sau )?)\d{1,3} ?(?:gio|ngay)[^.;]{0,60}"
)
_BASIS = re.compile(r"(?:[-+*•] ?)?(?P<words>(?:can cu|thuc hien) .{5,400}?)[;.]*\Z")
_BASIS_INSIDE = re.compile(
    r"(?P<words>(?:can cu|theo) (?:quy dinh )?(?:tai |cua )?"
    r"(?:diem|khoan|dieu|luat|nghi dinh|quyet dinh|lenh)(?![a-z])[^;.:]{3,200}?)"
    r"(?=[;:.,]| de nghi| yeu cau)"
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
    every = with_pairs_as_tables([*sentences, *paragraphs(annexes)])
    from_tables = list(table_rows(every))
    # Where the letter has a table, a sentence only names what stands there.
    tables = {address for row in from_tables for address in (row.address, row.destination)}
    prose = [row for row in _prose_rows(every) if row.address not in tables]
    written_rows = [*prose, *_damaged_rows(every), *from_tables]
    # A zone that stands beside one address is said of that one alone.
    of_rows = {id(row.line) for row in written_rows}
    general = [line for line in every if id(line) not in of_rows and not _is_row(line)]
    stated = tuple(dict.fromkeys(zone for line in general for zone in zones_in(line.folded)))
    zones = _GeneralZones(stated, zone_words(general, stated))
    rows = tuple(
        _judged(n, row, zones, opened) for n, row in enumerate(written_rows[:MOST_ROWS], 1)
    )
    if not rows:
        opened.ask("holder_request.rows", "holder-rows")
    if len(written_rows) > MOST_ROWS:
        opened.ask("holder_request.rows", "holder-rows-more", limit=MOST_ROWS)
    whole = " ".join(texts)
    return HolderRequest(
        rows,
        tuple(fact for fact, words in _WANTED.items() if re.search(words, whole)),
        _words(sentences, _PURPOSE),
        _words(sentences, _DEADLINE) or next((due.words for due in dues), None),
        _words(sentences, re.compile(re.escape(fold_accents(issuer)))) if issuer else None,
        tuple(dict.fromkeys(_basis_of(sentences)))[:MOST_BASES],
    )


def _basis_of(lines: Sequence[LetterLine]) -> Iterator[str]:
    """Yield what the request rests on: lines of it, or the words in a sentence."""
    for line in lines:
        text = line.folded[:3000]
        whole = None if _ASKED.search(text) else _BASIS.match(text)
        for match in [whole] if whole else _BASIS_INSIDE.finditer(text):
            yield line.at(*match.span("words"))


def _words(lines: Sequence[LetterLine], pattern: re.Pattern[str]) -> str | None:
    for line in lines:
        match = pattern.search(line.folded[:3000])
        if match is not None:
            return line.at(*match.span())
    return None


def _is_row(line: LetterLine) -> bool:
    """Return whether a line of a table says something of one address, rather than of all."""
    return bool(line.cells) and (day_in(line.folded) or ADDRESS.search(line.folded) is not None)


def _damaged_rows(lines: Sequence[LetterLine]) -> Iterator[WrittenRow]:
    for line in lines:
        if not line.cells:
            for address in damaged_addresses(line.folded):
                yield WrittenRow(address, (), None, (), "", line)


def _prose_rows(lines: Sequence[LetterLine]) -> Iterator[WrittenRow]:
    for line in lines:
        if line.cells:
            continue
        text = line.folded
        starts = [
            match
            for match in ADDRESS.finditer(text)
            if not _REACHED.search(text, max(0, match.start() - 100), match.start())
        ]
        pieces = [line.folded[: starts[0].start()]] if starts else []
        for place, match in enumerate(starts):
            end = starts[place + 1].start() if place + 1 < len(starts) else len(text)
            behind = port_behind(text, match.end())
            pieces.append(text[match.end() + (len(behind) + 1 if behind else 0) : end])
        has_times = _are_behind([bool(day_in(piece)) for piece in pieces])
        has_ports = _are_behind([bool(ports_in(piece)) for piece in pieces])
        for match, piece in zip(starts, pieces[1:], strict=True):
            # What stands before the only address is said of it, too: "vào lúc ... địa chỉ IP ...".
            said = (pieces[0], piece) if len(starts) == 1 else (piece,)
            words = " ".join(said)
            behind = port_behind(text, match.end())
            beside = [port for part in said for port in ports_in(part)] if has_ports else []
            ports = [behind, *beside] if behind else beside
            reached = next(
                (other[0] for other in ADDRESS.finditer(words)),
                "",
            )
            yield WrittenRow(
                match[0],
                tuple(dict.fromkeys(ports)),
                time_in(ADDRESS.sub(" ", words)) if has_times else None,
                zones_in(words),
                reached,
                line,
            )


def _are_behind(is_in_piece: Sequence[bool]) -> bool:
    """Return whether a fact of several addresses clearly stands behind each of them.

    Shapes: the first piece is what stands before the first address. Where it has the fact, or the
    last address has none behind it, a fact between two addresses may be that of either.
    """
    return len(is_in_piece) <= 2 or (is_in_piece[-1] and not is_in_piece[0])


@dataclass(frozen=True)
class _GeneralZones:
    """The zones that a letter states for all its times, and with which words."""

    offsets: tuple[str, ...]
    words: str


def _judged(
    number: int, written: WrittenRow, general: _GeneralZones, opened: OpenQuestions
) -> HolderRow:
    """Return the row with what is clear; what is not is asked."""
    mended = written.address.replace("[.]", ".").replace("(.)", ".").strip("[]")
    address = parse_address(mended)
    zones = written.zones or general.offsets
    zone = zones[0] if len(zones) == 1 and zones[0] != UNKNOWN_ZONE else None
    port, is_bad = _port(written.ports)
    codes = _codes(written, address, port, zones, has_bad_port=is_bad)
    asked_row = HolderRow(
        number,
        mended if address is None else str(address),
        port,
        first=None,
        last=None,
        digits="second",
        zone=zone,
        zone_words=zone_words([written.line], zones) if written.zones else general.words,
        destination=_reached(written),
        words=written.line.text[:_MOST_WORDS],
        place=written.line.place,
        open=codes,
    )
    for code in codes:
        opened.ask(f"holder_request.rows.{number}", code, **question_facts(asked_row))
    if written.time is None:
        return asked_row
    last = written.time.last
    return structs.replace(
        asked_row,
        first=written.time.first.isoformat() + (zone or ""),
        last=None if last is None else last.isoformat() + (zone or ""),
        digits=written.time.digits,
    )


def _codes(
    written: WrittenRow,
    address: Address | None,
    port: int | None,
    zones: Sequence[str],
    *,
    has_bad_port: bool,
) -> tuple[str, ...]:
    """Return the codes of the questions about a row."""
    if written.is_in_unread_table:
        return ("holder-table",)
    codes = [] if address is not None else ["holder-address"]
    if has_bad_port:
        codes.append("holder-port-bad")
    elif port is None and address is not None and address.version == 4:
        codes.append("holder-port")
    if written.time is None:
        codes.append("holder-time")
    elif len(zones) > 1:
        codes.append("holder-zone-several")
    elif not zones:
        codes.append("holder-zone")
    elif zones[0] == UNKNOWN_ZONE:
        codes.append("holder-zone-unknown")
    if written.time is not None and written.time.digits == "day":
        codes.append("holder-day")
    return tuple(codes)


def _reached(row: WrittenRow) -> str:
    address = parse_address(row.destination.replace("[.]", ".").strip())
    return "" if address is None else str(address)


def _port(ports: Sequence[str]) -> tuple[int | None, bool]:
    """Return the one port, and whether what is written is none, or several."""
    if not ports:
        return None, False
    numbers = {int(one) if one.isdecimal() and len(one) <= 5 else 0 for one in ports}
    port = numbers.pop()
    return (None, True) if numbers or not 0 < port < 65_536 else (port, False)
