"""XML from strangers: no document type, no entity, no other file, and bounded in every direction.

expat looks through it first and keeps nothing; only then is a tree built. expat itself loads
nothing from outside, and a document type is refused before its first entity.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

Attributes = Mapping[str, tuple[str, ...]]
"""Values by local name: all of them where prefixes tell several attributes apart."""

Start = Callable[[str, Attributes], None]
MOST_PROLOG_BYTES = 1 << 16
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class XmlBounds:
    """How large and how deep XML may be; `attributes` on one element, `namespaces` in force.

    Units: `size` of the whole and `tag` of one tag or comment in bytes.
    """

    size: int
    tag: int
    elements: int
    depth: int
    attributes: int
    namespaces: int


IN_MESSAGES = XmlBounds(
    # Canonical XML sorts attributes and namespaces, in libxml2 at a quadratic cost. The size is
    # that of some 70,000 machines; lxml needs some forty times as much memory.
    size=16 << 20,
    tag=1 << 20,
    elements=400_000,
    depth=40,
    attributes=50,
    namespaces=100,
)
IN_OFFICE_PARTS = XmlBounds(
    # libxml2 itself stops at a depth of 256. Word stores whole drawings in an attribute.
    size=512 << 20,
    tag=4 << 20,
    elements=20_000_000,
    depth=256,
    attributes=256,
    namespaces=512,
)


class _RootFoundError(Exception):
    """The first element begins: behind it no document type can follow."""


def parse(raw: bytes, where: str, bounds: XmlBounds = IN_MESSAGES) -> "_Element":
    """Return the root of `raw`, without comments and processing instructions.

    Errors: ContainerRefused DOCUMENT_TYPE, TOO_LARGE, TOO_COMPLEX; DamagedDataError for no XML.
    """
    from lxml import etree

    check(raw, where, bounds)
    try:
        return etree.fromstring(raw, new_parser(remove_comments=True, remove_pis=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DamagedDataError(str(error)) from error


def recover(raw: bytes, where: str, bounds: XmlBounds = IN_OFFICE_PARTS) -> tuple["_Element", str]:
    """Return the root of `raw` as far as it can be read, and what is damaged in it ("" if nothing).

    Errors: as `parse`, but DamagedDataError only when nothing of it can be read.
    """
    from lxml import etree

    try:
        return parse(raw, where, bounds), ""
    except DamagedDataError as error:
        damage = str(error.facts["detail"])
    try:
        # Codings that expat does not know are read by libxml2 without any damage.
        root, damage = etree.fromstring(raw, _parser_of_parts(is_lenient=False)), ""
    except (etree.XMLSyntaxError, ValueError):
        try:
            root = etree.fromstring(raw, _parser_of_parts(is_lenient=True))
        except (etree.XMLSyntaxError, ValueError) as error:
            raise DamagedDataError(str(error)) from error
    if root is None:
        raise DamagedDataError(damage)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ContainerRefused(RefusalCode.DOCUMENT_TYPE, member=where)
    return root, damage


def check(raw: bytes, where: str, bounds: XmlBounds) -> None:
    """Raise unless `raw` is well-formed XML of moderate size without a document type.

    Errors: as `parse`.
    """
    if len(raw) > bounds.size:
        raise ContainerRefused(RefusalCode.TOO_LARGE, member=where, limit=bounds.size)
    slices = (raw[place : place + _PIECE_BYTES] for place in range(0, len(raw), _PIECE_BYTES))
    _feed(_counting_parser(where, bounds), slices, where, bounds)


def walk(
    pieces: Iterable[bytes],
    on_start: Start,
    where: str,
    *,
    on_text: Callable[[str], None] | None = None,
    bounds: XmlBounds = IN_OFFICE_PARTS,
) -> None:
    """Call `on_start` for each element with its local name and attributes, `on_text` for texts.

    Errors: ContainerRefused DOCUMENT_TYPE, TOO_COMPLEX; DamagedDataError for no well-formed XML.
    Cost: constant memory.
    """
    parser = _counting_parser(where, bounds, on_start)
    parser.CharacterDataHandler = on_text
    _feed(parser, pieces, where, bounds)


def refuse_document_type(pieces: Iterable[bytes], where: str) -> None:
    """Refuse XML that has a document type; reads up to its first element only.

    Errors: ContainerRefused DOCUMENT_TYPE; DamagedDataError for what is no XML.
    """

    def stop(_name: str, _attributes: Attributes) -> None:
        raise _RootFoundError

    try:
        walk(_beginning(pieces), stop, where)
    except _RootFoundError:
        return


def new_parser(*, remove_comments: bool = False, remove_pis: bool = False) -> "XMLParser":
    """Return a parser that opens nothing, expands nothing and keeps to libxml2's limits.

    Whoever uses it has called `check` on the bytes before.
    """
    return _new_parser(is_lenient=False, remove_comments=remove_comments, remove_pis=remove_pis)


def text_of(element: "_Element") -> str:
    """Return the text of an element itself, not of those in it, without space around it."""
    texts = element.xpath("text()")
    return "".join(map(str, texts)).strip() if isinstance(texts, list) else ""


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def _parser_of_parts(*, is_lenient: bool) -> "XMLParser":
    return _new_parser(is_lenient=is_lenient, remove_comments=True, remove_pis=True)


def _new_parser(*, is_lenient: bool, remove_comments: bool, remove_pis: bool) -> "XMLParser":
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=is_lenient,
        remove_comments=remove_comments,
        remove_pis=remove_pis,
    )


def _counting_parser(
    where: str, bounds: XmlBounds, on_start: Start | None = None
) -> expat.XMLParserType:
    """Return a parser that refuses document types and what is beyond `bounds`."""
    parser = expat.ParserCreate()
    open_namespaces: list[int] = []
    elements = namespaces = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements, namespaces
        declared = sum(key == "xmlns" or key.startswith("xmlns:") for key in attributes)
        open_namespaces.append(declared)
        elements += 1
        namespaces += declared
        if (
            elements > bounds.elements
            or len(open_namespaces) > bounds.depth
            or len(attributes) - declared > bounds.attributes
            or namespaces > bounds.namespaces
        ):
            raise ContainerRefused(RefusalCode.TOO_COMPLEX, member=where)
        if on_start is not None:
            on_start(local(name), _by_local_name(attributes))

    def end(_name: str) -> None:
        nonlocal namespaces
        namespaces -= open_namespaces.pop()

    def refuse(*_facts: object) -> None:
        raise ContainerRefused(RefusalCode.DOCUMENT_TYPE, member=where)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _feed(
    parser: expat.XMLParserType, pieces: Iterable[bytes], where: str, bounds: XmlBounds
) -> None:
    fed = unfinished = 0
    waiting = b""
    try:
        for piece in pieces:
            waiting += piece
            # expat reads an unfinished tag anew with each piece: the next ones are fed together.
            if len(waiting) < unfinished:
                continue
            parser.Parse(waiting, False)
            fed, waiting = fed + len(waiting), b""
            unfinished = fed - parser.CurrentByteIndex
            if unfinished > bounds.tag:
                raise ContainerRefused(RefusalCode.TOO_COMPLEX, member=where)
        parser.Parse(waiting, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        # ValueError and LookupError come from codings that Python cannot give to expat.
        raise DamagedDataError(str(error)) from error


def _beginning(pieces: Iterable[bytes]) -> Iterator[bytes]:
    # What precedes the first element is short; expat would hold all of it in memory.
    rest = MOST_PROLOG_BYTES
    for piece in pieces:
        yield piece[:rest]
        rest -= len(piece)
        if rest <= 0:
            return


def _by_local_name(attributes: Mapping[str, str]) -> Attributes:
    values: dict[str, tuple[str, ...]] = {}
    for name, text in attributes.items():
        key = local(name)
        values[key] = (*values[key], text) if key in values else (text,)
    return values
