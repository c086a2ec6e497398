"""Pairs of keys, and what is signed with them."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from quetsach.atomic_files import write_new_set
from quetsach.clocks import HERE
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.signed import read_signed, sign_findings
from quetsach.indicators.releases.release import read_release
from quetsach.scratch_folders import file_aside
from quetsach.signing import signature as signing_signature
from quetsach.signing.keys import (
    MOST_BYTES,
    generate_key_pair,
    is_locked,
    private_pem,
    public_pem,
    read_private,
)
from quetsach.signing.keys import PublicKey as PublicKey
from quetsach.signing.keys import SigningKey as SigningKey
from quetsach.signing.keys import read_public as read_public
from quetsach.signing.printed import spoken_of as spoken_of
from quetsach.signing.printed import words_of
from quetsach.signing.release import header_of, read_signed_release, write_sealed
from quetsach.signing.signature import SignableFile, SignatureState, judge
from quetsach.signing.signature import Signature as Signature
from quetsach.signing.signature import SignedKind as SignedKind
from quetsach.signing.signature import from_json as from_json
from quetsach.signing.signature import is_valid as is_valid
from quetsach.signing.signature import sign_digest as sign_digest
from quetsach.signing.signature import to_json as to_json
from quetsach.texts import _

MOST_KEYS = 1000
"""How many keys a folder of trusted keys may hold."""

_NAME = re.compile(r"[\w.-]{1,100}\Z")


@dataclass(frozen=True)
class KeyPair:
    """A new pair: where it lies, and its number."""

    private: Path
    public: Path
    key_id: str


def write_key_pair(
    name: str, folder: Path, *, owner: str = "", passphrase: bytes | None = None
) -> KeyPair:
    """Make a key pair and write `NAME.key.pem` (only the owner may read it) and `NAME.pub.pem`.

    Errors: E230 for a name that is no file name; E232 when one is there already; E237.
    """
    if not _NAME.match(name) or name.startswith("."):
        raise QuetsachError("E230", name, reason=_("the name must be letters, digits, - _ or ."))
    private, public = folder / f"{name}.key.pem", folder / f"{name}.pub.pem"
    key = generate_key_pair(owner)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_new_set(
            [
                (private, private_pem(key, passphrase), 0o600),
                (public, public_pem(key.public), 0o644),
            ]
        )
    except FileExistsError as error:
        raise QuetsachError("E232", str(error.filename or folder)) from error
    except OSError as error:
        raise _io(folder, error) from error
    return KeyPair(private, public, key.public.key_id)


def needs_passphrase(path: Path) -> bool:
    """Tell whether the private key at `path` is locked. Errors: E237."""
    return is_locked(_content(path))


def read_signing_key(path: Path, passphrase: bytes | None = None) -> SigningKey:
    """Return the private key at `path`. Errors: E230, E231, E237."""
    return read_private(_content(path), str(path), passphrase)


def read_trusted(paths: Sequence[Path]) -> tuple[PublicKey, ...]:
    """Return the public keys at `paths`; of a folder, those of all `*.pem` files in it.

    A private key in such a folder is passed over: its public half lies beside it.
    Errors: E230, E237.
    """
    keys: list[PublicKey] = []
    for path in paths:
        if path.is_dir():
            keys.extend(_in_folder(path))
        else:
            keys.append(read_public(_content(path), str(path)))
    return tuple(keys)


def _in_folder(folder: Path) -> list[PublicKey]:
    files = sorted(folder.glob("*.pem"))
    if not files or len(files) > MOST_KEYS:
        raise QuetsachError("E230", str(folder), reason=_("no key, or too many, in this folder"))
    contents = [(path, _content(path)) for path in files]
    return [
        read_public(content, str(path))
        for path, content in contents
        if b"PRIVATE KEY-----" not in content
    ]


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _io(path, error) from error


def _io(path: Path, error: OSError) -> QuetsachError:
    return QuetsachError("E237", str(path), reason=error.strerror or str(error))


@dataclass(frozen=True)
class SignedOutput:
    """What was signed: what it is, where the signature lies, and the signature."""

    kind: SignedKind
    written: Path
    signature: Signature


def look_at(path: Path) -> SignableFile:
    """Return the digest and the signatures of what lies at `path`.

    Errors: E237 when it cannot be read; E303 for a folder that holds no findings.
    """
    with _plain_errors(path):
        if path.is_dir():
            return read_signed(path)
        with path.open("rb") as file:
            if header_of(file) is not None:
                return read_signed_release(file)
            return signing_signature.read_detached(signing_signature.digest_of(file), _beside(path))


def sign_path(path: Path, key: SigningKey, when: datetime) -> SignedOutput:
    """Sign what lies at `path` with `key`, beside the signatures that it has.

    Errors: E233 when it is cut off; E234 when this key has signed it; E235 when it was changed
    since another did; E237 for the disk.
    """
    with _plain_errors(path):
        if path.is_dir():
            return SignedOutput(
                SignedKind.FINDINGS, path / "manifest.json", sign_findings(path, key, when)
            )
        sealed = look_at(path)
        _check(path, sealed, key)
        signature = sign_digest(key, sealed.kind, sealed.digest, when)
        if sealed.kind is SignedKind.RELEASE:
            _sign_release(path, signature)
            return SignedOutput(sealed.kind, path, signature)
        beside = _sig(path)
        content = signing_signature.write_detached((*sealed.signatures, signature))
        _replace(beside, lambda _path, file: file.write(content))
        return SignedOutput(sealed.kind, beside, signature)


def _check(path: Path, sealed: SignableFile, key: SigningKey) -> None:
    verdict = judge(sealed, (key.public,))
    if verdict.state is SignatureState.ALTERED:
        code = "E235" if sealed.signatures or sealed.kind is SignedKind.FILE else "E233"
        raise QuetsachError(code, str(path), reason="; ".join(verdict.faults[:3]))
    if verdict.state is SignatureState.TRUSTED:
        raise QuetsachError("E234", str(path), key=key.public.key_id)


def _sign_release(path: Path, signature: Signature) -> None:
    def copy(aside: Path, target: BinaryIO) -> None:
        with path.open("rb") as source:
            write_sealed(source, target, signature)
        target.flush()
        # Read once more: the copy must be what was signed, even if the file was written meanwhile.
        with aside.open("rb") as written:
            if judge(read_signed_release(written), ()).state is SignatureState.ALTERED:
                raise QuetsachError("E233", str(path), reason=_("it changed while it was read"))

    _replace(path, copy)


def _replace(path: Path, write: Callable[[Path, BinaryIO], Any]) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    with file_aside(path) as (partial, file):
        write(partial, file)
        file.flush()
        os.fsync(file.fileno())
        partial.chmod(mode)
        partial.replace(path)


def _sig(path: Path) -> Path:
    return path.with_name(path.name + signing_signature.SUFFIX)


def _beside(path: Path) -> bytes | None:
    try:
        with _sig(path).open("rb") as file:
            return file.read(signing_signature.MOST_BYTES + 1)
    except FileNotFoundError:
        return None


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise QuetsachError("E237", str(path), reason=error.strerror or str(error)) from error


def new_key(
    name: str, folder: Path, *, owner: str = "", passphrase: bytes | None = None
) -> KeyPair:
    """Make a pair of keys in `folder` and return where it lies.

    Errors: E230 for the name; E232 when one of the files is there already; E237.
    """
    return write_key_pair(name, folder, owner=owner, passphrase=passphrase)


def sign(
    path: Path, *, key: Path, passphrase: bytes | None = None, when: datetime | None = None
) -> SignedOutput:
    """Sign a release, findings or any file with the private key at `key`; `when` is aware.

    Errors: E230 to E235, E237.
    """
    moment = datetime.now(ZoneInfo(HERE)) if when is None else when
    return sign_path(path, read_signing_key(key, passphrase), moment)


@dataclass(frozen=True)
class ReleaseFacts:
    """A release, read whole and found sound.

    Shapes: `digest` is "sha256:..." of what is signed; `words` the 24 words that people compare
    over the telephone; `signed_by` the key numbers that signed it; `kinds` counts by kind.
    """

    title: str
    created: str
    digest: str
    words: tuple[str, ...]
    count: int
    kinds: Mapping[str, int]
    signed_by: tuple[str, ...]


def release_facts(path: Path) -> ReleaseFacts:
    """Return what the release in the file `path` says, after reading all of its lines.

    Errors: E220 when it is none, or was changed or cut off; E235 when a signature does not fit;
    E237 for the disk.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise QuetsachError("E237", str(path), reason=error.strerror or str(error)) from error
    release = read_release(raw, path.name)
    sealed = look_at(path)
    verdict = judge(sealed, ())
    if verdict.state is SignatureState.ALTERED:
        raise QuetsachError("E235", path.name, reason="; ".join(verdict.faults[:3]))
    kinds: dict[str, int] = {}
    for indicator in release.indicator_set.indicators:
        kinds[indicator.kind.value] = kinds.get(indicator.kind.value, 0) + 1
    return ReleaseFacts(
        title=release.title,
        created=release.created,
        digest=sealed.digest,
        words=words_of(sealed.digest),
        count=len(release.indicator_set.indicators),
        kinds=dict(sorted(kinds.items())),
        signed_by=tuple(signer.key_id for signer in verdict.signers),
    )
