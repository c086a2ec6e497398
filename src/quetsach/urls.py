"""Web addresses in their one canonical form, and when one lies under another."""

import re
from dataclasses import dataclass

from quetsach.addresses import Address, parse_address
from quetsach.hostnames import display_name, name_from_log, parse_name

LONGEST_URL = 8192
"""What is longer is cut before it is compared; in characters."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,15}):/{2,3}")
_AUTHORITY_END = re.compile(r"[/?#\\]")
_PORT = re.compile(r":([0-9]{1,5})?$")
_DEFAULT_PORTS = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443}
_BORDERS = "/?#&"


@dataclass(frozen=True)
class Url:
    """A web address taken apart.

    Shapes: `host` is canonical, an IPv6 address without brackets; `port` is None when it is the
    usual one; `known_port` is the port that is meant, None where neither it nor a scheme says;
    `rest` is path and query as written, beginning with `/`, without the fragment.
    """

    scheme: str
    host: str
    address: Address | None
    port: int | None
    known_port: int | None
    rest: str

    @property
    def key(self) -> str:
        """Return the canonical form: without scheme, `host[:port]/path?query`."""
        return self._written(self.host)

    @property
    def shown(self) -> str:
        """Return the form that people read: with the scheme if one was given, host in Unicode."""
        scheme = f"{self.scheme}://" if self.scheme else ""
        return scheme + self._written(display_name(self.host))

    def _written(self, host: str) -> str:
        bracketed = f"[{host}]" if ":" in host else host
        port = "" if self.port is None else f":{self.port}"
        return f"{bracketed}{port}{self.rest}"


def parse_url(text: str, *, tolerant: bool = False) -> Url | None:
    """Return the web address that `text` writes, with or without its scheme, or None.

    `tolerant` is for what a log says: a damaged host is kept as it stands.
    """
    cut = text.strip()[:LONGEST_URL]
    begin = _SCHEME.match(cut)
    scheme = begin.group(1).lower() if begin else ""
    body = cut[begin.end() :] if begin else cut
    end = _AUTHORITY_END.search(body)
    authority = body[: end.start()] if end else body
    rest = body[end.start() :] if end else ""
    host_port = split_port(authority.rpartition("@")[2])
    if host_port is None:
        return None
    host, port = host_port
    address = parse_address(host)
    name = str(address) if address is not None else _host_name(host, tolerant=tolerant)
    if not name:
        return None
    known_port = _DEFAULT_PORTS.get(scheme) if port is None else port
    return Url(scheme, name, address, _odd_port(scheme, port), known_port, _path(rest))


def split_port(text: str) -> tuple[str, int | None] | None:
    """Return host and port of `host`, `host:port`, `[v6]` or `[v6]:port`; None for a wrong port."""
    if text.startswith("["):
        host, closed, behind = text[1:].partition("]")
        if not closed:
            return None
    elif text.count(":") > 1:
        return text, None
    else:
        host, colon, digits = text.partition(":")
        behind = colon + digits
    if not behind:
        return host, None
    found = _PORT.fullmatch(behind)
    if found is None:
        return None
    port = None if found.group(1) is None else int(found.group(1))
    return None if port is not None and not 0 < port < 65536 else (host, port)


def covers(prefix: str, key: str) -> bool:
    """Return whether the canonical web address `key` is `prefix` or lies under it.

    It lies under it when the rest begins at a border: `/`, `?`, `#`, `&`, or after a closing `/`.
    """
    if not key.startswith(prefix):
        return False
    return len(key) == len(prefix) or prefix.endswith("/") or key[len(prefix)] in _BORDERS


def _host_name(host: str, *, tolerant: bool) -> str:
    if tolerant:
        return name_from_log(host)
    name = parse_name(host)
    return "" if name is None else name.ascii


def _odd_port(scheme: str, port: int | None) -> int | None:
    # The scheme does not count in comparing, so the usual ports of both http and https go.
    return None if port in (80, 443) or port == _DEFAULT_PORTS.get(scheme) else port


def _path(rest: str) -> str:
    path = rest.partition("#")[0]
    return path if path.startswith("/") else "/" + path
