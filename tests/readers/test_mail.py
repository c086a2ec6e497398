"""Mail: who sent it, what it says once, and everything that hangs at it."""

from email.message import EmailMessage, MIMEPart

import pytest

from quetsach.readers.contract import ReadLimits
from quetsach.readers.mail import MailReader, unfolded
from quetsach.readers.read import read_paper
from tests.readers.samples import codes, only, pdf, read, rows, texts, word, workbook, zipped


def mail(
    subject: str = "V/v triển khai chiến dịch", text: str = "Kính gửi: Các đơn vị\n"
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Phòng Văn hóa và Thông tin <vhtt@trancu.example>"
    message["To"] = "cac-don-vi@example.invalid"
    message["Subject"] = subject
    message["Received"] = "from mx.relay.example (198.51.100.1)"
    message.set_content(text)
    return message


def attach(message: EmailMessage, raw: bytes, name: str) -> EmailMessage:
    message.add_attachment(raw, maintype="application", subtype="octet-stream", filename=name)
    return message


def test_sender_subject_and_text_are_read_and_no_mail_server() -> None:
    paper = read(MailReader(read_paper), mail().as_bytes(), "thu.eml")
    assert paper.sender == "vhtt@trancu.example"
    assert texts(paper) == ["V/v triển khai chiến dịch", "Kính gửi: Các đơn vị"]


def test_of_two_versions_only_what_differs_comes_twice() -> None:
    message = mail(text="Kính gửi:  Các đơn vị\nchỉ ở đây 203.0.113.9\n")
    message.add_alternative(
        "<p>Kính gửi: <b>Các đơn vị</b></p><table><tr><td>1<td>x</table>", "html"
    )
    paper = read(MailReader(read_paper), message.as_bytes(), "thu.eml")
    assert texts(paper)[1:] == ["Kính gửi: Các đơn vị", "chỉ ở đây 203.0.113.9"]
    assert rows(paper) == [("1", "x")]


def test_attachments_are_read_by_their_readers_and_named() -> None:
    message = attach(mail(), workbook({"IoC": [["203.0.113.7"]]}), "phụ lục.xlsx")
    attach(message, word("điều 1"), "công văn.docx")
    attach(message, pdf("trang một"), "cv.pdf")
    paper = read(MailReader(read_paper), message.as_bytes(), "thu.eml")
    assert only(paper, "203.0.113.7").place.part == "phụ lục.xlsx"
    assert only(paper, "điều 1").place.part == "công văn.docx"
    assert (only(paper, "trang một").place.part, only(paper, "trang một").place.page) == (
        "cv.pdf",
        1,
    )
    assert codes(paper) == []


def test_an_attached_mail_and_an_archive_are_opened_in_turn() -> None:
    inner = attach(mail("thư trong"), zipped({"ds/ip.txt": "198.51.100.7"}), "ds.zip")
    message = mail()
    message.add_attachment(inner, filename="trong.eml")
    paper = read(MailReader(read_paper), message.as_bytes(), "thu.eml")
    assert only(paper, "198.51.100.7").place.part == "trong.eml/ds.zip/ds/ip.txt"
    assert only(paper, "thư trong").place.part == "trong.eml"


def test_an_attachment_that_cannot_be_read_is_named() -> None:
    message = attach(mail(), b"\x00\x01\x02\x03", "la.bin")
    attach(message, b"Rar!\x1a\x07\x00", "ds.rar")
    paper = read(MailReader(read_paper), message.as_bytes(), "thu.eml")
    assert [(p.code, p.where) for p in paper.problems] == [
        ("E410", "thu.eml/la.bin"),
        ("E417", "thu.eml/ds.rar"),
    ]


def test_mails_in_mails_end_at_the_depth_that_is_allowed() -> None:
    message = mail("đáy")
    for _ in range(6):
        outer = mail("ngoài")
        outer.add_attachment(message, filename="m.eml")
        message = outer
    paper = read(
        MailReader(read_paper), message.as_bytes(), "thu.eml", ReadLimits(seconds=60, depth=3)
    )
    assert [b.place.part for b in paper.blocks if b.text == "ngoài"] == [
        "",
        "m.eml",
        "m.eml/m.eml",
        "m.eml/m.eml/m.eml",
    ]
    assert codes(paper) == ["E413"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("=?utf-8?B?VGjhu6dpIGjhuqFu?=", "Thủi hạn"),
        ("=?utf-8?Q?ng=C3=A0y?= =?utf-8?Q?_9?=", "ngày 9"),
        ("=?x-unknown?B?YWJj?=", "abc"),
        ("=?utf-8?B?YWJj", "=?utf-8?B?YWJj"),
        ("=?utf-8?B?####?=", ""),
        ("a\r\n b", "a b"),
    ],
)
def test_coded_words_of_headers_are_decoded_or_left(written: str, meant: str) -> None:
    assert unfolded(written) == meant


def test_names_of_attachments_are_read_however_they_are_coded() -> None:
    head = (
        "From: a@b.example\nSubject: x\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="B"\n\n'
    )
    parts = (
        'Content-Disposition: attachment; filename="=?utf-8?B?ZMOibi50eHQ=?="',
        "Content-Disposition: attachment; filename*=UTF-8''d%C3%A2n.txt",
        'Content-Type: text/plain; name="../../etc/dân.txt"\nContent-Disposition: attachment',
    )
    body = "".join(f"--B\n{part}\n\n203.0.113.{n}\n" for n, part in enumerate(parts))
    paper = read(MailReader(read_paper), f"{head}{body}--B--\n".encode(), "thu.eml")
    assert [b.place.part for b in paper.blocks[1:]] == ["dân.txt"] * 3


def test_a_mail_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    raw = attach(mail(), workbook({"A": [["x"]]}), "a.xlsx").as_bytes()
    paper = read(MailReader(read_paper), raw[: len(raw) * 2 // 3], "thu.eml")
    assert "Kính gửi: Các đơn vị" in texts(paper)
    assert codes(paper) == ["E411", "E411"]


def test_small_pictures_in_the_text_are_no_attachments() -> None:
    message = mail()
    logo = MIMEPart()
    logo.set_content(b"\x89PNG\r\n\x1a\n" + b"x" * 500, "image", "png", cid="<logo>")
    message.make_mixed()
    message.attach(logo)
    assert codes(read(MailReader(read_paper), message.as_bytes(), "thu.eml")) == []


def test_a_letter_with_colons_is_no_mail() -> None:
    assert not MailReader(read_paper).knows("Kính gửi: Các phòng\nSố: 1\n".encode(), "x.txt")
    assert not MailReader(read_paper).knows(b"From: the office\nplain words\n", "x.txt")


@pytest.mark.parametrize("charset", ["\0", "a\0b", "'", "x" * 999])
def test_a_text_whose_charset_is_none_is_read_all_the_same(charset: str) -> None:
    raw = (
        "From: a@b.example\nTo: c@d.example\nSubject: x\nMIME-Version: 1.0\n"
        f'Content-Type: text/plain; charset="{charset}"\nContent-Transfer-Encoding: 8bit\n\n'
    ).encode() + "tên miền bad.example\n".encode()
    paper = read(MailReader(read_paper), raw, "a.eml")
    assert "tên miền bad.example" in texts(paper)
