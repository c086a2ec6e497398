"""What the heading of a column of a register means, in Vietnamese or English."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache

from quetsach_portal.units.folding import folded

_LONGEST = 120


class Column(StrEnum):
    """What a column of a register holds."""

    NUMBER = "number"
    CODE = "code"
    NAME = "name"
    SHORT_NAME = "short-name"
    PARENT = "parent"
    KIND = "kind"
    LINE = "line"
    IDENTIFIER = "identifier"
    AREA = "area"
    STAFF = "staff"
    MAIL = "mail"
    PHONE = "phone"
    PERSON = "person"
    DOC_CODE = "doc-code"


_WORDS: Mapping[Column, str] = {
    Column.NUMBER: "stt|tt|so tt|so thu tu|no|nr|index",
    Column.CODE: "ma don vi|ma dv|ma|ma so|ma so don vi|ma co quan|code|unit code|unit id"
    "|ma noi bo",
    Column.NAME: "ten don vi|ten|don vi|ten co quan|ten co quan don vi|co quan|co quan don vi"
    "|ten day du|ten day du don vi|name|unit|unit name|full name|organisation|organization",
    Column.SHORT_NAME: "ten viet tat|ten ngan|ten rut gon|viet tat|short name|abbreviation",
    Column.PARENT: "ma cap tren|ma don vi cap tren|ma don vi cha|ma cha|don vi cap tren|cap tren"
    "|ma co quan cap tren|co quan cap tren|co quan chu quan|ma dv cap tren|truc thuoc|thuoc"
    "|ma don vi truc thuoc|parent|parent code|parent unit|parent id",
    Column.KIND: "loai|loai don vi|loai hinh|loai co quan|cap|cap don vi|phan loai|kind|type"
    "|unit kind|unit type|level",
    Column.LINE: "he|line|tuyen|khoi|he thong|nganh|he to chuc|khoi don vi",
    Column.IDENTIFIER: "ma dinh danh|ma dinh danh dien tu|ma dinh danh don vi|ma dinh danh co quan"
    "|dinh danh|ma ddt|identifier|electronic identifier|organid|organ id|ma dinh danh cu"
    "|ma dinh danh moi|ma dinh danh theo qd 20",
    Column.AREA: "ma khu vuc|ma dvhc|ma don vi hanh chinh|ma dia ban|ma hanh chinh|ma xa"
    "|ma tinh|ma huyen|ma gso|area|area code|region code|ma phuong xa|ma xa phuong",
    Column.STAFF: "so can bo|so cbcc|so cbccvc|so can bo cong chuc|tong so can bo|bien che"
    "|so luong can bo|so can bo cong chuc vien chuc|si so|so nguoi|so nhan su|staff|staff count"
    "|head count|headcount|employees|tong so cbccvc|cbccvc",
    Column.MAIL: "e mail|email|thu dien tu|dia chi e mail|dia chi email|dia chi thu dien tu|mail"
    "|hop thu|hop thu cong vu|email cong vu|e mail cong vu|thu cong vu|mail address",
    Column.PHONE: "dien thoai|so dien thoai|sdt|dt|so dt|phone|telephone|phone number|di dong|tel"
    "|dien thoai lien he|so dien thoai lien he",
    Column.PERSON: "dau moi|nguoi dau moi|can bo dau moi|ho ten dau moi|ho va ten dau moi"
    "|nguoi lien he|lien he|can bo phu trach|nguoi phu trach|contact|contact person|focal point"
    "|person|ho ten|ho va ten|dau moi lien he|ho va ten nguoi lien he",
    Column.DOC_CODE: "ky hieu|ky hieu van ban|ky hieu co quan|viet tat van ban|doc code"
    "|document code",
}
_COLUMN_OF = {word: column for column, words in _WORDS.items() for word in words.split("|")}
_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,80}[)\]]")


@lru_cache(maxsize=4096)
def column_of(heading: str) -> Column | None:
    """Return what the column below `heading` holds, None for a heading that says nothing to us.

    Only whole headings count, with what stands in brackets or without; "a / b" is either.
    """
    return next((_COLUMN_OF[one] for one in _readings(heading) if one in _COLUMN_OF), None)


def _readings(heading: str) -> Iterator[str]:
    if len(heading) > _LONGEST:
        return
    bare = _BRACKETS.sub(" ", heading)
    yield folded(heading)
    yield folded(bare)
    for part in re.split(r"[/\n;*]", bare):
        yield folded(part)
