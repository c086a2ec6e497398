"""Which reporting lines a letter calls to take part: read from its addressees, never guessed.

"Thủ trưởng các phòng, ban, ngành huyện (03 hệ)" calls government, party and mass organisations: so
Vietnamese offices name the three systems. A letter that names two of them by number alone does not
say which: that stays a question.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quetsach_portal.units.models import ReportingLine

_GOVERNMENT = ReportingLine.TERRITORY.value
_PARTY = ReportingLine.PARTY.value
_MASS = ReportingLine.MASS_ORG.value

_NUMBERED = re.compile(r"\b(0?[1-9]|hai|ba|bốn)\s+(?:hệ|khối)\b(?!\s+thống)")
_ALL = frozenset({"3", "03", "ba"})

_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        _PARTY,
        re.compile(
            r"\b(?:(?:hệ|khối|cơ quan)\s+đảng|(?:tỉnh|thành|huyện|thị|quận|đảng)\s+ủy"
            r"|ban\s+(?:tổ chức|tuyên giáo|dân vận|nội chính)\b"
            r"|ủy ban kiểm tra\b|chi bộ|đảng bộ)"
        ),
    ),
    (
        _MASS,
        re.compile(
            r"\b(?:mặt trận|đoàn thể|tổ chức chính trị\s*-?\s*xã hội|liên đoàn lao động|công đoàn"
            r"|(?:huyện|tỉnh|thành|xã|quận)\s*đoàn\b|đoàn thanh niên"
            r"|hội\s+(?:liên hiệp|nông dân|cựu chiến binh|phụ nữ))"
        ),
    ),
    (
        _GOVERNMENT,
        re.compile(
            r"\b(?:ủy ban nhân dân|ubnd|chính quyền|phòng,?\s+ban|sở,?\s+(?:ban|ngành)"
            r"|các\s+(?:phòng|sở|trường|xã|phường|huyện|đơn vị sự nghiệp)\b)"
        ),
    ),
)
"""A line, and the words of an addressee that name it."""


@dataclass(frozen=True)
class CalledLines:
    """What a letter's addressees call.

    Shapes: `words` is line -> the addressee that names it, in the order in which lines are shown;
    `unclear` holds addressees that name a number of systems without saying which.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    unclear: tuple[str, ...] = ()


def called_lines(letter: Mapping[str, Any]) -> CalledLines:
    """Return the lines that the addressees of `letter` call; none where it names none.

    Shapes: `letter` is what `letter read` gave.
    """
    addressees = letter.get("addressees", {}).get("value") or []
    words: dict[str, str] = {}
    unclear = []
    for addressee in addressees:
        plain = " ".join(_plain(str(addressee)).split())
        for line, pattern in _WORDS:
            if pattern.search(plain):
                words.setdefault(line, str(addressee))
        for number in _NUMBERED.findall(plain):
            if number in _ALL:
                for line in (_GOVERNMENT, _PARTY, _MASS):
                    words.setdefault(line, str(addressee))
            elif number not in ("1", "01"):
                unclear.append(str(addressee))
    order = (_GOVERNMENT, ReportingLine.SECTOR.value, _PARTY, _MASS)
    return CalledLines({line: words[line] for line in order if line in words}, tuple(unclear))


def _plain(text: str) -> str:
    """Return `text` in small composed letters, with the tone of "uỷ" and "uý" put in one place."""
    small = unicodedata.normalize("NFC", text).casefold()
    return small.replace("uỷ", "ủy").replace("uý", "úy")
