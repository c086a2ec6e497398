"""The address that is asked, and whether another one is still the same host."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from quetsach.addresses import parse_address
from quetsach.errors import QuetsachError
from quetsach.hostnames import parse_name
from quetsach.texts import _
from quetsach.urls import split_port

_LONGEST = 2048
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Address:
    """Where to ask: `host` canonical, an IPv6 address without brackets; `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Return what must stay the same from one request to the next."""
        return self.scheme, self.host, self.port

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    def at(self, path: str) -> "Address":
        """Return the address of `path` on the same host."""
        return Address(self.scheme, self.host, self.port, path)


def parse_target(text: str, *, plainly: bool = False) -> Address:
    """Return the address that `text` writes.

    With `plainly` it may be http: for answers that prove themselves, such as signed ones.
    Errors: E214 for one that is not https (http only to this machine itself), that carries a user
    or a password, or that is none.
    """
    host_port = None
    if len(text) <= _LONGEST and _VISIBLE.fullmatch(text):
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        if "@" in parts.netloc:
            raise QuetsachError("E214", "***", reason=_("a password in it would be seen by all"))
        host_port = split_port(parts.netloc)
    host = _host(host_port[0]) if host_port else None
    if host_port is None or host is None or parts.scheme not in _PORTS:
        raise QuetsachError("E214", text[:200], reason=_("it is no https:// address"))
    if parts.scheme == "http" and not plainly and not _is_this_machine(host):
        raise QuetsachError("E214", text, reason=_("it is not https, so anybody could change it"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, host, host_port[1] or _PORTS[parts.scheme], path)


def followed(link: str, seen_at: Address) -> Address:
    """Return the address of `link` as it stands in an answer from `seen_at`.

    Errors: E214 when it leads to another host, port or scheme.
    """
    target = parse_target(urljoin(str(seen_at), link[:_LONGEST]))
    if target.origin != seen_at.origin:
        reason = _("the server %(host)s sends on to another host") % {"host": seen_at.host}
        raise QuetsachError("E214", str(target), reason=reason)
    return target


def _host(text: str) -> str | None:
    address = parse_address(text)
    if address is not None:
        return str(address)
    name = parse_name(text) if text else None
    return None if name is None else name.ascii


def _is_this_machine(host: str) -> bool:
    address = parse_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)
