"""The formats written in Python, in the order in which a file's head is shown to them.

Each is loaded when a file may be of it: a sweep meets a few of forty. What a head cannot do without
stands here, beside the name; it lets too much through, and never keeps a format from its own file.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

from quetsach.formats import loading
from quetsach.formats.contract import Format
from quetsach.formats.shared.text_lines import FIRST_LINES_LOOK_AT, first_lines
from quetsach.sieve.kernel import literals_held

_TABLE_LINES = 200
"""In so many first lines the tables of machines and devices are looked for."""


class FileHead:
    """The start of a file, and its first lines as one text each time they are asked for."""

    def __init__(self, head: bytes) -> None:
        self.whole = head

    @cached_property
    def held(self) -> frozenset[bytes]:
        """The literals of all forms that are in it."""
        return literals_held(self.whole, _literals())

    @cached_property
    def lines(self) -> bytes:
        """The lines that most formats look at."""
        return self._first(FIRST_LINES_LOOK_AT)

    @cached_property
    def table(self) -> bytes:
        """The lines in which a table is looked for."""
        return self._first(_TABLE_LINES)

    def _first(self, count: int) -> bytes:
        return b"\n".join(self.whole.split(b"\n", count)[:count])


@dataclass(frozen=True)
class CodedForm:
    """A format written in Python: its name, how it is loaded, and what its head must hold.

    Shapes: one of `literals` is in the head, or `pattern` is found in its first lines (those of a
    table, with `is_table`); a format with neither is always asked.
    """

    name: str
    make: Callable[[], Format]
    literals: tuple[bytes, ...] = ()
    pattern: bytes = b""
    is_table: bool = False

    @property
    def format(self) -> Format:
        """The format, loaded once."""
        return self.make()

    def may_know(self, head: FileHead) -> bool:
        """Return False where the format surely does not recognise `head`."""
        if not self.literals and not self.pattern:
            return True
        if not head.held.isdisjoint(self.literals):
            return True
        if not self.pattern:
            return False
        return re.search(self.pattern, head.table if self.is_table else head.lines) is not None


@cache
def _literals() -> list[bytes]:
    return sorted({literal for form in (*CODED, *LENIENT) for literal in form.literals})


class PortBlocksForm(CodedForm):
    """The tables of port blocks, whose headings are in several languages."""

    def may_know(self, head: FileHead) -> bool:
        """Return False where the first line has fewer columns than such a table must have."""
        line = next((one for one in first_lines(head.whole) if not one.startswith(b"#")), b"")
        is_wide = any(line.count(sign) >= _LEAST_DELIMITERS for sign in (b";", b"\t", b"|", b","))
        return is_wide or super().may_know(head)


_LEAST_DELIMITERS = 3


@cache
def elff() -> Format:
    """Return the format of this name."""
    from quetsach.formats.elff import Elff

    return Elff()


@cache
def csv_documents() -> Format:
    """Return the format of this name."""
    from quetsach.formats.csv_documents import CsvDocuments

    return CsvDocuments()


@cache
def mixed_log() -> Format:
    """Return the format of logs that several devices write into."""
    from quetsach.formats.mixed_log import MixedLog

    return MixedLog()


@cache
def received() -> Format:
    """Return the format of messages that a watch received."""
    from quetsach.formats.received import Received

    return Received()


_COLLECTED = b"# quetsach-collect "
_JSON = (b"{",)
"""No key or value is sure to be written as it is read: JSON may escape each letter."""

_MAC = (
    rb"(?i)[0-9a-f]([:-])[0-9a-f]{1,2}(?:\1[0-9a-f]{1,2}){4}"
    rb"|[0-9a-f]{4}([.-])[0-9a-f]{4}\2[0-9a-f]{4}|[0-9a-f]{6}[-:][0-9a-f]{6}"
)
CODED: tuple[CodedForm, ...] = (
    # Whatever form its messages have, they are told by what stands before them.
    CodedForm(
        "received",
        received,
        pattern=rb"(?m)^\d{4}-\d\d-\d\dT[\d:]{8}\S{1,16} [\dA-Fa-f:.]{2,45} ",
    ),
    CodedForm("zeek-tsv", loading.zeek_tsv, (b"#fields", b"#separator")),
    CodedForm("zeek-json", loading.zeek_json, _JSON),
    CodedForm("suricata-eve", loading.suricata_eve, _JSON),
    CodedForm("azure-flows", loading.azure_flows, _JSON),
    # Winlogbeat's documents are of both; what Windows says is in its own part.
    CodedForm("windows-events", loading.windows_events, (b"Event", *_JSON)),
    CodedForm("ecs-json", loading.ecs_json, _JSON),
    CodedForm("fortigate", loading.fortigate, (b"subtype=",)),
    CodedForm(
        "ip-neigh",
        loading.ip_neigh,
        (b"lladdr", b"INCOMPLETE", b"FAILED", b"NONE"),
        rb"(?m)^[\s\x80-\xff]*[\[0-9A-Fa-f:.]{2}.*[\s\x80-\xff]dev[\s\x80-\xff]",
        is_table=True,
    ),
    CodedForm(
        "lease-table",
        loading.lease_table,
        pattern=rb"(?i)address|/ip dhcp-server lease",
        is_table=True,
    ),
    CodedForm("arp-table", loading.arp_table, pattern=_MAC, is_table=True),
    CodedForm("host-address", loading.host_address, (_COLLECTED,)),
    CodedForm("host-velociraptor", loading.host_velociraptor, _JSON),
    CodedForm("host-ipconfig", loading.host_ipconfig, (b" . .",)),
    CodedForm(
        "host-listing",
        loading.host_listing,
        pattern=rb"(?m)^(?:Chain |\*[fnmrs]|# Generated by ip6?tables|Kernel IP|Routing tables"
        rb"|default via |; <<>> DiG |={60,}[ \t\r]*$)",
    ),
    CodedForm("host-tcp-table", loading.host_tcp_table, (b"LocalAddress",)),
    CodedForm(
        "host-dnscache", loading.host_dnscache, (_COLLECTED, b"Entry"), rb"(?m)^ {2,8}-{10,}\s*$"
    ),
    CodedForm(
        "host-netstat",
        loading.host_netstat,
        (_COLLECTED, b"Recv-Q"),
        rb"(?im)^\s*(?:[0-9a-f]{8,16}\s+(?:[0-9a-f]{1,8}\s+)?)?(?:tcp|udp)\w*\s"
        rb"|^(?:ESTAB|SYN-|TIME-|CLOSE-|FIN-|LAST-|CLOSING|LISTEN|UNCONN)",
    ),
    CodedForm("host-hosts", loading.host_hosts, (_COLLECTED, b"localhost")),
    CodedForm("kea-leases", loading.kea_leases, (b"valid_lifetime",)),
    CodedForm(
        "windows-dhcp",
        loading.windows_dhcp,
        (b"ID,Date,Time,Description,IP",),
        rb"(?m)^\d{2,5},\d\d/\d\d/",
    ),
    CodedForm(
        "windows-firewall",
        loading.windows_firewall,
        pattern=rb"(?im)#\s?Fields:|^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:ALLOW|DROP|OPEN|CLOSE|INFO)",
    ),
    CodedForm("windows-dns", loading.windows_dns, (b" PACKET ",)),
    CodedForm(
        "isc-leases",
        loading.isc_leases,
        (b"lease ", b"ia-na ", b"ia-ta ", b"ia-pd ", b"server-duid "),
    ),
    CodedForm(
        "dnsmasq-leases",
        loading.dnsmasq_leases,
        pattern=rb"(?m)^(?:[\d\x80-\xff]{1,40} \S+ [0-9a-fA-F.:]{2,45} \S+ |duid )",
    ),
    CodedForm("conntrack", loading.conntrack, (b"src=",)),
    CodedForm("natlog", loading.natlog, (b"rom ",)),
    CodedForm(
        "cisco-asa",
        loading.cisco_asa,
        (b"%ASA-", b"%FTD-", b"%PIX-", b"%FWSM-", b"Group <", b"TunnelGroup <"),
    ),
    CodedForm(
        "paloalto",
        loading.paloalto,
        tuple(
            b"," + kind
            for kind in (
                *(b"TRAFFIC", b"THREAT", b"SYSTEM", b"CONFIG", b"GLOBALPROTECT", b"USERID"),
                *(b"DECRYPTION", b"HIPMATCH", b"CORRELATION", b"AUTHENTICATION", b"IPTAG"),
                *(b"SCTP", b"GTP", b"TUNNEL", b"AUDIT", b"OTHERS"),
            )
        ),
    ),
    CodedForm("mikrotik", loading.mikrotik, (b"proto ",)),
    CodedForm("ios-nat", loading.ios_nat, (b"NAT-6-", b"Inside global")),
    PortBlocksForm("port-blocks", loading.port_blocks, (b"NAT_PORT_BLOCK_", b"RT_SRC_NAT_PBA_")),
    CodedForm("squid", loading.squid, pattern=rb"[A-Z_]/\d{3} \d"),
    CodedForm("web-log", loading.web_log, (b'] "',)),
    CodedForm("elff", elff, pattern=rb"(?i)#\s?Fields:"),
    CodedForm("csv-rows", csv_documents),
)
"""The formats written in Python that most lines of a file must have, tried in this order."""

LENIENT: tuple[CodedForm, ...] = (
    CodedForm(
        "dhcp-syslog", loading.dhcp_syslog, (b"DHCP", b"assigned ", b" address ", b"SLAAC-CONFIRM")
    ),
    CodedForm("netfilter", loading.netfilter, (b"SRC=",)),
)
"""Formats of a server's syslog, which also hold the lines of other programs."""
