"""Parts of packed files are found by what the files say, and are whole or nothing."""

import bz2
import gzip
import lzma
import random
import zlib
from pathlib import Path

import pyarrow as pa
import pytest

from quetsach.containers.streams import Codec
from quetsach.evidence import packed_parts
from quetsach.evidence.packed_parts import PackedPart, known_parts, unpacked_part


def text_of(seed: int, count: int) -> bytes:
    """Return lines that pack neither well nor badly."""
    chance = random.Random(seed)
    return b"".join(b"%d 10.0.0.%d name\n" % (chance.random() * 1e9, n) for n in range(count))


def bgzf(text: bytes, each: int = 5000) -> bytes:
    """Return `text` in members of BGZF, with the empty one at the end."""
    made = b""
    for start in (*range(0, len(text), each), len(text)):
        packer = zlib.compressobj(wbits=-15)
        piece = text[start : start + each]
        body = packer.compress(piece) + packer.flush()
        head = b"\x1f\x8b\x08\x04" + bytes(4) + b"\x00\xff\x06\x00BC\x02\x00"
        made += head + (len(body) + 25).to_bytes(2, "little") + body
        made += zlib.crc32(piece).to_bytes(4, "little") + len(piece).to_bytes(4, "little")
    return made


def zstd(text: bytes) -> bytes:
    """Return `text` as one frame."""
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(text)
    return sink.getvalue().to_pybytes()


def xz_blocks(*texts: bytes) -> bytes:
    """Return one stream of xz with a block for each of `texts`."""
    streams = [lzma.compress(text, preset=1) for text in texts]
    blocks, records = b"", []
    for stream, text in zip(streams, texts, strict=True):
        index_size = (int.from_bytes(stream[-8:-4], "little") + 1) * 4
        block = stream[12 : -12 - index_size]
        index = stream[-12 - index_size : -12]
        packed = packed_parts._xz_records(index)[0][0]
        blocks += block
        records.append((packed, len(text)))
    index = b"\x00" + packed_parts._xz_written(len(records))
    for record in records:
        index += b"".join(map(packed_parts._xz_written, record))
    index += bytes(-len(index) % 4)
    index += packed_parts._crc(index)
    size = (len(index) // 4 - 1).to_bytes(4, "little") + streams[0][6:8]
    return streams[0][:12] + blocks + index + packed_parts._crc(size) + size + b"YZ"


TEXTS = [text_of(seed, 400) for seed in range(3)]
SKIPPED = b"\x51\x2a\x4d\x18\x04\x00\x00\x00note"
FILES = {
    "bgzf": (Codec.GZIP, bgzf(b"".join(TEXTS))),
    "bzip2": (Codec.BZIP2, b"".join(map(bz2.compress, TEXTS))),
    "zstd": (Codec.ZSTD, SKIPPED + b"".join(map(zstd, TEXTS))),
    "xz": (Codec.XZ, xz_blocks(*TEXTS)),
    "xz-streams": (Codec.XZ, xz_blocks(*TEXTS[:2]) + lzma.compress(TEXTS[2])),
}


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_parts, "_PART_BYTES", 1000)


def _parts(folder: Path, codec: Codec, content: bytes) -> list[PackedPart]:
    path = folder / "log"
    path.write_bytes(content)
    with path.open("rb", buffering=0) as file:
        return list(known_parts(file, codec))


@pytest.mark.parametrize("name", FILES)
def test_the_parts_are_the_text(tmp_path: Path, name: str) -> None:
    codec, content = FILES[name]
    parts = _parts(tmp_path, codec, content)
    assert len(parts) > 1
    pieces = [
        unpacked_part(content[part.offset : part.offset + part.length], part, codec)
        for part in parts
    ]
    assert b"".join(piece for some in pieces for piece in some or []) == b"".join(TEXTS)


@pytest.mark.parametrize(
    ("codec", "content"),
    [
        (Codec.GZIP, gzip.compress(TEXTS[0]) * 2),
        (Codec.BZIP2, bz2.compress(TEXTS[0])),
        (Codec.ZSTD, zstd(TEXTS[0])[:-1]),
        (Codec.ZSTD, zstd(TEXTS[0]) + b"rubbish behind"),
        (Codec.XZ, xz_blocks(*TEXTS) + bytes(4)),
        (Codec.XZ, xz_blocks(*TEXTS)[:-1]),
        (Codec.XZ, b"YZ"),
    ],
)
def test_where_sizes_are_not_told_there_are_no_parts(
    tmp_path: Path, codec: Codec, content: bytes
) -> None:
    assert not _parts(tmp_path, codec, content)


@pytest.mark.parametrize("name", FILES)
def test_a_part_is_its_bytes_exactly_or_nothing(tmp_path: Path, name: str) -> None:
    codec, content = FILES[name]
    part = _parts(tmp_path, codec, content)[1]
    packed = content[part.offset : part.offset + part.length]
    for wrong in (packed[:-1], packed + b"\x00", packed[: len(packed) // 2], b""):
        assert unpacked_part(wrong, part, codec) is None
    small = PackedPart(part.offset, part.ends, 10, part.head, part.foot)
    assert unpacked_part(packed, small, codec) is None


def _bomb(codec: Codec, count: int) -> bytes:
    text = bytes(60_000)
    member = {
        Codec.GZIP: bgzf(text, 60_000)[:-28],
        Codec.BZIP2: bz2.compress(text),
        Codec.ZSTD: zstd(text),
        Codec.XZ: lzma.compress(text),
    }
    return member[codec] * count


@pytest.mark.parametrize("codec", [Codec.GZIP, Codec.BZIP2, Codec.ZSTD, Codec.XZ])
def test_no_part_of_a_bomb_has_more_text_than_is_to_be_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codec: Codec
) -> None:
    monkeypatch.setattr(packed_parts, "_MOST_TEXT", 150_000)
    content = _bomb(codec, 40)
    parts = _parts(tmp_path, codec, content)
    assert len(parts) > 1 or codec in (Codec.GZIP, Codec.BZIP2)
    for part in parts:
        packed = content[part.offset : part.offset + part.length]
        assert sum(map(len, unpacked_part(packed, part, codec) or [])) <= 150_000


def test_a_file_of_blocks_without_text_is_not_walked_through(tmp_path: Path) -> None:
    frame = b"\x28\xb5\x2f\xfd\x00\x38" + bytes(3 * 60_000) + b"\x01\x00\x00"
    assert not _parts(tmp_path, Codec.ZSTD, frame + zstd(TEXTS[0]))


def test_too_many_blocks_of_xz_are_not_kept_in_mind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_parts, "_MOST_BLOCKS", 2)
    assert not _parts(tmp_path, *FILES["xz-streams"])
