"""The lines of a proof bundle taken apart; what does not fit is named, and the rest still read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from quetsach.errors import QuetsachError
from quetsach.forms.canonical import NotCanonicalError, Taken, canonical, decoded
from quetsach.forms.definition import Form
from quetsach.forms.reading import form_json, read_form
from quetsach.forms.version import Version, read_version
from quetsach.signing.signature import Signature, from_json
from quetsach.texts import _

FORMAT = "quetsach-proof/1"

MOST_BYTES = 512 * 1024 * 1024
_MOST_HEAD = 4096
_MOST_SIGNATURES = 64 * 1024


@dataclass
class Bundle:
    """What a bundle holds: versions and forms by their true digests, signatures, and faults.

    Shapes: `body` are the lines that signatures cover; `signed_digest` is theirs, with `sha256:`.
    """

    root: str
    body: list[bytes]
    signed_digest: str
    versions: dict[str, Version] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Head:
    root: str
    versions: int
    forms: int


def read_bundle(data: bytes) -> Bundle:
    """Return what is in `data`; each line that does not fit is a fault, and the rest is read.

    Errors: E454 when its head cannot be read: then it is no bundle.
    """
    if len(data) > MOST_BYTES:
        raise QuetsachError("E454", "proof", reason=_("it is too large"))
    lines = data.split(b"\n")
    head = _head(lines[0])
    count = 1 + head.versions + head.forms
    body = lines[:count]
    covered = b"".join(line + b"\n" for line in body)
    bundle = Bundle(head.root, body, f"sha256:{hashlib.sha256(covered).hexdigest()}")
    if len(lines) < count + 2:
        bundle.faults.append(_("it is cut off: some of its lines are missing"))
    elif not _is_closed(data, lines):
        bundle.faults.append(_("it was changed or cut off after it was written"))
    for number, line in enumerate(body[1 : 1 + head.versions], 2):
        _take_version(bundle, line, number)
    for number, line in enumerate(body[1 + head.versions :], 2 + head.versions):
        _take_form(bundle, line, number)
    _take_signatures(bundle, lines[count:-2])
    return bundle


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


def _is_closed(data: bytes, lines: list[bytes]) -> bool:
    """Tell whether the last line is the digest of all before it."""
    if lines[-1] != b"":
        return False
    body = data[: len(data) - len(lines[-2]) - 1]
    return lines[-2] == canonical({"sha256": hashlib.sha256(body).hexdigest()})


def _take_version(bundle: Bundle, line: bytes, number: int) -> None:
    digest = hashlib.sha256(line).hexdigest()
    try:
        version = read_version(line, _("line %(number)s") % {"number": number})
    except QuetsachError as error:
        bundle.faults.append(
            _("line %(number)s is not a report: %(reason)s")
            % {"number": number, "reason": error.problem.facts["reason"]}
        )
        return
    if digest in bundle.versions:
        bundle.faults.append(_("line %(number)s stands twice") % {"number": number})
    bundle.versions[digest] = version


def _take_form(bundle: Bundle, line: bytes, number: int) -> None:
    try:
        form = read_form(line, _("line %(number)s") % {"number": number})
        fits = form_json(form) == line
    except QuetsachError:
        fits = False
    if not fits:
        bundle.faults.append(_("line %(number)s is not a form") % {"number": number})
        return
    bundle.forms[hashlib.sha256(line).hexdigest()] = form


def _take_signatures(bundle: Bundle, lines: list[bytes]) -> None:
    if not lines:
        return
    try:
        taken = Taken(decoded(lines[0], _MOST_SIGNATURES), "signatures")
        taken.only("signatures")
        read = [from_json(one) for one in taken.items("signatures")]
    except NotCanonicalError:
        read = [None]
    if len(lines) > 1 or not read or None in read:
        bundle.faults.append(_("what should be its signatures is something else"))
    bundle.signatures = tuple(one for one in read if one is not None)
