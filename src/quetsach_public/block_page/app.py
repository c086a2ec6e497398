"""The application of the block page: the same page for every request to a blocked name."""

import json
import threading
import time
from collections.abc import Callable, Iterable
from ipaddress import ip_address

from quetsach_public.addresses import is_from_here
from quetsach_public.answers import LONGEST, platform
from quetsach_public.block_page import pages
from quetsach_public.block_page.forms import (
    ListedNames,
    PressForm,
    PressProofs,
    host_of,
    plain,
    read_handled,
    read_names,
    take_addresses,
)
from quetsach_public.block_page.pages import HERE
from quetsach_public.block_page.releasing import writer
from quetsach_public.block_page.settings import BlockPageSettings, block_page_settings
from quetsach_public.block_page.status import BlockedAddresses, BlockPageNotes, BlockPageState
from quetsach_public.pages.campaign import LANGUAGES
from quetsach_public.responses import Environ, StartResponse
from quetsach_public.watched_files import WatchedFile

_HEADERS = [
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        "connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    # Not no-referrer: with it browsers send forms with "Origin: null", as a stranger's would be.
    ("Referrer-Policy", "same-origin"),
    # The page is shown under another site's name: nothing may stay cached after a release.
    ("Cache-Control", "no-store"),
]
_HTML = "text/html; charset=utf-8"
_BY_THEMSELVES = (
    *("/favicon.ico", "/robots.txt"),
    *("/apple-touch-icon.png", "/apple-touch-icon-precomposed.png"),
)
"""What browsers ask for beside a page; there, and only so soon after it, it says nothing."""
_BESIDE_S = 5.0
_OVER = (BlockPageState.QUIET, BlockPageState.RELEASED, BlockPageState.HANDLED)
_Reply = tuple[str, bytes, str, list[tuple[str, str]]]


class BlockPageApplication:
    """Answers for every name. It sends nobody elsewhere but to a path of its own."""

    def __init__(
        self, settings: BlockPageSettings, *, now: Callable[[], float] = time.time
    ) -> None:
        self._settings, self._now = settings, now
        self._frames = pages.frames(settings)
        self._names: WatchedFile[ListedNames] | None = None
        if settings.names is not None:
            self._names = WatchedFile(settings.names, read_names)
        self._forms = PressProofs()
        self.standing = BlockedAddresses(
            settings.home / "held.json",
            wait_s=settings.wait_s,
            release_s=settings.release_s,
            tell=BlockPageNotes(settings.home / "notes.tsv").tell,
            release=writer(settings.way, settings.home),
        )
        self.standing.take_up(now())
        self.standing.set_handled(read_handled(settings.home))

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        status, body, kind, headers = self._reply(environ)
        length = ("Content-Length", str(len(body)))
        start(status, [*_HEADERS, *headers, ("Content-Type", kind), length])
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]

    def tidy(self) -> None:
        """Look for waits and releases that ended, and for whom the technician lets pass."""
        let = take_addresses(self._settings.home)
        if let:
            self.standing.release(let, self._now())
        self.standing.set_handled(read_handled(self._settings.home))
        self.standing.tidy(self._now())

    def _reply(self, environ: Environ) -> _Reply:
        path, method = str(environ.get("PATH_INFO", "/")), environ.get("REQUEST_METHOD")
        address, name, now = _address(environ), self._name(environ), self._now()
        own = self._own(environ, address, name) if path.startswith(f"{HERE}/") else None
        if own is not None:
            return own
        reads = method in ("GET", "HEAD") and not environ.get("QUERY_STRING")
        # Who opens the page by its address calls no listed name.
        by_address = reads and path == "/" and _is_address(environ)
        if not by_address:
            beside = _BESIDE_S if reads and path in _BY_THEMSELVES else 0
            self.standing.asked(address, name, now, beside_s=beside)
        if method not in ("GET", "HEAD"):
            return "403 Forbidden", b"held\n", "text/plain; charset=utf-8", []
        language = _language(environ)
        phase, stand = self.standing.stand(address, now)
        if by_address and phase in _OVER:
            over = pages.wait_page(self._frames[language], phase, stand, self._settings)
            return "403 Forbidden", over, _HTML, []
        return "403 Forbidden", self._page(environ, language, name), _HTML, []

    def _own(self, environ: Environ, address: str, name: str) -> _Reply | None:
        """Answer for an address of ours, None for what is none: it counts as a call."""
        path = str(environ["PATH_INFO"]).removeprefix(f"{HERE}/")
        language, _, what = path.partition("/")
        if environ.get("QUERY_STRING"):
            return None
        if environ.get("REQUEST_METHOD") == "POST":
            act, _, proof = what.partition("/")
            if language not in LANGUAGES or act != "sach":
                return None
            return self._press(environ, address, name, language, proof)
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
            return None
        file = pages.asset(f"{HERE}/{path}")
        if file is not None:
            return "200 OK", file[0], file[1], []
        if language not in LANGUAGES or what not in ("", "cho", "cho.json"):
            return None
        frame = self._frames[language]
        phase, stand = self.standing.stand(address, self._now())
        # Where nothing is left to do, nobody is told to unplug anything any more.
        if not what and phase not in _OVER:
            return "200 OK", self._page(environ, language, name), _HTML, []
        what = what or "cho"
        if what == "cho":
            return "200 OK", pages.wait_page(frame, phase, stand, self._settings), _HTML, []
        said = json.dumps(pages.as_json(frame, phase, stand, self._settings))
        return "200 OK", said.encode(), "application/json", []

    def _press(
        self, environ: Environ, address: str, name: str, language: str, proof: str
    ) -> _Reply:
        """Take "I have cleaned" where the page's own form says it, to this address."""
        now = self._now()
        form = self._forms.look(proof, address, now)
        if not is_from_here(environ) or not self._leads_here(environ, name):
            form = PressForm.FOREIGN
        if form is PressForm.FOREIGN:
            self.standing.asked(address, name, now)
        if form is not PressForm.OURS:
            return "403 Forbidden", self._page(environ, language, name, anew=True), _HTML, []
        self.standing.pressed(address, now)
        return "303 See Other", b"", _HTML, [("Location", f"{HERE}/{language}/cho")]

    def _leads_here(self, environ: Environ, name: str) -> bool:
        """False for a name that is on no list: somebody else turned it to us (DNS rebinding)."""
        return bool(name) or _is_address(environ) or self._listed() is None

    def _page(self, environ: Environ, language: str, name: str, *, anew: bool = False) -> bytes:
        agent, address = str(environ.get("HTTP_USER_AGENT", ""))[:LONGEST], _address(environ)
        # A stranger's name turned to us shows no proof: its own script could read it.
        leads_here = self._leads_here(environ, name)
        return pages.block_page(
            self._frames[language],
            name=name,
            address=address,
            platform=platform(agent),
            proof=self._forms.make(address, self._now()) if leads_here else "",
            anew=anew,
        )

    def _listed(self) -> ListedNames | None:
        return None if self._names is None else self._names.held()

    def _name(self, environ: Environ) -> str:
        """Return the listed name that was asked for, "" where it is on no list that we have."""
        names, host = self._listed(), host_of(environ.get("HTTP_HOST"))
        return (names.listed(host) or "") if names is not None and host else ""


def _is_address(environ: Environ) -> bool:
    """True where the browser was given an address in place of a name."""
    host = str(environ.get("HTTP_HOST", ""))
    inner = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return bool(plain(inner))


def _address(environ: Environ) -> str:
    """Return the client's address; 0.0.0.0 where the server does not give it."""
    return plain(str(environ.get("REMOTE_ADDR", ""))) or str(ip_address(0))


def _language(environ: Environ) -> str:
    """Return the first of our languages that the browser names; Vietnamese where it names none."""
    for one in str(environ.get("HTTP_ACCEPT_LANGUAGE", ""))[:200].split(","):
        language = one.strip()[:2].lower()
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


LOOK_EVERY = 15.0
"""Seconds between two looks for waits and releases that ended."""


def serve() -> BlockPageApplication:
    """Return the application of this process's settings, its waits and releases watched."""
    application = BlockPageApplication(block_page_settings())

    def watch() -> None:
        while True:
            time.sleep(LOOK_EVERY)
            application.tidy()

    threading.Thread(target=watch, name="block-page", daemon=True).start()
    return application
