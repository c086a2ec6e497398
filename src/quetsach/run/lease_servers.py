"""DHCP servers told apart by their software, where no record names its server."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from quetsach.attribute.model import Act

_SOFTWARE: Mapping[str, str] = {
    "isc-leases": "ISC dhcpd",
    "kea-leases": "Kea",
    "dnsmasq-leases": "dnsmasq",
    "windows-dhcp": "Windows",
}
"""Formats that only one kind of server writes; syslog and captures tell of any."""


def with_servers(leases: pa.Table, formats: Sequence[str]) -> pa.Table:
    """Return LEASE rows with the software as the server, where that tells two servers apart.

    Shapes: `formats[file]` is the format of each file. Nothing is changed where any record names
    its server: a name and a software may be one and the same.
    """
    import pyarrow.compute as pc

    if not leases.num_rows or leases.column("server").null_count < leases.num_rows:
        return leases
    of_file = pa.array([_SOFTWARE.get(one) for one in formats], pa.string())
    told = of_file.take(leases.column("file").combine_chunks())
    seen = pc.equal(leases.column("act"), str(Act.SEEN)).combine_chunks()
    servers = pc.if_else(seen, pa.scalar(None, pa.string()), told)
    if len(pc.unique(servers.drop_null())) < 2:
        return leases
    place = leases.schema.get_field_index("server")
    return leases.set_column(place, leases.schema.field(place), servers)
