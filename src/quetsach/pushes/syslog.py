"""Syslog: a message a sighting (RFC 5424), by UDP, TCP or TLS; what holds no more is told, too.

No receiver says that it took a message. A connection that it ends whole after ours has ended says
as much as can be known; each message carries the number of its sighting.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from quetsach.addresses import parse_address
from quetsach.errors.exceptions import QuetsachError
from quetsach.hostnames import parse_name
from quetsach.indicators.fetch.trust import ClientCertificate, is_distrust
from quetsach.pushes.contract import Outgoing, PushFate, PushOutcome
from quetsach.pushes.requests import Patience
from quetsach.pushes.syslog_stream import LONGEST_DATAGRAM, deliver
from quetsach.texts import _

_PRIORITY = 16 * 8 + 4
"""local0.warning."""

_PORTS = {"udp": 514, "tcp": 514, "tls": 6514}
_ADDRESS = re.compile(
    r"(udp|tcp|tls)://(?:\[([0-9A-Fa-f:.]{2,45})\]|([^\[\]:/?#@\s]{1,253}))(?::(\d{1,5}))?/?"
)


@dataclass(frozen=True)
class SyslogAddress:
    """Where messages go: `transport` is udp, tcp or tls; `host` canonical."""

    transport: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.transport}://{host}:{self.port}"


def syslog_address(written: str) -> SyslogAddress:
    """Return the address of a receiver of syslog. Errors: E601 for what is none."""
    match = _ADDRESS.fullmatch(written)
    host = match and (match[2] or match[3])
    address = parse_address(host) if host else None
    name = parse_name(host) if host and address is None else None
    port = int(match[4]) if match and match[4] else _PORTS[match[1]] if match else 0
    if match is None or (address is None and name is None) or not 0 < port < 65_536:
        reason = _("right are tls://siem.example:6514, tcp://10.0.0.5:514 and udp://10.0.0.5:514")
        raise QuetsachError("E601", "URL", reason=reason)
    return SyslogAddress(match[1], str(address) if address else name.ascii if name else "", port)


def message(content: bytes, kind: str, when_us: int | None) -> bytes:
    """Return a message of RFC 5424; it names no machine, not even the one that sends it.

    Shapes: `kind` is its MSGID. Units: `when_us` since 1970, UTC; None for no time.
    """
    stamp = "-"
    if when_us is not None:
        seconds, rest = divmod(when_us, 1_000_000)
        stamp = f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:06}Z"
    return f"<{_PRIORITY}>1 {stamp} - quetsach - {kind} - ".encode() + content


@dataclass(frozen=True)
class SyslogTarget:
    """A receiver of syslog; `is_cef` has what is taken back told as CEF, else as JSON."""

    address: SyslogAddress
    patience: Patience
    source: str
    version: str
    is_cef: bool = False
    ca_file: Path | None = None
    certificate: ClientCertificate | None = None
    most_at_once: int = 1000

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Sequence[PushOutcome]]:
        """Send a batch over one connection; a message that no datagram holds is refused."""
        most = LONGEST_DATAGRAM if self.address.transport == "udp" else 1 << 30
        fits = [outgoing for outgoing in batch if len(outgoing.content) <= most]
        self._deliver([outgoing.content for outgoing in fits])
        numbers = {outgoing.number for outgoing in fits}
        reason = _("longer than a datagram: use tcp or tls")
        yield [
            PushOutcome(one.number, PushFate.SENT)
            if one.number in numbers
            else PushOutcome(one.number, PushFate.REFUSED, reason=reason)
            for one in batch
        ]

    def take_back(self, batch: Sequence[PushOutcome]) -> Iterator[Sequence[PushOutcome]]:
        """Tell which sightings hold no more."""
        self._deliver([message(self._withdrawn(sent.number), "withdrawn", None) for sent in batch])
        yield [PushOutcome(sent.number, PushFate.TAKEN_BACK) for sent in batch]

    def _withdrawn(self, number: str) -> bytes:
        if self.is_cef:
            event = (
                f"CEF:0|quetsach|quetsach|{self.version}|withdrawn|Sighting withdrawn|1|"
                f"externalId={number} act=withdrawn"
            )
            return event.encode()
        return msgspec.json.encode(
            {
                "quetsach.sighting.id": number,
                "event.action": "withdrawn",
                "event.provider": self.source,
            }
        )

    def _deliver(self, messages: Sequence[bytes]) -> None:
        tried = 0
        while messages:
            tried += 1
            try:
                deliver(
                    self.address.transport,
                    (self.address.host, self.address.port),
                    messages,
                    self.ca_file,
                    self.certificate,
                )
            except QuetsachError as error:
                may_pass = error.problem.code == "E213" and not is_distrust(error.__cause__)
                if not may_pass or not self.patience.again(tried):
                    raise
            else:
                return
