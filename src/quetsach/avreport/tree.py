"""Foreign XML taken in safely: bounded, without DTD, entities or any other file."""

from collections.abc import Sized
from typing import TYPE_CHECKING

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, plain

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

MOST_BYTES = 16 * 1024 * 1024
"""Some 70,000 machines; lxml needs some forty times as much memory."""

MOST_ELEMENTS = 400_000
MOST_TREE_DEPTH = 40
MOST_ATTRIBUTES = 50
"""On one element: canonical XML sorts them, in libxml2 at a quadratic cost."""

MOST_NAMESPACES = 100
"""In force at one place, for the same reason."""


class _Counter:
    """Counts elements and depth while a parser goes by; keeps nothing."""

    def __init__(self) -> None:
        self._depth = 0
        self._elements = 0
        self._namespaces = 0

    def start(self, _tag: str, attributes: Sized) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MOST_TREE_DEPTH or self._elements > MOST_ELEMENTS:
            raise OverflowError
        if len(attributes) > MOST_ATTRIBUTES:
            raise OverflowError

    def start_ns(self, _prefix: str, _uri: str) -> None:
        self._namespaces += 1
        if self._namespaces > MOST_NAMESPACES:
            raise OverflowError

    def end_ns(self, _prefix: str) -> None:
        self._namespaces -= 1

    def end(self, _tag: str) -> None:
        self._depth -= 1

    def data(self, _text: str) -> None:
        """Pass over text."""

    def close(self) -> None:
        """End, with nothing to give back."""


def check(data: bytes, where: str) -> None:
    """Raise unless `data` is well-formed XML of moderate size without a document type.

    Errors: E440 with the reason.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    if len(data) > MOST_BYTES:
        raise _refused(where, _("it is larger than 16 MiB"))
    parser = DefusedXMLParser(target=_Counter(), forbid_dtd=True)
    try:
        parser.feed(data)
        parser.close()
    except DefusedXmlException as error:
        raise _refused(where, _("it has a document type or entities (an attack)")) from error
    except OverflowError as error:
        raise _refused(
            where, _("it is nested too deeply, or has too many elements or attributes")
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise _refused(where, _("no XML: %(error)s") % {"error": plain(str(error))}) from error


def parse(data: bytes, where: str) -> "_Element":
    """Return the root of `data`, without comments and processing instructions.

    Errors: E440 with the reason.
    """
    from lxml import etree

    check(data, where)
    try:
        return etree.fromstring(data, new_parser(remove_comments=True, remove_pis=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refused(where, _("no XML: %(error)s") % {"error": plain(str(error))}) from error


def new_parser(*, remove_comments: bool = False, remove_pis: bool = False) -> "XMLParser":
    """Return a parser that opens nothing, expands nothing and keeps to libxml2's limits."""
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=remove_comments,
        remove_pis=remove_pis,
    )


def text_of(element: "_Element") -> str:
    """Return the text of an element itself, not of those in it, without space around it."""
    found = element.xpath("text()")
    return "".join(map(str, found)).strip() if isinstance(found, list) else ""


def _refused(where: str, reason: str) -> QuetsachError:
    return QuetsachError("E440", where, reason=reason)
