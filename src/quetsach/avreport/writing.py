"""An AVReport as XML with an XML signature: exclusive C14N, RSA-SHA-256, enveloped."""

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
from quetsach.texts import _, plain

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
