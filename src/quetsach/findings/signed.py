"""A findings folder signed: the manifest covers every file in it, the signature the manifest."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from quetsach.atomic_files import replace_whole
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import FORMAT, MANIFEST, digest_of_file, json_bytes
from quetsach.signing.keys import SigningKey
from quetsach.signing.signature import (
    SignableFile,
    Signature,
    SignatureState,
    SignedKind,
    from_json,
    judge,
    sign_digest,
    to_json,
)
from quetsach.texts import _

ALSO = "also_signed"
"""Where a signed manifest holds the digests of what its `files` leave out, such as the report."""

MOST_MANIFEST = 512 * 1024 * 1024
MOST_FILES = 10_000


def canonical(manifest: Mapping[str, Any]) -> bytes:
    """Return the bytes whose digest is signed: keys sorted, no spaces, `signature` null.

    Errors: UnicodeEncodeError where a text is no Unicode.
    """
    value = {**manifest, "signature": None}
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def digest_of_manifest(manifest: Mapping[str, Any]) -> str:
    """Return the digest of the canonical bytes."""
    return f"sha256:{hashlib.sha256(canonical(manifest)).hexdigest()}"


def is_findings(path: Path) -> bool:
    """Tell whether `path` is a folder with a manifest."""
    return path.is_dir() and (path / MANIFEST).is_file()


def read_signed(folder: Path) -> SignableFile:
    """Return the digest and the signatures of findings; what does not fit is a fault.

    Errors: E303 when it is no findings folder; OSError when a file cannot be read.
    """
    manifest, faults = _read_manifest(folder)
    if not manifest:
        return SignableFile(SignedKind.FINDINGS, "sha256:" + "0" * 64, (), tuple(faults))
    signatures, damaged = _signatures(manifest)
    named = {**_digests(manifest, "files"), **_digests(manifest, ALSO)}
    there = _files(folder)
    for name, digest in sorted(named.items()):
        if name not in there:
            faults.append(_("%(name)s is missing") % {"name": name})
        elif digest_of_file(there[name]) != digest:
            faults.append(_("%(name)s was changed") % {"name": name})
    return SignableFile(
        SignedKind.FINDINGS,
        digest_of_manifest(manifest),
        signatures,
        (*faults, *damaged),
        tuple(sorted(set(there) - set(named))),
    )


def sign_findings(folder: Path, key: SigningKey, when: datetime) -> Signature:
    """Sign the findings in `folder` and return the signature; a second key may sign as well.

    Errors: E234 when this key has signed already; E235 when the folder was changed; E303.
    """
    sealed = read_signed(folder)
    verdict = judge(sealed, (key.public,))
    if verdict.state is SignatureState.ALTERED:
        raise QuetsachError("E235", str(folder), reason="; ".join(verdict.faults[:3]))
    if verdict.state is SignatureState.TRUSTED:
        raise QuetsachError("E234", str(folder), key=key.public.key_id)
    manifest, _faults = _read_manifest(folder)
    if not sealed.signatures:
        # What the report says is signed as well; it was made from the manifest, after it.
        there = _files(folder)
        manifest[ALSO] = {name: digest_of_file(there[name]) for name in sealed.uncovered}
    signature = sign_digest(key, SignedKind.FINDINGS, digest_of_manifest(manifest), when)
    manifest["signature"] = [to_json(one) for one in (*sealed.signatures, signature)]
    replace_whole(folder / MANIFEST, json_bytes(manifest))
    return signature


def _read_manifest(folder: Path) -> tuple[dict[str, Any], list[str]]:
    path = folder / MANIFEST
    if not is_findings(folder):
        raise QuetsachError("E303", str(folder))
    with path.open("rb") as file:
        content = file.read(MOST_MANIFEST + 1)
    try:
        manifest = msgspec.json.decode(content, type=dict[str, Any])
        if manifest.get("format") != FORMAT:
            raise QuetsachError("E303", str(folder))
        # Two spellings of one manifest would let its bytes change unnoticed, and a key that
        # is in it twice is read differently by different programs.
        faults = [] if json_bytes(manifest) == content else [_rewritten()]
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return {}, [_rewritten()]
    return manifest, faults


def _rewritten() -> str:
    return _("manifest.json is not as it was written")


def _signatures(manifest: Mapping[str, Any]) -> tuple[tuple[Signature, ...], list[str]]:
    listed = manifest.get("signature", [])
    if listed is None:
        return (), [_("its signature was taken out")] if ALSO in manifest else []
    found = [from_json(one) for one in listed] if isinstance(listed, list) else []
    signatures = tuple(one for one in found if one is not None)
    whole = bool(signatures) and len(signatures) == len(found)
    return signatures, [] if whole else [_("the signature in manifest.json is damaged")]


def _digests(manifest: Mapping[str, Any], name: str) -> dict[str, str]:
    listed = manifest.get(name)
    if not isinstance(listed, dict):
        return {}
    return {file: str(digest) for file, digest in listed.items()}


def _files(folder: Path) -> dict[str, Path]:
    """Return the plain files below `folder` but the manifest, by their names from there.

    A name in a manifest only ever finds one of these: it cannot lead out of the folder.
    """
    files: dict[str, Path] = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if name != MANIFEST and (path.is_symlink() or not path.is_dir()):
            if path.is_symlink() or not path.is_file():
                raise QuetsachError("E305", str(path), reason=_("not a plain file"))
            if len(files) >= MOST_FILES:
                raise QuetsachError("E305", str(folder), reason=_("far too many files"))
            files[name] = path
    return files
