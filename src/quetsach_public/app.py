"""The WSGI application of the public plane."""

import json
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from quetsach_public import asking_again, carrier_slips, telling_later
from quetsach_public.addresses import (
    ClientAddress,
    body_of,
    calling,
    is_from_here,
    is_from_proxy,
    port_of,
)
from quetsach_public.anchors import ADDRESS as ANCHORS
from quetsach_public.anchors import AnchorsResponder
from quetsach_public.asking_again import AskAgainResponder
from quetsach_public.carrier_slips import CarrierResponder, SlipSigner
from quetsach_public.counts import PublicCounters
from quetsach_public.figures import Figures
from quetsach_public.joining import (
    SLIPS,
    JoinResponder,
    MaterialsResponder,
    PlaceResponder,
    SlipResponder,
    assessed,
    code_in,
)
from quetsach_public.limits import Paces, RequestPace, costs
from quetsach_public.lookups import CheckResponder, CodeLookups
from quetsach_public.matching import MatchResponder
from quetsach_public.pages.building import WITH_LIST
from quetsach_public.pages.campaign import LANGUAGES, prefix, read_campaign
from quetsach_public.pages.filling import selftest_page
from quetsach_public.pages.site import Site, SitePage, WatchedSite
from quetsach_public.request_figures import RequestFigures
from quetsach_public.responses import (
    Environ,
    PublicResponse,
    StartResponse,
    carrying,
    moved_reply,
    own_reply,
    page_reply,
)
from quetsach_public.sealed_tickets import TicketSeals
from quetsach_public.settings import Settings, local_now
from quetsach_public.telling_later import PushDesk
from quetsach_public.tickets import Tickets
from quetsach_public.verifying import PATH as VERIFYING
from quetsach_public.verifying import QR, VerifyResponder
from quetsach_public.watched_files import WatchedFile, WatchedTable

CATALOGUE = "/cong-cu/tools.json"
"""Where programs ask for the newest catalogue of tools; its own address changes with its bytes."""

CHECK = "/kiem-tra"
"""What most ask for, and each for himself: no cache holds it, so nothing needless is done."""

_FOR_LATER = (asking_again.PATH, carrier_slips.PATH, telling_later.PATH)
_FORMS = ("/tham-gia", "/tu-danh-gia", SLIPS, VERIFYING, *_FOR_LATER)
_PREFIXES = [(one, prefix(one), f"{prefix(one)}/") for one in LANGUAGES[1:]]
_CHECKS = {f"{prefix(one)}{CHECK}": (one, CHECK) for one in LANGUAGES}


class Application:
    """Serves pages from memory, checks and counts; every answer is made without a database."""

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], datetime] = local_now,
        paces: Paces | None = None,
        check_interval_s: float | None = None,
    ) -> None:
        """Read the pages of `settings.home`. Raises SiteError, OSError where there are none.

        Shapes: `check_interval_s` are the seconds between two checks of each file; None for the
        usual ones.
        """
        interval = {} if check_interval_s is None else {"check_interval_s": check_interval_s}
        self._proxies, self._now = settings.proxies, now
        self._is_held = not settings.is_alone
        self._site = WatchedSite(settings.site, **interval)
        self._table = WatchedTable(settings.table, **interval)
        self._campaign = WatchedFile(settings.campaign, read_campaign, **interval)
        self.counts = PublicCounters(settings.inbox, settings.journals)
        self.request_figures = RequestFigures()
        lookups = CodeLookups(settings.codes, **interval)
        self._joining = JoinResponder(self.counts, Tickets(settings.run), lookups)
        self._slips = SlipResponder(self.counts)
        self._of_places = PlaceResponder(lookups)
        self._handing = MaterialsResponder(self.counts, lookups)
        self._checks = CheckResponder()
        self._figures = Figures(settings.figures, **interval)
        anchors = AnchorsResponder(settings.anchors, **interval)
        self._files = {"/figures.json": self._figures.file, ANCHORS: anchors.reply}
        self._verifying = VerifyResponder(settings.documents, **interval)
        self._matching = MatchResponder(settings.open_list, **interval)
        seals = TicketSeals(settings.run)
        self._push = PushDesk(settings, seals)
        self._later = AskAgainResponder(seals, self._push.offer)
        self._carriers = CarrierResponder(SlipSigner(settings.run))
        self._paces = paces or Paces(settings.workers)
        # Who sends a form slowly holds a thread; one is left for all others.
        self._bodies = threading.BoundedSemaphore(max(1, settings.threads - 1))

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        begun_at = time.perf_counter()
        query = environ.get("QUERY_STRING")
        reply, pace = self._paced(environ)
        if query and (code := code_in(str(query))):
            reply = carrying(reply, code)
        if pace is RequestPace.SLOWED:
            reply = reply.slowed(is_held=self._is_held)
        sent = reply.send(environ, start)
        self.request_figures.count(int(reply.status[:3]), time.perf_counter() - begun_at)
        return sent

    def busy(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Answer that many people are here, and what to do meanwhile."""
        language, _path = _language_of(str(environ.get("PATH_INFO", "/")))
        return _busy(self._site.site().frames[language]).send(environ, start)

    def _paced(self, environ: Environ) -> tuple[PublicResponse, RequestPace]:
        site = self._site.site()
        language, path = _language_of(str(environ.get("PATH_INFO", "/")))
        method = environ.get("REQUEST_METHOD")
        if method not in ("GET", "HEAD", "POST"):
            return _plain("405 Method Not Allowed"), RequestPace.NOW
        if site.is_closed and path != "/health":
            return _closed(site, environ, language, path), RequestPace.NOW
        caller = calling(environ, self._proxies)
        pace = self._paces.pace(_number(caller), costs=costs(method, path))
        if pace is RequestPace.BUSY:
            return _busy(site.frames[language]), pace
        return self._reply(environ, site, language, path, caller), pace

    def _reply(
        self, environ: Environ, site: Site, language: str, path: str, caller: ClientAddress | None
    ) -> PublicResponse:
        frames = site.frames[language]
        if environ.get("REQUEST_METHOD") == "POST":
            return self._taken(environ, frames, language, path, caller)
        if path == CHECK:
            return self._checked(environ, frames, language, caller)
        if path.startswith("/tai-lieu"):
            number = _number(caller)
            handed = self._handing.reply(site, language, path, environ, number, self._now())
            if handed is not None:
                return handed
        query = str(environ.get("QUERY_STRING", ""))
        if query and (named := self._of_places.reply(frames, path, query, _number(caller))):
            return named
        page = _page(site, language, WITH_LIST) if path == "/" and self._matching.has_list else None
        page = page or _page(site, language, path)
        if page is not None:
            return page_reply(page, environ)
        return self._made(environ, site, language, path, _number(caller))

    def _checked(
        self, environ: Environ, frames: dict[str, Any], language: str, caller: ClientAddress | None
    ) -> PublicResponse:
        agent, table = str(environ.get("HTTP_USER_AGENT", "")), self._table.table()
        return self._checks.reply(frames, language, table, caller, agent, self._now())

    def _made(
        self, environ: Environ, site: Site, language: str, path: str, caller: int
    ) -> PublicResponse:
        """Return a page that is made for one request."""
        frames, query = site.frames[language], str(environ.get("QUERY_STRING", ""))
        if path in ("/tham-gia", SLIPS):
            form = self._slips.form if path == SLIPS else self._joining.form
            return form(frames, prefix(language), query, caller)
        if path == "/so-lieu":
            return self._figures.reply(frames, language, environ, self._now())
        if path in self._files:
            return self._files[path](environ)
        if path == "/tu-danh-gia":
            return own_reply(selftest_page(frames, {}, "", ""))
        if path == "/cam-on":
            held = self._campaign.held()
            address = "" if held is None else held.address
            return self._joining.thanks(frames, address, prefix(language), query, caller)
        if path == CATALOGUE and (catalogue := site.catalogue("tools.json")):
            return moved_reply(catalogue)
        if path == VERIFYING:
            return self._verifying.form(frames, self._now())
        if QR.fullmatch(path):
            return self._verifying.by_qr(frames, path, self._now())
        if path == "/health" and language == LANGUAGES[0]:
            return self._health()
        for_later = self._of_later(frames, path, caller)
        if for_later is not None:
            return for_later
        matching = self._matching.reply(frames, path, environ)
        if matching is not None:
            return matching
        return own_reply(frames["gone"].encode(), "404 Not Found")

    def _of_later(self, frames: dict[str, Any], path: str, caller: int) -> PublicResponse | None:
        """Return the pages of tickets and slips, None for another path."""
        if self._push.is_on and path == telling_later.WORKER:
            return self._push.worker()
        if asked_again := asking_again.TICKET_PATH.fullmatch(path):
            code, table = asked_again[1], self._table.table()
            reply = self._later.by_code(frames, code, table, self._now(), number=caller)
            return reply or _busy(frames)
        if path == asking_again.PATH:
            return self._later.form(frames)
        if path == carrier_slips.PATH:
            return self._carriers.form(frames)
        if path == carrier_slips.KEYS:
            return self._carriers.keys(self._now())
        if path == carrier_slips.INTERFACE:
            return moved_reply(frames["carrier_interface"])
        return None

    def _taken(
        self,
        environ: Environ,
        frames: dict[str, Any],
        language: str,
        path: str,
        caller: ClientAddress | None,
    ) -> PublicResponse:
        if path not in _FORMS:
            return _plain("405 Method Not Allowed")
        if not is_from_here(environ):
            return _plain("403 Forbidden")
        # The own proxy buffers a form before it sends it; other clients may never finish.
        waits = not is_from_proxy(environ, self._proxies)
        if waits and not self._bodies.acquire(blocking=False):
            return _busy(frames)
        try:
            body = body_of(environ)
        except OSError:
            return _plain("400 Bad Request")
        finally:
            if waits:
                self._bodies.release()
        if body is None:
            return _plain("413 Content Too Large")
        number = _number(caller)
        if path == VERIFYING:
            return self._verifying.take(frames, body, self._now(), number) or _busy(frames)
        if path == "/tu-danh-gia":
            return assessed(frames, prefix(language), body)
        if path == SLIPS:
            return self._slips.take(frames, body, self._now(), number) or _busy(frames)
        if path in _FOR_LATER:
            return self._for_later(environ, frames, language, body, caller) or _busy(frames)
        return self._joining.take(frames, prefix(language), body, self._now(), number)

    def _for_later(
        self,
        environ: Environ,
        frames: dict[str, Any],
        language: str,
        body: str,
        caller: ClientAddress | None,
    ) -> PublicResponse | None:
        """Return a ticket or slip for the caller, or what a ticket answers; None for "busy"."""
        campaign, now, number = self._campaign.held(), self._now(), _number(caller)
        path = _language_of(str(environ["PATH_INFO"]))[1]
        if path == telling_later.PATH:
            if not self._push.is_on:
                return _plain("404 Not Found")
            return self._push.take(body, language, now, number=number)
        if path == carrier_slips.PATH:
            port = port_of(environ, self._proxies)
            return self._carriers.take(frames, caller, port, now, number=number, campaign=campaign)
        begin = f"{campaign.address}{prefix(language)}" if campaign and campaign.address else ""
        table = self._table.table()
        return self._later.take(frames, body, table, caller, now, number=number, address=begin)

    def _health(self) -> PublicResponse:
        table = self._table.table()
        health = {
            "made_at": None if table is None else table.made_at.isoformat(),
            "listed": 0 if table is None else table.listed,
            "problem": self._table.problem,
            "dropped": self.counts.dropped,
        }
        body = json.dumps(health).encode()
        headers = [("Cache-Control", "no-store")]
        return PublicResponse("200 OK", body, kind="application/json", headers=headers)


def _language_of(path: str) -> tuple[str, str]:
    if check := _CHECKS.get(path):
        return check
    for language, start, below in _PREFIXES:
        if path.startswith(start) and (path == start or path.startswith(below)):
            return language, path[len(start) :] or "/"
    return LANGUAGES[0], path or "/"


def _page(site: Site, language: str, path: str) -> SitePage | None:
    if path == "/":
        return site.pages.get(prefix(language) or "/")
    return site.pages.get(prefix(language) + path)


def _closed(site: Site, environ: Environ, language: str, path: str) -> PublicResponse:
    """Return that the page is closed, at every address: so a cache lets its old pages go."""
    closed = site.pages[prefix(language) or "/"]
    if environ.get("REQUEST_METHOD") == "POST":
        return own_reply(closed.plain, "410 Gone", closed.packed)
    return page_reply(_page(site, language, path) or closed, environ)


def _number(caller: ClientAddress | None) -> int:
    return -1 if caller is None else caller.number * 2 + (caller.version == 6)


def _busy(frames: dict[str, Any]) -> PublicResponse:
    headers = [("Cache-Control", "no-store"), ("Retry-After", "10")]
    return PublicResponse("503 Service Unavailable", frames["busy"].encode(), headers=headers)


def _plain(status: str) -> PublicResponse:
    return PublicResponse(status, f"{status}\n".encode(), kind="text/plain; charset=utf-8")
