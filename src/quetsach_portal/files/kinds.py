"""Which kinds of file are taken for which purpose, how each begins, and how large it may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from quetsach_portal.files.problems import N_

MIB = 1 << 20
GIB = 1 << 30


class Kind(StrEnum):
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
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    DOCX = "docx"
    XLSX = "xlsx"
    ODS = "ods"
    OTHER_OFFICE = "other-office"
    OLD_OFFICE = "old-office"
    PROGRAM = "program"
    OTHER_ARCHIVE = "other-archive"
    OTHER_PICTURE = "other-picture"
    OTHER = "other"


@dataclass(frozen=True)
class About:
    """What people call a kind, how such files' names end, and their media type when sent out."""

    title: str
    endings: tuple[str, ...] = ()
    media_type: str = "application/octet-stream"


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# Text, HTML, SVG and XML go out as bytes: a browser must never come to think of showing them.
ABOUT: Mapping[Kind, About] = {
    Kind.TEXT: About(N_("a text file or log"), ("txt", "log", "csv", "tsv", "json", "jsonl")),
    Kind.CSV: About(N_("CSV"), ("csv", "tsv", "txt")),
    Kind.HTML: About(N_("a web page"), ("html", "htm")),
    Kind.SVG: About(N_("an SVG drawing"), ("svg",)),
    Kind.XML: About(N_("an XML file"), ("xml",)),
    Kind.GZIP: About(N_("a file packed by gzip, xz, bzip2 or zstd"), ("gz", "tgz")),
    Kind.ZSTD: About(N_("a file packed by gzip, xz, bzip2 or zstd"), ("zst", "tzst")),
    Kind.XZ: About(N_("a file packed by gzip, xz, bzip2 or zstd"), ("xz", "txz")),
    Kind.BZIP2: About(N_("a file packed by gzip, xz, bzip2 or zstd"), ("bz2", "tbz", "tbz2")),
    Kind.ZIP: About(N_("a ZIP file"), ("zip",), "application/zip"),
    Kind.TAR: About(N_("a TAR file"), ("tar",)),
    Kind.PCAP: About(N_("a packet capture"), ("pcap", "cap", "dmp")),
    Kind.PCAPNG: About(N_("a packet capture"), ("pcapng", "ntar")),
    Kind.EVTX: About(N_("a Windows event log (EVTX)"), ("evtx",)),
    Kind.PDF: About(N_("PDF"), ("pdf",), "application/pdf"),
    Kind.JPEG: About(N_("a JPEG picture"), ("jpg", "jpeg", "jpe", "jfif"), "image/jpeg"),
    Kind.PNG: About(N_("a PNG picture"), ("png",), "image/png"),
    Kind.DOCX: About(N_("a Word document (DOCX)"), ("docx",), _WORD),
    Kind.XLSX: About(N_("an Excel workbook (XLSX)"), ("xlsx",), _SHEET),
    Kind.ODS: About(
        N_("an OpenDocument spreadsheet (ODS)"),
        ("ods",),
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    Kind.OTHER_OFFICE: About(
        N_("an office document of another kind"), ("pptx", "xlsb", "xlsm", "docm", "odt", "odp")
    ),
    Kind.OLD_OFFICE: About(
        N_("an office document of the old form (DOC, XLS)"), ("doc", "xls", "ppt", "msg")
    ),
    Kind.PROGRAM: About(
        N_("a program"),
        (
            *("exe", "dll", "scr", "pif", "msi", "lnk", "jar", "apk", "bat", "cmd", "ps1"),
            *("vbs", "vbe", "js", "jse", "wsf", "hta", "cpl", "sys"),
        ),
    ),
    Kind.OTHER_ARCHIVE: About(N_("an archive of another kind"), ("rar", "7z", "cab", "iso", "lzh")),
    Kind.OTHER_PICTURE: About(
        N_("a picture of another kind"), ("gif", "bmp", "tif", "tiff", "webp", "heic", "avif")
    ),
    Kind.OTHER: About(N_("a file of an unknown kind")),
}

MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", Kind.PDF),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"\x1f\x8b\x08", Kind.GZIP),
    (b"\x28\xb5\x2f\xfd", Kind.ZSTD),
    (b"\xfd7zXZ\x00", Kind.XZ),
    (b"BZh", Kind.BZIP2),
    (b"\xd4\xc3\xb2\xa1", Kind.PCAP),
    (b"\xa1\xb2\xc3\xd4", Kind.PCAP),
    (b"\x4d\x3c\xb2\xa1", Kind.PCAP),
    (b"\xa1\xb2\x3c\x4d", Kind.PCAP),
    (b"\x0a\x0d\x0d\x0a", Kind.PCAPNG),
    (b"ElfFile\x00", Kind.EVTX),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OLD_OFFICE),
    (b"\x7fELF", Kind.PROGRAM),
    (b"\xfe\xed\xfa\xce", Kind.PROGRAM),
    (b"\xfe\xed\xfa\xcf", Kind.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Kind.PROGRAM),
    (b"\xca\xfe\xba\xbe", Kind.PROGRAM),
    (b"L\x00\x00\x00\x01\x14\x02\x00", Kind.PROGRAM),
    (b"Rar!\x1a\x07", Kind.OTHER_ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Kind.OTHER_ARCHIVE),
    (b"MSCF\x00", Kind.OTHER_ARCHIVE),
    (b"\x1f\x9d", Kind.OTHER_ARCHIVE),
    (b"GIF8", Kind.OTHER_PICTURE),
    (b"II*\x00", Kind.OTHER_PICTURE),
    (b"MM\x00*", Kind.OTHER_PICTURE),
)
"""How files begin, by their own specifications; programs (MZ), tar and text need a longer look."""

PACKED_STREAMS = frozenset({Kind.GZIP, Kind.ZSTD, Kind.XZ, Kind.BZIP2})
WORKBOOKS = frozenset({Kind.XLSX, Kind.ODS})
OFFICE = WORKBOOKS | {Kind.DOCX}
PICTURES = frozenset({Kind.JPEG, Kind.PNG})


@dataclass(frozen=True)
class Room:
    """How far packed files may unpack: how many, to how many bytes, and by what factor.

    What unpacks to no more than `small` bytes may be packed as well as it likes.
    """

    entries: int
    unpacked: int
    ratio: int
    small: int

    def most_from(self, packed: int) -> int:
        """Return how many bytes `packed` bytes may become."""
        return min(self.unpacked, max(self.small, self.ratio * packed))


IN_OFFICE_FILES = Room(entries=2_000, unpacked=100 * MIB, ratio=200, small=8 * MIB)
IN_ARCHIVES = Room(entries=5_000, unpacked=64 * GIB, ratio=200, small=64 * MIB)


_SHORTEST_UPLOAD, _LONGEST_UPLOAD = timedelta(hours=1), timedelta(hours=48)
_POOR_LINE = 32 * 1024
"""Bytes a second."""


@dataclass(frozen=True)
class Rules:
    """What files are for: the kinds that are taken, the largest size, and when they are checked.

    `later` says that the check may take long and is a job's; the uploader sees its state meanwhile.
    `exact` says that a name must end as its kind does: logs are called anything, proofs are not.
    """

    key: str
    title: str
    kinds: tuple[Kind, ...]
    max_bytes: int
    later: bool = False
    exact: bool = True

    def time_for(self, size: int) -> timedelta:
        """Return how long an upload of `size` bytes in parts may take, on a poor line too."""
        return min(_LONGEST_UPLOAD, _SHORTEST_UPLOAD + timedelta(seconds=size / _POOR_LINE))

    def titles(self) -> list[str]:
        """Return what the taken kinds are called, as message ids, each once."""
        return list(dict.fromkeys(ABOUT[one].title for one in self.kinds))

    def endings(self) -> list[str]:
        """Return how names of taken files may end, with the dot, for a file chooser."""
        return [f".{ending}" for one in self.kinds for ending in ABOUT[one].endings]


EVIDENCE = Rules(
    "evidence",
    N_("logs and what a collector gathered"),
    (
        *(Kind.TEXT, Kind.GZIP, Kind.XZ, Kind.BZIP2, Kind.ZSTD, Kind.ZIP, Kind.TAR),
        *(Kind.PCAP, Kind.PCAPNG, Kind.EVTX, Kind.XLSX, Kind.ODS, Kind.XML, Kind.HTML, Kind.SVG),
    ),
    max_bytes=4 * GIB,
    later=True,
    exact=False,
)
FINDINGS = Rules(
    "findings", N_("a findings folder made at home"), (Kind.ZIP,), 512 * MIB, later=True
)
PROOF = Rules(
    "proof",
    N_("a photo, minutes or another proof"),
    (Kind.PDF, Kind.JPEG, Kind.PNG, Kind.DOCX, Kind.XLSX),
    20 * MIB,
)
REGISTER = Rules("register", N_("a register of units"), (Kind.XLSX, Kind.ODS, Kind.CSV), 20 * MIB)
LETTER = Rules(
    "letter", N_("an official letter"), (Kind.PDF, Kind.DOCX, Kind.JPEG, Kind.PNG), 20 * MIB
)

DOCUMENT = Rules(
    "document",
    N_("a document made by the portal"),
    (Kind.PDF, Kind.DOCX, Kind.XLSX, Kind.ZIP, Kind.CSV),
    200 * MIB,
)

LETTER_IN = Rules(
    "letter-in",
    N_("a letter that a campaign is made of"),
    (Kind.PDF, Kind.DOCX, Kind.TEXT, Kind.JPEG, Kind.PNG),
    20 * MIB,
)
RELEASE = Rules("release", N_("a release of harmful addresses"), (Kind.TEXT,), 500 * MIB)
_TABLES = (Kind.TEXT, Kind.CSV, Kind.PDF, Kind.DOCX, Kind.XLSX, Kind.ODS, Kind.XML)
LIST = Rules("list", N_("a list of harmful addresses"), _TABLES, 50 * MIB)
NOTICE = Rules("notice", N_("a notice of the authority"), _TABLES, 20 * MIB)
MATERIAL = Rules(
    "material",
    N_("a piece of the awareness kit"),
    (Kind.PDF, Kind.JPEG, Kind.PNG, Kind.DOCX, Kind.TEXT),
    20 * MIB,
)

RULES: Mapping[str, Rules] = {
    one.key: one
    for one in (
        *(EVIDENCE, FINDINGS, PROOF, REGISTER, LETTER, DOCUMENT),
        *(LETTER_IN, RELEASE, LIST, NOTICE, MATERIAL),
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
