"""What the records of each form promise to tell: when, and who.

A dialect says so in its own file, and the index of all has it; for the Python formats it is the
table here. A record that names neither, such as a lease or a login on the device itself
(`event.type` info), promises nothing.
"""

from quetsach.formats.dialects.indexing import shipped_index

_BOTH = frozenset({"time", "client"})
_TIME = frozenset({"time"})

_ZEEK = (
    "conn",
    "dns",
    "http",
    "ssl",
    "ssh",
    "smtp",
    "ftp",
    "rdp",
    "kerberos",
    "ntlm",
    "smb_mapping",
)
_SURICATA = ("dns", "http", "tls", "quic", "flow", "netflow", "alert", "drop", "ssh", "smtp", "dga")
_OF_PYTHON = {
    **dict.fromkeys((f"zeek.{one}" for one in _ZEEK), _BOTH),
    **dict.fromkeys((f"suricata.{one}" for one in _SURICATA), _BOTH),
    **dict.fromkeys((f"pcap.{one}" for one in ("conn", "dns", "http", "tls")), _BOTH),
    # Received by a watch: what clients asked alone.
    "dnstap": _BOTH,
    **dict.fromkeys((f"fortigate.{one}" for one in ("traffic", "utm", "webfilter", "dns")), _BOTH),
    **dict.fromkeys((f"paloalto.{one}" for one in ("traffic", "threat", "decryption")), _BOTH),
    **dict.fromkeys(("windows-dns.packet", "windows.dns", "windows.firewall"), _BOTH),
    **dict.fromkeys(("windows.sysmon", "windows.dns-client", "windows.security"), _BOTH),
    **dict.fromkeys(("conntrack", "natlog", "ios.nat", "netfilter", "mikrotik.firewall"), _BOTH),
    **dict.fromkeys(("cisco.asa", "azure.flow", "squid.access", "web.access", "iis.access"), _BOTH),
    # A certificate has no client by definition.
    "zeek.x509": _TIME,
}


def promises_of(dataset: str) -> frozenset[str] | None:
    """Return what records of `dataset` promise to tell, None where no form here declares it."""
    declared = shipped_index().promises.get(dataset)
    if declared is not None:
        return frozenset(declared)
    if dataset in _OF_PYTHON:
        return _OF_PYTHON[dataset]
    from quetsach.formats.plugin_formats import plugin_promises

    return plugin_promises().get(dataset)
