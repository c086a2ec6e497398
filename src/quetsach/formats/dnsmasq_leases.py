"""dnsmasq's lease file: the leases at the moment it is written, one line a lease.

A line tells when the lease ends and not when it began: the machine held the address when the file
was taken. Where the lease had run out by then (dnsmasq drops such lines, so the date of the file
is that of a copy), all that is known is that it was held until it ended: it was seen then.

Source: dnsmasq's lease.c, lease_update_file. Behind the line `duid ...` come the DHCPv6 leases,
with the identifier of the interface (`T` before a temporary one) in the place of the hardware.
"""

import re
from collections.abc import Iterable
from typing import Any

from quetsach.clocks import Zone, us_from_epoch
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import leases, values

_LEASE = re.compile(
    r"(\d{1,10}) (?:([0-9a-fA-F]{2}-)?((?:[0-9a-fA-F]{2}:){1,15}[0-9a-fA-F]{2})|T?\d{1,10}) "
    r"([0-9a-fA-F.:]{2,45}) (\S{1,255}) (\*|[0-9a-fA-F:]{2,800})\s*"
)
_SERVER = re.compile(rb"^duid ([0-9a-fA-F:]{5,400})\s*$", re.MULTILINE)
_LOOK_AT = 50


class DnsmasqLeases:
    """Leases of dnsmasq, as on small routers and Pi-hole."""

    name = "dnsmasq-leases"
    title = N_("dnsmasq lease file (dnsmasq.leases)")
    reads = N_("who held which address when the file was taken, and until when")

    def recognise(self, head: bytes) -> bool:
        """Return whether more than half of the first lines are leases or the server's `duid`."""
        lines = [one for one in head.split(b"\n", _LOOK_AT)[:_LOOK_AT] if one.strip()]
        known = [one for one in lines if _lease(one) is not None or _SERVER.match(one)]
        return 2 * len(known) > len(lines)

    def layout(self, head: bytes) -> LogLayout:
        """Return the server's DUID, if present, as the only column; every line is wanted."""
        found = _SERVER.search(head)
        duid = leases.client_id(found[1].decode()) if found is not None else None
        return LogLayout("dnsmasq.lease", columns=(duid or "",), marker=b"", needs_date=True)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event a lease; times are epoch seconds, so `zone` is not needed."""
        rows = ParsedLines()
        for offset, line in lines:
            match = _lease(line)
            if not line.strip() or _SERVER.match(line):
                rows.skipped.append(offset)
            elif match is None:
                rows.reject(offset, "not-a-lease", line)
            else:
                record = _record(match, layout)
                if isinstance(record, str):
                    rows.reject(offset, record, line)
                else:
                    rows.add(offset, record)
        return rows


def _lease(line: bytes) -> re.Match[str] | None:
    return _LEASE.fullmatch(values.as_text(line)) if len(line) < 2048 else None


def _record(match: re.Match[str], layout: LogLayout) -> dict[str, Any] | str:
    """Return the event of a lease, or why it cannot be read."""
    expiry, kind, mac, written, name, identifier = match.groups()
    address = values.assignable_address(written)
    ends = us_from_epoch(expiry)
    if address is None:
        return "address"
    if ends is None and expiry != "0":
        # A router without a clock writes the length of the lease; of that nothing follows.
        return "time"
    record: dict[str, Any] = {
        "event.dataset": layout.dataset,
        "event.type": "info",
        "host.ip": address,
    }
    if layout.columns and layout.columns[0]:
        record["quetsach.lease.server"] = layout.columns[0]
    client_id = leases.client_id(identifier)
    leases.set_machine(
        record,
        # `06-` before it: hardware of another kind than Ethernet, here IEEE 802.
        mac=leases.hardware(mac) if kind in (None, "01-", "06-") else None,
        identifier=client_id if mac else None,
        duid=None if mac else client_id,
        name=name,
    )
    return record | _times(ends, layout)


def _times(ends: int | None, layout: LogLayout) -> dict[str, Any]:
    taken_us = layout.taken_us
    rough = not layout.taken_from_name
    if ends is None:
        reserved: dict[str, Any] = {"quetsach.lease.act": "reserved"}
        when = {} if taken_us is None else {"@timestamp": taken_us, "quetsach.time.rough": rough}
        return reserved | when
    if taken_us is None or ends - taken_us < 1_000_000:
        return {"@timestamp": ends, "quetsach.lease.act": "seen", "quetsach.time.rough": True}
    return {
        "@timestamp": taken_us,
        "quetsach.lease.act": "given",
        "quetsach.lease.seconds": leases.whole_seconds(taken_us, ends),
        "quetsach.time.rough": rough,
    }
