"""One file of an archive, as the readers of archives hand it on."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class ArchiveMember:
    """A file's name as the archive writes it, its time and its bytes, or why it is not read.

    Units: `when` in seconds since 1970, 0 where untold. Errors: `content` raises OSError, or
    DamagedDataError after the last good piece.
    """

    name: str
    when: float
    content: Iterator[bytes]
    refused: str | None = None
