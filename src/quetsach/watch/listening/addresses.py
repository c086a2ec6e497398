"""Where a watch listens, as its user names it: a socket and how it is spoken to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _


class ListenKind(StrEnum):
    """How messages come: syslog in one of three ways, or dnstap."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"
    DNSTAP = "dnstap"


@dataclass(frozen=True)
class ListenAddress:
    """One place to listen at.

    Shapes: `written` is as its user wrote it; `host` is an address; `certificate` and `key` are
    PEM files of a TLS server, `authority` those whose clients alone may send; `path` is that of a
    unix socket, which `mode` lets others write to, and `group` owns.
    """

    written: str
    kind: ListenKind
    host: str = ""
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    authority: Path | None = None
    path: Path | None = None
    mode: int = 0o660
    group: str = ""

    @property
    def slug(self) -> str:
        """The name of the folder of its spool."""
        where = str(self.path) if self.path is not None else f"{self.host}-{self.port}"
        return f"{self.kind}-" + re.sub(r"[^A-Za-z0-9.\-]+", "_", where).strip("_")


USUAL_PORTS = {ListenKind.UDP: 514, ListenKind.TCP: 514, ListenKind.TLS: 6514}
_SYSLOG = re.compile(
    r"(?P<kind>udp|tcp|tls)://(?:\[(?P<v6>[^\]]+)\]|(?P<host>[^\[\]:/?]+))(?::(?P<port>\d{1,5}))?"
    r"/?(?:\?(?P<more>.*))?"
)
_UNIX = re.compile(r"unix:(?://)?(?P<path>[^?]+)(?:\?(?P<more>.*))?")
_OF_TLS, _OF_UNIX = {"cert", "key", "ca"}, {"mode", "group"}


def listen_address(written: str) -> ListenAddress:
    """Return where syslog is listened for. Errors: E507 for what is no such address."""
    match = _SYSLOG.fullmatch(written)
    if match is None:
        reason = _("right are udp://10.0.0.5:514, tcp://[2001:db8::5]:514, tls://10.0.0.5:6514?...")
        raise QuetsachError("E507", written, reason=reason)
    kind = ListenKind(match["kind"])
    port = int(match["port"]) if match["port"] else USUAL_PORTS[kind]
    more = _more(written, match["more"], _OF_TLS if kind is ListenKind.TLS else set())
    if port > 65_535:
        raise QuetsachError("E507", written, reason=_("a port is at most 65535"))
    if kind is ListenKind.TLS and not ("cert" in more and "key" in more):
        reason = _("TLS needs a certificate and its key: ?cert=server.pem&key=server.key")
        raise QuetsachError("E507", written, reason=reason)
    files = {name: Path(content) for name, content in more.items()}
    return ListenAddress(
        written,
        kind,
        _host(written, match["v6"] or match["host"]),
        port,
        certificate=files.get("cert"),
        key=files.get("key"),
        authority=files.get("ca"),
    )


def dnstap_address(written: str) -> ListenAddress:
    """Return the socket at which a name server hands in dnstap. Errors: E507."""
    match = _UNIX.fullmatch(written)
    if match is None:
        raise QuetsachError("E507", written, reason=_("right is unix:/run/quetsach/dnstap.sock"))
    more = _more(written, match["more"], _OF_UNIX)
    mode = more.get("mode", "660")
    if not re.fullmatch(r"0?[0-7]{3}", mode):
        raise QuetsachError("E507", written, reason=_("mode is three figures such as 660"))
    return ListenAddress(
        written,
        ListenKind.DNSTAP,
        path=Path(match["path"]),
        mode=int(mode, 8),
        group=more.get("group", ""),
    )


def _more(written: str, text: str | None, known: set[str]) -> Mapping[str, str]:
    more = dict(parse_qsl(text or "", keep_blank_values=True))
    unknown = sorted({*more} - known)
    if unknown or any(not content for content in more.values()):
        names = ", ".join(unknown or more)
        raise QuetsachError("E507", written, reason=_("not understood: %(name)s") % {"name": names})
    return more


def _host(written: str, host: str) -> str:
    """Return the address; a name may lead to another one tomorrow, so that none is taken."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        return str(ip_address(host))
    except ValueError:
        reason = _("give the address of this machine, not its name; 0.0.0.0 is all of them")
        raise QuetsachError("E507", written, reason=reason) from None
