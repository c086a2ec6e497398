"""The list of formats, in the order in which a file's head is shown to them."""

from datetime import UTC
from functools import cache

from quetsach.formats.arp_table import ArpTable
from quetsach.formats.azure_flows import AzureFlows
from quetsach.formats.cisco_asa import CiscoAsa
from quetsach.formats.conntrack import Conntrack
from quetsach.formats.contract import Format
from quetsach.formats.csv_documents import CsvDocuments
from quetsach.formats.dhcp_syslog import DhcpSyslog
from quetsach.formats.dialects.shipped_dialects import dialect_formats
from quetsach.formats.dnsmasq_leases import DnsmasqLeases
from quetsach.formats.ecs_json import EcsJson
from quetsach.formats.elff import Elff
from quetsach.formats.fortigate import FortiGate
from quetsach.formats.host_address import HostAddress
from quetsach.formats.host_dnscache import HostDnscache
from quetsach.formats.host_hosts import HostHosts
from quetsach.formats.host_ipconfig import HostIpconfig
from quetsach.formats.host_listing import HostListing
from quetsach.formats.host_netstat import HostNetstat
from quetsach.formats.host_tcp_table import HostTcpTable
from quetsach.formats.host_velociraptor import HostVelociraptor
from quetsach.formats.ios_nat import IosNat
from quetsach.formats.ip_neigh import IpNeigh
from quetsach.formats.isc_leases import IscLeases
from quetsach.formats.kea_leases import KeaLeases
from quetsach.formats.lease_table import LeaseTable
from quetsach.formats.mikrotik import MikroTik
from quetsach.formats.mixed_log import MixedLog, forms_of
from quetsach.formats.natlog import Natlog
from quetsach.formats.netfilter import Netfilter
from quetsach.formats.paloalto import PaloAlto
from quetsach.formats.port_blocks import PortBlocks
from quetsach.formats.shared.peeling import peel
from quetsach.formats.shared.text_lines import first_lines
from quetsach.formats.squid import Squid
from quetsach.formats.suricata_eve import SuricataEve
from quetsach.formats.text import FreeText
from quetsach.formats.web_log import WebLog
from quetsach.formats.windows_dhcp import WindowsDhcp
from quetsach.formats.windows_dns import WindowsDns
from quetsach.formats.windows_events import WindowsEvents
from quetsach.formats.windows_firewall import WindowsFirewall
from quetsach.formats.zeek_json import ZeekJson
from quetsach.formats.zeek_tsv import ZeekTsv

FALL_BACK: Format = FreeText()
"""The format for what no other knows; it comes last."""

CODED: tuple[Format, ...] = (
    ZeekTsv(),
    ZeekJson(),
    SuricataEve(),
    AzureFlows(),
    # Winlogbeat's documents are of both; what Windows says is in its own part.
    WindowsEvents(),
    EcsJson(),
    FortiGate(),
    IpNeigh(),
    LeaseTable(),
    ArpTable(),
    HostAddress(),
    HostVelociraptor(),
    HostIpconfig(),
    HostListing(),
    HostTcpTable(),
    HostDnscache(),
    HostNetstat(),
    HostHosts(),
    KeaLeases(),
    WindowsDhcp(),
    WindowsFirewall(),
    WindowsDns(),
    IscLeases(),
    DnsmasqLeases(),
    Conntrack(),
    Natlog(),
    CiscoAsa(),
    PaloAlto(),
    MikroTik(),
    IosNat(),
    PortBlocks(),
    Squid(),
    WebLog(),
    Elff(),
    CsvDocuments(),
)
"""The formats written in Python that most lines of a file must have, tried in this order."""

MIXED: Format = MixedLog()
LENIENT: tuple[Format, ...] = (DhcpSyslog(), Netfilter())
"""Formats of a server's syslog, which also hold the lines of other programs."""

_OF_PLAIN_LINES = {
    "fortigate", "windows-dns", "conntrack", "natlog", "cisco-asa", "paloalto", "mikrotik",
    "ios-nat", "squid", "web-log",
}  # fmt: skip
"""Formats in Python that would find their lines in a wrapper, too, and take it for a part of them:
a wrapped line is peeled, and read by itself."""

_OF_A_SERVER = {"dhcp-syslog", "netfilter", "dnsmasq"}

FORMATS: tuple[Format, ...] = (*CODED, *dialect_formats(), MIXED, *LENIENT, FALL_BACK)
"""Every format."""


def recognise(head: bytes) -> Format:
    """Return the format of a file that begins with `head`, the fall-back where none knows it."""
    wrapped = is_wrapped(head)
    for form in CODED:
        if form.recognise(head) and not (wrapped and form.name in _OF_PLAIN_LINES):
            return form
    forms, lines = forms_of(head)
    if all(form.name in _OF_A_SERVER for form, _ in forms):
        lenient = next((form for form in LENIENT if form.recognise(head)), None)
        if lenient is not None:
            return lenient
    if not forms:
        return FALL_BACK
    most, number = forms[0]
    known = sum(count for _, count in forms)
    # A file has the form of most lines; where few are known, it is read line by line.
    is_file_form = 2 * number > lines or (2 * number > known and 4 * number >= lines)
    if wrapped and most.name in _OF_PLAIN_LINES:
        return MIXED
    return by_name(most.name) if is_file_form else MIXED


def is_wrapped(head: bytes) -> bool:
    """Return whether a collector put most of the first lines into JSON, or a table holds them."""
    lines = list(first_lines(head))
    in_json = sum(b"{" in line and peel(line, UTC, None)[-1].document is not None for line in lines)
    return 2 * in_json > len(lines) or CsvDocuments().recognise(head)


@cache
def _by_name() -> dict[str, Format]:
    return {form.name: form for form in FORMATS}


def by_name(name: str) -> Format:
    """Return the format with this name.

    Errors: KeyError where there is none.
    """
    return _by_name()[name]
