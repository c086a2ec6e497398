"""Damaged copies of what is packed: the content is unpacked, damaged, and packed again."""

import base64
import bz2
import gzip
import lzma
import re
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from random import Random

from bench.fuzz.mutation import MOST_BYTES, mutated_any, mutated_bytes, mutated_text

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_ARMOR = re.compile(rb"(-----BEGIN [A-Z ]+-----\n)([A-Za-z0-9+/=\s]+)(-----END)")
_PACKERS = {
    b"\x1f\x8b": (gzip.decompress, gzip.compress),
    b"BZ": (bz2.decompress, bz2.compress),
    b"\xfd7": (lzma.decompress, lzma.compress),
}


def mutated_zip(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Return a ZIP file with a member damaged, renamed, dropped or doubled; else its bytes."""
    if not chance.randrange(3):
        return mutated_bytes(content, others, chance)
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            infos = packed.infolist()
            if sum(info.file_size for info in infos) > 16 * MOST_BYTES:
                return mutated_bytes(content, others, chance)
            members = [(info.filename, packed.read(info)) for info in infos]
    except (
        OSError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
    ):
        return mutated_bytes(content, others, chance)
    if not members:
        return mutated_bytes(content, others, chance)
    for _ in range(chance.choice((1, 1, 2))):
        _change_member(members, chance)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, inside in members:
            way = zipfile.ZIP_STORED if name == "mimetype" or not chance.randrange(20) else None
            # A name without a legal code is what a stranger's writer may put there.
            packed.writestr(zipfile.ZipInfo(name or "a"), inside[: 8 * MOST_BYTES], way or 8)
    return out.getvalue()


def _change_member(members: list[tuple[str, bytes]], chance: Random) -> None:
    place = chance.randrange(len(members))
    name, inside = members[place]
    texts = [content for _, content in members if content] or [b"\0"]
    match chance.randrange(12):
        case 0:
            del members[place]
            members.append(("a.txt", b"a")) if not members else None
        case 1:
            members.insert(place, (name, chance.choice(texts)))
        case 2:
            names = (
                "../a",
                "/a",
                "a/" * 40,
                "ế.xml",
                "mimetype",
                "[Content_Types].xml",
                "con",
                "a.zip",
            )
            members[place] = (chance.choice(names), inside)
        case 3:
            members[place] = (name, chance.choice(texts))
        case _:
            members[place] = (name, mutated_any(inside, texts, chance))


def mutated_stream(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Return a packed stream with its content damaged and packed again; else its bytes."""
    packer = _PACKERS.get(content[:2])
    if packer is None or not chance.randrange(2):
        return mutated_bytes(content, others, chance)
    unpack, pack = packer
    try:
        inside = unpack(content)
    except (OSError, ValueError, EOFError, zlib.error, lzma.LZMAError):
        return mutated_bytes(content, others, chance)
    return pack(mutated_any(inside[: 8 * MOST_BYTES], others, chance))


def mutated_pdf(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Return a PDF file with one of its streams, or its objects, damaged."""
    streams = list(_STREAM.finditer(content)) if chance.randrange(2) else []
    if not streams:
        return (mutated_text if chance.randrange(2) else mutated_bytes)(content, others, chance)
    stream = chance.choice(streams)
    inside = stream.group(1)
    try:
        plain = zlib.decompress(inside)
    except zlib.error:
        changed = mutated_text(inside, others, chance)
    else:
        changed = zlib.compress(mutated_text(plain[:MOST_BYTES], others, chance))
    return content[: stream.start(1)] + changed + content[stream.end(1) :]


def mutated_der(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Return certificates or signatures with bytes changed within their armour."""
    armor = _ARMOR.search(content)
    if armor is None or not chance.randrange(4):
        return mutated_bytes(content, others, chance)
    try:
        inside = base64.b64decode(armor.group(2))
    except ValueError:
        return mutated_text(content, others, chance)
    changed = base64.encodebytes(mutated_bytes(inside, [inside], chance))
    return content[: armor.start(2)] + changed + content[armor.end(2) :]
