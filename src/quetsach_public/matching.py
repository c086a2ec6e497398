"""The page on which a file is matched in the browser, and the open list that it loads."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from quetsach_public.pages.filling import filled
from quetsach_public.pages.site import SitePage
from quetsach_public.responses import Environ, PublicResponse, own_reply, page_reply
from quetsach_public.watched_files import FILE_CHECK_INTERVAL_S, WatchedFile

PATH = "/kiem-tra-tep"
LARGEST = 8_000_000
"""Bytes of an open list; the portal writes less."""

_FORMAT = "quetsach-open-list/1"
_KINDS = ("names", "exact", "addresses", "networks", "urls", "hashes")


@dataclass(frozen=True)
class ServedOpenList:
    """The list as it is sent, at an address that changes with it."""

    address: str
    page: SitePage
    is_empty: bool


def read_open_list(path: Path) -> ServedOpenList:
    """Return the list that the portal wrote. Raises OSError, ValueError."""
    if path.stat().st_size > LARGEST:
        raise ValueError("the list is too large")
    plain = path.read_bytes()
    content = json.loads(plain)
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise ValueError("it is no open list")
    digest = hashlib.sha256(plain).hexdigest()
    page = SitePage(
        plain, gzip.compress(plain, 9, mtime=0), "application/json", f'"{digest[:16]}"', lasts=True
    )
    is_empty = not any(content.get(one) for one in _KINDS)
    return ServedOpenList(f"/danh-sach-mo/{digest[:24]}.json", page, is_empty)


class MatchResponder:
    """Answers for the page and the list."""

    def __init__(self, path: Path, check_interval_s: float = FILE_CHECK_INTERVAL_S) -> None:
        self._file = WatchedFile(path, read_open_list, check_interval_s)

    @property
    def has_list(self) -> bool:
        """True where there is anything that a file could be matched with."""
        held = self._file.held()
        return held is not None and not held.is_empty

    def reply(
        self, frames: Mapping[str, Any], path: str, environ: Environ
    ) -> PublicResponse | None:
        """Return the page or the list, None for another path."""
        match_list = self._file.held()
        if path == PATH:
            address = "" if match_list is None else match_list.address
            return own_reply(filled(frames["match"], {"list": escape(address)}))
        if match_list is not None and path == match_list.address:
            return page_reply(match_list.page, environ)
        return None
