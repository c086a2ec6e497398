"""Pairs of keys, and what is signed with them."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from quetsach.api.here import HERE
from quetsach.run.key_files import KeyPair, read_signing_key, write_key_pair
from quetsach.run.sealing import Signing, sign_path


def new_key(
    name: str, folder: Path, *, owner: str = "", passphrase: bytes | None = None
) -> KeyPair:
    """Make a pair of keys in `folder` and return where it lies.

    Errors: E230 for the name; E232 when one of the files is there already; E237.
    """
    return write_key_pair(name, folder, owner=owner, passphrase=passphrase)


def sign(
    path: Path, *, key: Path, passphrase: bytes | None = None, when: datetime | None = None
) -> Signing:
    """Sign a release, findings or any file with the private key at `key`; `when` is aware.

    Errors: E230 to E235, E237.
    """
    moment = datetime.now(ZoneInfo(HERE)) if when is None else when
    return sign_path(path, read_signing_key(key, passphrase), moment)
