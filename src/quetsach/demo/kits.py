"""Which logs each unit keeps: kind of recorder, where it writes, how it rotates and packs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class RecorderKind(StrEnum):
    """What writes a log."""

    ZEEK_TSV = "zeek-tsv"
    ZEEK_JSON = "zeek-json"
    EVE = "eve"
    FORTIGATE = "fortigate"
    SYSLOG = "syslog"
    CONNTRACK = "conntrack"
    SQUID = "squid"
    ISC_LEASES = "isc-leases"
    DNSMASQ_LEASES = "dnsmasq-leases"


TEXT_KINDS = frozenset((RecorderKind.SYSLOG, RecorderKind.CONNTRACK, RecorderKind.SQUID))
"""Recorders that write lines of text: each has a format of its own that reads it."""


class Flavour(StrEnum):
    """In which of its forms a recorder writes."""

    PLAIN = "plain"
    SLIM = "slim"
    """Zeek TSV with fewer columns in another order."""
    ISO = "iso"
    """Zeek JSON with ISO 8601 times."""
    UNDERSCORE = "underscore"
    """Zeek JSON whose keys have `_` where others have a dot."""
    V3 = "v3"
    """EVE with DNS records of version 3."""
    SECONDS = "seconds"
    """FortiGate 6.0: eventtime in seconds and no tz."""


@dataclass(frozen=True)
class Cut:
    """Where a file breaks off: its day (None: it holds the whole week), its log, how much is kept.

    Shapes: `kept` is the share of its bytes; None cuts a plain file within the last line that
    names an indicator, behind the name.
    """

    day: int | None
    log: str
    kept: float | None = None


@dataclass(frozen=True)
class Recorder:
    """One thing that writes logs: `base` is its folder, or its file when `single` is set."""

    kind: RecorderKind
    base: str
    daily: bool = True
    single: bool = False
    packing: str = ""
    flavour: Flavour = Flavour.PLAIN
    utc: bool = False
    cut: Cut | None = None

    @property
    def clock(self) -> str:
        """The zone of the times it writes without one."""
        return "UTC" if self.utc else "Asia/Ho_Chi_Minh"


_ISC = Recorder(RecorderKind.ISC_LEASES, "dhcp/dhcpd.leases", daily=False, single=True)
_DNSMASQ = Recorder(RecorderKind.DNSMASQ_LEASES, "router/dnsmasq.leases", daily=False, single=True)
_SYSLOG = Recorder(RecorderKind.SYSLOG, "router/messages.log", daily=False, single=True)
_CONNTRACK = Recorder(RecorderKind.CONNTRACK, "router/conntrack", single=True, packing=".gz")
_ZEEK = Recorder(RecorderKind.ZEEK_TSV, "zeek")
_ZEEK_GZ = Recorder(RecorderKind.ZEEK_TSV, "zeek", packing=".gz")
_JSON = Recorder(RecorderKind.ZEEK_JSON, "zeek-json")
_EVE = Recorder(RecorderKind.EVE, "suricata/eve", single=True)
_FORTI = Recorder(RecorderKind.FORTIGATE, "fortigate/fg60f", single=True)
_FORTI_OLD = Recorder(
    RecorderKind.FORTIGATE, "fortigate/fg60e.log", daily=False, single=True, flavour=Flavour.SECONDS
)

KITS: Mapping[str, tuple[Recorder, ...]] = {
    "TC01": (_ZEEK, _FORTI),
    "TC02": (_ZEEK_GZ, _DNSMASQ),
    "TC03": (_EVE,),
    "TC04": (Recorder(RecorderKind.SQUID, "proxy/access.log", daily=False, single=True), _ISC),
    "TC05": (_JSON,),
    "TC06": (_SYSLOG, _DNSMASQ),
    "TC07": (Recorder(RecorderKind.ZEEK_TSV, "zeek", packing=".gz", cut=Cut(4, "dns", 0.55)),),
    "TC08": (_FORTI_OLD,),
    "TC09": (
        Recorder(
            RecorderKind.EVE,
            "suricata/eve.json",
            daily=False,
            single=True,
            packing=".zst",
            flavour=Flavour.V3,
        ),
    ),
    "TC10": (_CONNTRACK, _SYSLOG),
    "TC11": (
        Recorder(RecorderKind.ZEEK_JSON, "zeek-json", packing=".gz", flavour=Flavour.UNDERSCORE),
    ),
    "TC12": (_ZEEK, _FORTI),
    "TC13": (
        Recorder(
            RecorderKind.EVE, "suricata/eve.json", daily=False, single=True, cut=Cut(None, "eve")
        ),
    ),
    "TC14": (Recorder(RecorderKind.ZEEK_TSV, "zeek", flavour=Flavour.SLIM),),
    "TC15": (_FORTI,),
    "TC16": (_ZEEK,),
    "TC17": (_CONNTRACK, _ISC),
    "TC18": (_ZEEK_GZ, _EVE),
    "TC19": (Recorder(RecorderKind.ZEEK_JSON, "zeek-json", flavour=Flavour.ISO),),
    "TC20": (
        _ZEEK,
        Recorder(RecorderKind.SQUID, "proxy/access.log", daily=False, single=True, packing=".gz"),
    ),
    "TC21": (_FORTI,),
    "TC22": (_FORTI_OLD, _DNSMASQ),
    "TC23": (_ZEEK,),
    "TC24": (_SYSLOG,),
    "TC25": (
        Recorder(RecorderKind.EVE, "suricata/eve", single=True, utc=True),
        Recorder(RecorderKind.SYSLOG, "router/messages.log", daily=False, single=True, utc=True),
    ),
    "TC26": (_ZEEK,),
    "TC27": (Recorder(RecorderKind.SQUID, "proxy/access.log", daily=False, single=True), _ISC),
    "TC28": (_FORTI,),
    "TC29": (_JSON,),
    "TC30": (_EVE,),
}
"""The recorders of each unit, by its code."""

LOGGED_DAYS: Mapping[str, tuple[int, ...]] = {"TC16": (2, 3)}
"""Units whose logs cover only some days of the week."""
