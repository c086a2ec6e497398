"""Headings of tables of notices, English and Vietnamese, and the field that each names."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_HEADING = 80


class NoticeField(StrEnum):
    """What a column of a notice holds."""

    ADDRESS = "address"
    PORT = "port"
    TRANSPORT = "transport"
    TIME = "time"
    CLOCK = "clock"
    END = "end"
    REMOTE = "remote"
    REMOTE_PORT = "remote-port"
    REMOTE_NAME = "remote-name"
    FAMILY = "family"
    SOURCE = "source"
    REFERENCE = "reference"
    COUNT = "count"


# Names of Shadowserver's reports, of IntelMQ's CSV output and of what people write after them, as
# `folded` gives them; the first that a table has counts. Source: Shadowserver's descriptions of
# its reports; IntelMQ's harmonization of field names.
_ENGLISH: dict[NoticeField, tuple[str, ...]] = {
    NoticeField.ADDRESS: ("src ip", "source ip", "ip", "ip address", "public ip", "address"),
    NoticeField.PORT: ("src port", "source port", "port", "sport", "srcport"),
    NoticeField.TRANSPORT: ("protocol", "proto", "transport", "protocol transport"),
    NoticeField.TIME: (
        "timestamp",
        "time source",
        "time",
        "datetime",
        "event time",
        "date",
        "detected",
    ),
    NoticeField.END: ("end", "end time", "last seen", "until"),
    NoticeField.REMOTE: (
        *("dst ip", "destination ip", "cc ip", "c2 ip", "dest ip", "dip", "ip2", "remote ip"),
        *("sinkhole ip", "destination", "remote address"),
    ),
    NoticeField.REMOTE_PORT: (
        *("dst port", "destination port", "cc port", "c2 port", "dest port", "dport", "port2"),
        "remote port",
    ),
    NoticeField.REMOTE_NAME: (
        *("http host", "dst domain", "destination fqdn", "cc dns", "domain", "fqdn", "dns query"),
        *("hostname2", "url"),
    ),
    NoticeField.FAMILY: ("infection", "family", "malware name", "malware", "botnet", "tag", "type"),
    NoticeField.SOURCE: ("feed name", "source", "feed"),
    NoticeField.REFERENCE: ("report id", "reference", "id"),
    NoticeField.COUNT: ("count", "event count", "hits", "connection count"),
}
_VIETNAMESE: dict[NoticeField, tuple[str, ...]] = {
    NoticeField.ADDRESS: (
        *("dia chi ip nguon", "ip nguon", "dia chi ip nhiem", "dia chi ip bi nhiem", "ip bi nhiem"),
        *("ip nhiem", "dia chi ip lay nhiem", "dia chi ip public", "ip public", "ip cong cong"),
        *("dia chi ip cong cong", "dia chi ip tinh", "ip tinh", "dia chi ip may nhiem"),
        *("dia chi ip cua don vi", "ip don vi", "dia chi ip", "ip", "dia chi"),
    ),
    NoticeField.PORT: ("cong nguon", "port nguon", "cong ket noi nguon"),
    NoticeField.TRANSPORT: ("giao thuc",),
    NoticeField.TIME: (
        *("thoi gian", "thoi diem", "thoi gian ket noi", "thoi gian phat hien", "ngay gio"),
        *("thoi gian ghi nhan", "thoi diem ket noi", "thoi gian bat dau", "ngay phat hien"),
        *("ngay ghi nhan", "ngay", "tu ngay", "lan dau", "thoi gian truy cap"),
        *("thoi diem truy cap", "thoi gian su dung", "tu", "tu luc"),
    ),
    NoticeField.CLOCK: ("gio", "gio phat hien", "gio ket noi"),
    NoticeField.END: (
        *("thoi gian ket thuc", "den ngay", "lan cuoi", "thoi diem ket thuc", "den", "den luc"),
    ),
    NoticeField.REMOTE: (
        *("dia chi ket noi", "dia chi ip ket noi", "ip dich", "dia chi ip dich", "dia chi dich"),
        *("may chu dieu khien", "dia chi may chu dieu khien", "ip may chu dieu khien", "c&c"),
        *("dia chi ip doc hai", "ip doc hai", "ket noi den", "ket noi toi", "dia chi doc hai"),
        *("c2", "dia chi c&c", "dia chi c2", "may chu c&c", "ip ket noi", "dia chi ket noi den"),
    ),
    NoticeField.REMOTE_PORT: ("cong dich", "port dich", "cong ket noi", "cong ket noi den"),
    NoticeField.REMOTE_NAME: (
        *(
            "ten mien",
            "ten mien doc hai",
            "ten mien ket noi",
            "ten mien c&c",
            "ten mien dieu khien",
        ),
    ),
    NoticeField.FAMILY: (
        *("ten ma doc", "ma doc", "ten botnet", "loai ma doc", "mang botnet", "dong ma doc"),
        *("ten ma doc/botnet", "ma doc/botnet", "botnet/ma doc", "ten mang botnet", "botnet"),
        *("loai lay nhiem", "ten mau ma doc", "mang ma doc"),
    ),
    NoticeField.SOURCE: ("nguon", "nguon canh bao"),
    NoticeField.REFERENCE: ("ma canh bao", "so canh bao", "ma su co"),
    NoticeField.COUNT: (
        "so lan",
        "so luot",
        "so luong",
        "so ket noi",
        "so luot ket noi",
        "so lan ket noi",
    ),
}
_EITHER = frozenset({"cong", "port", "cong (port)", "port (cong)", "cong/port"})
"""A port that may be that of either end: of the address to its left."""

_SPACES = re.compile(r"[_.\s-]+")
_IN_BRACKETS = re.compile(r"\s*\([^()]{0,60}\)")


@dataclass(frozen=True)
class NoticeColumns:
    """Which column holds what, by place from 0, and whether the headings are Vietnamese."""

    places: tuple[tuple[NoticeField, int], ...]
    names: tuple[str, ...]
    is_vietnamese: bool

    def of(self, field: NoticeField) -> int | None:
        """Return the place of the column that holds `field`."""
        return next((place for one, place in self.places if one is field), None)


def folded(heading: str) -> str:
    """Return a heading as headings are compared: lower case, no accents, single blanks."""
    parts = unicodedata.normalize("NFD", heading[:LONGEST_HEADING].strip("\ufeff \t\n\"'").lower())
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign)).replace("đ", "d")
    return _SPACES.sub(" ", plain).strip()


def columns_of(cells: Sequence[str]) -> NoticeColumns | None:
    """Return what the columns under these headings hold, or None if they are no such headings.

    A table of notices has an address, and a time, a destination or a malware's name beside it.
    """
    names = [folded(one) for one in cells[:200]]
    short = [_IN_BRACKETS.sub("", one).strip() for one in names]
    places: dict[NoticeField, int] = {}
    vietnamese = 0
    for words in (_ENGLISH, _VIETNAMESE):
        for field, known in words.items():
            place = next(
                (at for name in known for at, one in enumerate(names) if name in (one, short[at])),
                None,
            )
            if place is not None and field not in places and place not in places.values():
                places[field] = place
                vietnamese += words is _VIETNAMESE
    _place_ports(names, places)
    others = {NoticeField.TIME, NoticeField.REMOTE, NoticeField.REMOTE_NAME, NoticeField.FAMILY}
    if NoticeField.ADDRESS not in places or not others & set(places):
        return None
    written = tuple(one.strip()[:LONGEST_HEADING] for one in cells[:200])
    return NoticeColumns(tuple(places.items()), written, vietnamese > 0)


def _place_ports(names: list[str], places: dict[NoticeField, int]) -> None:
    """Assign a bare "port" to the end of the connection on its left."""
    for at, name in enumerate(names):
        if name not in _EITHER:
            continue
        if places.get(NoticeField.PORT) == at:
            del places[NoticeField.PORT]
        remote = max((places[one] for one in (NoticeField.REMOTE,) if one in places), default=None)
        is_remote = remote is not None and places.get(NoticeField.ADDRESS, -1) < remote < at
        field = (
            NoticeField.REMOTE_PORT
            if is_remote and NoticeField.REMOTE_PORT not in places
            else NoticeField.PORT
        )
        if name == "port" and not any("ket noi" in one or "dich" in one for one in names):
            field = NoticeField.PORT
        places.setdefault(field, at)
