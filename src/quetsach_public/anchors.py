"""The signed heads of the portal's audit trail: a file that anybody may fetch and keep.

A trail that is written anew later differs from every copy of it. Nothing in it names a person, a
unit or a machine.
"""

import hashlib
from pathlib import Path

from quetsach_public.pages.site import SitePage, packed_now
from quetsach_public.responses import Environ, PublicResponse, own_reply, page_reply
from quetsach_public.watched_files import WatchedFile

ADDRESS = "/anchors.jsonl"
MOST_BYTES = 16 << 20
"""Two hundred kilobytes a year are written; a larger file is none of the portal's."""


class AnchorsResponder:
    """Hands the newest anchors out."""

    def __init__(self, path: Path, **interval: float) -> None:
        """Take where the portal writes them, and the seconds between two looks."""
        self._page = WatchedFile(path, _read, **interval)

    def reply(self, environ: Environ) -> PublicResponse:
        """Return the file, or that there is none yet."""
        page = self._page.held()
        return own_reply(b"", "404 Not Found") if page is None else page_reply(page, environ)


def _read(path: Path) -> SitePage:
    """Return the file as it is sent. Raises OSError, ValueError."""
    with path.open("rb") as file:
        plain = file.read(MOST_BYTES + 1)
    if len(plain) > MOST_BYTES:
        raise ValueError("it is too large")
    etag = f'"{hashlib.sha256(plain).hexdigest()[:16]}"'
    return SitePage(plain, packed_now(plain), "application/jsonl; charset=utf-8", etag)
