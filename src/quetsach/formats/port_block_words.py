"""The headings of tables of port blocks, Vietnamese and English, and what each column holds."""

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

LONGEST_ROW = 4096
"""No row of such a table is longer, in bytes."""

_DELIMITERS = ";\t|,"
_MOST_COLUMNS = 64


class Column(StrEnum):
    """What a column of a table of port blocks holds."""

    INSIDE = "inside"
    PUBLIC = "public"
    FIRST = "first"
    LAST = "last"
    FROM = "from"
    TO = "to"
    PROTOCOL = "protocol"
    INSIDE_NETWORK = "inside-network"
    PUBLIC_NETWORK = "public-network"
    PER_HOST = "per-host"
    OTHER = ""


_WORDS: Mapping[Column, str] = {
    Column.INSIDE: "inside address|inside ip|private address|private ip|internal address"
    "|internal ip|subscriber address|subscriber ip|địa chỉ trong|địa chỉ bên trong|địa chỉ nội bộ"
    "|ip nội bộ|địa chỉ ip nội bộ|địa chỉ riêng|ip riêng|địa chỉ thuê bao|ip thuê bao|ip private",
    Column.PUBLIC: "public address|public ip|external address|external ip|outside address"
    "|outside ip|nat address|nat ip|địa chỉ công cộng|địa chỉ ip công cộng|ip công cộng"
    "|địa chỉ công khai|địa chỉ ngoài|địa chỉ bên ngoài|ip ngoài|ip public|ip nat|địa chỉ nat",
    Column.FIRST: "first port|start port|port start|port from|from port|cổng đầu|cổng bắt đầu"
    "|từ cổng|port đầu",
    Column.LAST: "last port|end port|port end|port to|to port|cổng cuối|cổng kết thúc|đến cổng"
    "|port cuối",
    Column.FROM: "from|start|start time|begin|valid from|từ|từ lúc|từ ngày|bắt đầu"
    "|thời gian bắt đầu|thời điểm bắt đầu",
    Column.TO: "to|end|end time|until|valid until|đến|đến lúc|đến ngày|kết thúc"
    "|thời gian kết thúc|thời điểm kết thúc",
    Column.PROTOCOL: "protocol|proto|transport|giao thức",
    Column.INSIDE_NETWORK: "inside network|private network|internal network|subscriber network"
    "|inside range|mạng trong|mạng bên trong|mạng nội bộ|dải nội bộ|dải ip nội bộ"
    "|dải địa chỉ nội bộ|dải thuê bao",
    Column.PUBLIC_NETWORK: "public network|external network|outside network|public range"
    "|mạng công cộng|mạng ngoài|mạng bên ngoài|dải công cộng|dải ip công cộng|dải public"
    "|dải địa chỉ công cộng",
    Column.PER_HOST: "ports per host|ports per subscriber|ports per user|block size"
    "|port block size|số cổng mỗi máy|số cổng mỗi thuê bao|số cổng một máy|kích thước khối cổng",
}
_OF_RULES = {Column.INSIDE_NETWORK, Column.PUBLIC_NETWORK, Column.FIRST, Column.PER_HOST}
_KNOWN = {word: column for column, words in _WORDS.items() for word in words.split("|")}


def columns_of(line: str) -> tuple[str, tuple[Column, ...]] | None:
    """Return the delimiter of a line of headings and what its columns hold, or None."""
    if len(line) > LONGEST_ROW:
        return None
    delimiter = max(_DELIMITERS, key=line.count)
    fields = cells(line, delimiter)
    columns = tuple(_KNOWN.get(_plain(field), Column.OTHER) for field in fields)
    told = [column for column in columns if column is not Column.OTHER]
    # A column that stands twice would have to be guessed.
    return (delimiter, columns) if told and len(set(told)) == len(told) else None


def is_rules(columns: Sequence[Column]) -> bool:
    """Return whether columns are those of rules, which give blocks out by arithmetic alone."""
    return set(columns) >= _OF_RULES


def cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of a row; none of them holds the delimiter itself."""
    return [one.strip().strip('"').strip() for one in line.split(delimiter, _MOST_COLUMNS)]


def by_column(line: str, delimiter: str, columns: Sequence[Column]) -> dict[Column, str]:
    """Return the cells of a row that are not empty, by what they hold."""
    found = zip(columns, cells(line, delimiter), strict=False)
    return {column: cell for column, cell in found if cell and column is not Column.OTHER}


def is_vietnamese(line: str) -> bool:
    """Return whether a line of headings is written in Vietnamese: dates then begin with the day."""
    folded = unicodedata.normalize("NFD", line.casefold())
    return "đ" in folded or any(unicodedata.combining(letter) for letter in folded)


def _plain(heading: str) -> str:
    text = unicodedata.normalize("NFC", heading.casefold())
    for mark in "_-().*:":
        text = text.replace(mark, " ")
    return " ".join(text.split())
