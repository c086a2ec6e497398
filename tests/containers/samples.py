"""Containers for the tests: honest ones made by usual writers, and the same damaged or forged."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import docx
import xlsxwriter

from quetsach.containers.bounds import UnpackBounds
from quetsach.containers.refusal import ContainerRefused

LOG = b"1662969600.000001\tC1\t10.1.2.3\t49152\t192.0.2.7\t443\ttcp\n" * 50
MIB = 1 << 20
SMALL = UnpackBounds(entries=5, unpacked=2 * MIB, ratio=50, small=1 * MIB)
WIDE = UnpackBounds(entries=100_000, unpacked=1 << 30, ratio=200, small=64 * MIB, fold_case=False)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet>&c;</worksheet>'
)


def code_of(act: Callable[[], object]) -> str:
    """Return the code with which `act` is refused, "" when it is not."""
    try:
        act()
    except ContainerRefused as refused:
        return refused.code.value
    return ""


def zipped(
    members: Mapping[str, bytes] | Iterable[tuple[str, bytes]],
    *,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return a ZIP file; `mimetype` is stored as OpenDocument wants it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in members.items() if isinstance(members, Mapping) else members:
            way = zipfile.ZIP_STORED if name == "mimetype" else method
            packed.writestr(
                zipfile.ZipInfo(name, (2026, 9, 1, 8, 15, 22)), content, compress_type=way
            )
    return out.getvalue()


def unzipped(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def with_parts(raw: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the office file `raw` with parts added or replaced."""
    return zipped({**unzipped(raw), **parts})


def replaced(raw: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return the office file `raw` with one text of one part replaced."""
    content = unzipped(raw)[part]
    assert old in content
    return with_parts(raw, {part: content.replace(old, new)})


def tarred(
    members: Mapping[str, bytes] | Iterable[tuple[str, bytes]],
    *,
    packed: str = "",
    form: int = tarfile.GNU_FORMAT,
    special: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """Return a TAR file; `special` are names and types of members without bytes."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{packed}", format=form) as archive:
        for name, content in members.items() if isinstance(members, Mapping) else members:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1_788_225_322
            archive.addfile(info, io.BytesIO(content))
        for name, kind in special:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    return out.getvalue()


def swelling(size: int) -> bytes:
    """Return `size` zeros packed by deflate, made in pieces."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = [packer.compress(bytes(MIB)) for _piece in range(size // MIB)]
    return b"".join(packed) + packer.flush()


def swelling_gzip(size: int) -> bytes:
    """Return `size` zeros packed by gzip, made in pieces."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(MIB)) for _piece in range(size // MIB)) + packer.flush()


def zip_by_hand(
    name: bytes,
    packed: bytes = LOG,
    *,
    size: int | None = None,
    crc: int | None = None,
    method: int = 0,
    flags: int = 0,
    mode: int = 0,
    version: int = 20,
    extra: bytes = b"",
    listed: Mapping[str, Any] | None = None,
    before: bytes = b"",
    between: bytes = b"",
    behind: bytes = b"",
) -> bytes:
    """Return a ZIP file of one member; `listed` says otherwise in the list: name, size, crc ..."""
    header = {
        "name": name,
        "size": len(packed) if size is None else size,
        "crc": zlib.crc32(packed) if crc is None else crc,
        "flags": flags,
        "method": method,
    }
    local = struct.pack(
        "<4s5H3L2H",
        b"PK\x03\x04",
        *(20, flags, method, 0, 33, header["crc"], len(packed), header["size"], len(name), 0),
    )
    body = before + local + name + packed + between
    header |= listed or {}
    entry = struct.pack(
        "<4s6H3L5H2L",
        b"PK\x01\x02",
        *(0x0314, version, header["flags"], header["method"], 0, 33),
        *(header["crc"], len(packed), header["size"]),
        *(len(header["name"]), len(extra), 0, 0, 0, mode << 16, len(before)),
    )
    entry += header["name"] + extra
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(body), 0)
    return body + entry + end + behind


def joined(first: bytes, second: bytes) -> bytes:
    """Return one ZIP file of the members of two."""
    bodies, entries = b"", b""
    count = 0
    for raw in (first, second):
        _sign, _a, _b, _c, here, length, start, _d = struct.unpack("<4s4H2LH", raw[-22:])
        listed, place = raw[start : start + length], 0
        for _number in range(here):
            name, extra, comment = struct.unpack_from("<3H", listed, place + 28)
            stop = place + 46 + name + extra + comment
            (offset,) = struct.unpack_from("<L", listed, place + 42)
            moved = struct.pack("<L", offset + len(bodies))
            entries += listed[place : place + 42] + moved + listed[place + 46 : stop]
            place, count = stop, count + 1
        bodies += raw[:start]
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entries), len(bodies), 0)
    return bodies + entries + end


def in_64_bits(raw: bytes, directory: int | None = None) -> bytes:
    """Return the ZIP file `raw` with the end record of 64 bits that great archives have."""
    place = raw.rfind(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HLL", raw, place + 10)
    claimed = size if directory is None else directory
    end = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, claimed, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
    last = bytearray(raw[place:])
    last[8:20] = b"\xff" * 12
    return raw[:place] + end + locator + bytes(last)


def workbook(
    *,
    formula: str = "",
    hidden: bool = False,
    other_book: bool = False,
    rows: int = 20,
    text: str = "Xã",
) -> bytes:
    """Return a workbook with the sheets "Đơn vị" and "Ghi chú", as xlsxwriter writes them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    units, notes = book.add_worksheet("Đơn vị"), book.add_worksheet("Ghi chú")
    for row in range(rows):
        units.write_string(row, 0, f"{text} {row}")
        units.write_row(row, 1, [row, "TC"])
    notes.write_string(0, 0, "=1+2")
    notes.write_url(1, 0, "https://congan.example/huong-dan")
    if formula:
        units.write_formula(rows, 1, formula, None, 36)
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


def spreadsheet(body: str = "") -> bytes:
    """Return an OpenDocument spreadsheet of one sheet."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style", "script")
    )
    body = body or (
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


def peak_kib() -> int:
    """Return the greatest memory that this process ever had."""
    # Not ru_maxrss: a child begins with the peak of the process that started it.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
