"""The meaning of column headings, in English and Vietnamese; and the header line of a feed."""

import csv
import re
from enum import StrEnum
from typing import NamedTuple

from quetsach.indicators.formats.contract import ListFile
from quetsach.indicators.formats.csv_table import HEADINGS, SOURCE_HEADINGS, VALUE_HEADINGS
from quetsach.indicators.formats.records import field_name
from quetsach.indicators.options import plain_heading

_NUMBER = re.compile(r"stt|tt|#|no\.?|nr\.?|id|số( tt| thứ tự)?|thứ tự")
_KIND = re.compile(
    r"((ioc|indicator) )?(type|kind|category)|loại( chỉ báo| dữ liệu)?|kiểu|phân loại"
)
_OTHER = re.compile(
    r"file|path|tệp|tập tin|detect|registry|mutex|mail|thư|provider|nhà cung cấp|country|quốc gia"
    r"|\basn?\b|seen|date|ngày|time|version|phiên bản|package|desc|mô tả|detail|đơn vị|cơ quan"
    r"|hosting|title|status|trạng thái|size|bytes|compil|target|hits|users?\b"
)
_VALUE = re.compile(
    r"\b(ips?|ipv[46]|domains?|hosts?|hostnames?|fqdn|ur[li]s?|iocs?|indicators?|md5|sha-?(1|256)"
    r"|hash(es)?|c2|c&c|address(es)?|tên miền|địa chỉ|mã băm|chỉ báo|chỉ dấu|dấu hiệu|máy chủ"
    r"|đường dẫn|server|trang (web|giả))\b"
)
_FAMILY = re.compile(r"mã độc|malware|\bfamily\b|họ ")
_PORT = re.compile(
    r"(?:(?:dest(?:ination)?|dst|remote|tcp|udp|số|service|c2|c&c)[ ./]{0,2})?(?:port|cổng)"
    r"(?:[ /(,]{1,3}(?:port|cổng|dịch vụ|đích|kết nối|mạng|giao tiếp|tcp|udp|tcp/udp|c2|c&c|số|no"
    r"|number)\)?){0,2}"
)
_LABEL = re.compile(r"ghi chú|chú thích|notes?\b|comment|remark|label|nhãn")
_HASHES = ((64, re.compile(r"sha-?256")), (40, re.compile(r"sha-?1")), (32, re.compile(r"md-?5")))
_NAMES = re.compile(r"domain|tên miền|host|fqdn|url|trang|đường dẫn|c2|c&c|máy chủ")


# Their addresses are no indicators; whom they belong to is a notice's matter.
_VICTIMS = re.compile(
    r"\b(?:(?:ip|địa chỉ|cổng|port) nguồn|source (?:ip|address|port)|src|nạn nhân|victims?"
    r"|(?:bị|máy|đã) (?:lây )?nhiễm|nhiễm mã độc|infected|máy trạm|máy tính|clients?|nội bộ|private"
    r"|local|(?:của |tại )?(?:đơn vị|cơ quan)|wan|ip tĩnh|public)\b"
)
_ATTACKERS = re.compile(
    r"phát tán|tấn công|điều khiển|độc hại|c2|c&c|malicious|attack|\b(?:đích|dest\w*|remote)\b"
)


class ColumnRole(StrEnum):
    """The content of a column."""

    VALUE = "value"
    PORT = "port"
    LABEL = "label"
    FAMILY = "family"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    CLASS = "class"
    STATUS = "status"
    CONFIDENCE = "confidence"
    TLP = "tlp"
    LAST_SEEN = "last_seen"
    KIND = "kind"
    NUMBER = "number"
    SOURCE = "source"
    OTHER = "other"
    UNKNOWN = "unknown"


def role_of(heading: str) -> ColumnRole:
    """Return the role of the column under `heading`, by the words of the heading."""
    plain = plain_heading(heading).strip(" .:*`")
    joined = plain.replace("sha ", "sha-").replace("md 5", "md5")
    if not plain:
        return ColumnRole.UNKNOWN
    if _NUMBER.fullmatch(plain):
        return ColumnRole.NUMBER
    if is_of_victims(plain):
        return ColumnRole.OTHER
    if VALUE_HEADINGS.fullmatch(joined):
        return ColumnRole.VALUE
    if _PORT.fullmatch(joined):
        return ColumnRole.PORT
    for what, pattern in HEADINGS.items():
        if pattern.fullmatch(plain):
            return ColumnRole(what)
    for role, pattern in (
        (ColumnRole.KIND, _KIND),
        (ColumnRole.OTHER, _OTHER),
        (ColumnRole.VALUE, _VALUE),
        (ColumnRole.FAMILY, _FAMILY),
        (ColumnRole.LABEL, _LABEL),
        (ColumnRole.SOURCE, SOURCE_HEADINGS),
    ):
        matched = pattern.fullmatch(plain) if role is ColumnRole.KIND else pattern.search(joined)
        if matched:
            return role
    return ColumnRole.UNKNOWN


def hash_length(heading: str) -> int:
    """Return how many digits the hashes under `heading` have; 0 where it gives no type."""
    plain = plain_heading(heading).replace(" ", "-")
    return next((length for length, pattern in _HASHES if pattern.search(plain)), 0)


def names_one_hash(heading: str) -> bool:
    """Return whether `heading` names one kind of hash, and not several."""
    plain = plain_heading(heading).replace(" ", "-")
    return sum(pattern.search(plain) is not None for _, pattern in _HASHES) == 1


def is_of_victims(heading: str) -> bool:
    """Return whether the column holds the addresses of those who are attacked or infected."""
    plain = plain_heading(heading)
    return _VICTIMS.search(plain) is not None and _ATTACKERS.search(plain) is None


def announces_names(heading: str) -> bool:
    """Return whether `heading` announces names or web addresses."""
    return _NAMES.search(plain_heading(heading)) is not None


COMMENT = ("#", ";")
"""How a comment of a feed begins."""

_DELIMITERS = ",|\t;"
_NAME = re.compile(r"[\w .&/-]{1,40}")
_FEWEST = 3
_PREFIX = re.compile(r"[#;]+\s*(?:Format:|Fields:|Columns:)?\s*", re.IGNORECASE)


class Header(NamedTuple):
    """The columns of a feed: their delimiter and names, and whether they are in a comment."""

    delimiter: str
    names: list[str]
    in_comment: bool


def headers_of(file: ListFile) -> list[Header]:
    """Return what may be the header of the feed: comments of the head, then its first row."""
    headers = []
    for line in file.head:
        if line.startswith(COMMENT):
            header = _header(line[_PREFIX.match(line).end() :])  # type: ignore[union-attr]  # it begins so
            if header is not None:
                headers.append(header)
        elif line.strip():
            first = _header(line)
            return [*headers, *([] if first is None else [first._replace(in_comment=False)])]
    return headers


def cells_of(line: str, delimiter: str) -> list[str] | None:
    """Return the cells of one line, or None where its quotes never close."""
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error:
        return None


def _header(text: str) -> Header | None:
    for delimiter in _DELIMITERS:
        if text.count(delimiter) + 1 < _FEWEST:
            continue
        cells = [cell.strip() for cell in cells_of(text.rstrip("\n"), delimiter) or []]
        if len(cells) >= _FEWEST and all(map(_NAME.fullmatch, cells)):
            return Header(delimiter, [field_name(cell) for cell in cells], in_comment=True)
    return None
