"""XML of strangers, looked through in pieces: no document type, no entity, nothing is fetched.

expat itself loads nothing from outside; a document type is refused before its first entity.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from xml.parsers import expat

from quetsach_portal.files.problems import FileRefused

Start = Callable[[str, Mapping[str, str]], None]
MOST_STREAM_DEPTH = 256
MOST_PROLOG_BYTES = 1 << 16


class _FoundRootError(Exception):
    """The first element begins: behind it no document type can stand."""


def refuse_document_type(pieces: Iterable[bytes], part: str) -> None:
    """Refuse XML that has a document type; reads up to its first element only.

    Errors: P118 for a document type, P106 for what is no XML.
    """

    def stop(_name: str, _attributes: Mapping[str, str]) -> None:
        raise _FoundRootError

    try:
        walk(_beginning(pieces), stop, part)
    except _FoundRootError:
        return


def _beginning(pieces: Iterable[bytes]) -> Iterator[bytes]:
    # What stands before the first element is short; expat would hold all of it in memory.
    left = MOST_PROLOG_BYTES
    for piece in pieces:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def walk(pieces: Iterable[bytes], on_start: Start, part: str) -> None:
    """Call `on_start` for each element of an XML document with its local name and attributes.

    Shapes: prefixes are cut off, of names and of attributes.
    Errors: P118 for a document type, P106 for what is no well-formed XML or too deep.
    """
    parser = expat.ParserCreate()
    depth = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_STREAM_DEPTH:
            raise FileRefused("P106")
        on_start(local(name), {local(key): value for key, value in attributes.items()})

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_told: object) -> None:
        raise FileRefused("P118", part=part)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as err:
        raise FileRefused("P106") from err


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]
