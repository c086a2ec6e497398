"""Write documents.json: what may be asked for, sealed; documents.py says how and why."""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime, timedelta
from pathlib import Path

from quetsach_public.documents import FORMAT, Document, Sealed, plain_number

STANDS_FOR = timedelta(minutes=30)
"""A file that says the same is left alone so long: each reader reads all of a new one."""


def write_documents(path: Path, documents: Iterable[Document], now: datetime) -> None:
    """Put a new file into the place of `path`, unless the one there says the same since shortly.

    Units: `now` has an offset.
    """
    listed = sorted(set(documents), key=astuple)
    if _says_the_same(path, listed, now):
        return
    salt = secrets.token_bytes(16)
    text = json.dumps(_content(listed, salt, now), ensure_ascii=False, separators=(",", ":"))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode())
    Path(aside).chmod(0o644)
    Path(aside).replace(path)


def _content(documents: list[Document], salt: bytes, now: datetime) -> dict[str, object]:
    sealed = Sealed(salt)
    groups: dict[tuple[str, ...], list[Document]] = defaultdict(list)
    for one in documents:
        number = plain_number(one.number)
        if one.code:
            groups["code", one.code].append(one)
        if number and one.day:
            groups["day", number, one.day].append(one)
    known = {sealed.found_by(*key): sealed.closed(group, *key) for key, group in groups.items()}
    return {
        "format": FORMAT,
        "made_at": now.isoformat(timespec="seconds"),
        "salt": salt.hex(),
        "says": _says(documents, salt),
        # Sorted by digests, the order says nothing of what came when.
        "known": dict(sorted(known.items())),
    }


def _says(documents: list[Document], salt: bytes) -> str:
    text = json.dumps([astuple(one) for one in documents]).encode()
    return hmac.new(salt, text, hashlib.sha256).hexdigest()


def _says_the_same(path: Path, documents: list[Document], now: datetime) -> bool:
    try:
        old = json.loads(path.read_bytes())
        age = now - datetime.fromisoformat(old["made_at"])
        same = old["format"] == FORMAT and old["says"] == _says(
            documents, bytes.fromhex(old["salt"])
        )
    except (OSError, KeyError, TypeError, ValueError):
        return False
    return bool(same) and timedelta(0) <= age < STANDS_FOR
