"""Materials are handed out: a page that may bear a unit's code, files, and their counts.

A pull is counted when a file is sent whole. Of one address at most BURST of a file count at once,
and RATE on and on; the file itself is given always. Nothing of who pulls is written anywhere.
"""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from quetsach_public.codes import Unit
from quetsach_public.counts import Act, Count, Counts
from quetsach_public.joining import code_in
from quetsach_public.limits import Limits
from quetsach_public.lookups import Lookups
from quetsach_public.padding import padded_reply
from quetsach_public.pages.filling import materials_page
from quetsach_public.pages.materials.listing import FILES, KEPT, PAGE, counted_as
from quetsach_public.pages.site import Page, Site
from quetsach_public.sending import Environ, Reply, page_reply

RATE = 30 / 3_600
BURST = 30.0


class Handing:
    """Answers for the materials."""

    def __init__(self, counts: Counts, lookups: Lookups) -> None:
        self._counts, self._lookups = counts, lookups
        self._limits = Limits(RATE, BURST)

    def reply(
        self, site: Site, language: str, path: str, environ: Environ, caller: int, now: datetime
    ) -> Reply | None:
        """Return the page for a code or a file, None for what is the same for all or not here."""
        code = code_in(str(environ.get("QUERY_STRING", "")))
        if path == PAGE:
            found = self._lookups.look(code, caller)
            is_general = not code or found.is_dead
            return None if is_general else _page(site.frames[language], code, found.said)
        name = path.removeprefix(FILES)
        page = site.pages.get(KEPT + name) if path.startswith(FILES) else None
        if page is None:
            return None
        reply = _file(page, environ)
        is_whole = environ.get("REQUEST_METHOD") == "GET" and not environ.get("HTTP_RANGE")
        counts = is_whole and reply.status.startswith("200")
        of = counted_as(name)
        if counts and self._limits.within(hash((caller, of))):
            # Under a code that nobody has, it is a pull of nobody's unit.
            code = code if self._lookups.counts(code) else ""
            self._counts.add(Count(Act.PULLED, code, now.date(), of))
        return reply


def _page(frames: dict[str, Any], code: str, unit: Unit | None) -> Reply:
    return padded_reply(materials_page(frames, quote(code), unit))


def _file(page: Page, environ: Environ) -> Reply:
    # Kept by the browser alone: what a cache in between gave out would be counted by nobody.
    shared = page_reply(page, environ)
    headers = [(name, value) for name, value in shared.headers if name != "Cache-Control"]
    headers.append(("Cache-Control", "private, max-age=86400"))
    # Saved, not shown: a browser's own viewer of PDFs is a page under our policy of content.
    headers.append(("Content-Disposition", "attachment"))
    return Reply(shared.status, shared.body, shared.packed, shared.kind, headers)
