"""The lines of a proof bundle, read one by one, so that only what they say of each other is kept.

A bundle is gone through twice: once for its frame (`scan`), once for what each version says. What
does not fit is named, and the rest still read. Figures are read again where they are added up.
"""

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from os import SEEK_END
from typing import BinaryIO

from quetsach.errors import QuetsachError
from quetsach.forms.canonical import NotCanonicalError, Taken, canonical, decoded
from quetsach.forms.definition import Form
from quetsach.forms.figure import Figure
from quetsach.forms.reading import form_json, read_form
from quetsach.forms.version import MOST_BYTES as MOST_LINE
from quetsach.forms.version import Input, Version, read_figures, read_version
from quetsach.signing.signature import Signature, from_json
from quetsach.texts import _

FORMAT = "quetsach-proof/1"

MOST_BYTES = 2 * 1024 * 1024 * 1024
"""No bundle is larger; one of 50,000 units with every count of the extended form has about 1 GB."""

_LEAST_LINE = 200
"""Bytes. No version or form has a shorter line: three digests alone are as long."""

_MOST_HEAD = 4096
_MOST_SIGNATURES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where a version's line lies, and its digest. Units: bytes."""

    offset: int
    length: int
    digest: str


@dataclass
class Scanned:
    """The frame of a bundle: where its versions lie, its forms by digest, its signatures.

    Shapes: `signed_digest` is what signatures cover, with `sha256:`; `covered` counts those lines.
    `cut` says whether it was cut off or changed as a whole; the other faults are of forms and
    signatures, and come after those of versions.
    """

    root: str
    covered: int
    signed_digest: str = ""
    versions: list[Place] = field(default_factory=list)
    forms: dict[str, Form] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    cut: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a version says besides its figures, and where its line lies."""

    place: Place
    form_digest: str
    campaign: str
    phase: int
    node: str
    unit: str
    number: int
    previous: str | None
    created_at: datetime
    children: tuple[Input, ...]


@dataclass(frozen=True)
class _Head:
    root: str
    versions: int
    forms: int


@dataclass(frozen=True, slots=True)
class _Line:
    offset: int
    data: bytes


def scan(file: BinaryIO) -> Scanned:
    """Return the frame of the bundle in `file`; a line that does not fit is a fault.

    Errors: E454 when its head cannot be read, or it is too large: then it is no bundle.
    Cost: reads the file once; memory for one line and some 200 bytes a version.
    """
    size = file.seek(0, SEEK_END)
    if size > MOST_BYTES:
        raise QuetsachError("E454", "proof", reason=_("it is too large"))
    lines = _lines(file)
    first = next(lines).data
    head = _head(first)
    found = Scanned(head.root, 1 + head.versions + head.forms)
    covered = hashlib.sha256(first + b"\n")
    # The head may promise what it likes: a file of line ends alone would fill the memory.
    most = size // _LEAST_LINE + 1
    number = 1
    for line in islice(lines, min(head.versions, most)):
        number += 1
        covered.update(line.data + b"\n")
        digest = hashlib.sha256(line.data).hexdigest()
        found.versions.append(Place(line.offset, len(line.data), digest))
    for line in islice(lines, min(head.forms, most)):
        number += 1
        covered.update(line.data + b"\n")
        _take_form(found, line.data, number)
    found.signed_digest = f"sha256:{covered.hexdigest()}"
    _take_end(found, lines, covered)
    return found


def take_version(
    file: BinaryIO, place: Place, number: int, faults: list[str]
) -> tuple[Version, Outline] | None:
    """Return the version whose line lies at `place`; a line that is none is a fault, and None."""
    try:
        line = _line_at(file, place)
        version = read_version(line, _("line %(number)s") % {"number": number})
    except QuetsachError as error:
        faults.append(
            _("line %(number)s is not a report: %(reason)s")
            % {"number": number, "reason": error.problem.facts["reason"]}
        )
        return None
    return version, Outline(
        place,
        version.form_digest,
        version.campaign,
        version.phase,
        version.node,
        version.unit,
        version.number,
        version.previous,
        version.created_at,
        version.children,
    )


def figures_at(file: BinaryIO, place: Place) -> Mapping[str, Figure]:
    """Return the figures of a version that was read before. Errors: E454 when it changed since."""
    return read_figures(_line_at(file, place))


def _line_at(file: BinaryIO, place: Place) -> bytes:
    file.seek(place.offset)
    line = file.read(place.length)
    if hashlib.sha256(line).hexdigest() != place.digest:
        raise QuetsachError("E454", "proof", reason=_("it changed while it was read"))
    return line


def _lines(file: BinaryIO) -> Iterator[_Line]:
    """Yield what stands between the line ends, an empty one after the last end, as `split` does."""
    file.seek(0)
    offset = 0
    while True:
        read = file.readline(MOST_LINE + 2)
        if len(read) > MOST_LINE + 1:
            raise QuetsachError("E454", "proof", reason=_("it is too large"))
        yield _Line(offset, read.removesuffix(b"\n"))
        if not read.endswith(b"\n"):
            return
        offset += len(read)


def _head(line: bytes) -> _Head:
    try:
        taken = Taken(decoded(line, _MOST_HEAD), "head")
        taken.only("format", "root", "versions", "forms")
        if taken.text("format") != FORMAT:
            raise NotCanonicalError(f"format: not {FORMAT}")
        head = _Head(taken.text("root"), taken.whole("versions"), taken.whole("forms"))
        said: Mapping[str, object] = {
            "format": FORMAT,
            "root": head.root,
            "versions": head.versions,
            "forms": head.forms,
        }
        if head.versions < 1 or head.forms < 0 or canonical(said) != line:
            raise NotCanonicalError("head: not in its one form")
    except NotCanonicalError as error:
        raise QuetsachError("E454", "proof", reason=str(error)) from error
    return head


def _take_end(found: Scanned, lines: Iterator[_Line], whole: "hashlib._Hash") -> None:
    """Read what comes after the forms: signatures, the digest of all before, and a line end."""
    count = 0
    signatures = b""
    last: deque[bytes] = deque()
    for line in lines:
        count += 1
        signatures = line.data if count == 1 else signatures
        last.append(line.data)
        if len(last) > 2:
            whole.update(last.popleft() + b"\n")
    if count < 2:
        found.cut.append(_("it is cut off: some of its lines are missing"))
        return
    if last[1] != b"" or last[0] != canonical({"sha256": whole.hexdigest()}):
        found.cut.append(_("it was changed or cut off after it was written"))
    if count > 2:
        _take_signatures(found, signatures, is_alone=count == 3)


def _take_form(found: Scanned, line: bytes, number: int) -> None:
    try:
        form = read_form(line, _("line %(number)s") % {"number": number})
        fits = form_json(form) == line
    except QuetsachError:
        fits = False
    if not fits:
        found.faults.append(_("line %(number)s is not a form") % {"number": number})
        return
    found.forms[hashlib.sha256(line).hexdigest()] = form


def _take_signatures(found: Scanned, line: bytes, *, is_alone: bool) -> None:
    try:
        taken = Taken(decoded(line, _MOST_SIGNATURES), "signatures")
        taken.only("signatures")
        read = [from_json(one) for one in taken.items("signatures")]
    except NotCanonicalError:
        read = [None]
    if not is_alone or not read or None in read:
        found.faults.append(_("what should be its signatures is something else"))
    found.signatures = tuple(one for one in read if one is not None)
