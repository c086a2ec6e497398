"""The figures by the minute: a file of the portal and a page of it, held in memory."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from quetsach_public.pages.filling import figures_page
from quetsach_public.pages.site import SitePage, packed_now
from quetsach_public.responses import Environ, PublicResponse, own_reply, page_reply
from quetsach_public.watched_files import FILE_CHECK_INTERVAL_S, WatchedFile

FRESH_FOR = 20
"""Seconds that a cache in between may answer: a herd of phones costs three requests a minute."""
OLD = timedelta(hours=1)
DRAWN = "figures-drawn.json"
"""Beside the figures: their pictures, which are served in the page alone."""
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class _Shown:
    """The file as it is sent, its figures and pictures."""

    file: SitePage
    figures: Mapping[str, Any]
    drawn: Mapping[str, str]
    at: datetime


@dataclass(frozen=True)
class _Made:
    """A page, and what it was made of: the same again needs no other page."""

    of: _Shown
    frames: Mapping[str, Any]
    is_old: bool
    page: SitePage

    def is_of(self, shown: _Shown, frames: Mapping[str, Any], is_old: bool) -> bool:
        """True when the page would come out the same."""
        return self.of is shown and self.frames is frames and self.is_old == is_old


class Figures:
    """The newest figures that could be read."""

    def __init__(self, path: Path, check_interval_s: float = FILE_CHECK_INTERVAL_S) -> None:
        self._shown = WatchedFile(path, _read, check_interval_s)
        self._pages: dict[str, _Made] = {}

    def reply(
        self, frames: Mapping[str, Any], language: str, environ: Environ, now: datetime
    ) -> PublicResponse:
        """Return the page; it says so when the figures are old, or when there are none."""
        shown = self._shown.held()
        if shown is None:
            return own_reply(frames["figures"]["none"].encode())
        is_old = now - shown.at > OLD
        page = self._pages.get(language)
        if page is None or not page.is_of(shown, frames, is_old):
            page = _Made(shown, frames, is_old, _page(frames, shown, is_old=is_old))
            self._pages[language] = page
        return _fresh(page.page, environ)

    def file(self, environ: Environ) -> PublicResponse:
        """Return the file for the page's script and for programs."""
        shown = self._shown.held()
        if shown is None:
            gone = PublicResponse("404 Not Found", b"{}", kind="application/json")
            return replace(gone, headers=[("Cache-Control", "no-store")])
        return _fresh(shown.file, environ)


def _read(path: Path) -> _Shown | None:
    """Return what the portal wrote, None where nothing is published. Raises OSError, ValueError."""
    plain = path.read_bytes()
    figures = json.loads(plain)
    if not isinstance(figures, dict):
        raise ValueError("they are no object")
    if figures.get("at") is None:
        return None
    drawn = json.loads((path.parent / DRAWN).read_bytes())
    if not isinstance(drawn, dict):
        raise ValueError("the pictures are no object")
    at = datetime.fromisoformat(str(figures["at"]))
    if at.tzinfo is None:
        raise ValueError("they do not say in which zone their time is")
    return _Shown(_page_of(plain, "application/json"), figures, drawn, at)


def _page(frames: Mapping[str, Any], shown: _Shown, *, is_old: bool) -> SitePage:
    body = figures_page(frames["figures"], shown.figures, shown.drawn, is_old=is_old)
    return _page_of(body, _HTML)


def _page_of(plain: bytes, kind: str) -> SitePage:
    etag = f'"{hashlib.sha256(plain).hexdigest()[:16]}"'
    return SitePage(plain, packed_now(plain), kind, etag)


def _fresh(page: SitePage, environ: Environ) -> PublicResponse:
    reply = page_reply(page, environ)
    headers = [(name, value) for name, value in reply.headers if name != "Cache-Control"]
    return replace(reply, headers=[("Cache-Control", f"public, max-age={FRESH_FOR}"), *headers])
