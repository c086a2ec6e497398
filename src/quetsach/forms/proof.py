"""The proof bundle: one file that shows, without any network, what a report's figures rest on.

A line each, in this order: a head; the versions, the root first; the forms that they were made by;
what keys signed, if any; and the digest of all before. Same versions, same bytes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from itertools import chain

from quetsach.errors import QuetsachError
from quetsach.forms.canonical import canonical
from quetsach.forms.definition import Form
from quetsach.forms.proof_lines import FORMAT, scan, take_version
from quetsach.forms.reading import form_json
from quetsach.forms.version import Version, version_json
from quetsach.signing.keys import SigningKey
from quetsach.signing.signature import Kind, sign_digest, to_json
from quetsach.texts import _


def write_bundle(
    root: Version, others: Sequence[Version] = (), forms: Sequence[Form] = ()
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


def sign_bundle(data: bytes, key: SigningKey, when: datetime) -> bytes:
    """Return the bundle with `key`'s signature, made at `when` (aware), beside those it has.

    Errors: E454 when it is none; E455 when it was changed, or this key has signed it already.
    """
    file = BytesIO(data)
    bundle = scan(file)
    faults = [*bundle.cut]
    for number, place in enumerate(bundle.versions, 2):
        take_version(file, place, number, faults)
    faults += bundle.faults
    if faults:
        raise QuetsachError("E455", "proof", reason=faults[0])
    if any(one.public_key == key.public.raw for one in bundle.signatures):
        raise QuetsachError("E455", "proof", reason=_("this key has signed it already"))
    signature = sign_digest(key, Kind.FILE, bundle.signed_digest, when)
    signed = {"signatures": [to_json(one) for one in (*bundle.signatures, signature)]}
    return _closed([*data.split(b"\n")[: bundle.covered], canonical(signed)])


def _closed(lines: Sequence[bytes]) -> bytes:
    body = b"".join(line + b"\n" for line in lines)
    return body + canonical({"sha256": hashlib.sha256(body).hexdigest()}) + b"\n"


def _reached(root: Version, versions: Mapping[str, Version]) -> set[str]:
    """Return the digests of the versions at hand that `root` rests on, near or far."""
    found: set[str] = set()
    todo = list(named_by(root))
    while todo:
        digest = todo.pop()
        if digest in versions and digest not in found:
            found.add(digest)
            todo += named_by(versions[digest])
    return found


def named_by(version: Version) -> Iterator[str]:
    """Yield the digests that `version` names: its children's, and that of the version before."""
    yield from (one.digest for one in version.children)
    if version.previous is not None:
        yield version.previous
