"""The formats written in Python, each loaded by the function of its name.

A sweep meets a few of forty, and loading all of them takes longer than to sweep a small log. Those
that ask for the form of each line are loaded by coded_forms.py.
"""

from functools import cache

from quetsach.formats.contract import Format


@cache
def zeek_tsv() -> Format:
    """Return the format of this name."""
    from quetsach.formats.zeek_tsv import ZeekTsv

    return ZeekTsv()


@cache
def zeek_json() -> Format:
    """Return the format of this name."""
    from quetsach.formats.zeek_json import ZeekJson

    return ZeekJson()


@cache
def suricata_eve() -> Format:
    """Return the format of this name."""
    from quetsach.formats.suricata_eve import SuricataEve

    return SuricataEve()


@cache
def azure_flows() -> Format:
    """Return the format of this name."""
    from quetsach.formats.azure_flows import AzureFlows

    return AzureFlows()


@cache
def windows_events() -> Format:
    """Return the format of this name."""
    from quetsach.formats.windows_events import WindowsEvents

    return WindowsEvents()


@cache
def ecs_json() -> Format:
    """Return the format of this name."""
    from quetsach.formats.ecs_json import EcsJson

    return EcsJson()


@cache
def fortigate() -> Format:
    """Return the format of this name."""
    from quetsach.formats.fortigate import FortiGate

    return FortiGate()


@cache
def ip_neigh() -> Format:
    """Return the format of this name."""
    from quetsach.formats.ip_neigh import IpNeigh

    return IpNeigh()


@cache
def lease_table() -> Format:
    """Return the format of this name."""
    from quetsach.formats.lease_table import LeaseTable

    return LeaseTable()


@cache
def arp_table() -> Format:
    """Return the format of this name."""
    from quetsach.formats.arp_table import ArpTable

    return ArpTable()


@cache
def host_address() -> Format:
    """Return the format of this name."""
    from quetsach.formats.host_address import HostAddress

    return HostAddress()


@cache
def host_velociraptor() -> Format:
    """Return the format of this name."""
    from quetsach.formats.host_velociraptor import HostVelociraptor

    return HostVelociraptor()


@cache
def host_ipconfig() -> Format:
    """Return the format of this name."""
    from quetsach.formats.host_ipconfig import HostIpconfig

    return HostIpconfig()


@cache
def host_listing() -> Format:
    """Return the format of this name."""
    from quetsach.formats.host_listing import HostListing

    return HostListing()


@cache
def host_tcp_table() -> Format:
    """Return the format of this name."""
    from quetsach.formats.host_tcp_table import HostTcpTable

    return HostTcpTable()


@cache
def host_dnscache() -> Format:
    """Return the format of this name."""
    from quetsach.formats.host_dnscache import HostDnscache

    return HostDnscache()


@cache
def host_netstat() -> Format:
    """Return the format of this name."""
    from quetsach.formats.host_netstat import HostNetstat

    return HostNetstat()


@cache
def host_hosts() -> Format:
    """Return the format of this name."""
    from quetsach.formats.host_hosts import HostHosts

    return HostHosts()


@cache
def kea_leases() -> Format:
    """Return the format of this name."""
    from quetsach.formats.kea_leases import KeaLeases

    return KeaLeases()


@cache
def windows_dhcp() -> Format:
    """Return the format of this name."""
    from quetsach.formats.windows_dhcp import WindowsDhcp

    return WindowsDhcp()


@cache
def windows_firewall() -> Format:
    """Return the format of this name."""
    from quetsach.formats.windows_firewall import WindowsFirewall

    return WindowsFirewall()


@cache
def windows_dns() -> Format:
    """Return the format of this name."""
    from quetsach.formats.windows_dns import WindowsDns

    return WindowsDns()


@cache
def isc_leases() -> Format:
    """Return the format of this name."""
    from quetsach.formats.isc_leases import IscLeases

    return IscLeases()


@cache
def dnsmasq_leases() -> Format:
    """Return the format of this name."""
    from quetsach.formats.dnsmasq_leases import DnsmasqLeases

    return DnsmasqLeases()


@cache
def conntrack() -> Format:
    """Return the format of this name."""
    from quetsach.formats.conntrack import Conntrack

    return Conntrack()


@cache
def natlog() -> Format:
    """Return the format of this name."""
    from quetsach.formats.natlog import Natlog

    return Natlog()


@cache
def cisco_asa() -> Format:
    """Return the format of this name."""
    from quetsach.formats.cisco_asa import CiscoAsa

    return CiscoAsa()


@cache
def paloalto() -> Format:
    """Return the format of this name."""
    from quetsach.formats.paloalto import PaloAlto

    return PaloAlto()


@cache
def mikrotik() -> Format:
    """Return the format of this name."""
    from quetsach.formats.mikrotik import MikroTik

    return MikroTik()


@cache
def ios_nat() -> Format:
    """Return the format of this name."""
    from quetsach.formats.ios_nat import IosNat

    return IosNat()


@cache
def port_blocks() -> Format:
    """Return the format of this name."""
    from quetsach.formats.port_blocks import PortBlocks

    return PortBlocks()


@cache
def squid() -> Format:
    """Return the format of this name."""
    from quetsach.formats.squid import Squid

    return Squid()


@cache
def web_log() -> Format:
    """Return the format of this name."""
    from quetsach.formats.web_log import WebLog

    return WebLog()


@cache
def dhcp_syslog() -> Format:
    """Return the format of this name."""
    from quetsach.formats.dhcp_syslog import DhcpSyslog

    return DhcpSyslog()


@cache
def netfilter() -> Format:
    """Return the format of this name."""
    from quetsach.formats.netfilter import Netfilter

    return Netfilter()


@cache
def foreign_ecs_json() -> Format:
    """Return the format of ECS documents as it reads those that a stranger may have written."""
    from quetsach.formats.ecs_json import EcsJson

    return EcsJson(foreign=True)


@cache
def free_text() -> Format:
    """Return the format for what no other knows."""
    from quetsach.formats.text import FreeText

    return FreeText()
