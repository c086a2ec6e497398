"""Containers: archives, packed streams, office files, compound files and XML."""

import bz2
import gzip
import lzma
from io import BytesIO
from pathlib import Path

from isal import igzip

from bench.fuzz.as_file import by_path
from bench.fuzz.mutation import mutated_bytes, mutated_xml
from bench.fuzz.packed_mutation import mutated_stream, mutated_zip
from bench.fuzz.samples import texts_in
from bench.fuzz.target import FuzzTarget
from quetsach.containers import (
    archives,
    names,
    office,
    office_kinds,
    ole,
    seven_zip,
    seven_zip_list,
    sheets,
    signatures,
    streams,
    tar,
    xml,
    zip_directory,
)
from quetsach.containers import zip as zip_files
from quetsach.containers.bounds import IN_OFFICE_FILES, UnpackBounds
from quetsach.containers.refusal import ContainerRefused
from quetsach.evidence import packed_parts
from tests.containers import samples, test_seven_zip
from tests.containers.seven_zip_building import BZIP2, COPY, DEFLATE, LZMA2, archive
from tests.readers import samples as papers
from tests.readers.compound_writer import compound
from tests.readers.test_open_text import odt
from tests.readers.test_workbook import ods

_BOUNDS = UnpackBounds(entries=2_000, unpacked=32 << 20, ratio=200, small=8 << 20)
_LOGS = {"a.log": samples.LOG, "b/c.json": b'{"a":1}\n', "d.log.gz": gzip.compress(samples.LOG)}
_ZSTD = bytes.fromhex("28b52ffd2405290000626164202e6578616d706c65")


def packed_targets() -> list[FuzzTarget]:
    """Return a target for each container and what stands around it."""
    refused = (ContainerRefused,)
    return [
        FuzzTarget(
            "packed.zip",
            _zip,
            _zips,
            (zip_directory, zip_files, archives, names),
            mutated_zip,
            refused,
        ),
        FuzzTarget(
            "packed.tar",
            lambda content: archives.inspect_tar(BytesIO(content), _BOUNDS, _look),
            lambda: [
                samples.tarred(_LOGS),
                samples.tarred(_LOGS, form=2),
                samples.tarred({"ế" * 120: b"a"}),
            ],
            (tar, archives),
            mutated_bytes,
            refused,
        ),
        FuzzTarget(
            "packed.stream", _stream, _streams, (streams, archives), mutated_stream, refused
        ),
        FuzzTarget(
            "packed.parts",
            by_path(_parts, "a.gz"),
            _streams,
            (packed_parts,),
            mutated_stream,
            refused,
        ),
        FuzzTarget(
            "packed.7z",
            test_seven_zip.read,
            _seven_zips,
            (seven_zip, seven_zip_list),
            mutated_bytes,
            refused,
        ),
        FuzzTarget(
            "packed.office",
            _office,
            _office_files,
            (office, office_kinds, sheets),
            mutated_zip,
            refused,
        ),
        FuzzTarget(
            "packed.compound",
            _compound,
            lambda: [
                compound({"Workbook": b"\x09\x08\x10\x00" + bytes(400), "a": {"b": b"c" * 9000}})
            ],
            (ole,),
            mutated_bytes,
            refused,
        ),
        FuzzTarget(
            "packed.xml",
            _xml,
            lambda: [*texts_in("containers/test_xml.py"), samples.BOMB, papers_xml()],
            (xml,),
            mutated_xml,
            refused,
        ),
        FuzzTarget(
            "packed.start",
            _start,
            lambda: [content[:600] for content in (*_zips(), *_streams(), *_seven_zips())],
            (signatures,),
            mutated_bytes,
        ),
    ]


def _look(_name: str, _start: bytes) -> None:
    return


def papers_xml() -> bytes:
    """Return the XML of a Word document."""
    return papers.unzipped(papers.word("một", "hai"))["word/document.xml"]


def _zips() -> list[bytes]:
    return [samples.zipped(_LOGS), samples.zipped(_LOGS, method=0), papers.word("một")]


def _streams() -> list[bytes]:
    text = samples.LOG * 3
    return [
        *(
            gzip.compress(text),
            gzip.compress(text) * 2,
            igzip.compress(text),
            bz2.compress(text) * 2,
        ),
        *(
            lzma.compress(text),
            _ZSTD,
            samples.tarred(_LOGS, packed="gz"),
            text.decode().encode("utf-16"),
        ),
    ]


def _seven_zips() -> list[bytes]:
    files = test_seven_zip.FILES
    return [
        test_seven_zip.WHOLE,
        *(archive(files, method) for method in (COPY, LZMA2, BZIP2, DEFLATE)),
    ]


def _office_files() -> list[bytes]:
    rows = {"Trang": [["IP", "Tên"], ["192.0.2.7", "máy"], [1, 2.5]]}
    return [
        papers.word("một", "hai"),
        papers.workbook(rows),
        ods("<table:table/>"),
        odt("<text:p>a</text:p>"),
    ]


def _zip(content: bytes) -> None:
    archives.inspect_zip(BytesIO(content), _BOUNDS, _look)


def _stream(content: bytes) -> None:
    codec = streams.codec_of(content[:8])
    archives.inspect_stream(BytesIO(content), codec, _BOUNDS, _look)


def _parts(path: Path) -> None:
    content = path.read_bytes()
    codec = streams.codec_of(content[:8])
    with path.open("rb") as file:
        for part in packed_parts.known_parts(file, codec):
            piece = content[part.offset : part.offset + part.length]
            packed_parts.unpacked_part(piece, part, codec)


def _office(content: bytes) -> None:
    file = BytesIO(content)
    directory = zip_directory.read_directory(file, IN_OFFICE_FILES)
    kind = office_kinds.kind_of(file, directory)
    if kind is not None:
        office.remarks(file, kind, bounds=_BOUNDS)


def _compound(content: bytes) -> None:
    ole.root_names(BytesIO(content))
    office.old_book_remarks(BytesIO(content))


def _xml(content: bytes) -> None:
    try:
        xml.recover(content, "a")
    finally:
        xml.walk([content[:100], content[100:]], lambda _name, _attributes: None, "a")


def _start(content: bytes) -> None:
    signatures.archive_kind(content)
    signatures.no_log_kind(content)
    signatures.binary_kind(content)
    streams.codec_of(content)
