"""An AVReport from a findings folder, as XML with a signature: exclusive C14N, RSA-SHA-256."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any

from quetsach.avreport.message import (
    DSIG,
    EDXML,
    FROM,
    GROUPS,
    NOT_UPDATED,
    ORDER,
    AvReportMessage,
    MachineGroup,
    MachineRow,
)
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import Tlp
from quetsach.indicators.restriction import Audience, is_allowed, withheld_text
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
    "quetsach.indicator.key",
    "threat.indicator.marking.tlp",
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
    restricted: set[str] = field(default_factory=set)

    def sentences(self) -> Iterator[str]:
        """Yield a sentence for each thing that the message does not carry."""
        if self.without_target:
            yield _(
                "%(count)s sightings contain no address that was reached (name server logs, "
                "proxies); TargetIP is left out"
            ) % {"count": self.without_target}
        if self.not_connected:
            yield _(
                "%(count)s sightings are only queries, or were blocked or not answered; the form "
                "cannot express this"
            ) % {"count": self.not_connected}
        if self.without_family:
            yield _("the lists name no malware family for: %(names)s") % {
                "names": ", ".join(map(plain, self.without_family[:10]))
                + (" ..." if len(self.without_family) > 10 else "")
            }
        if self.restricted:
            yield withheld_text(len(self.restricted))
        if self.not_blamed:
            yield _("%(count)s devices that are not counted as infected are not reported") % {
                "count": self.not_blamed
            }
        if self.unattributed:
            yield _("%(count)s sightings belong to no inside machine and are not reported") % {
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
        (name, MachineRow("Connection", _first(device), _device_name(device)))
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
        findings = [one for one in device["findings"] if _may_leave(one.get("tlp"))]
        omitted.restricted.update(
            one["key"] for one in device["findings"] if not _may_leave(one.get("tlp"))
        )
        families = {finding["label"]: None for finding in findings if finding["label"]}
        if not families:
            omitted.without_family.append(name)
        for family in families:
            yield (
                name,
                MachineRow(
                    "Malware", _first(device), _device_name(device), {"MalwareName": plain(family)}
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
        if not _may_leave(sighting.get("threat.indicator.marking.tlp")):
            omitted.restricted.add(sighting["quetsach.indicator.key"])
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
        yield name, MachineRow("Connection", address, _device_name(by_name[name]), filled)


def _may_leave(marking: str | None) -> bool:
    """Return whether the marking of an indicator lets it go to the authority above."""
    level = Tlp(marking.lower()) if marking else None
    return is_allowed(level, Audience.CLIENTS)


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


def _device_name(device: Mapping[str, Any]) -> str | None:
    return plain(device["host_name"]) if device["host_name"] else None


if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate
    from lxml.etree import _Element


PLACEHOLDER = "placeholder"
"""The number of the empty signature element that a signer replaces."""


def to_tree(message: AvReportMessage, *, with_place_for_signature: bool) -> "_Element":
    """Return the envelope. An unknown group is written empty: no constants."""
    from lxml import etree

    root = etree.Element("edXMLEnvelope", nsmap={"edXML": EDXML})
    header = etree.SubElement(root, _edxml("edXMLHeader"))
    head = etree.SubElement(header, _edxml("MessageHeader"))
    sender = etree.SubElement(head, _edxml("From"))
    for name in FROM:
        etree.SubElement(sender, _edxml(name)).text = message.sender.get(name, "")
    etree.SubElement(head, _edxml("Subject")).text = message.subject
    if with_place_for_signature:
        etree.SubElement(header, f"{{{DSIG}}}Signature", Id=PLACEHOLDER, nsmap={None: DSIG})
    body = etree.SubElement(root, _edxml("edXMLBody"))
    _report(etree.SubElement(body, "AVReport", name=message.product), message)
    etree.indent(root)
    return root


def to_bytes(tree: "_Element") -> bytes:
    """Return the file: UTF-8 with its declaration."""
    from lxml import etree

    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _edxml(name: str) -> str:
    return f"{{{EDXML}}}{name}"


def _report(report: "_Element", message: AvReportMessage) -> None:
    from lxml import etree

    if message.datetime is not None:
        etree.SubElement(report, "Datetime").text = str(message.datetime)
    groups = {one.name: one for one in GROUPS}
    for name in ORDER:
        element = etree.SubElement(report, name)
        if name == "Update":
            if message.not_updated is not None:
                etree.SubElement(element, NOT_UPDATED).text = message.not_updated
            continue
        for row in message.rows:
            if row.group == name:
                _machine(element, groups[name], row)


def _machine(parent: "_Element", group: MachineGroup, machine_row: MachineRow) -> None:
    from lxml import etree

    machine = etree.SubElement(parent, "Machine")
    for key, text in (("ip", machine_row.ip), ("name", machine_row.name)):
        if text is not None:
            machine.set(key, text)
    holder = etree.SubElement(machine, group.info) if group.info else machine
    for name in group.fields:
        if name in machine_row.facts:
            etree.SubElement(holder, name).text = machine_row.facts[name]


EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
LEAST_BITS = 2048


def unsigned(message: AvReportMessage) -> bytes:
    """Return the message without a signature."""
    return to_bytes(to_tree(message, with_place_for_signature=False))


def signed(
    message: AvReportMessage,
    *,
    key: bytes,
    certificates: bytes,
    passphrase: bytes | None,
    where: str,
) -> bytes:
    """Return the message with its signature; `key` and `certificates` are PEM, the own one first.

    Errors: E442 when the key is none, or not the certificate's.
    """
    from signxml.exceptions import SignXMLException
    from signxml.signer import XMLSigner

    secret = _key(key, passphrase, where)
    chain = _certificates(certificates, where)
    if chain[0].public_key() != secret.public_key():
        raise QuetsachError("E442", where, reason=_("the certificate is not that of the key"))
    signer = XMLSigner(c14n_algorithm=EXCLUSIVE)
    signer.namespaces = {None: DSIG}  # type: ignore[dict-item]  # its own documented default form
    subject = chain[0].subject.rfc4514_string()
    signer.signature_annotators.append(lambda element, **_more: _name(element, subject))
    tree = to_tree(message, with_place_for_signature=True)
    try:
        return to_bytes(signer.sign(tree, key=secret, cert=chain))
    except (SignXMLException, ValueError) as error:
        raise QuetsachError("E442", where, reason=plain(str(error))) from error


def _name(signature: Any, subject: str) -> None:
    """Add the subject's name before the certificate, where the form has it."""
    from lxml import etree

    # Until it is written, signxml keeps these elements in no namespace.
    data = signature.find("{*}KeyInfo/{*}X509Data")
    element = etree.Element(f"{{{DSIG}}}X509SubjectName")
    element.text = subject
    data.insert(0, element)


def _key(pem: bytes, passphrase: bytes | None, where: str) -> "RSAPrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        reason = _("no private key in it, or its passphrase is missing or wrong")
        raise QuetsachError("E442", where, reason=reason) from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_BITS:
        reason = _("the form asks for an RSA key, of at least %(bits)s bits") % {"bits": LEAST_BITS}
        raise QuetsachError("E442", where, reason=reason)
    return key


def _certificates(pem: bytes, where: str) -> "list[Certificate]":
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(pem)
    except ValueError as error:
        raise QuetsachError("E442", where, reason=_("no certificate in it")) from error
