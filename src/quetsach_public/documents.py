"""Which documents may be asked for by their number, code and day, from documents.json.

The file is read by this plane alone and served to nobody. Still it shall not tell whoever copies
it what was issued: it holds digests under a salt that is fresh in each file, and what is known of
a document is sealed under what has to be typed to ask for it. A code has 64 bits and cannot be
tried out, and no number is told without code or day. A letter may be asked for by number, notation
and day, too: with some 10^8 tries these can be found, and a slow digest would cost this plane more
than it costs the one who tries; what is found then is what stands on the letter.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
import unicodedata
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

FORMAT = "quetsach-documents/1"
_BLOCK = 64
_CODE = re.compile(r"[0-9a-f]{16}")
_LOOKS_LIKE = str.maketrans({"o": "0", "l": "1", "i": "1"})
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_DAY = re.compile(r"\D*([0-9]{1,2})\D+([0-9]{1,2})\D+([0-9]{4})\D*")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NUMBER_HEAD = re.compile(r"S[ỐO]\s*:?(?=[0-9])")
_LEADING_ZEROS = re.compile(r"\A0+(?=[0-9])")


class DocumentsError(ValueError):
    """The file is no list of documents; the text says why."""


class DocumentStatus(StrEnum):
    """What is to be said of a document that was issued."""

    VALID = "valid"
    HANDED_IN = "handed-in"
    REPLACED = "replaced"
    UNDONE = "undone"
    BASIS = "basis"


@dataclass(frozen=True)
class PublicDocument:
    """A letter or a version of a report, as far as its holder may know it.

    Shapes: `number` with its notation, "05/BC-UBND", or ""; `day` as ISO text or ""; `code` the 16
    hex digits at the foot of its pages, "" for one of others; `version` from 1, 0 for a letter.
    `subject` is a letter's. `by_number`, `by_day`, `by_version` say what counts instead, where
    `standing` is REPLACED.
    """

    issuer: str
    number: str
    day: str
    standing: DocumentStatus
    code: str = ""
    version: int = 0
    by_number: str = ""
    by_day: str = ""
    by_version: int = 0
    subject: str = ""


def code_in(text: str) -> str:
    """Return the code that a person typed, else ""; letters that look like digits are digits."""
    plain = re.sub(r"[\s\u00a0.-]", "", unicodedata.normalize("NFKC", text[:100])).lower()
    plain = plain.translate(_LOOKS_LIKE)
    return plain if _CODE.fullmatch(plain) else ""


def day_in(text: str) -> str:
    """Return the day that a person typed, day before month, as ISO text, else ""."""
    plain = unicodedata.normalize("NFKC", text[:100]).strip()
    iso, ours = _ISO_DAY.fullmatch(plain), _DAY.fullmatch(plain)
    if iso:
        year, month, day = iso.groups()
    elif ours:
        day, month, year = ours.groups()
    else:
        return ""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def plain_number(text: str) -> str:
    """Return a number with its notation as it is compared: "Số: 05/bc – ubnd" is "5/BC-UBND"."""
    plain = unicodedata.normalize("NFKC", text[:100]).translate(_DASHES)
    plain = _NUMBER_HEAD.sub("", re.sub(r"\s", "", plain).upper(), count=1)
    return _LEADING_ZEROS.sub("", plain)


class SealedDocuments:
    """Digests and seals of one file, under its salt."""

    def __init__(self, salt: bytes) -> None:
        self._salt = salt

    def found_by(self, *values: str) -> str:
        """Return the digest under which the entry of `values` is stored."""
        return hmac.new(self._salt, _told("find", values), hashlib.sha256).hexdigest()[:32]

    def sealed(self, text: bytes, *values: str) -> bytes:
        """Return `text` sealed, or what was sealed opened, under `values`."""
        key = hmac.new(self._salt, _told("seal", values), hashlib.sha256).digest()
        # One text a key and a salt a file: no part of the stream is ever used twice.
        stream = hashlib.shake_256(key).digest(len(text))
        return bytes(one ^ other for one, other in zip(text, stream, strict=True))

    def closed(self, documents: Sequence[PublicDocument], *values: str) -> str:
        """Return what is known of `documents`, sealed; its length tells little."""
        told = json.dumps([_trimmed(one) for one in documents], ensure_ascii=False).encode()
        return b64encode(self.sealed(told + b" " * (-len(told) % _BLOCK), *values)).decode()

    def opened(self, text: str, *values: str) -> tuple[PublicDocument, ...]:
        """Return what `closed` sealed. Raises ValueError, TypeError where it is not that."""
        told = json.loads(self.sealed(b64decode(text), *values))
        return tuple(
            PublicDocument(issuer, number, day, DocumentStatus(standing), *more)
            for issuer, number, day, standing, *more in told
        )


def _trimmed(one: PublicDocument) -> list[str | int]:
    """Return the fields in their order without the empty ones at the end."""
    fields = list(astuple(one))
    while not fields[-1]:
        fields.pop()
    return fields


def _told(use: str, values: Sequence[str]) -> bytes:
    return "\0".join((use, *values)).encode()


class Documents:
    """What may be asked for."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        """Take what documents.json holds. Raises DocumentsError."""
        try:
            if content["format"] != FORMAT:
                raise DocumentsError("it is of another format")
            self.made_at = datetime.fromisoformat(content["made_at"])
            self._sealed = SealedDocuments(bytes.fromhex(content["salt"]))
            self._known: dict[str, str] = dict(content["known"])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DocumentsError(f"{type(error).__name__}: {error}") from error
        if self.made_at.tzinfo is None:
            raise DocumentsError("it does not say in which zone its time is")

    def by_code(self, code: str) -> tuple[PublicDocument, ...]:
        """Return the versions whose pages carry `code`; () for none."""
        return self._opened("code", code)

    def by_day(self, number: str, day: str) -> tuple[PublicDocument, ...]:
        """Return the documents of a plain number signed on `day`; () for none."""
        return self._opened("day", number, day)

    def _opened(self, *values: str) -> tuple[PublicDocument, ...]:
        text = self._known.get(self._sealed.found_by(*values))
        if text is None:
            return ()
        try:
            return self._sealed.opened(text, *values)
        except (KeyError, TypeError, ValueError):
            return ()


def read_documents(path: Path) -> Documents:
    """Return what `write_documents` wrote. Raises OSError, DocumentsError."""
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DocumentsError(str(error)) from error
    if not isinstance(content, dict):
        raise DocumentsError("it is no object")
    return Documents(content)


STANDS_FOR = timedelta(minutes=30)
"""A file that says the same is left alone so long: each reader reads all of a new one."""


def write_documents(path: Path, documents: Iterable[PublicDocument], now: datetime) -> None:
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


def _content(documents: list[PublicDocument], salt: bytes, now: datetime) -> dict[str, object]:
    sealed = SealedDocuments(salt)
    groups: dict[tuple[str, ...], list[PublicDocument]] = defaultdict(list)
    for document in documents:
        number = plain_number(document.number)
        if document.code:
            groups["code", document.code].append(document)
        if number and document.day:
            groups["day", number, document.day].append(document)
    sealed_groups = {
        sealed.found_by(*key): sealed.closed(group, *key) for key, group in groups.items()
    }
    return {
        "format": FORMAT,
        "made_at": now.isoformat(timespec="seconds"),
        "salt": salt.hex(),
        "says": _says(documents, salt),
        # Sorted by digests, the order says nothing of what came when.
        "known": dict(sorted(sealed_groups.items())),
    }


def _says(documents: list[PublicDocument], salt: bytes) -> str:
    text = json.dumps([astuple(one) for one in documents]).encode()
    return hmac.new(salt, text, hashlib.sha256).hexdigest()


def _says_the_same(path: Path, documents: list[PublicDocument], now: datetime) -> bool:
    try:
        old = json.loads(path.read_bytes())
        age = now - datetime.fromisoformat(old["made_at"])
        same = old["format"] == FORMAT and old["says"] == _says(
            documents, bytes.fromhex(old["salt"])
        )
    except (OSError, KeyError, TypeError, ValueError):
        return False
    return bool(same) and timedelta(0) <= age < STANDS_FOR
