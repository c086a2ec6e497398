"""7z archives, built by hand from their description."""

import bz2
import lzma
import struct
import zlib
from collections.abc import Sequence

MAGIC = b"7z\xbc\xaf\x27\x1c"
COPY, LZMA, LZMA2, BZIP2, DEFLATE = (
    b"\x00",
    b"\x03\x01\x01",
    b"\x21",
    b"\x04\x02\x02",
    b"\x04\x01\x08",
)
AES, PPMD = b"\x06\xf1\x07\x01", b"\x03\x04\x01"
WINDOW = 1 << 16
PROPERTIES = {LZMA: b"\x5d" + struct.pack("<I", WINDOW), LZMA2: b"\x08"}
WHEN_S = 1_788_225_322


def number(value: int) -> bytes:
    """Return a number as the list writes it, in its long form from 128 on."""
    return bytes([value]) if value < 0x80 else b"\xff" + struct.pack("<Q", value)


def packed(content: bytes, method: bytes) -> bytes:
    """Return `content` packed by a method."""
    if method == LZMA:
        filters = [{"id": lzma.FILTER_LZMA1, "dict_size": WINDOW}]
        return lzma.compress(content, lzma.FORMAT_RAW, filters=filters)
    if method == LZMA2:
        filters = [{"id": lzma.FILTER_LZMA2, "dict_size": WINDOW}]
        return lzma.compress(content, lzma.FORMAT_RAW, filters=filters)
    if method == BZIP2:
        return bz2.compress(content)
    return zlib.compress(content, wbits=-15) if method == DEFLATE else content


def folder(*methods: bytes) -> bytes:
    """Return how a block is packed: one coder after the other."""
    out = number(len(methods))
    for method in methods:
        properties = PROPERTIES.get(method, b"")
        out += bytes([len(method) | (0x20 if properties else 0)]) + method
        out += number(len(properties)) + properties if properties else b""
    return out + b"".join(number(n) + number(n + 1) for n in range(len(methods) - 1))


def streams(blocks: Sequence[tuple[bytes, bytes, Sequence[bytes]]], place: int = 0) -> bytes:
    """Return the part of the list on blocks: (packed, coders, files) each."""
    out = b"\x06" + number(place) + number(len(blocks))
    out += b"\x09" + b"".join(number(len(raw)) for raw, _coders, _files in blocks) + b"\x00"
    out += b"\x07\x0b" + number(len(blocks)) + b"\x00" + b"".join(coders for _, coders, _ in blocks)
    out += b"\x0c" + b"".join(
        number(sum(map(len, files))) * coders[0] for _raw, coders, files in blocks
    )
    out += b"\x00\x08\x0d" + b"".join(number(len(files)) for *_, files in blocks)
    out += b"\x09" + b"".join(number(len(each)) for *_, files in blocks for each in files[:-1])
    out += b"\x0a\x01" + b"".join(
        struct.pack("<I", zlib.crc32(each)) for *_, files in blocks for each in files
    )
    return out + b"\x00\x00"


def files_part(names: Sequence[str], empty: Sequence[bool], attributes: Sequence[int]) -> bytes:
    """Return the part of the list on files; `empty` ones are files if they have a dot."""

    def part(kind: int, body: bytes) -> bytes:
        return number(kind) + number(len(body)) + body

    def bits(truths: Sequence[bool]) -> bytes:
        text = "".join("01"[truth] for truth in truths)
        text += "0" * (-len(text) % 8)
        return bytes(int(text[place : place + 8], 2) for place in range(0, len(text), 8))

    out = number(len(names))
    if any(empty):
        out += part(14, bits(empty))
        are_files = ["." in name for name, is_empty in zip(names, empty, strict=True) if is_empty]
        out += part(15, bits(are_files))
    out += part(17, b"\x00" + b"".join(name.encode("utf-16-le") + b"\x00\x00" for name in names))
    times = struct.pack("<Q", (WHEN_S + 11_644_473_600) * 10_000_000) * len(names)
    out += part(20, b"\x01\x00" + times)
    out += part(21, b"\x01\x00" + b"".join(struct.pack("<I", each) for each in attributes))
    return out + part(25, bytes(3)) + b"\x00"


def archive_of(header: bytes, blocks: bytes = b"", *, crc: int | None = None) -> bytes:
    """Return an archive with this list."""
    check = zlib.crc32(header) if crc is None else crc
    start = struct.pack("<QQI", len(blocks), len(header), check)
    return MAGIC + b"\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + blocks + header


def archive(
    files: dict[str, bytes],
    *methods: bytes,
    attributes: dict[str, int] | None = None,
    solid: bool = True,
    packed_list: bytes | None = None,
) -> bytes:
    """Return an archive of `files`; empty ones without a dot in their name are folders."""
    methods = methods or (LZMA2,)
    filled = [content for content in files.values() if content]
    groups = [filled] if solid else [[content] for content in filled]
    blocks = [(packed(b"".join(group), methods[0]), folder(*methods), group) for group in groups]
    raw = b"".join(block for block, _coders, _group in blocks)
    listed = [(attributes or {}).get(name, 0x20) for name in files]
    header = b"\x01" + (b"\x04" + streams(blocks) if filled else b"")
    header += (
        b"\x05" + files_part([*files], [not each for each in files.values()], listed) + b"\x00"
    )
    if packed_list is not None:
        small = packed(header, packed_list)
        outer = b"\x17" + streams([(small, folder(packed_list), [header])], len(raw))
        return archive_of(outer, raw + small)
    return archive_of(header, raw)
