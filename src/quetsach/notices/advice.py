"""Which log would have answered, and how to switch it on, device by device.

Only what each maker documents; 192.0.2.10 stands for the machine that keeps the logs.
Sources: RouterOS (Filter, Log), FortiOS CLI reference, Cisco ASA syslog messages 302013 and
305011, Cisco IOS IP addressing commands, conntrack(8), natlog(1), pf(4), Microsoft's
documentation of DhcpServer and netsh advfirewall.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from quetsach.errors.catalogue import N_
from quetsach.notices.model import MissingLog
from quetsach.texts import _


@dataclass(frozen=True)
class Advice:
    """How one device is made to write the log: its name, commands to copy, and what to mind."""

    device: str
    commands: tuple[str, ...]
    note: str = ""


_SAID: Mapping[MissingLog, str] = {
    MissingLog.TRANSLATION: N_(
        "The log of address translation (NAT) of the office's router, with ports, for that time."
    ),
    MissingLog.OUTER_TRANSLATION: N_(
        "The translation log of the operator of this public address, mostly the provider."
    ),
    MissingLog.LEASE: N_(
        "The DHCP log of that time: it shows which machine held the inside address."
    ),
    MissingLog.CONTACT: N_(
        "An inside log (DNS, firewall, proxy) of that time: it shows which machine reached the "
        "destination."
    ),
    MissingLog.RESOLVER_LOG: N_(
        "The query log of the office's own name server: it shows which machine sent the query."
    ),
    MissingLog.PROXY_LOG: N_(
        "The access log of the proxy: it shows for which machine it fetched the page."
    ),
    MissingLog.PORT: N_(
        "The source port: ask the authority for it; without it NAT cannot be undone."
    ),
    MissingLog.TIME: N_("The time to the second, with its zone: ask the authority for it."),
    MissingLog.OWN_ADDRESSES: N_(
        "Your own public addresses: give them with --public CIDR or --plan FILE."
    ),
}

_MIKROTIK_SYSLOG = "/system logging action set remote remote=192.0.2.10 remote-port=514"
_FORTIGATE_SYSLOG = (
    "config log syslogd setting",
    "    set status enable",
    '    set server "192.0.2.10"',
    "end",
)
_ASA = (
    "logging enable",
    "logging timestamp",
    "logging trap informational",
    "logging host inside 192.0.2.10",
)
_WINDOWS_DNS = (
    "Set-DnsServerDiagnostics -Queries $true -Answers $true -QuestionTransactions $true "
    "-ReceivePackets $true -SendPackets $true -UdpPackets $true -TcpPackets $true "
    "-EnableLoggingToFile $true -LogFilePath C:\\dns.log",
)
_CONSUMER = Advice(
    N_("DrayTek and home routers"),
    (),
    N_(
        "Open System Maintenance > SysLog (or Log), switch syslog on and enter the address of a "
        "PC that runs a syslog server; tick the user access and firewall logs. Most of these "
        "routers write no translated ports: then a log inside is needed."
    ),
)

_NAT = (
    Advice(
        "MikroTik RouterOS",
        (
            _MIKROTIK_SYSLOG,
            "/system logging add topics=firewall,info action=remote",
            "/ip firewall filter add chain=forward connection-nat-state=srcnat protocol=tcp "
            "tcp-flags=syn,ack action=log log-prefix=nat place-before=0",
        ),
        N_("The answer to a new connection is logged: the first packet has no translation yet."),
    ),
    Advice(
        "FortiGate",
        (
            *_FORTIGATE_SYSLOG,
            "config firewall policy",
            "    edit POLICY-ID",
            "        set logtraffic all",
            "    next",
            "end",
        ),
        N_("In each policy towards the Internet; transip and transport then stand in the log."),
    ),
    Advice("Cisco ASA", _ASA, N_("Messages 302013 and 305011 hold both addresses and ports.")),
    Advice(
        "Cisco IOS",
        (
            "service timestamps log datetime msec show-timezone year",
            "ip nat log translations syslog",
            "logging trap informational",
            "logging host 192.0.2.10",
        ),
    ),
    Advice(
        N_("Linux router"),
        (
            "apt-get install conntrack",
            "systemd-run --unit=natlog sh -c "
            "'exec conntrack -E -e NEW,DESTROY -o timestamp >> /var/log/conntrack.log'",
        ),
        N_("Until the next start; for good, make it a unit file. Or run natlog: natlog conntrack."),
    ),
    Advice(
        N_("pfSense and OPNsense"),
        (
            "* * * * * root (date -u +\\%Y-\\%m-\\%dT\\%H:\\%M:\\%SZ; pfctl -ss) "
            ">> /var/log/states.log",
        ),
        N_(
            "Their firewall log has no translated port; the table of states, each minute, has. "
            "Also log the rule of the inside network and send it on: Status > System Logs > "
            "Settings > Remote Logging."
        ),
    ),
    Advice(
        N_("Windows Server as a router (RRAS)"),
        (),
        N_("It writes no translated ports: a log inside is needed, see below."),
    ),
    _CONSUMER,
)

_DHCP = (
    Advice(
        "MikroTik RouterOS",
        (_MIKROTIK_SYSLOG, "/system logging add topics=dhcp,info action=remote"),
    ),
    Advice("FortiGate", _FORTIGATE_SYSLOG, N_("Its event log then holds the DHCP leases.")),
    Advice(
        N_("Windows DHCP server"),
        (r"Set-DhcpServerAuditLog -Enable $true -Path C:\Windows\System32\dhcp",),
        N_("Copy DhcpSrvLog-*.log each week: it is overwritten after seven days."),
    ),
    Advice(
        N_("Linux (dnsmasq)"),
        ("echo log-dhcp >> /etc/dnsmasq.conf", "systemctl restart dnsmasq"),
    ),
    Advice(
        "Cisco IOS",
        ("show ip dhcp binding",),
        N_("Keep its output of each hour."),
    ),
    _CONSUMER,
)

_INSIDE = (
    Advice(
        "MikroTik RouterOS",
        (
            _MIKROTIK_SYSLOG,
            "/system logging add topics=firewall,info action=remote",
            "/ip firewall filter add chain=forward connection-state=new action=log "
            "log-prefix=out place-before=0",
        ),
    ),
    Advice(
        "FortiGate",
        (*_FORTIGATE_SYSLOG,),
        N_("With set logtraffic all in each policy towards the Internet."),
    ),
    Advice("Cisco ASA", _ASA),
    Advice(
        N_("Windows DNS server"),
        _WINDOWS_DNS,
        N_("This is the debug log; watch the size of its file."),
    ),
    Advice(
        N_("Windows PC"),
        (
            "netsh advfirewall set allprofiles logging allowedconnections enable",
            "netsh advfirewall set allprofiles logging maxfilesize 32767",
        ),
        N_("The log is pfirewall.log in System32/LogFiles/Firewall."),
    ),
    Advice(
        N_("Linux (dnsmasq)"),
        ("echo log-queries=extra >> /etc/dnsmasq.conf", "systemctl restart dnsmasq"),
    ),
    _CONSUMER,
)

_RESOLVER = (
    Advice(
        N_("Windows DNS server"),
        _WINDOWS_DNS,
    ),
    Advice("BIND", ("rndc querylog on",)),
    Advice("Unbound", ("unbound-control set_option log-queries: yes",)),
    Advice(
        N_("Linux (dnsmasq)"),
        ("echo log-queries=extra >> /etc/dnsmasq.conf", "systemctl restart dnsmasq"),
    ),
)

ADVICE: Mapping[MissingLog, tuple[Advice, ...]] = {
    MissingLog.TRANSLATION: _NAT,
    MissingLog.OUTER_TRANSLATION: (
        Advice(
            N_("Provider (CGNAT)"),
            (),
            N_(
                "Write to the provider with the public address, the source port and the time "
                "with its zone, and ask which of your lines it was; without the port nobody "
                "can tell. Ask at once: such records are kept for a limited time."
            ),
        ),
    ),
    MissingLog.LEASE: _DHCP,
    MissingLog.CONTACT: _INSIDE,
    MissingLog.RESOLVER_LOG: _RESOLVER,
    MissingLog.PROXY_LOG: (
        Advice(
            "Squid",
            ("access_log stdio:/var/log/squid/access.log squid",),
            N_("A line of squid.conf; the client's address stands in each line of that log."),
        ),
    ),
    MissingLog.PORT: (),
    MissingLog.TIME: (),
    MissingLog.OWN_ADDRESSES: (),
}
"""What to switch on, by what is missing; empty where it is to be asked for."""


def describe_missing_log(lack: MissingLog) -> str:
    """Return in a sentence what is missing, or what would have made the answer surer."""
    return _(_SAID[lack])


def advice_for(lack: MissingLog, devices: str = "") -> tuple[Advice, ...]:
    """Return how to get what is missing; only for devices whose name holds `devices`, if any do."""
    known = ADVICE[lack]
    word = devices.casefold()
    chosen = tuple(one for one in known if word in one.device.casefold())
    return chosen or known
