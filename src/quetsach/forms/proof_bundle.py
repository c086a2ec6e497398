"""The proof bundle: one file that shows offline which report versions a report's figures rest on.

A bundle is read twice, line by line: once for its frame (`scan`), once for what each version says.
A line that does not fit is reported, and the rest is still read. Figures are read again where they
are added up, so that only the references between versions stay in memory.
"""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from itertools import chain, islice
from os import SEEK_END
from typing import BinaryIO

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.reading import form_json, read_form
from quetsach.forms.value_json import CanonicalObject, NotCanonicalError, canonical, decoded
from quetsach.forms.values import SummedFigure
from quetsach.forms.version import MOST_BYTES as MOST_LINE
from quetsach.forms.version import (
    Input,
    ReportVersionText,
    read_figures,
    read_version,
    version_json,
)
from quetsach.signing.keys import SigningKey
from quetsach.signing.signature import Signature, SignedKind, from_json, sign_digest, to_json
from quetsach.texts import _

FORMAT = "quetsach-proof/1"

MOST_BYTES = 2 * 1024 * 1024 * 1024
"""No bundle is larger; one of 50,000 units with every count of the extended form has about 1 GB."""

_LEAST_LINE = 200
"""Bytes. No version or form has a shorter line: three digests alone are as long."""

_MOST_HEAD = 4096
_MOST_SIGNATURES = 64 * 1024


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where a version's line lies, and its digest. Units: bytes."""

    offset: int
    length: int
    digest: str


@dataclass
class BundleFrame:
    """The frame of a bundle: where its versions lie, its forms by digest, its signatures.

    Shapes: `signed_digest` is what signatures cover, with `sha256:`; `covered` counts those lines.
    `cut` says whether it was cut off or changed as a whole; the other faults are of forms and
    signatures, and come after those of versions.
    """

    root: str
    covered: int
    signed_digest: str = ""
    versions: list[LinePlace] = field(default_factory=list)
    forms: dict[str, ReportFormDefinition] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    cut: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class VersionOutline:
    """A version without its figures, and the place of its line."""

    place: LinePlace
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


def scan(file: BinaryIO) -> BundleFrame:
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
    frame = BundleFrame(head.root, 1 + head.versions + head.forms)
    covered = hashlib.sha256(first + b"\n")
    # The counts in the head are not trusted: a file of line ends alone would fill the memory.
    most = size // _LEAST_LINE + 1
    number = 1
    for line in islice(lines, min(head.versions, most)):
        number += 1
        covered.update(line.data + b"\n")
        digest = hashlib.sha256(line.data).hexdigest()
        frame.versions.append(LinePlace(line.offset, len(line.data), digest))
    for line in islice(lines, min(head.forms, most)):
        number += 1
        covered.update(line.data + b"\n")
        _take_form(frame, line.data, number)
    frame.signed_digest = f"sha256:{covered.hexdigest()}"
    _take_end(frame, lines, covered)
    return frame


def take_version(
    file: BinaryIO, place: LinePlace, number: int, faults: list[str]
) -> tuple[ReportVersionText, VersionOutline] | None:
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
    return version, VersionOutline(
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


def figures_at(file: BinaryIO, place: LinePlace) -> Mapping[str, SummedFigure]:
    """Return the figures of a version that was read before. Errors: E454 when it changed since."""
    return read_figures(_line_at(file, place))


def _line_at(file: BinaryIO, place: LinePlace) -> bytes:
    file.seek(place.offset)
    line = file.read(place.length)
    if hashlib.sha256(line).hexdigest() != place.digest:
        raise QuetsachError("E454", "proof", reason=_("it changed while it was read"))
    return line


def _lines(file: BinaryIO) -> Iterator[_Line]:
    """Yield the lines without line ends, an empty one after the last end, as `split` does."""
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
        fields = CanonicalObject(decoded(line, _MOST_HEAD), "head")
        fields.only("format", "root", "versions", "forms")
        if fields.text("format") != FORMAT:
            raise NotCanonicalError(f"format: not {FORMAT}")
        head = _Head(fields.text("root"), fields.whole("versions"), fields.whole("forms"))
        written: Mapping[str, object] = {
            "format": FORMAT,
            "root": head.root,
            "versions": head.versions,
            "forms": head.forms,
        }
        if head.versions < 1 or head.forms < 0 or canonical(written) != line:
            raise NotCanonicalError("head: not in its one form")
    except NotCanonicalError as error:
        raise QuetsachError("E454", "proof", reason=str(error)) from error
    return head


def _take_end(frame: BundleFrame, lines: Iterator[_Line], whole: "hashlib._Hash") -> None:
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
        frame.cut.append(_("it is truncated: some of its lines are missing"))
        return
    if last[1] != b"" or last[0] != canonical({"sha256": whole.hexdigest()}):
        frame.cut.append(_("it was changed or truncated after it was written"))
    if count > 2:
        _take_signatures(frame, signatures, is_alone=count == 3)


def _take_form(frame: BundleFrame, line: bytes, number: int) -> None:
    try:
        form = read_form(line, _("line %(number)s") % {"number": number})
        fits = form_json(form) == line
    except QuetsachError:
        fits = False
    if not fits:
        frame.faults.append(_("line %(number)s is not a form") % {"number": number})
        return
    frame.forms[hashlib.sha256(line).hexdigest()] = form


def _take_signatures(frame: BundleFrame, line: bytes, *, is_alone: bool) -> None:
    try:
        fields = CanonicalObject(decoded(line, _MOST_SIGNATURES), "signatures")
        fields.only("signatures")
        read = [from_json(one) for one in fields.items("signatures")]
    except NotCanonicalError:
        read = [None]
    if not is_alone or not read or None in read:
        frame.faults.append(_("its signatures cannot be read"))
    frame.signatures = tuple(one for one in read if one is not None)


def write_bundle(
    root: ReportVersionText,
    others: Sequence[ReportVersionText] = (),
    forms: Sequence[ReportFormDefinition] = (),
) -> bytes:
    """Return the bundle of `root`, with those of `others` and `forms` that it rests on.

    It rests on its children's versions, theirs, and so on, and on the earlier versions of each.
    Errors: E450 for a version that cannot be written.
    """
    written = [version_json(one) for one in others]
    digests = [hashlib.sha256(line).hexdigest() for line in written]
    lines = dict(zip(digests, written, strict=True))
    versions = dict(zip(digests, others, strict=True))
    first = version_json(root)
    top = hashlib.sha256(first).hexdigest()
    kept = _reached(root, versions)
    used = {root.form_digest, *(versions[digest].form_digest for digest in kept)}
    definitions = {hashlib.sha256(line).hexdigest(): line for line in map(form_json, forms)}
    shown = [definitions[digest] for digest in sorted(used & set(definitions))]
    below = [lines[digest] for digest in sorted(kept - {top})]
    return b"".join(bundle_lines(top, len(below) + 1, [first, *below], shown))


def bundle_lines(
    root: str, count: int, versions: Iterable[bytes], forms: Sequence[bytes]
) -> Iterator[bytes]:
    """Yield the lines of a bundle, each with its end, so that the whole is never in memory.

    Shapes: `versions` are `count` versions in their one form, the root first, the others by their
    digest; `forms` likewise.
    """
    whole = hashlib.sha256()
    head = {"format": FORMAT, "root": root, "versions": count, "forms": len(forms)}
    for line in chain([canonical(head)], versions, forms):
        ended = line + b"\n"
        whole.update(ended)
        yield ended
    yield canonical({"sha256": whole.hexdigest()}) + b"\n"


def sign_bundle(content: bytes, key: SigningKey, when: datetime) -> bytes:
    """Return the bundle with `key`'s signature, made at `when` (aware), beside those it has.

    Errors: E454 when it is none; E455 when it was changed, or this key has signed it already.
    """
    file = BytesIO(content)
    bundle = scan(file)
    faults = [*bundle.cut]
    for number, place in enumerate(bundle.versions, 2):
        take_version(file, place, number, faults)
    faults += bundle.faults
    if faults:
        raise QuetsachError("E455", "proof", reason=faults[0])
    if any(one.public_key == key.public.raw for one in bundle.signatures):
        raise QuetsachError("E455", "proof", reason=_("this key has signed it already"))
    signature = sign_digest(key, SignedKind.FILE, bundle.signed_digest, when)
    signed = {"signatures": [to_json(one) for one in (*bundle.signatures, signature)]}
    return _closed([*content.split(b"\n")[: bundle.covered], canonical(signed)])


def _closed(lines: Sequence[bytes]) -> bytes:
    body = b"".join(line + b"\n" for line in lines)
    return body + canonical({"sha256": hashlib.sha256(body).hexdigest()}) + b"\n"


def _reached(root: ReportVersionText, versions: Mapping[str, ReportVersionText]) -> set[str]:
    """Return the digests of the versions at hand that `root` rests on, near or far."""
    reached: set[str] = set()
    todo = list(named_by(root))
    while todo:
        digest = todo.pop()
        if digest in versions and digest not in reached:
            reached.add(digest)
            todo += named_by(versions[digest])
    return reached


def named_by(version: ReportVersionText) -> Iterator[str]:
    """Yield the digests that `version` names: its children's, and that of the version before."""
    yield from (one.digest for one in version.children)
    if version.previous is not None:
        yield version.previous
