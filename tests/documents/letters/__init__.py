"""Letters for the tests: the district's of September 2022, a full one, and hostile ones."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdfium2
from docx import Document

from quetsach.documents.letters.letter import (
    BlankForm,
    LetterAppendix,
    LetterPassage,
    LetterSigner,
    LetterTable,
    LetterText,
    OfficialLetter,
    PassageLevel,
    SignatureLine,
    SigningCapacity,
    UrgencyStamp,
)
from quetsach.documents.typeset.content import QrMark, TextRun
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.documents.typeset.proof import DocumentProof
from tests.oracles.layout.check import check_layout

LINK = "https://portal.example/n/3fQ2M9XDabcdefghijkLMNOP"
HOSTILE = (
    "A & B <x> C",
    "{{ 7*7 }} {% for %} #{1} ${2} %(place)s {0} %s",
    "=1+2",
    "@SUM(A1)",
    "file:///etc/passwd",
    '<img src="http://192.0.2.1/x.png">',
    '#panic() #read("report.typ") $x$ \\e *f* _g_ `h` // i /* j',
    "]]> &amp; </w:t></w:p>",
    "**not strong** {campaign} {speaker}",
)
DECOMPOSED = "Xa\u0303 Ta\u0323\u0302p So\u031bn"


def passage(text: str, level: PassageLevel = PassageLevel.PLAIN) -> LetterPassage:
    return LetterPassage((TextRun(text),), level)


def usual() -> OfficialLetter:
    """Return the letter of the district: one annex, signed by the vice chairman, no number yet."""
    return OfficialLetter(
        head=Letterhead(
            unit="Ủy ban nhân dân\nhuyện Trà Cú",
            parent_shown=False,
            code="UBND-TH",
            place="Trà Cú",
            addressees=(
                "Thủ trưởng các phòng, ban, ngành huyện (03 hệ)",
                "Chủ tịch Ủy ban nhân dân các xã, thị trấn",
            ),
        ),
        text=LetterText(
            subject="triển khai chiến dịch rà quét xử lý mã độc năm 2022",
            basis=(
                "Thực hiện Công văn số 1790/STTTT-BCVTCNTT ngày 09/9/2022 của Sở Thông tin và "
                "Truyền thông về việc triển khai chiến dịch rà quét xử lý mã độc năm 2022.",
            ),
            body=(
                passage("Chủ tịch Ủy ban nhân dân huyện có ý kiến như sau:"),
                passage("Triển khai phát động Chiến dịch.", PassageLevel.POINT),
                LetterPassage(
                    (
                        TextRun("Báo cáo kết quả thực hiện "),
                        TextRun("trước ngày 29/9/2022 (theo Phụ lục đính kèm).", strong=True),
                    ),
                    PassageLevel.POINT,
                ),
            ),
        ),
        signer=LetterSigner(
            "Phó Chủ tịch",
            "Tăng Thị Thắm",
            (SignatureLine(SigningCapacity.FOR_SUPERIOR, "Chủ tịch"),),
        ),
        recipients=("CT, các PCT UBND huyện", "Phòng VH&TT", "LĐVP"),
        annexes=(
            LetterAppendix(
                "Thống kê, báo cáo kết quả triển khai Chiến dịch làm sạch mã độc",
                (BlankForm("phu-luc-2022"),),
            ),
        ),
        mark=QrMark(LINK, "Quét mã để xác nhận đã nhận văn bản"),
    )


def full() -> OfficialLetter:
    """Return a letter with all that a letter may have: number, stamp, two annexes, contact."""
    letter = usual()
    table = LetterTable(
        ("TT", "Đơn vị", "Số máy", "Ghi chú"),
        tuple((str(n), f"Ủy ban nhân dân xã thứ {n}", str(3 * n), "") for n in range(1, 26)),
    )
    return replace(
        letter,
        head=replace(letter.head, number=5, signed_on=date(2026, 1, 5)),
        text=replace(
            letter.text,
            legal=("Căn cứ Luật Tổ chức chính quyền địa phương", "Căn cứ Nghị định số 30/2020"),
            body=(
                *letter.text.body[:2],
                passage("mục thứ nhất;", PassageLevel.SUBPOINT),
                passage("mục thứ hai.", PassageLevel.SUBPOINT),
                *letter.text.body[2:],
            ),
        ),
        urgency=UrgencyStamp.FLASH,
        annexes=(*letter.annexes, LetterAppendix("Danh sách đơn vị", (passage("Mở đầu."), table))),
        contact=("Địa chỉ: Khóm 3, thị trấn Trà Cú", "Thư điện tử: vanthu@huyen.example"),
    )


def proven() -> OfficialLetter:
    """Return the full letter with the digits at its foot by which a copy is checked."""
    return replace(full(), proof=DocumentProof("0123456789abcdef" * 4, "portal.example/kiem-tra"))


def hostile(text: str) -> OfficialLetter:
    """Return a letter that has `text` in every place that a person fills."""
    line = " ".join(text.split())
    return OfficialLetter(
        head=Letterhead(
            unit=text,
            parent=text,
            code="UBND-TH",
            place=line,
            addressees=(line, line),
        ),
        text=LetterText(
            line[:400], (passage(text), passage(text, PassageLevel.POINT)), (), (line,)
        ),
        signer=LetterSigner(line, line, (SignatureLine(SigningCapacity.BY_ORDER, line),)),
        recipients=(line,),
        annexes=(
            LetterAppendix(
                line, (passage(text), LetterTable((line, "B"), ((text, text), ("1", line))))
            ),
        ),
        contact=(line[:100],),
        mark=QrMark(LINK, line),
    )


def broken_rules(docx: bytes) -> list[str]:
    return [f"{one.rule}: {one.found}" for one in check_layout(BytesIO(docx)) if not one.ok]


def word_text(docx: bytes) -> str:
    """Return all text of the body and of the foot of page 1, paragraph by paragraph."""
    document = Document(BytesIO(docx))
    parts = [document.element.body, document.sections[0].first_page_footer._element]
    return "\n".join(
        "".join(t.text or "" for t in p.iter("{*}t")) for part in parts for p in part.iter("{*}p")
    )


def pdf_pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            page.get_textpage().get_text_range().replace("\u200b", "").replace("\ufffe", "-")
            for page in document
        ]
