"""Answers as they are sent: headers that every page has, packing, what did not change."""

import gzip
import re
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from urllib.parse import quote

from quetsach_public.pages.site import SitePage, packed_now

Environ = Mapping[str, object]
StartResponse = Callable[..., object]

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# A script has a policy of its own where it is a worker: then it may ask nobody anything.
_POLICY_OF_SCRIPTS = "default-src 'none'"
_ALWAYS = [
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ("X-Content-Type-Options", "nosniff"),
    # Not no-referrer: with it browsers send forms with "Origin: null", as a stranger's would be.
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
]
_HTML = "text/html; charset=utf-8"
SLOWED = "X-Accel-Limit-Rate"
"""The header that tells the proxy to take about a second for an answer."""

_SLOWEST = 1_024
"""Bytes a second. Of what is more than its rate nginx sends the rest a second later."""

FRESH_FOR = 300
"""Seconds that a browser or a cache in between may show a page that is the same for all."""


@dataclass(frozen=True)
class PublicResponse:
    """What is answered; `packed` where it was packed ahead."""

    status: str
    body: bytes
    packed: bytes | None = None
    kind: str = _HTML
    headers: Sequence[tuple[str, str]] = ()
    is_padded: bool = False
    """Its length tells nothing, and what is made of it must not tell either."""
    is_slowed: bool = False
    """The proxy is told to take about a second for it, which holds no thread here."""

    def send(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Send it; of HEAD only the headers."""
        if not self.body and self.status.startswith(("204", "304")):
            start(self.status, [self._policy, *_ALWAYS, *self.headers])
            return []
        # Speech is packed already, and a browser asks for it in parts of what is not packed again.
        is_audio = self.kind.startswith("audio/")
        is_packed = "gzip" in str(environ.get("HTTP_ACCEPT_ENCODING", "")) and not is_audio
        headers, body = self._sent_packed if is_packed else self._sent_plain
        if self.is_slowed:
            headers = [*headers, (SLOWED, str(max(_SLOWEST, len(body) * 3 // 4)))]
        start(self.status, headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]

    def slowed(self, *, is_held: bool) -> "PublicResponse":
        """Return it slowed; where nginx holds what is the same for all, that stays as it is."""
        is_for_one = ("Cache-Control", "no-store") in self.headers
        return replace(self, is_slowed=True) if is_for_one or not is_held else self

    @property
    def _policy(self) -> tuple[str, str]:
        is_script = self.kind.startswith("text/javascript")
        return "Content-Security-Policy", _POLICY_OF_SCRIPTS if is_script else _POLICY

    @cached_property
    def _sent_plain(self) -> tuple[list[tuple[str, str]], bytes]:
        return self._headers(self.body), self.body

    @cached_property
    def _sent_packed(self) -> tuple[list[tuple[str, str]], bytes]:
        body = self.packed if self.packed is not None else packed_now(self.body)
        return [*self._headers(body), ("Content-Encoding", "gzip")], body

    def _headers(self, body: bytes) -> list[tuple[str, str]]:
        return [
            self._policy,
            *_ALWAYS,
            *self.headers,
            ("Content-Type", self.kind),
            ("Content-Length", str(len(body))),
            ("Vary", "Accept-Encoding"),
        ]


def page_reply(page: SitePage, environ: Environ) -> PublicResponse:
    """Return a page that is the same for all, or that it did not change."""
    fresh = "max-age=31536000, immutable" if page.lasts else f"max-age={FRESH_FOR}"
    headers = [("Cache-Control", f"public, {fresh}"), ("ETag", page.etag)]
    if page.etag in str(environ.get("HTTP_IF_NONE_MATCH", "")):
        return PublicResponse("304 Not Modified", b"", headers=headers)
    if page.kind.startswith("audio/"):
        return _in_parts(page, headers, str(environ.get("HTTP_RANGE", "")))
    return PublicResponse("200 OK", page.plain, page.packed, page.kind, headers)


_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


def _in_parts(
    page: SitePage, headers: Sequence[tuple[str, str]], range_header: str
) -> PublicResponse:
    """Return the part that `range_header` names (RFC 9110, 14): Safari plays nothing else.

    Of another form of range all of it is sent, as the standard allows.
    """
    size, kind = len(page.plain), page.kind
    headers = [*headers, ("Accept-Ranges", "bytes")]
    matched = _RANGE.fullmatch(range_header)
    if matched is None:
        return PublicResponse("200 OK", page.plain, page.plain, kind, headers)
    first, last = int(matched[1]), min(int(matched[2] or size), size - 1)
    if first > last:
        headers.append(("Content-Range", f"bytes */{size}"))
        return PublicResponse("416 Range Not Satisfiable", b"", b"", kind, headers)
    headers.append(("Content-Range", f"bytes {first}-{last}/{size}"))
    part = page.plain[first : last + 1]
    return PublicResponse("206 Partial Content", part, part, kind, headers)


def own_reply(body: bytes, status: str = "200 OK", packed: bytes | None = None) -> PublicResponse:
    """Return a page for one request: never cached."""
    return PublicResponse(status, body, packed, headers=[("Cache-Control", "no-store")])


def moved_reply(address: str) -> PublicResponse:
    """Return "see there": a form that was sent is not sent again by going back."""
    headers = [("Location", address), ("Cache-Control", "no-store")]
    return PublicResponse("303 See Other", b"", b"", headers=headers)


# Answers of one length: who watches the line reads nothing, but sees how long they are.

STEP = 4_096
"""Bytes of a packed answer, or a multiple; twice as many of a plain one."""

_BEGINS, _ENDS = b"<!--", b"-->"
_STORED = 5
_TRAILER = 8
_FILLED = len(_BEGINS + _ENDS) + _STORED


def padded_reply(plain: bytes, status: str = "200 OK") -> PublicResponse:
    """Return a page for one request, plain and packed, each padded with a comment at its end."""
    body = plain + _comment(-len(plain) % (2 * STEP))
    return replace(own_reply(body, status, _packed(plain)), is_padded=True)


def _comment(length: int) -> bytes:
    room = length - len(_BEGINS + _ENDS)
    return _BEGINS + b"." * room + _ENDS if room >= 0 else b" " * length


def _packed(plain: bytes) -> bytes:
    """Return `plain` packed, and behind it a comment stored as it is: so its length is known."""
    packing = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    # After a flush a stream ends with a whole byte: a last block can be put behind it by hand.
    head = gzip.compress(b"", mtime=0)[:10]
    text = head + packing.compress(plain) + packing.flush(zlib.Z_SYNC_FLUSH)
    comment = _comment(len(_BEGINS + _ENDS) + -(len(text) + _FILLED + _TRAILER) % STEP)
    whole = plain + comment
    block = struct.pack("<BHH", 1, len(comment), len(comment) ^ 0xFFFF) + comment
    return text + block + struct.pack("<II", zlib.crc32(whole), len(whole))


# A unit's code goes along from page to page in the links: no cookie is needed to keep it.

_LINK = re.compile(r'((?:href|action)="/[^".?#]*)(\?[^"#]*)?(?=["#])')
"""A link to a page of ours; those of files have a dot."""


def carrying(reply: PublicResponse, code: str) -> PublicResponse:
    """Return `reply` with `code` in the links of its page; "" is none."""
    if not code or not reply.body or not reply.kind.startswith("text/html"):
        return reply
    parameter = f"ma={escape(quote(code))}"

    def carried(found: re.Match[str]) -> str:
        link, query = found[1], found[2] or ""
        if "ma=" in query:
            return found[0]
        return f"{link}{query}&amp;{parameter}" if query else f"{link}?{parameter}"

    # Made for one request, so it is never cached.
    body = _LINK.sub(carried, reply.body.decode()).encode()
    return (padded_reply if reply.is_padded else own_reply)(body, reply.status)
