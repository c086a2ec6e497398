"""Kinds of documents, and the bodies that issue them, by their names and abbreviations."""

import re

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

# Bodies that stand alone in the head: nobody above them is printed (Phụ lục I, II.2).
ALONE = re.compile(
    r"(?:uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd|bo|chinh phu|thu tuong|van phong chinh phu"
    r"|ngan hang nha nuoc|thanh tra chinh phu|tinh uy|thanh uy|huyen uy|quan uy|thi uy|tap doan"
    r"|tong cong ty|ban chap hanh)(?![a-z])"
)
"""Bodies above which the head of a letter prints nobody."""
