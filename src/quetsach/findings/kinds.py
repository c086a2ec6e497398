"""Which kind of evidence a record is, and which kinds a whole source shows.

A source of several kinds (Suricata EVE, FortiGate) counts for each kind that it writes as it is
delivered; what its owner has switched off cannot be told from the lines that stand in it.
Source: what the makers' references call their records; eve.json outputs, FortiOS log types.
"""

DNS = "dns"
CONNECTION = "connection"
WEB = "web"
FILE = "file"
MAIL = "mail"
HOST = "host"
TEXT = "text"
NO_KIND = ""
"""For what shows no contact at all, such as DHCP leases."""

_OF_PRODUCER = {
    **dict.fromkeys(("bind", "unbound", "dnsmasq", "pihole", "powerdns", "windows-dns"), DNS),
    **dict.fromkeys(
        ("conntrack", "asa", "mikrotik", "routeros", "natlog", "netfilter", "paloalto"), CONNECTION
    ),
    **dict.fromkeys(("squid", "web", "apache", "nginx", "iis"), WEB),
    **dict.fromkeys(("dhcp", "dhcpd", "kea", "arp", "ip", "isc", "windows-dhcp"), NO_KIND),
    "host": HOST,
    "text": TEXT,
}

_OF_RECORD = {
    **dict.fromkeys(("dns", "query", "queries"), DNS),
    **dict.fromkeys(("conn", "flow", "netflow", "traffic", "alert", "nat"), CONNECTION),
    **dict.fromkeys(
        ("http", "ssl", "tls", "quic", "x509", "utm", "webfilter", "url", "access", "threat"), WEB
    ),
    **dict.fromkeys(("files", "fileinfo", "pe"), FILE),
    "smtp": MAIL,
    **dict.fromkeys(("dhcp", "lease", "leases"), NO_KIND),
}

_OF_SOURCE = {
    "suricata.eve": frozenset({DNS, CONNECTION, WEB, FILE, MAIL}),
    "fortigate.log": frozenset({DNS, CONNECTION, WEB}),
    "paloalto.log": frozenset({CONNECTION, WEB}),
    "mikrotik.log": frozenset({CONNECTION, DNS}),
    "routeros.log": frozenset({CONNECTION, DNS}),
}


def kind_of(dataset: str) -> str:
    """Return the kind of evidence that a record of `dataset` is, "" where it shows no contact.

    A dataset nobody has sorted is a kind of its own: only its like proves silence in it.
    """
    producer, _dot, record = dataset.partition(".")
    if _OF_PRODUCER.get(producer) in (HOST, TEXT, NO_KIND):
        return _OF_PRODUCER[producer]
    if record in _OF_RECORD:
        return _OF_RECORD[record]
    return _OF_PRODUCER.get(producer, dataset)


def kinds_of_source(dataset: str) -> frozenset[str]:
    """Return the kinds of evidence that a source of this dataset shows; none for leases."""
    if dataset in _OF_SOURCE:
        return _OF_SOURCE[dataset]
    kind = kind_of(dataset)
    return frozenset({kind} if kind else ())
