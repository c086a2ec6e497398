"""A message as XML, element by element in the case and the order of the form."""

from typing import TYPE_CHECKING

from quetsach.avreport.message import (
    DSIG,
    EDXML,
    FROM,
    GROUPS,
    NOT_UPDATED,
    ORDER,
    Group,
    Message,
    Row,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

PLACEHOLDER = "placeholder"
"""The number of the empty signature element that a signer replaces."""


def to_tree(message: Message, *, with_place_for_signature: bool) -> "_Element":
    """Return the envelope. A group of which nothing is known stands there empty: no constants."""
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


def _report(report: "_Element", message: Message) -> None:
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


def _machine(parent: "_Element", group: Group, row: Row) -> None:
    from lxml import etree

    machine = etree.SubElement(parent, "Machine")
    for key, value in (("ip", row.ip), ("name", row.name)):
        if value is not None:
            machine.set(key, value)
    holder = etree.SubElement(machine, group.info) if group.info else machine
    for name in group.fields:
        if name in row.facts:
            etree.SubElement(holder, name).text = row.facts[name]
