"""The secrets of fingerprints: one a unit and month, each in a file of its own.

Without its secret nobody learns anything from a fingerprint, and who deletes the file destroys
what the unit's fingerprints of that month could still answer, in every copy. So the files are
never put beside the fingerprints, into findings or into a backup.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote

from quetsach.errors.exceptions import QuetsachError
from quetsach.scratch_folders import write_new
from quetsach.sieve.token_keys import SECRET_BYTES

UNDATED = "undated"
"""In place of the month of lines that tell no day."""

_ENDING = ".key"
_ASIDE = re.compile(r"^\.(.*)\.part-[0-9a-f]{12}$")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])|undated", re.ASCII)
_LONGEST_NAME = 80


def folder_name(unit: str) -> str:
    """Return the name of a unit's folder and keys: another for each unit, whatever it is called."""
    name = quote(unit, safe="").replace(".", "%2E").replace("~", "%7E")
    if 0 < len(name) <= _LONGEST_NAME:
        return name
    return f"{name[:_LONGEST_NAME]}~{blake2b(unit.encode(), digest_size=8).hexdigest()}"


def is_month(text: str) -> bool:
    """Return whether `text` is a month as 2026-09, or `UNDATED`."""
    return _MONTH.fullmatch(text) is not None


@dataclass(frozen=True)
class MonthSecret:
    """A secret; `key_id` tells it from others and tells nothing of it."""

    value: bytes

    @property
    def key_id(self) -> str:
        """Return 16 hex digits that stand for the secret."""
        return blake2b(self.value, digest_size=8, person=b"quetsach-key-id").hexdigest()


class SecretFolder:
    """The folder of secrets. Shapes: `UNIT~MONTH.key`, 64 hex digits, readable by its owner."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def secret(self, unit: str, month: str) -> MonthSecret | None:
        """Return the secret of a unit's month, None where there is none.

        Errors: E328 for a file that cannot be read or holds something else.
        """
        path = self._path(unit, month)
        try:
            text = path.read_text("ascii").strip()
            secret = bytes.fromhex(text)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise QuetsachError("E328", str(path), reason=_reason(error)) from error
        if len(secret) != SECRET_BYTES:
            raise QuetsachError("E328", str(path), reason=f"{len(secret)} != {SECRET_BYTES}")
        return MonthSecret(secret)

    def secret_or_new(self, unit: str, month: str) -> MonthSecret:
        """Return the secret of a unit's month; a new one is made where there is none.

        Errors: E328 as for `secret`, and where none can be written.
        """
        known = self.secret(unit, month)
        if known is not None:
            return known
        path = self._path(unit, month)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                write_new(path, f"{secrets.token_hex(SECRET_BYTES)}\n".encode(), 0o600)
        except OSError as error:
            raise QuetsachError("E328", str(path), reason=_reason(error)) from error
        made = self.secret(unit, month)
        if made is None:
            raise QuetsachError("E328", str(path), reason="-")
        return made

    def forget(self, month: str, unit: str | None = None) -> list[str]:
        """Delete the secrets of a month, of one unit or of all; return their files' names.

        Errors: E328 for a file that cannot be deleted.
        """
        names = []
        for path in self._files():
            # A killed run may have left one that it was about to put in its place.
            name = _ASIDE.sub(r"\1", path.name)
            of_unit, _sign, of_month = name.removesuffix(_ENDING).rpartition("~")
            if of_month == month and (unit is None or of_unit == folder_name(unit)):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    raise QuetsachError("E328", str(path), reason=_reason(error)) from error
                names.append(path.name)
        return names

    def _files(self) -> Iterator[Path]:
        try:
            yield from sorted(
                path
                for path in self._folder.iterdir()
                if _ASIDE.sub(r"\1", path.name).endswith(_ENDING)
            )
        except FileNotFoundError:
            return
        except OSError as error:
            raise QuetsachError("E328", str(self._folder), reason=_reason(error)) from error

    def _path(self, unit: str, month: str) -> Path:
        return self._folder / f"{folder_name(unit)}~{month}{_ENDING}"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
