"""Findings as an AVReport: what logs can tell goes in, what they cannot is left out and named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from quetsach.avreport.message import AvReportMessage, MachineRow
from quetsach.texts import _, plain

COLUMNS = (
    "quetsach.device",
    "quetsach.device.role",
    "quetsach.device.address",
    "quetsach.match.field",
    "quetsach.grade",
    "event.dataset",
    "destination.ip",
    "destination.nat.ip",
    "file.hash.md5",
    "file.hash.sha256",
)
"""What of a sighting is needed."""

_OWN_ADDRESS = ("destination.ip", "destination.nat.ip")


@dataclass(frozen=True)
class Sender:
    """Who reports, under which subject, and the time that the figures have."""

    organ: Mapping[str, str]
    subject: str
    datetime: int | None


@dataclass
class OmittedFindings:
    """What of the findings has no place in the message, counted in sightings or devices."""

    without_target: int = 0
    not_connected: int = 0
    without_family: list[str] = field(default_factory=list)
    not_blamed: int = 0
    unattributed: int = 0

    def sentences(self) -> Iterator[str]:
        """Yield a sentence for each thing that the message does not carry."""
        if self.without_target:
            yield _(
                "%(count)s sightings name no address that was reached (name server logs, proxies);"
                " TargetIP is left out"
            ) % {"count": self.without_target}
        if self.not_connected:
            yield _(
                "%(count)s sightings were only asked for, blocked or not answered; the form cannot"
                " say so"
            ) % {"count": self.not_connected}
        if self.without_family:
            yield _("the lists name no malware family for: %(names)s") % {
                "names": ", ".join(map(plain, self.without_family[:10]))
                + (" ..." if len(self.without_family) > 10 else "")
            }
        if self.not_blamed:
            yield _("%(count)s devices that are not blamed are not reported") % {
                "count": self.not_blamed
            }
        if self.unattributed:
            yield _("%(count)s sightings name no inside machine and are not reported") % {
                "count": self.unattributed
            }


def from_findings(
    devices: Mapping[str, Any],
    sightings: Iterable[Mapping[str, Any]],
    *,
    sender: Sender,
    inside: Sequence[IPv4Network | IPv6Network],
) -> tuple[AvReportMessage, OmittedFindings]:
    """Return the message and what it leaves out.

    Shapes: `devices` is devices.json; each sighting has COLUMNS.
    Cost: memory for each machine and address, not for each sighting.
    """
    left = OmittedFindings(
        not_blamed=len(devices["not_blamed"]),
        unattributed=int(devices["unattributed"]["sightings"]),
    )
    known = {one["device"]: one for one in devices["devices"]}
    rows = [*_malware(known, left), *_connections(known, sightings, inside, left)]
    told = {name for name, _its in rows}
    # A device that was seen in name server logs alone, and met no named family, is not lost.
    bare = [
        (name, MachineRow("Connection", _first(one), _name(one)))
        for name, one in known.items()
        if name not in told
    ]
    message = AvReportMessage(
        sender=sender.organ,
        subject=sender.subject,
        product="quetsach",
        datetime=sender.datetime,
        rows=tuple(row for _device, row in (*rows, *bare)),
    )
    return message, left


def _malware(known: Mapping[str, Any], left: OmittedFindings) -> Iterator[tuple[str, MachineRow]]:
    for name, one in known.items():
        families = {found["label"]: None for found in one["findings"] if found["label"]}
        if not families:
            left.without_family.append(name)
        for family in families:
            yield (
                name,
                MachineRow("Malware", _first(one), _name(one), {"MalwareName": plain(family)}),
            )


def _connections(
    known: Mapping[str, Any],
    sightings: Iterable[Mapping[str, Any]],
    inside: Sequence[IPv4Network | IPv6Network],
    left: OmittedFindings,
) -> Iterator[tuple[str, MachineRow]]:
    """Yield each address that a device reached, once."""
    seen: dict[tuple[str, str | None, str, str, str], None] = {}
    for one in sightings:
        device = known.get(one["quetsach.device"])
        if device is None or one["quetsach.device.role"] != "client":
            continue
        target = _target(one, inside)
        left.without_target += not target
        left.not_connected += one["quetsach.grade"] in ("asked", "answered", "blocked")
        md5, sha = one["file.hash.md5"] or "", one["file.hash.sha256"] or ""
        if target or md5 or sha:
            address = one["quetsach.device.address"] or _first(device)
            seen[one["quetsach.device"], address, md5, sha, target] = None
    for name, address, md5, sha, target in seen:
        facts = {"Md5": md5, "Sha2": sha, "TargetIP": target}
        told = {key: plain(value) for key, value in facts.items() if value}
        yield name, MachineRow("Connection", address, _name(known[name]), told)


def _target(one: Mapping[str, Any], inside: Sequence[IPv4Network | IPv6Network]) -> str:
    """Return the address that was reached, or "" where the record does not tell it.

    The other end of a question to a name server is that server; behind a proxy it is the proxy.
    """
    if one["quetsach.match.field"] in _OWN_ADDRESS:
        return str(one[one["quetsach.match.field"]] or "")
    reached = one["destination.ip"] or ""
    if not reached or (one["event.dataset"] or "").endswith(".dns"):
        return ""
    try:
        address = ip_address(reached)
    except ValueError:
        return ""
    return "" if any(address in network for network in inside) else str(address)


def _first(device: Mapping[str, Any]) -> str | None:
    return next((plain(one) for one in device["addresses"] if one), None)


def _name(device: Mapping[str, Any]) -> str | None:
    return plain(device["host_name"]) if device["host_name"] else None
