"""The built pages in memory; new ones are taken up without a request that fails."""

import gzip
import hashlib
import json
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from quetsach_public.pages.recordings import KINDS

CHECK_INTERVAL_S = 2.0
"""Seconds between two checks for new pages."""

MOST_FILES = 2_000


class SiteError(ValueError):
    """The folder holds no pages; the text says what is missing."""


@dataclass(frozen=True)
class SitePage:
    """A page or file as it is sent: plain and packed."""

    plain: bytes
    packed: bytes
    kind: str
    etag: str
    lasts: bool = False
    """Its name changes with its bytes, so a browser may keep it."""


@dataclass(frozen=True)
class Site:
    """All pages by path, and the frames by language."""

    pages: dict[str, SitePage]
    frames: dict[str, Any]

    def catalogue(self, name: str) -> str:
        """Return the address at which the newest file `name` of the catalogue lies, or ""."""
        found = (one for one in self.pages if one.startswith("/static/catalogue-"))
        return next((one for one in found if one.endswith(f"/{name}")), "")

    @cached_property
    def is_closed(self) -> bool:
        """True when the page was taken down: it says so, answers nothing and counts nothing."""
        return all("closed" in one for one in self.frames.values())


_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".pdf": "application/pdf",
    ".txt": "text/plain; charset=utf-8",
    ".sig": "application/json",
    **{f".{ending}": kind for ending, kind in KINDS.items()},
    ".pem": "application/x-pem-file",
}


def read_site(folder: Path) -> Site:
    """Return the pages that `build_site` wrote. Raises SiteError, OSError."""
    pages = {}
    folder = folder.resolve()
    for top in ("pages", "static"):
        for path in sorted((folder / top).rglob("*")):
            if path.suffix not in _KINDS:
                continue
            inner = path.relative_to(folder / top)
            name = f"/static/{inner.as_posix()}"
            if top == "pages":
                name = f"/{inner.parent.as_posix()}".replace("/.", "/")
            packed = path.with_name(f"{path.name}.gz").read_bytes()
            plain = path.read_bytes()
            etag = f'"{hashlib.sha256(plain).hexdigest()[:16]}"'
            pages[name] = SitePage(plain, packed, _KINDS[path.suffix], etag, lasts=top == "static")
            if len(pages) > MOST_FILES:
                raise SiteError(f"there are more than {MOST_FILES} pages")
    if "/" not in pages:
        raise SiteError("there is no first page")
    try:
        frames = json.loads((folder / "frames.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise SiteError(f"frames.json: {error}") from error
    return Site(pages, frames)


class WatchedSite:
    """The newest pages that could be read."""

    def __init__(self, folder: Path, check_interval_s: float = CHECK_INTERVAL_S) -> None:
        """Read the pages at once. Raises SiteError, OSError where there are none."""
        self._folder, self._check_interval_s = folder, check_interval_s
        self._mark = _mark(folder)
        self._site = read_site(folder)
        self._looked_at = time.monotonic()
        self._lock = threading.Lock()

    def site(self) -> Site:
        """Return the pages."""
        is_due = time.monotonic() - self._looked_at >= self._check_interval_s
        if is_due and self._lock.acquire(blocking=False):
            try:
                self._looked_at = time.monotonic()
                mark = _mark(self._folder)
                if mark != self._mark:
                    self._site, self._mark = read_site(self._folder), mark
            except (OSError, SiteError):
                # The old ones are shown on; the next look tries again.
                pass
            finally:
                self._lock.release()
        return self._site


def _mark(folder: Path) -> str:
    return str(folder.readlink()) if folder.is_symlink() else str(folder.stat().st_mtime_ns)


def packed_now(plain: bytes) -> bytes:
    """Return `plain` packed quickly, for what is made at the moment."""
    return gzip.compress(plain, 1, mtime=0)
