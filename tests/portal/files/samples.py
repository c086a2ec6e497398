"""Files for the tests: honest ones made by usual writers, and the same ones damaged or forged."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import docx
import pytest
import xlsxwriter
from PIL import Image

from quetsach_portal.files.checking import CheckedFile, check
from quetsach_portal.files.kinds import RULES
from quetsach_portal.files.problems import FileRefused

# In two halves, so that no scanner takes this file for the test file itself.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LOG = b"1662969600.000001\tC1\t10.1.2.3\t49152\t192.0.2.7\t443\ttcp\n" * 50
MIB = 1 << 20


def shortly(value: object) -> str | None:
    """Return what a file is called among a test's cases; what is packed now differs by its hour."""
    return "bytes" if isinstance(value, bytes) else None


def checked(raw: bytes, name: str, purpose: str) -> CheckedFile:
    return check(io.BytesIO(raw), name=name, rules=RULES[purpose])


def refusal(raw: bytes, name: str, purpose: str) -> tuple[str, str]:
    """Return the code and the words of a refusal, or ("", "") when the file was taken."""
    try:
        checked(raw, name, purpose)
    except FileRefused as refused:
        return refused.problem.code, refused.told
    return "", ""


def code(raw: bytes, name: str, purpose: str = "evidence") -> str:
    return refusal(raw, name, purpose)[0]


def remarks(raw: bytes, name: str, purpose: str) -> list[tuple[str, object]]:
    return [(one.code, one.facts.get("sheet")) for one in checked(raw, name, purpose).remarks]


def zipped(members: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in members.items():
            stored = name == "mimetype"
            way = zipfile.ZIP_STORED if stored else method
            packed.writestr(zipfile.ZipInfo(name), content, compress_type=way)
    return out.getvalue()


def unzipped(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        return {one: packed.read(one) for one in packed.namelist()}


def with_parts(raw: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the office file `raw` with parts added or replaced."""
    return zipped({**unzipped(raw), **parts})


def replaced(raw: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return the office file `raw` with one text of one part replaced."""
    content = unzipped(raw)[part]
    assert old in content
    return with_parts(raw, {part: content.replace(old, new)})


def tarred(members: Mapping[str, bytes], *, packed: str = "", links: Sequence[str] = ()) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{packed}") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for name in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(info)
    return out.getvalue()


def workbook(
    *, formula: bool = False, hidden: bool = False, other_book: bool = False, rows: int = 20
) -> bytes:
    """Return a workbook with the sheets "Đơn vị" and "Ghi chú", as xlsxwriter writes them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    units, notes = book.add_worksheet("Đơn vị"), book.add_worksheet("Ghi chú")
    for row in range(rows):
        units.write_row(row, 0, [f"Xã {row}", row, "TC"])
    notes.write_string(0, 0, "=1+2")
    notes.write_url(1, 0, "https://congan.example/huong-dan")
    if formula:
        units.write_formula(0, 5, "=SUM(B1:B9)", None, 36)
    if other_book:
        notes.write_formula(5, 0, "='[1]Sheet1'!A1", None, 7)
    if hidden:
        notes.hide()
    book.close()
    return out.getvalue()


def document() -> bytes:
    out = io.BytesIO()
    paper = docx.Document()
    paper.add_paragraph("Biên bản kiểm tra máy tính")
    paper.save(out)
    return out.getvalue()


def spreadsheet(content: str = "") -> bytes:
    """Return an OpenDocument spreadsheet of one sheet."""
    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text", "style", "script")
    )
    body = content or (
        '<table:table table:name="Đơn vị"><table:table-row><table:table-cell>'
        "<text:p>Xã Một</text:p></table:table-cell></table:table-row></table:table>"
    )
    whole = f"<office:document-content {names}>{body}</office:document-content>"
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f'<?xml version="1.0" encoding="UTF-8"?>{whole}'.encode(),
            "META-INF/manifest.xml": b"<manifest/>",
        },
        method=zipfile.ZIP_STORED,
    )


def pdf(extra: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type /Pages /Kids [] /Count 0>>\nendobj\n"
        + extra
        + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R /Size 3>>\nstartxref\n9\n%%EOF\n"
    )


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, (200, 30, 30))
    image.putpixel((0, 0), (0, 0, 255))
    image.save(out, form, **more)
    return out.getvalue()


def photo_with_place(orientation: int = 6) -> bytes:
    """Return a JPEG as a telephone writes it: with the place, the owner and how it was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Dien Thoai"
    exif[0x9C9D] = "Nguyen Van A".encode("utf-16-le")
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (9.0, 41.0, 12.0)
    place[3], place[4] = "E", (106.0, 15.0, 30.0)
    return picture("JPEG", exif=exif, comment=b"chup tai nha")


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """Return a small, sound PNG that says it has that many pixels, all of them white."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = zlib.crc32(kind + content)
        return struct.pack("!L", len(content)) + kind + content + struct.pack("!L", crc)

    header = struct.pack("!LLBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\x00" + b"\xff" * (-(-width // 8))
    pixels = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def swelling(size: int) -> bytes:
    """Return `size` zeros packed by deflate, made in pieces, quickly: each worker makes them."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    piece = bytes(MIB)
    packed = [packer.compress(piece) for _piece in range(size // MIB)]
    return b"".join(packed) + packer.flush()


def zip_by_hand(
    name: bytes,
    packed: bytes,
    *,
    size: int,
    listed_size: int | None = None,
    listed_name: bytes | None = None,
    crc: int = 0,
    method: int = 8,
    flags: int = 0,
    mode: int = 0,
    before: bytes = b"",
    between: bytes = b"",
    behind: bytes = b"",
) -> bytes:
    """Return a ZIP file of one member, whose header and list may disagree."""
    named = name if listed_name is None else listed_name
    told = size if listed_size is None else listed_size
    local = struct.pack(
        "<4s5H3L2H", b"PK\x03\x04", 20, flags, method, 0, 33, crc, len(packed), size, len(name), 0
    )
    body = before + local + name + packed + between
    listed = struct.pack(
        "<4s6H3L5H2L",
        b"PK\x01\x02",
        *(0x0314, 20, flags, method, 0, 33, crc, len(packed), told),
        *(len(named), 0, 0, 0, 0, mode << 16, len(before)),
    )
    entry = listed + named
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(body), 0)
    return body + entry + end + behind


def refusal_of(act) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        act()
    return caught.value


def code_of(act) -> str:
    with pytest.raises(FileRefused) as caught:
        act()
    return caught.value.problem.code


PROGRAM = b"MZ\x90\x00" + bytes(56) + struct.pack("<L", 64) + b"PE\x00\x00" + bytes(400)


PAGE = b"<!DOCTYPE html>\n<html><script>alert(1)</script></html>"


DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
