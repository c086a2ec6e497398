"""What the heading of a column says of its cells, in English and Vietnamese."""

import re
from enum import StrEnum

from quetsach.indicators.forms.csv_table import HEADINGS, SOURCE_HEADINGS, VALUE_HEADINGS
from quetsach.indicators.headings import plain_heading

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
_LABEL = re.compile(r"ghi chú|chú thích|notes?\b|comment|remark|label|nhãn")
_HASHES = ((64, re.compile(r"sha-?256")), (40, re.compile(r"sha-?1")), (32, re.compile(r"md-?5")))
_NAMES = re.compile(r"domain|tên miền|host|fqdn|url|trang|đường dẫn|c2|c&c|máy chủ")


class Role(StrEnum):
    """What stands in a column."""

    VALUE = "value"
    PORT = "port"
    LABEL = "label"
    FAMILY = "family"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    KIND = "kind"
    NUMBER = "number"
    SOURCE = "source"
    OTHER = "other"
    UNKNOWN = "unknown"


def role_of(heading: str) -> Role:
    """Return what the column under `heading` holds; a heading of several words tells by them."""
    plain = plain_heading(heading).strip(" .:*`")
    joined = plain.replace("sha ", "sha-").replace("md 5", "md5")
    if not plain:
        return Role.UNKNOWN
    if _NUMBER.fullmatch(plain):
        return Role.NUMBER
    if VALUE_HEADINGS.fullmatch(joined):
        return Role.VALUE
    for what, pattern in HEADINGS.items():
        if pattern.fullmatch(plain):
            return Role(what)
    for role, pattern in (
        (Role.KIND, _KIND), (Role.OTHER, _OTHER), (Role.VALUE, _VALUE), (Role.FAMILY, _FAMILY),
        (Role.LABEL, _LABEL), (Role.SOURCE, SOURCE_HEADINGS),
    ):  # fmt: skip
        matched = pattern.fullmatch(plain) if role is Role.KIND else pattern.search(joined)
        if matched:
            return role
    return Role.UNKNOWN


def hash_length(heading: str) -> int:
    """Return how many digits the hashes under `heading` have; 0 where it does not say."""
    plain = plain_heading(heading).replace(" ", "-")
    return next((length for length, pattern in _HASHES if pattern.search(plain)), 0)


def speaks_of_names(heading: str) -> bool:
    """Return whether `heading` says that names or web addresses stand under it."""
    return _NAMES.search(plain_heading(heading)) is not None
