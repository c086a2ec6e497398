"""Annexes of a letter: the sheet of a list, and whether each annex that is named is attached."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quetsach.documents.letters.letter import (
    LetterAppendix,
    LetterPassage,
    LetterTable,
    OfficialLetter,
)
from quetsach.documents.letters.paper import roman
from quetsach.documents.typeset.content import QrMark, TextRun

LIST_TITLE = "Danh sách địa chỉ độc hại của Chiến dịch"

# A letter is printed in Vietnamese whatever the language of the page is.
_KINDS: Mapping[str, str] = {
    "address": "địa chỉ IP",
    "network": "dải mạng",
    "name": "tên miền",
    "url": "đường dẫn",
    "hash": "mã băm của tệp",
    "fingerprint": "dấu vết TLS",
}
_WORDS_A_LINE = 6
_GROUPS_A_LINE = 8


@dataclass(frozen=True)
class ListSheet:
    """What an annex says of a list: enough to know the file again, whatever way it came.

    Shapes: `digest` is 64 hex digits; `spoken` 6 groups of digits, `groups` 16 of hex digits,
    `words` 24; `kinds` counts by kind; `created` is a day in words, "" where unknown.
    """

    title: str
    count: int
    kinds: Mapping[str, int]
    created: str
    digest: str
    spoken: tuple[str, ...]
    groups: tuple[str, ...]
    words: tuple[str, ...]
    signed_by: tuple[str, ...] = ()


def list_annex(sheet: ListSheet) -> LetterAppendix:
    """Return the sheet of a list as an annex: the list itself is a file, and too long for paper."""
    kinds = ", ".join(
        f"{_number(sheet.kinds[kind])} {word}"
        for kind, word in _KINDS.items()
        if kind in sheet.kinds
    )
    rows = (
        ("Tên danh sách", sheet.title or "-"),
        ("Số mục", f"{_number(sheet.count)} ({kinds})" if kinds else _number(sheet.count)),
        ("Lập ngày", sheet.created or "-"),
        ("Khóa đã ký", ", ".join(sheet.signed_by) or "-"),
        ("Mã đọc qua điện thoại (24 chữ số, gần 80 bit)", "  ".join(sheet.spoken)),
        ("Mã băm SHA-256", _in_lines(sheet.groups, _GROUPS_A_LINE)),
        ("24 từ của mã băm", _in_lines(sheet.words, _WORDS_A_LINE)),
    )
    return LetterAppendix(
        LIST_TITLE,
        (
            _said(
                "Danh sách được gửi dưới dạng tệp, không in ra giấy. Trước khi sử dụng, đơn vị đối "
                "chiếu tệp nhận được với một trong các mã dưới đây; tệp không khớp thì không dùng "
                "và báo lại cơ quan ban hành."
            ),
            LetterTable(("Nội dung", "Giá trị"), rows),
            QrMark(f"sha256:{sheet.digest}", "Mã QR: toàn bộ mã băm SHA-256 của danh sách"),
        ),
    )


def _said(text: str) -> LetterPassage:
    return LetterPassage((TextRun(text),))


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _in_lines(parts: tuple[str, ...], per_line: int) -> str:
    starts = range(0, len(parts), per_line)
    return "\n".join(" ".join(parts[start : start + per_line]) for start in starts)


# Whether each annex that the body names is there.

_ANNEX = re.compile(r"\bphụ lục(?:\s+(?:số\s+)?(?P<label>[ivxlc]{1,6}|\d{1,2})\b)?", re.IGNORECASE)
_OF_ANOTHER = re.compile(
    r"\s*,?\s*(?:được\s+)?(?:ban hành\s+)?(?:kèm theo|của|tại|thuộc)\s+(?:văn bản|công văn|"
    r"nghị định|thông tư|quyết định|kế hoạch|hướng dẫn|chỉ thị|luật|nghị quyết)",
    re.IGNORECASE,
)
_SENT_ALONG = re.compile(
    r"\b(?P<what>danh sách|danh mục|biểu mẫu|mẫu báo cáo|đề cương)\b[^.;]{0,80}?"
    r"\b(?:đính kèm|kèm theo|gửi kèm)\b",
    re.IGNORECASE,
)
_ATTACHED = re.compile(r"\b(?:attached|annex)\b", re.IGNORECASE)


@dataclass(frozen=True)
class MissingAnnex:
    """A place of the body that names an annex which is not attached.

    Shapes: `line` counts the paragraphs of the body from 1; `said` is what stands there.
    """

    line: int
    said: str


def missing_annexes(letter: OfficialLetter) -> tuple[MissingAnnex, ...]:
    """Return where the body names an annex that is not attached, or one of several by no number.

    An annex of another document ("Phụ lục ban hành kèm theo Công văn ...") is not one of ours.
    """
    return tuple(
        MissingAnnex(place, said)
        for place, passage in enumerate(letter.text.body, 1)
        for said in _missing_in(" ".join(passage.text.split()), letter)
    )


def _missing_in(text: str, letter: OfficialLetter) -> Iterator[str]:
    count = len(letter.annexes)
    if letter.text.language != "vi":
        if not count:
            yield from (match.group() for match in _ATTACHED.finditer(text))
        return
    labels = {roman(place) for place in range(1, count + 1)} | {str(n) for n in range(1, count + 1)}
    for match in _ANNEX.finditer(text):
        if _OF_ANOTHER.match(text, match.end()):
            continue
        label = (match["label"] or "").upper()
        if not count or (label not in labels if label else count > 1):
            yield match.group()
    titles = " ".join(annex.title.casefold() for annex in letter.annexes)
    for match in _SENT_ALONG.finditer(text):
        what = match["what"].casefold()
        # Forms have titles of their own; a list has to be called one.
        is_list = what in ("danh sách", "danh mục") and what not in titles
        if not count or (is_list and "phụ lục" not in match.group().casefold()):
            yield match.group()
