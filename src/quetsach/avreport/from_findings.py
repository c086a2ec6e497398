"""Findings as an AVReport: what logs show goes in, the rest is left out and named."""

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
"""The columns of a sighting that are needed."""

_OWN_ADDRESS = ("destination.ip", "destination.nat.ip")


@dataclass(frozen=True)
class Sender:
    """Who reports, under which subject, and the time that the figures have."""

    organ: Mapping[str, str]
    subject: str
    datetime: int | None


@dataclass
class OmittedFindings:
    """Counts of findings that the message cannot hold, in sightings or devices."""

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
    omitted = OmittedFindings(
        not_blamed=len(devices["not_blamed"]),
        unattributed=int(devices["unattributed"]["sightings"]),
    )
    by_name = {device["device"]: device for device in devices["devices"]}
    rows = [*_malware(by_name, omitted), *_connections(by_name, sightings, inside, omitted)]
    named = {name for name, _its in rows}
    # A device that was seen in name server logs alone, and matched no named family, is kept.
    bare = [
        (name, MachineRow("Connection", _first(device), _name(device)))
        for name, device in by_name.items()
        if name not in named
    ]
    message = AvReportMessage(
        sender=sender.organ,
        subject=sender.subject,
        product="quetsach",
        datetime=sender.datetime,
        rows=tuple(row for _device, row in (*rows, *bare)),
    )
    return message, omitted


def _malware(
    by_name: Mapping[str, Any], omitted: OmittedFindings
) -> Iterator[tuple[str, MachineRow]]:
    for name, device in by_name.items():
        families = {finding["label"]: None for finding in device["findings"] if finding["label"]}
        if not families:
            omitted.without_family.append(name)
        for family in families:
            yield (
                name,
                MachineRow(
                    "Malware", _first(device), _name(device), {"MalwareName": plain(family)}
                ),
            )


def _connections(
    by_name: Mapping[str, Any],
    sightings: Iterable[Mapping[str, Any]],
    inside: Sequence[IPv4Network | IPv6Network],
    omitted: OmittedFindings,
) -> Iterator[tuple[str, MachineRow]]:
    """Yield each address that a device reached, once."""
    reached: dict[tuple[str, str | None, str, str, str], None] = {}
    for sighting in sightings:
        device = by_name.get(sighting["quetsach.device"])
        if device is None or sighting["quetsach.device.role"] != "client":
            continue
        target = _target(sighting, inside)
        omitted.without_target += not target
        omitted.not_connected += sighting["quetsach.grade"] in ("asked", "answered", "blocked")
        md5, sha = sighting["file.hash.md5"] or "", sighting["file.hash.sha256"] or ""
        if target or md5 or sha:
            address = sighting["quetsach.device.address"] or _first(device)
            reached[sighting["quetsach.device"], address, md5, sha, target] = None
    for name, address, md5, sha, target in reached:
        facts = {"Md5": md5, "Sha2": sha, "TargetIP": target}
        filled = {key: plain(text) for key, text in facts.items() if text}
        yield name, MachineRow("Connection", address, _name(by_name[name]), filled)


def _target(sighting: Mapping[str, Any], inside: Sequence[IPv4Network | IPv6Network]) -> str:
    """Return the address that was reached, or "" where the record does not have it.

    The other end of a question to a name server is that server; behind a proxy it is the proxy.
    """
    if sighting["quetsach.match.field"] in _OWN_ADDRESS:
        return str(sighting[sighting["quetsach.match.field"]] or "")
    reached = sighting["destination.ip"] or ""
    if not reached or (sighting["event.dataset"] or "").endswith(".dns"):
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
