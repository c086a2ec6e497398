"""What the records of each form promise to tell: when, and who.

A dialect says so in its own file; for the Python formats it is the table here. A record that names
neither, such as a lease or a login on the device itself (`event.type` info), promises nothing.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from quetsach.formats.dialects.dialect import Dialect, Promise
from quetsach.formats.dialects.shipped_dialects import dialect_formats
from quetsach.formats.shared.ecs_fields import WHO_IT_WAS

_BOTH: frozenset[Promise] = frozenset({"time", "client"})
_TIME: frozenset[Promise] = frozenset({"time"})
_NOTHING: frozenset[Promise] = frozenset()

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
    **dict.fromkeys((f"fortigate.{one}" for one in ("traffic", "utm", "webfilter", "dns")), _BOTH),
    **dict.fromkeys((f"paloalto.{one}" for one in ("traffic", "threat", "decryption")), _BOTH),
    **dict.fromkeys(("windows-dns.packet", "windows.dns", "windows.firewall"), _BOTH),
    **dict.fromkeys(("windows.sysmon", "windows.dns-client", "windows.security"), _BOTH),
    **dict.fromkeys(("conntrack", "natlog", "ios.nat", "netfilter", "mikrotik.firewall"), _BOTH),
    **dict.fromkeys(("cisco.asa", "azure.flow", "squid.access", "web.access", "iis.access"), _BOTH),
    # A certificate has no client by definition.
    "zeek.x509": _TIME,
}


def promises_of(dataset: str) -> frozenset[Promise] | None:
    """Return what records of `dataset` promise to tell, None where no form here declares it."""
    declared = _of_dialects().get(dataset)
    return _OF_PYTHON.get(dataset) if declared is None else declared


@cache
def _of_dialects() -> dict[str, frozenset[Promise]]:
    """Return the promises by data set; where several forms write one, what all of them promise."""
    promised: dict[str, frozenset[Promise]] = {}
    for dataset, promises in _declared(form.dialect for form in dialect_formats()):
        promised[dataset] = promised.get(dataset, promises) & promises
    return promised


def _declared(dialects: Iterable[Dialect]) -> Iterator[tuple[str, frozenset[Promise]]]:
    for dialect in dialects:
        yield dialect.dataset, _of(dialect, dialect.type, dialect.fields)
        for variant in dialect.variants:
            if variant.dataset and variant.dataset != dialect.dataset:
                fields = {*dialect.fields, *variant.fields} - {*variant.drop}
                is_silent = variant.no_contact
                yield (
                    variant.dataset,
                    _NOTHING if is_silent else _of(dialect, variant.type or dialect.type, fields),
                )


def _of(dialect: Dialect, kind: str, fields: Iterable[str]) -> frozenset[Promise]:
    """Return what the file says; else a time, and a client where a field may hold one."""
    if dialect.promises is not None:
        return frozenset(dialect.promises)
    if kind == "info":
        return _NOTHING
    return _TIME if {*fields}.isdisjoint(WHO_IT_WAS) else _BOTH
