"""Kinds of documents, and the bodies that issue them, by their names and abbreviations."""

import re
from collections.abc import Sequence

from quetsach.letters.lines import LetterLine
from quetsach.letters.model import DocumentLikeness

# Source: Nghị định 30/2020/NĐ-CP, Phụ lục III, phần I.
KINDS: dict[str, str] = {
    "NQ": "nghị quyết",
    "QĐ": "quyết định",
    "CT": "chỉ thị",
    "QC": "quy chế",
    "QyĐ": "quy định",
    "TC": "thông cáo",
    "TB": "thông báo",
    "HD": "hướng dẫn",
    "CTr": "chương trình",
    "KH": "kế hoạch",
    "PA": "phương án",
    "ĐA": "đề án",
    "DA": "dự án",
    "BC": "báo cáo",
    "BB": "biên bản",
    "TTr": "tờ trình",
    "HĐ": "hợp đồng",
    "CĐ": "công điện",
    "BGN": "bản ghi nhớ",
    "BTT": "bản thỏa thuận",
    "GUQ": "giấy ủy quyền",
    "GM": "giấy mời",
    "GGT": "giấy giới thiệu",
    "GNP": "giấy nghỉ phép",
    "PG": "phiếu gửi",
    "PC": "phiếu chuyển",
    "PB": "phiếu báo",
}
"""Names of kinds by the abbreviation that begins their code."""

OFFICIAL_LETTER = "công văn"
"""A letter without a name of its kind; its code begins with the body that issues it."""

PARTY_LETTER = "CV"
"""How the Party writes it in a code: Số 12-CV/HU."""

BODY_WORDS = (
    r"(?:bo|tong cuc|cuc|chi cuc|so|uy ban|uy ban nhan dan|ubnd|hdnd|hoi dong|phong|cong an"
    r"|ban|van phong|tinh uy|huyen uy|thanh uy|quan uy|thi uy|dang uy|dang bo|dang doan"
    r"|trung uong|trung tam|vien|hoc vien|truong|thanh tra|chinh phu|thu tuong|ngan hang"
    r"|tap doan|tong cong ty|cong ty|lien doan|hoi|doan|mat tran|toa an|vu|kho bac|bao hiem)"
    r"(?![a-z])"
)
"""How the name of a body begins, without accents."""

PERSON_WORDS = (
    r"(?:chu tich|pho chu tich|thu truong|giam doc|hieu truong|truong phong|thuong truc"
    r"|chanh van phong|cuc truong|bi thu|lanh dao|bo truong|nguoi dung dau)(?![a-z])"
)
"""How the name of an office holder begins, without accents."""

BODY = re.compile(BODY_WORDS)
BODY_OR_PERSON = re.compile(rf"{BODY_WORDS}|{PERSON_WORDS}")

# Bodies without a superior body in the head (Phụ lục I, II.2).
ALONE = re.compile(
    r"(?:uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd|bo|chinh phu|thu tuong|van phong chinh phu"
    r"|ngan hang nha nuoc|thanh tra chinh phu|tinh uy|thanh uy|huyen uy|quan uy|thi uy|tap doan"
    r"|tong cong ty|ban chap hanh)(?![a-z])"
)
"""Bodies above which the head of a letter prints nobody."""


ENOUGH = 2
"""How many of the marks of a letter must be there."""

_MARKS = (
    re.compile(r"cong hoa xa hoi chu nghia viet nam|dang cong san viet nam"),
    re.compile(r"doc lap ?- ?tu do ?- ?hanh phuc"),
    re.compile(r"\As[o06] ?[:.]? ?[0-9]{0,6} ?[/-] ?[a-z]|(?<![a-z])so: ?[0-9]{0,6} ?/[a-z]"),
    re.compile(r"kinh gui"),
    re.compile(r", ?ngay[ .…0-9]{0,12}thang"),
    re.compile(r"\A(?:v/v|ve viec) "),
    re.compile(r"noi nhan"),
    re.compile(r"\A(?:tm|kt|tl|tuq|t/m|k/t|t/l)\. ?[a-z]"),
)
_ENGLISH = (
    re.compile(r"\A(?:our )?ref(?:erence|\.)?(?: no\.?)?[ :]"),
    re.compile(r"\A(?:subject|re) ?:"),
    re.compile(r"\A(?:dear |to ?:)"),
    re.compile(r"(?:yours|sincerely|faithfully|best regards)"),
    re.compile(r"\A(?:date ?:|[0-9]{1,2} [a-z]{3,9} [0-9]{4}\Z)"),
)
_PARTY = re.compile(r"dang cong san viet nam|\As[o06] [0-9]{0,5} ?- ?[a-z]{1,5}/[a-z]")
_LOOKED_AT = 400


def letter_first(lines: Sequence[LetterLine]) -> tuple[list[LetterLine], list[LetterLine]]:
    """Return the lines of the part that is the letter, and those of all other parts.

    A mail has its own words and its attachments, an archive its files: the part with the most marks
    of a letter is the letter.
    """
    parts: dict[str, list[LetterLine]] = {}
    for line in lines:
        parts.setdefault(line.place.part, []).append(line)
    if len(parts) < 2:
        return list(lines), []
    best = max(parts, key=lambda part: _count(_MARKS, _near(parts[part])))
    return parts[best], [line for part, of in parts.items() if part != best for line in of]


def looks_of(lines: Sequence[LetterLine]) -> DocumentLikeness:
    """Return what the document looks like, by the marks of a letter in its lines."""
    texts = _near(lines)
    if _count(_MARKS, texts) >= ENOUGH:
        return (
            DocumentLikeness.PARTY
            if any(_PARTY.search(one) for one in texts)
            else DocumentLikeness.STATE
        )
    return DocumentLikeness.ENGLISH if _count(_ENGLISH, texts) > ENOUGH else DocumentLikeness.NONE


def _near(lines: Sequence[LetterLine]) -> list[str]:
    near = [*lines[:_LOOKED_AT], *lines[_LOOKED_AT:][-_LOOKED_AT:]]
    return [one.folded[:3000] for one in near if not one.cells]


def _count(marks: Sequence[re.Pattern[str]], texts: Sequence[str]) -> int:
    return sum(any(mark.search(text) for text in texts) for mark in marks)
