"""What a file is by its head: its form and layout, or why it is not read.

Of many files of one kind the first are told by a long head, the others by a short one that is held
against them: a file whose short head tells anything else is told by its long head like any other.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.signatures import archive_kind, binary_kind
from quetsach.containers.streams import Codec, codec_of, opened_here, unpacked
from quetsach.errors.exceptions import Problem
from quetsach.evidence.find import EvidenceFile
from quetsach.evidence.line_ends import LineEnds, line_ends_of, rewritten
from quetsach.evidence.no_logs import no_log
from quetsach.formats.contract import HEAD_BYTES, Format, LogLayout
from quetsach.formats.registry import recognise

SHORT_HEAD_BYTES = 4096
"""So much of the start of a file is held against its kind."""

FULL_HEADS = 8
"""So many files of a kind are told and parsed by their full head before further ones are not."""

SAMPLED_FORMS = frozenset(
    {
        *("zeek-tsv", "zeek-json", "suricata-eve", "fortigate", "paloalto", "cisco-asa", "squid"),
        *("web-log", "windows-dns", "windows-firewall", "conntrack", "natlog", "ios-nat"),
        *("dnsmasq", "unbound", "bind"),
    }
)
"""Forms whose lines that say who held an address are all marked, wherever they stand in a file."""

_UNSHARED_FORMS = frozenset(
    {"zeek-tsv", "zeek-json", "suricata-eve", "squid", "web-log", "windows-dns", "windows-firewall"}
)
"""Forms in whose files nobody else writes: a syslog is told by what most of a long head is."""

_FIGURES = re.compile(r"\d+")


@dataclass(frozen=True)
class FileSetAside:
    """A file that is surely no log, and what it is: picture, document, sound, program or text."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class HeadFacts:
    """What the head of a file that is read tells.

    Shapes: `head` is unpacked and has newlines for its line ends. Units: `modified_s` is when the
    file was last changed, in s since 1970.
    """

    codec: Codec
    ends: LineEnds
    form: Format
    layout: LogLayout
    head: bytes
    modified_s: float

    def is_as(self, other: "HeadFacts") -> bool:
        """Return whether both files are read in the same way."""
        return (
            self.form is other.form
            and self.layout == other.layout
            and self.codec is other.codec
            and self.ends is other.ends
        )


_Outcome: TypeAlias = HeadFacts | Problem | FileSetAside


class KnownKinds:
    """The kinds of files met so far: what the last long head of each told, how often in a row."""

    def __init__(self) -> None:
        self._met: dict[str, tuple[HeadFacts, int]] = {}

    def told_by_head(self, file: EvidenceFile) -> _Outcome:
        """Return what the head of `file` tells."""
        name = kind_name(file.shown)
        before, count = self._met.get(name, (None, 0))
        if before is not None and count >= FULL_HEADS and before.form.name in _UNSHARED_FORMS:
            outcome = told_by_head(file, SHORT_HEAD_BYTES)
            if isinstance(outcome, HeadFacts) and outcome.is_as(before):
                return outcome
        outcome = told_by_head(file)
        if isinstance(outcome, HeadFacts):
            is_same = before is not None and outcome.is_as(before)
            self._met[name] = outcome, count + 1 if is_same else 1
        return outcome


def kind_name(shown: str) -> str:
    """Return what the names of files of one kind share: folder, and name but for its figures."""
    return _FIGURES.sub("0", shown)


def told_by_head(file: EvidenceFile, head_bytes: int = HEAD_BYTES) -> _Outcome:
    """Return what the first `head_bytes` unpacked bytes of `file` tell."""
    if file.size == 0:
        return Problem("E103", file.shown)
    try:
        codec, head, modified_s = _codec_and_head(file.location, head_bytes)
    except OSError as error:
        return Problem("E104", file.shown, {"reason": error.strerror or str(error)})
    except DamagedDataError:
        return Problem("E106", file.shown, {"offset": 0})
    if not head:
        return Problem("E103", file.shown)
    if codec is Codec.PLAIN and (kind := no_log(file.location, head)) is not None:
        return FileSetAside(file.shown, kind)
    if archive := archive_kind(head):
        return Problem("E110", file.shown, {"kind": archive})
    if binary := binary_kind(head):
        return Problem("E105", file.shown, {"kind": binary})
    ends = line_ends_of(head)
    head = rewritten(head, ends)
    form = recognise(head)
    return HeadFacts(codec, ends, form, form.layout(head), head, modified_s)


def _codec_and_head(location: Path, head_bytes: int) -> tuple[Codec, bytes, float]:
    """Return how a file is packed, its first unpacked bytes, and when it was last changed, in s.

    Most files are opened once.
    """
    with opened_here(location) as file:
        status = os.fstat(file.fileno())
        start = file.read(head_bytes) or b""
    codec = codec_of(start)
    # A short read is not the end of a file.
    is_whole = codec is Codec.PLAIN and len(start) == min(head_bytes, status.st_size)
    return codec, start if is_whole else head_of(location, codec, head_bytes), status.st_mtime


def head_of(location: Path, codec: Codec, head_bytes: int = HEAD_BYTES) -> bytes:
    """Return the first unpacked bytes; damage behind the first good byte is found by the scan.

    Errors: OSError; DamagedDataError where not even the first byte is good.
    """
    head = b""
    with opened_here(location) as file:
        try:
            for piece in unpacked(file, codec):
                head += piece
                if len(head) >= head_bytes:
                    break
        except DamagedDataError:
            if not head:
                raise
    return head[:head_bytes]
