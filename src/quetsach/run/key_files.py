"""Key files: a new pair written once and never over another, keys read back from paths."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quetsach.errors import QuetsachError
from quetsach.signing.keys import (
    MOST_BYTES,
    PublicKey,
    SigningKey,
    is_locked,
    new_key,
    private_pem,
    public_pem,
    read_private,
    read_public,
)
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
    key = new_key(owner)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(public):
            raise QuetsachError("E232", str(public))
        _write_new(private, private_pem(key, passphrase), 0o600)
        _write_new(public, public_pem(key.public), 0o644)
    except OSError as error:
        raise _io(folder, error) from error
    return KeyPair(private, public, key.public.key_id)


def _write_new(path: Path, content: bytes, mode: int) -> None:
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise QuetsachError("E232", str(path)) from error
    with os.fdopen(number, "wb") as file:
        file.write(content)


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
