"""XML from strangers: no entity is resolved, no other file is fetched, no DTD is accepted."""

from typing import Any

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _


def parse_xml(raw: bytes, where: str) -> tuple[Any, str]:
    """Return the root element, and what is damaged in it ("" if nothing).

    Errors: E414 for a document with a DTD, which no office program writes (ECMA-376 part 2, 8.1.4;
    ODF has none); E411 when nothing of it can be read.
    """
    from lxml import etree

    damage = ""
    try:
        root = etree.fromstring(raw, _parser(recover=False))
    except etree.XMLSyntaxError as err:
        damage = str(err)
        root = None
    if root is None:
        try:
            root = etree.fromstring(raw, _parser(recover=True))
        except etree.XMLSyntaxError as err:
            raise QuetsachError("E411", where, reason=str(err)) from err
    if root is None:
        raise QuetsachError("E411", where, reason=damage)
    if root.getroottree().docinfo.internalDTD is not None:
        raise QuetsachError(
            "E414", where, reason=_("XML with a DTD, in which entities are defined")
        )
    return root, damage


def _parser(*, recover: bool) -> Any:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )
