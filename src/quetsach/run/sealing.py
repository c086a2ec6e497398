"""Signing what lies on disk: a release, findings, or any file; whole or not at all."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, cast

from quetsach.errors import QuetsachError
from quetsach.findings.signed import read_signed, sign_findings
from quetsach.signing import detached
from quetsach.signing.judge import Sealed, State, judge
from quetsach.signing.keys import SigningKey
from quetsach.signing.release import header_of, read_release, write_sealed
from quetsach.signing.signature import Kind, Signature, sign_digest
from quetsach.texts import _


@dataclass(frozen=True)
class Signing:
    """What was signed: what it is, where the signature lies, and the signature."""

    kind: Kind
    written: Path
    signature: Signature


def look_at(path: Path) -> Sealed:
    """Return the digest and the signatures of what lies at `path`.

    Errors: E237 when it cannot be read; E303 for a folder that holds no findings.
    """
    with _plain_errors(path):
        if path.is_dir():
            return read_signed(path)
        with path.open("rb") as file:
            if header_of(file) is not None:
                return read_release(file)
            return detached.read_detached(detached.digest_of(file), _beside(path))


def sign_path(path: Path, key: SigningKey, when: datetime) -> Signing:
    """Sign what lies at `path` with `key`, beside the signatures that it has.

    Errors: E233 when it is cut off; E234 when this key has signed it; E235 when it was changed
    since another did; E237 for the disk.
    """
    with _plain_errors(path):
        if path.is_dir():
            return Signing(Kind.FINDINGS, path / "manifest.json", sign_findings(path, key, when))
        sealed = look_at(path)
        _check(path, sealed, key)
        signature = sign_digest(key, sealed.kind, sealed.digest, when)
        if sealed.kind is Kind.RELEASE:
            _sign_release(path, signature)
            return Signing(sealed.kind, path, signature)
        beside = _sig(path)
        content = detached.write_detached((*sealed.signatures, signature))
        _replace(beside, lambda file: file.write(content))
        return Signing(sealed.kind, beside, signature)


def _check(path: Path, sealed: Sealed, key: SigningKey) -> None:
    verdict = judge(sealed, (key.public,))
    if verdict.state is State.ALTERED:
        code = "E235" if sealed.signatures or sealed.kind is Kind.FILE else "E233"
        raise QuetsachError(code, str(path), reason="; ".join(verdict.faults[:3]))
    if verdict.state is State.TRUSTED:
        raise QuetsachError("E234", str(path), key=key.public.key_id)


def _sign_release(path: Path, signature: Signature) -> None:
    def copy(target: BinaryIO) -> None:
        with path.open("rb") as source:
            write_sealed(source, target, signature)
        target.flush()
        # Read once more: what was copied must be what was signed, whoever wrote meanwhile.
        with Path(target.name).open("rb") as written:
            if judge(read_release(written), ()).state is State.ALTERED:
                raise QuetsachError("E233", str(path), reason=_("it changed while it was read"))

    _replace(path, copy)


def _replace(path: Path, write: Callable[[BinaryIO], Any]) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False) as file:
        partial = Path(file.name)
        try:
            write(cast("BinaryIO", file))
            file.flush()
            os.fsync(file.fileno())
            partial.chmod(mode)
            partial.replace(path)
        finally:
            with suppress(OSError):
                partial.unlink()


def _sig(path: Path) -> Path:
    return path.with_name(path.name + detached.SUFFIX)


def _beside(path: Path) -> bytes | None:
    try:
        with _sig(path).open("rb") as file:
            return file.read(detached.MOST_BYTES + 1)
    except FileNotFoundError:
        return None


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise QuetsachError("E237", str(path), reason=error.strerror or str(error)) from error
