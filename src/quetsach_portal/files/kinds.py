"""Which kinds of file are taken for which purpose, how each begins, and how large it may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from quetsach_portal.files.problems import N_

MIB = 1 << 20
GIB = 1 << 30


class FileKind(StrEnum):
    """What a file is by its content; those that no purpose takes have a name for the refusal."""

    TEXT = "text"
    CSV = "csv"
    HTML = "html"
    SVG = "svg"
    XML = "xml"
    GZIP = "gzip"
    ZSTD = "zstd"
    XZ = "xz"
    BZIP2 = "bzip2"
    ZIP = "zip"
    TAR = "tar"
    PCAP = "pcap"
    PCAPNG = "pcapng"
    EVTX = "evtx"
    SQLITE = "sqlite"
    PARQUET = "parquet"
    FLOWS = "flows"
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    DOCX = "docx"
    XLSX = "xlsx"
    ODS = "ods"
    MP3 = "mp3"
    OGG = "ogg"
    WAV = "wav"
    OTHER_OFFICE = "other-office"
    OLD_OFFICE = "old-office"
    PROGRAM = "program"
    OTHER_ARCHIVE = "other-archive"
    OTHER_PICTURE = "other-picture"
    OTHER = "other"


@dataclass(frozen=True)
class FileKindNames:
    """What people call a kind, how such files' names end, and their media type when sent out."""

    title: str
    endings: tuple[str, ...]
    media_type: str


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_PACKED = N_("a file packed by gzip, xz, bzip2 or zstd")
_CALC = "application/vnd.oasis.opendocument.spreadsheet"
_PROGRAMS = "exe dll scr pif msi lnk jar apk bat cmd ps1 vbs vbe js jse wsf hta cpl sys"

# Text, HTML, SVG and XML go out as bytes: a browser must never come to think of showing them.
_BYTES = "application/octet-stream"
_NAMES = (
    (FileKind.TEXT, N_("a text file or log"), "txt log csv tsv json jsonl", _BYTES),
    (FileKind.CSV, N_("CSV"), "csv tsv txt", _BYTES),
    (FileKind.HTML, N_("a web page"), "html htm", _BYTES),
    (FileKind.SVG, N_("an SVG drawing"), "svg", _BYTES),
    (FileKind.XML, N_("an XML file"), "xml", _BYTES),
    (FileKind.GZIP, _PACKED, "gz tgz", _BYTES),
    (FileKind.ZSTD, _PACKED, "zst tzst", _BYTES),
    (FileKind.XZ, _PACKED, "xz txz", _BYTES),
    (FileKind.BZIP2, _PACKED, "bz2 tbz tbz2", _BYTES),
    (FileKind.ZIP, N_("a ZIP file"), "zip", "application/zip"),
    (FileKind.TAR, N_("a TAR file"), "tar", _BYTES),
    (FileKind.PCAP, N_("a packet capture"), "pcap cap dmp", _BYTES),
    (FileKind.PCAPNG, N_("a packet capture"), "pcapng ntar", _BYTES),
    (FileKind.EVTX, N_("a Windows event log (EVTX)"), "evtx", _BYTES),
    (FileKind.SQLITE, N_("a SQLite file"), "db sqlite sqlite3", _BYTES),
    (FileKind.PARQUET, N_("a Parquet table"), "parquet", _BYTES),
    (FileKind.FLOWS, N_("a file of network flows (nfcapd)"), "nfcapd nfdump", _BYTES),
    (FileKind.PDF, N_("PDF"), "pdf", "application/pdf"),
    (FileKind.JPEG, N_("a JPEG picture"), "jpg jpeg jpe jfif", "image/jpeg"),
    (FileKind.PNG, N_("a PNG picture"), "png", "image/png"),
    (FileKind.DOCX, N_("a Word document (DOCX)"), "docx", _WORD),
    (FileKind.XLSX, N_("an Excel workbook (XLSX)"), "xlsx", _SHEET),
    (FileKind.ODS, N_("an OpenDocument spreadsheet (ODS)"), "ods", _CALC),
    (FileKind.MP3, N_("an MP3 recording"), "mp3", "audio/mpeg"),
    (FileKind.OGG, N_("an Ogg recording"), "ogg oga opus", "audio/ogg"),
    (FileKind.WAV, N_("a WAV recording"), "wav", "audio/wav"),
    (
        FileKind.OTHER_OFFICE,
        N_("an office document of another kind"),
        "pptx xlsb xlsm docm odt odp",
        _BYTES,
    ),
    (
        FileKind.OLD_OFFICE,
        N_("an office document in an old format (DOC, XLS)"),
        "doc xls ppt msg",
        _BYTES,
    ),
    (FileKind.PROGRAM, N_("a program"), _PROGRAMS, _BYTES),
    (FileKind.OTHER_ARCHIVE, N_("an archive of another kind"), "rar 7z cab iso lzh", _BYTES),
    (
        FileKind.OTHER_PICTURE,
        N_("a picture of another kind"),
        "gif bmp tif tiff webp heic avif",
        _BYTES,
    ),
    (FileKind.OTHER, N_("a file of an unknown kind"), "", _BYTES),
)
ABOUT: Mapping[FileKind, FileKindNames] = {
    kind: FileKindNames(title, tuple(endings.split()), media_type)
    for kind, title, endings, media_type in _NAMES
}

MAGIC: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", FileKind.PDF),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"PK\x03\x04", FileKind.ZIP),
    (b"PK\x05\x06", FileKind.ZIP),
    (b"\x1f\x8b\x08", FileKind.GZIP),
    (b"\x28\xb5\x2f\xfd", FileKind.ZSTD),
    (b"\xfd7zXZ\x00", FileKind.XZ),
    (b"BZh", FileKind.BZIP2),
    (b"\xd4\xc3\xb2\xa1", FileKind.PCAP),
    (b"\xa1\xb2\xc3\xd4", FileKind.PCAP),
    (b"\x4d\x3c\xb2\xa1", FileKind.PCAP),
    (b"\xa1\xb2\x3c\x4d", FileKind.PCAP),
    (b"\x0a\x0d\x0d\x0a", FileKind.PCAPNG),
    (b"ElfFile\x00", FileKind.EVTX),
    (b"SQLite format 3\x00", FileKind.SQLITE),
    (b"PAR1", FileKind.PARQUET),
    (b"\x0c\xa5\x01\x00", FileKind.FLOWS),
    (b"\x0c\xa5\x02\x00", FileKind.FLOWS),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind.OLD_OFFICE),
    (b"\x7fELF", FileKind.PROGRAM),
    (b"\xfe\xed\xfa\xce", FileKind.PROGRAM),
    (b"\xfe\xed\xfa\xcf", FileKind.PROGRAM),
    (b"\xcf\xfa\xed\xfe", FileKind.PROGRAM),
    (b"\xca\xfe\xba\xbe", FileKind.PROGRAM),
    (b"L\x00\x00\x00\x01\x14\x02\x00", FileKind.PROGRAM),
    (b"ID3", FileKind.MP3),
    (b"\xff\xfb", FileKind.MP3),
    (b"\xff\xf3", FileKind.MP3),
    (b"\xff\xf2", FileKind.MP3),
    (b"OggS\x00", FileKind.OGG),
    (b"Rar!\x1a\x07", FileKind.OTHER_ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileKind.OTHER_ARCHIVE),
    (b"MSCF\x00", FileKind.OTHER_ARCHIVE),
    (b"\x1f\x9d", FileKind.OTHER_ARCHIVE),
    (b"GIF8", FileKind.OTHER_PICTURE),
    (b"II*\x00", FileKind.OTHER_PICTURE),
    (b"MM\x00*", FileKind.OTHER_PICTURE),
)
"""How files begin, by their own specifications; programs (MZ), tar and text need a longer look."""

PACKED_STREAMS = frozenset({FileKind.GZIP, FileKind.ZSTD, FileKind.XZ, FileKind.BZIP2})
WORKBOOKS = frozenset({FileKind.XLSX, FileKind.ODS})
OFFICE = WORKBOOKS | {FileKind.DOCX}
PICTURES = frozenset({FileKind.JPEG, FileKind.PNG})


_SHORTEST_UPLOAD, _LONGEST_UPLOAD = timedelta(hours=1), timedelta(hours=48)
_POOR_LINE = 32 * 1024
"""Bytes a second."""


@dataclass(frozen=True)
class FileRules:
    """What files are for: the kinds that are taken, the largest size, and when they are checked.

    `later` says that the check may take long and is a job's; the uploader sees its state meanwhile.
    `exact` says that a name must end as its kind does: logs are called anything, proofs are not.
    """

    key: str
    title: str
    kinds: tuple[FileKind, ...]
    max_bytes: int
    later: bool = False
    exact: bool = True

    def time_for(self, size: int) -> timedelta:
        """Return how long an upload of `size` bytes in parts may take, on a poor line too."""
        return min(_LONGEST_UPLOAD, _SHORTEST_UPLOAD + timedelta(seconds=size / _POOR_LINE))

    def titles(self) -> list[str]:
        """Return what the taken kinds are called, as message ids, each once."""
        return list(dict.fromkeys(ABOUT[kind].title for kind in self.kinds))

    def endings(self) -> list[str]:
        """Return how names of taken files may end, with the dot, for a file chooser."""
        return [f".{ending}" for kind in self.kinds for ending in ABOUT[kind].endings]


_LOGS = (
    "text gzip xz bzip2 zstd zip tar pcap pcapng evtx sqlite parquet flows xlsx ods xml html svg"
)
EVIDENCE = FileRules(
    "evidence",
    N_("logs and what a collector gathered"),
    tuple(map(FileKind, _LOGS.split())),
    max_bytes=4 * GIB,
    later=True,
    exact=False,
)
FINDINGS = FileRules(
    "findings", N_("a findings folder made at home"), (FileKind.ZIP,), 512 * MIB, later=True
)
PROOF = FileRules(
    "proof",
    N_("a photo, minutes or another proof"),
    (FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.DOCX, FileKind.XLSX),
    20 * MIB,
)
REGISTER = FileRules(
    "register", N_("a register of units"), (FileKind.XLSX, FileKind.ODS, FileKind.CSV), 20 * MIB
)
LETTER = FileRules(
    "letter",
    N_("an official letter"),
    (FileKind.PDF, FileKind.DOCX, FileKind.JPEG, FileKind.PNG),
    20 * MIB,
)

DOCUMENT = FileRules(
    "document",
    N_("a document made by the portal"),
    (FileKind.PDF, FileKind.DOCX, FileKind.XLSX, FileKind.ZIP, FileKind.CSV),
    200 * MIB,
)

LETTER_IN = FileRules(
    "letter-in",
    N_("a letter that starts a campaign"),
    (FileKind.PDF, FileKind.DOCX, FileKind.TEXT, FileKind.JPEG, FileKind.PNG),
    20 * MIB,
)
RELEASE = FileRules("release", N_("a release of harmful addresses"), (FileKind.TEXT,), 500 * MIB)
_TABLES = tuple(map(FileKind, ["text", "csv", "pdf", "docx", "xlsx", "ods", "xml"]))
LIST = FileRules("list", N_("a list of harmful addresses"), _TABLES, 50 * MIB)
NOTICE = FileRules("notice", N_("a notice of the authority"), _TABLES, 20 * MIB)
MATERIAL = FileRules(
    "material",
    N_("a part of the awareness kit"),
    (FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.DOCX, FileKind.TEXT),
    20 * MIB,
)
RECORDING = FileRules(
    "recording",
    N_("a recording of a text"),
    (FileKind.MP3, FileKind.OGG, FileKind.WAV),
    MIB,
)

RULES: Mapping[str, FileRules] = {
    rules.key: rules
    for rules in (
        *(EVIDENCE, FINDINGS, PROOF, REGISTER, LETTER, DOCUMENT),
        *(LETTER_IN, RELEASE, LIST, NOTICE, MATERIAL, RECORDING),
    )
}


@dataclass(frozen=True)
class UserLimits:
    """How much one person may upload: files a day, bytes in 30 days, uploads under way at once."""

    files_a_day: int = 200
    bytes_a_month: int = 50 * GIB
    open_uploads: int = 5


PER_USER = UserLimits()


def size_text(size: int) -> str:
    """Return a number of bytes as people read it, such as "20 MB"; the same in all languages."""
    for unit, name in ((GIB, "GB"), (MIB, "MB"), (1 << 10, "KB")):
        if size >= unit:
            shown = f"{size / unit:.1f}".removesuffix(".0")
            return f"{shown} {name}"
    return f"{size} B"
