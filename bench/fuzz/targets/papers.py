"""Documents of each kind, and the letters in them, each read in this process.

The sandbox around them is left out: what would end it is looked for here.
"""

import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from types import ModuleType

from bench.fuzz.mutation import Mutate, mutated_any, mutated_bytes, mutated_text, mutated_xml
from bench.fuzz.packed_mutation import mutated_pdf, mutated_zip
from bench.fuzz.samples import files_in, texts_in
from bench.fuzz.target import FuzzTarget
from quetsach.errors.exceptions import QuetsachError
from quetsach.letters import appendix, body, due, foot, head, number, tasks
from quetsach.letters import lines as letter_lines
from quetsach.letters.read import read_letter
from quetsach.readers import layout, packages, pdf_page, pdf_tables, word_text
from quetsach.readers import read as reading
from quetsach.readers.contract import PaperReader, ReadDocument, ReadLimits
from tests.letters.texts import paper_of
from tests.portal.files import samples as files
from tests.readers import samples as papers
from tests.readers import test_outlook
from tests.readers.compound_writer import compound
from tests.readers.pdf_bytes import one_page, text_at
from tests.readers.test_mail import attach
from tests.readers.test_mail import mail as mail_of
from tests.readers.test_open_text import odt
from tests.readers.test_web import page
from tests.readers.test_workbook import ods

LIMITS = ReadLimits(
    bytes_unpacked=64 << 20, pages=20, depth=2, seconds=8.0, ocr_pages=0, ocr_seconds=0.0, parts=20
)


def read_here(raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
    """Read a document as the process in the sandbox does, in this one."""
    refusal = reading.refusal_of(raw, name)
    if refusal is not None:
        raise refusal
    reader = reading.reader_of(raw, name)
    if reader is None:
        raise QuetsachError("E410", name)
    try:
        return reader.read(raw, name, limits)
    except RecursionError as error:
        raise QuetsachError("E414", name, reason="nested") from error


def leave_out_sandbox() -> None:
    """Let documents in lists, notices and inventories be read in this process, too."""
    reading.read_isolated = lambda raw, name, _limits: read_here(raw, name, LIMITS)  # type: ignore[assignment]


def paper_targets() -> list[FuzzTarget]:
    """Return a target for each reader of documents, and for letters."""
    return [
        *map(_of_reader, reading.READERS),
        FuzzTarget("paper.any", _read_any, _every_paper, (reading,), mutated_any),
        FuzzTarget(
            "paper.letter",
            _read_letter,
            lambda: files_in("tests/letters/samples", suffixes=(".txt",)),
            (head, body, foot, due, number, tasks, appendix, letter_lines),
            mutated_text,
        ),
        FuzzTarget(
            "paper.part",
            lambda content: packages.parse_xml(content, "a"),
            lambda: [
                *map(_main_part, (papers.word("một"), ods("<table:table/>"))),
                *texts_in("readers/test_packages.py"),
            ],
            (packages,),
            mutated_xml,
        ),
        FuzzTarget(
            "paper.sandbox-answer",
            lambda content: reading.believed(content, b"a", "a.pdf"),
            _answers,
            (reading,),
            mutated_bytes,
        ),
    ]


def _answers() -> list[bytes]:
    import msgspec

    paper = read_here(papers.word("một", "hai"), "a.docx", LIMITS)
    told = QuetsachError("E411", "a", reason="b").problem
    return [
        msgspec.msgpack.encode(reading.IsolatedAnswer(paper, None)),
        msgspec.msgpack.encode(reading.IsolatedAnswer(None, told)),
    ]


def _main_part(raw: bytes) -> bytes:
    parts = papers.unzipped(raw)
    return next(parts[name] for name in ("word/document.xml", "content.xml") if name in parts)


def _of_reader(reader: PaperReader) -> FuzzTarget:
    samples, mutate, more = _KINDS.get(reader.name, (list, mutated_any, ()))
    return FuzzTarget(
        f"paper.{reader.name}",
        partial(_read_by, reader),
        samples,
        (sys.modules[type(reader).__module__], *more),
        mutate,
        # Its process says that as E414.
        (RecursionError,),
    )


def _read_by(reader: PaperReader, content: bytes) -> None:
    if reader.knows(content, "a"):
        read_letter(reader.read(content, "a", LIMITS))


def _read_any(content: bytes) -> None:
    read_letter(read_here(content, "a", LIMITS))


def _read_letter(content: bytes) -> None:
    read_letter(paper_of(content.decode("utf-8", "replace"), "a.txt"))


@cache
def _pdfs() -> list[bytes]:
    table = "#table(columns: 2, [IP], [Tên], [192.0.2.7], [máy])\nXin chào bad.example"
    return [
        papers.pdf("= Công văn\nKính gửi 192.0.2.7"),
        papers.pdf(table),
        one_page(text_at(72, 700, "bad.example 192.0.2.7")),
        files.pdf(),
    ]


def _words() -> list[bytes]:
    return [papers.word("Số: 12/UBND", "Kính gửi", "192.0.2.7"), files.document()]


def _books() -> list[bytes]:
    rows = {"Trang": [["IP", "Tên"], ["192.0.2.7", "máy"], [1, 2.5]], "Hai": [["a"]]}
    return [papers.workbook(rows), ods("<table:table/>"), files.spreadsheet(), files.workbook()]


def _open_texts() -> list[bytes]:
    return [odt("<text:p>một</text:p><text:list><text:list-item/></text:list>")]


def _outlook() -> list[bytes]:
    attached = test_outlook.attachment("a.docx", papers.word("192.0.2.7"))
    return [compound(test_outlook.message(test_outlook.LETTER, [attached]))]


def _mails() -> list[bytes]:
    letter = mail_of("bad.example")
    return [
        bytes(letter),
        bytes(attach(mail_of("xem"), papers.word("192.0.2.7"), "a.docx")),
        *texts_in("readers/test_mail.py", least=60),
        b"From: a@b.example\nSubject: =?utf-8?q?x?=\nMIME-Version: 1.0\n\n203.0.113.7\n",
    ]


def _archives() -> list[bytes]:
    return [papers.zipped({"a.txt": "192.0.2.7", "b/c.docx": papers.word("một")})]


def _pages() -> list[bytes]:
    return [
        page("<table><tr><td>192.0.2.7</td></tr></table><p>một"),
        *texts_in("readers/test_web.py"),
    ]


def _pictures() -> list[bytes]:
    return [files.picture(), files.picture("PNG"), files.photo_with_place()]


def _texts() -> list[bytes]:
    return [
        *files_in("tests/letters/samples", suffixes=(".txt",)),
        *texts_in("readers/test_text.py"),
    ]


def _every_paper() -> Sequence[bytes]:
    return [content for samples, _mutate, _more in _KINDS.values() for content in samples()]


_KINDS: dict[str, tuple[Callable[[], Sequence[bytes]], Mutate, tuple[ModuleType, ...]]] = {
    "pdf": (_pdfs, mutated_pdf, (pdf_page, pdf_tables, layout)),
    "docx": (_words, mutated_zip, (word_text, packages)),
    "xlsx": (_books, mutated_zip, (packages,)),
    "odt": (_open_texts, mutated_zip, ()),
    "msg": (_outlook, mutated_bytes, ()),
    "picture": (_pictures, mutated_bytes, ()),
    "zip": (_archives, mutated_zip, ()),
    "eml": (_mails, mutated_text, ()),
    "html": (_pages, mutated_xml, ()),
    "text": (_texts, mutated_text, ()),
}
