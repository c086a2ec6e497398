"""The figures by the minute: a file of the portal and a page of it, held in memory."""

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from quetsach_public.pages.figures import figures_page
from quetsach_public.pages.site import Page, packed_now
from quetsach_public.sending import Environ, Reply, own_reply, page_reply

LOOK_EVERY = 1.0
FRESH_FOR = 20
"""Seconds that a cache in between may answer: a herd of phones costs three requests a minute."""
OLD = timedelta(hours=1)
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class _Held:
    """What was read: the file as it is sent, its figures and pictures."""

    file: Page
    figures: Mapping[str, Any]
    drawn: Mapping[str, str]
    at: datetime


class Figures:
    """The newest figures that could be read; a damaged file never replaces a whole one."""

    def __init__(self, home: Path) -> None:
        self._file, self._pictures = home / "figures.json", home / "figures-drawn.json"
        self._held: _Held | None = None
        self._mark: tuple[int, int] | None = None
        self._pages: dict[tuple[str, int, bool], Page] = {}
        self._looked_at = float("-inf")
        self._lock = threading.Lock()

    def reply(
        self, frames: Mapping[str, Any], language: str, environ: Environ, now: datetime
    ) -> Reply:
        """Return the page; it says so when the figures are old, or when there are none."""
        held = self._newest()
        if held is None:
            return own_reply(frames["figures"]["none"].encode())
        return _fresh(self._page(frames, language, held, now - held.at > OLD), environ)

    def file(self, environ: Environ) -> Reply:
        """Return the file for the page's script and for programs."""
        held = self._newest()
        if held is None:
            said = Reply("404 Not Found", b"{}", kind="application/json")
            return replace(said, headers=[("Cache-Control", "no-store")])
        return _fresh(held.file, environ)

    def _page(
        self, frames: Mapping[str, Any], language: str, held: _Held, is_old: bool
    ) -> Page:
        pages, key = self._pages, (language, id(frames), is_old)
        page = pages.get(key)
        if page is None:
            body = figures_page(frames["figures"], held.figures, held.drawn, is_old=is_old)
            # A new site brings new frames: those of the old one are not kept.
            kept = {one: had for one, had in pages.items() if one[0] != language}
            page = _page_of(body, HTML)
            self._pages = {**kept, key: page}
        return page

    def _newest(self) -> _Held | None:
        if time.monotonic() - self._looked_at >= LOOK_EVERY and self._lock.acquire(blocking=False):
            try:
                self._look()
                self._looked_at = time.monotonic()
            finally:
                self._lock.release()
        return self._held

    def _look(self) -> None:
        try:
            found = self._file.stat()
        except OSError:
            # Taken back by the portal: what was shown is shown no longer.
            self._held, self._mark, self._pages = None, None, {}
            return
        mark = found.st_ino, found.st_mtime_ns
        if mark == self._mark:
            return
        self._mark = mark
        try:
            plain = self._file.read_bytes()
            figures = json.loads(plain)
            drawn = json.loads(self._pictures.read_bytes())
            at = datetime.fromisoformat(figures["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return
        self._held = _Held(_page_of(plain, "application/json"), figures, drawn, at)
        self._pages = {}


def _page_of(plain: bytes, kind: str) -> Page:
    etag = f'"{hashlib.sha256(plain).hexdigest()[:16]}"'
    return Page(plain, packed_now(plain), kind, etag)


def _fresh(page: Page, environ: Environ) -> Reply:
    reply = page_reply(page, environ)
    headers = [(name, value) for name, value in reply.headers if name != "Cache-Control"]
    return replace(reply, headers=[("Cache-Control", f"public, max-age={FRESH_FOR}"), *headers])
