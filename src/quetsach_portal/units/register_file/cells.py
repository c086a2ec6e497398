"""Check the cells of a register: codes, kinds, lines, numbers, addresses."""

import re
import unicodedata
from collections.abc import Mapping

from quetsach_portal.units.models import ReportingLine, UnitKind
from quetsach_portal.units.register_file.rows import RegisterFlaw
from quetsach_portal.web.folding import folded

CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,38}[A-Za-z0-9])?")
_AREA = re.compile(r"[0-9]{2}|[0-9]{3}|[0-9]{5}")
_MAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE_SIGNS = re.compile(r"\+?[0-9][0-9 .()/-]{6,28}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[., \u00a0][0-9]{3})+")
_MOST_STAFF = 1_000_000
_FORMULA_STARTS = ("=", "+", "-", "@")
_LONGEST_MAIL = 254

_KINDS: Mapping[UnitKind, str] = {
    UnitKind.MINISTRY: "bo|bo nganh|trung uong|co quan trung uong|ministry",
    UnitKind.PROVINCE: "tinh|thanh pho truc thuoc trung uong|cap tinh|ubnd tinh|province",
    UnitKind.DEPARTMENT: "so|so nganh|department|so ban nganh",
    UnitKind.DISTRICT: "huyen|quan|thi xa|thanh pho|cap huyen|ubnd huyen|district",
    UnitKind.OFFICE: "phong|phong ban|phong chuyen mon|van phong|office|ban nganh huyen|ban"
    "|phong ban huyen|thanh tra",
    UnitKind.COMMUNE: "xa|phuong|thi tran|dac khu|cap xa|ubnd xa|commune|ward|town|township",
    UnitKind.SCHOOL: "truong|truong hoc|school|mam non|tieu hoc|thcs|thpt",
    UnitKind.PARTY: "dang|co quan dang|khoi dang|party|huyen uy|tinh uy|dang uy|ban dang",
    UnitKind.MASS_ORG: "doan the|mat tran|mttq|hoi|khoi doan the|mass org|mass organisation"
    "|mat tran va doan the|mttq va doan the|to chuc chinh tri xa hoi",
    UnitKind.AGENCY: "co quan|don vi|don vi su nghiep|su nghiep|agency|khac|other|trung tam"
    "|doanh nghiep|nganh doc|don vi khac",
}
_LINES: Mapping[ReportingLine, str] = {
    ReportingLine.TERRITORY: "chinh quyen|khoi chinh quyen|he chinh quyen|nha nuoc|ubnd|territory"
    "|government|quan ly nha nuoc",
    ReportingLine.SECTOR: "nganh|nganh doc|sector|chuyen mon|theo nganh",
    ReportingLine.PARTY: "dang|khoi dang|he dang|party|dang uy",
    ReportingLine.MASS_ORG: "doan the|mat tran|mttq|khoi doan the|he doan the|mat tran va doan the"
    "|mttq va doan the|mass org|mass organisations|mttq va cac doan the",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split("|")} | {
    folded(kind.value): kind for kind in UnitKind
}
_LINE_OF = {word: line for line, words in _LINES.items() for word in words.split("|")} | {
    folded(line.value): line for line in ReportingLine
}


def text_of(cell: str, longest: int) -> tuple[str, RegisterFlaw | None]:
    """Return a text in NFC on one line with single blanks, and what is wrong with it."""
    text = unicodedata.normalize("NFC", " ".join(cell.split()))
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs") for sign in text):
        # Also what turns the direction of writing: a name must look like what it is.
        return "", RegisterFlaw.CONTROL
    if text.startswith(_FORMULA_STARTS) or text[:1] in ("＝", "＋", "－", "＠"):
        return "", RegisterFlaw.FORMULA_TEXT
    if len(text) > longest:
        return "", RegisterFlaw.LONG_TEXT
    return text, None


def kind_of(text: str) -> UnitKind | None:
    """Return the kind of unit that a word names, None if it names none."""
    return _KIND_OF.get(folded(text))


def line_of(text: str) -> ReportingLine | None:
    """Return the line that a word names, None if it names none."""
    return _LINE_OF.get(folded(text))


def area_of(text: str) -> str | None:
    """Return an area code as text, None for what is none."""
    return text if _AREA.fullmatch(text) else None


def staff_of(text: str) -> int | None:
    """Return a head count: "1.234", "1,234", "1 234" and "1234" are the same; None for others."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _GROUPED.fullmatch(plain):
        plain = re.sub("[^0-9]", "", plain)
    if not (plain.isascii() and plain.isdigit()) or len(plain) > 9:
        return None
    number = int(plain)
    return number if number <= _MOST_STAFF else None


def mail_of(text: str) -> str | None:
    """Return an e-mail address, None for what is none or more than one."""
    if len(text) > _LONGEST_MAIL or ".." in text or not _MAIL.fullmatch(text):
        return None
    return text.lower()


def phone_of(text: str) -> str | None:
    """Return a telephone number with single blanks, None for what is none."""
    plain = " ".join(text.split())
    digits = re.sub("[^0-9]", "", plain)
    if not _PHONE_SIGNS.fullmatch(plain) or not 8 <= len(digits) <= 15:
        return None
    return plain


_BEGINNINGS: tuple[tuple[str, UnitKind], ...] = (
    ("uy ban nhan dan tinh", UnitKind.PROVINCE),
    ("ubnd tinh", UnitKind.PROVINCE),
    ("tinh uy", UnitKind.PARTY),
    ("huyen uy", UnitKind.PARTY),
    ("dang uy", UnitKind.PARTY),
    ("van phong huyen uy", UnitKind.PARTY),
    ("ban tuyen giao", UnitKind.PARTY),
    ("ban to chuc", UnitKind.PARTY),
    ("ban dan van", UnitKind.PARTY),
    ("uy ban kiem tra", UnitKind.PARTY),
    ("trung tam chinh tri", UnitKind.PARTY),
    ("uy ban mat tran", UnitKind.MASS_ORG),
    ("mat tran", UnitKind.MASS_ORG),
    ("ubmttq", UnitKind.MASS_ORG),
    ("huyen doan", UnitKind.MASS_ORG),
    ("doan thanh nien", UnitKind.MASS_ORG),
    ("lien doan lao dong", UnitKind.MASS_ORG),
    ("hoi ", UnitKind.MASS_ORG),
    ("tinh ", UnitKind.PROVINCE),
    ("uy ban nhan dan huyen", UnitKind.DISTRICT),
    ("ubnd huyen", UnitKind.DISTRICT),
    ("huyen ", UnitKind.DISTRICT),
    ("quan ", UnitKind.DISTRICT),
    ("thi xa ", UnitKind.DISTRICT),
    ("uy ban nhan dan xa", UnitKind.COMMUNE),
    ("uy ban nhan dan phuong", UnitKind.COMMUNE),
    ("uy ban nhan dan thi tran", UnitKind.COMMUNE),
    ("ubnd xa", UnitKind.COMMUNE),
    ("ubnd phuong", UnitKind.COMMUNE),
    ("ubnd thi tran", UnitKind.COMMUNE),
    ("xa ", UnitKind.COMMUNE),
    ("phuong ", UnitKind.COMMUNE),
    ("thi tran ", UnitKind.COMMUNE),
    ("dac khu ", UnitKind.COMMUNE),
    ("truong ", UnitKind.SCHOOL),
    ("so ", UnitKind.DEPARTMENT),
    ("bo ", UnitKind.MINISTRY),
    ("phong ", UnitKind.OFFICE),
    ("van phong", UnitKind.OFFICE),
    ("thanh tra", UnitKind.OFFICE),
)
"""The first that fits counts; "Trường" folds to "truong", so the order matters."""


def kind_by_name(name: str) -> UnitKind:
    """Return what a unit of this name is, `AGENCY` where its name does not tell."""
    text = folded(name)
    return next((kind for start, kind in _BEGINNINGS if text.startswith(start)), UnitKind.AGENCY)
