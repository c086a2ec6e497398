"""The application of the held page: the same page for whatever a blocked name is asked for."""

import json
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv6Address, ip_address

from quetsach_public.held import pages
from quetsach_public.held.names import Names, host_of, read_names
from quetsach_public.held.notes import Notes
from quetsach_public.held.pages import HERE
from quetsach_public.held.releasing import writer
from quetsach_public.held.settings import HeldSettings
from quetsach_public.held.standing import Standing
from quetsach_public.held_file import HeldFile
from quetsach_public.hints import LONGEST, platform
from quetsach_public.origins import is_from_here
from quetsach_public.pages.languages import LANGUAGES
from quetsach_public.sending import Environ, StartResponse

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
    # All of it stands under somebody else's name: nothing may stay there once the name is open.
    ("Cache-Control", "no-store"),
]
_HTML = "text/html; charset=utf-8"
_BY_THEMSELVES = ("/favicon.ico", "/apple-touch-icon", "/robots.txt")
"""What browsers ask for beside a page; it says nothing of malware."""


class HeldApplication:
    """Answers for every name. It sends nobody elsewhere but to a path of its own."""

    def __init__(self, settings: HeldSettings, *, now: Callable[[], float] = time.time) -> None:
        self._settings, self._now = settings, now
        self._frames = pages.frames(settings)
        self._names: HeldFile[Names] | None = None
        if settings.names is not None:
            self._names = HeldFile(settings.names, read_names)
        self.standing = Standing(
            settings.home / "held.json",
            wait_s=settings.wait_s,
            release_s=settings.release_s,
            tell=Notes(settings.home / "notes.tsv").tell,
            release=writer(settings.way, settings.home),
        )
        self.standing.take_up(now())

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        status, body, kind, headers = self._reply(environ)
        length = ("Content-Length", str(len(body)))
        start(status, [*_HEADERS, *headers, ("Content-Type", kind), length])
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]

    def _reply(self, environ: Environ) -> tuple[str, bytes, str, list[tuple[str, str]]]:
        path, method = str(environ.get("PATH_INFO", "/")), environ.get("REQUEST_METHOD")
        address, name = _address(environ), self._name(environ)
        if path.startswith(f"{HERE}/"):
            return self._own(environ, path.removeprefix(HERE), address, name)
        if self._counts(environ, name) and not path.startswith(_BY_THEMSELVES):
            self.standing.asked(address, name, self._now())
        if method not in ("GET", "HEAD"):
            return "403 Forbidden", b"held\n", "text/plain; charset=utf-8", []
        return "403 Forbidden", self._page(environ, _language(environ), name), _HTML, []

    def _own(
        self, environ: Environ, path: str, address: str, name: str
    ) -> tuple[str, bytes, str, list[tuple[str, str]]]:
        """Answer for an address of ours."""
        file = pages.asset(f"{HERE}{path}")
        if file is not None:
            return "200 OK", file[0], file[1], []
        language, _, what = path.strip("/").partition("/")
        if language not in LANGUAGES:
            return "404 Not Found", self._page(environ, _language(environ), name), _HTML, []
        if what == "sach" and environ.get("REQUEST_METHOD") == "POST":
            if not is_from_here(environ):
                return "403 Forbidden", b"403 Forbidden\n", "text/plain; charset=utf-8", []
            self.standing.pressed(address, self._now())
            return "303 See Other", b"", _HTML, [("Location", f"{HERE}/{language}/cho")]
        frame = self._frames[language]
        phase, stand = self.standing.stand(address, self._now())
        if what == "cho":
            return "200 OK", pages.wait_page(frame, phase, stand, self._settings), _HTML, []
        if what == "cho.json":
            said = json.dumps(pages.as_json(frame, phase, stand, self._settings))
            return "200 OK", said.encode(), "application/json", []
        return "200 OK", self._page(environ, language, name), _HTML, []

    def _page(self, environ: Environ, language: str, name: str) -> bytes:
        agent = str(environ.get("HTTP_USER_AGENT", ""))[:LONGEST]
        return pages.held_page(
            self._frames[language],
            name=name,
            address=_address(environ),
            platform=platform(agent),
        )

    def _name(self, environ: Environ) -> str:
        """Return the listed name that was asked for, "" where it is on no list that we have."""
        names = None if self._names is None else self._names.held()
        host = host_of(environ.get("HTTP_HOST"))
        return (names.listed(host) or "") if names is not None and host else ""

    def _counts(self, environ: Environ, name: str) -> bool:
        """True for a call to a listed name; without a list, to any name that is no address."""
        if self._names is None or self._names.held() is None:
            return bool(host_of(environ.get("HTTP_HOST")))
        return bool(name)


def _address(environ: Environ) -> str:
    try:
        found = ip_address(str(environ.get("REMOTE_ADDR", "")).partition("%")[0])
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - the address of nobody, nothing is bound to it
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(found)


def _language(environ: Environ) -> str:
    """Return the first of our languages that the browser names; Vietnamese where it names none."""
    for one in str(environ.get("HTTP_ACCEPT_LANGUAGE", ""))[:200].split(","):
        language = one.strip()[:2].lower()
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]
