"""Statements of an ISC dhcpd lease file: words, `;`, and blocks in braces, with their offsets.

Source: dhcpd.leases(5). Strings hold bytes as `\\ooo`; a comment runs from `#` to the line's end.
"""

import re
from dataclasses import dataclass, field

from quetsach.formats.contract import EXCERPT_BYTES, Line

LONGEST_RECORD = 64 * 1024
"""A record longer than this is not one of dhcpd's; it is not taken apart. In bytes."""

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*[\\"]?|#.*|[{};]|[^\s"#{};]+', re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:([0-7]{3})|(.))", re.DOTALL)
_HEX_GROUPS = re.compile(rb"[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2})*")


@dataclass
class IscStatement:
    """Its words, and the statements of its block; `offset` is that of the line it begins in."""

    offset: int
    words: list[bytes] = field(default_factory=list)
    block: list["IscStatement"] | None = None

    def named(self) -> dict[bytes, list[bytes]]:
        """Return the words behind the first one of each statement in the block; the last wins."""
        return {one.words[0]: one.words[1:] for one in self.block or () if one.words}


@dataclass
class LeaseRecord:
    """The lines of one record as they come in.

    Shapes: `depth` counts the braces that are open; `starts` holds how each line begins, by its
    offset; `tokens` have the offset of their line.
    """

    offset: int
    depth: int = 0
    size: int = 0
    ended: bool = False
    starts: dict[int, bytes] = field(default_factory=dict)
    tokens: list[tuple[int, bytes]] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """Take one more line; a record that is too long keeps only how its lines begin."""
        offset, text = line
        self.starts[offset] = text[:EXCERPT_BYTES]
        self.size += len(text) + 1
        if self.too_long:
            self.tokens.clear()
            # Nobody reads it any more, but its end has to be found.
            self.ended = text.startswith(b"}")
            return
        for token in _TOKEN.findall(text):
            if token.startswith(b"#"):
                continue
            self.tokens.append((offset, token))
            self.depth += (token == b"{") - (token == b"}")
            self.ended = self.depth <= 0 and token in b"};"

    @property
    def too_long(self) -> bool:
        """Whether it has become longer than any record is."""
        return self.size > LONGEST_RECORD

    def statements(self) -> list[IscStatement]:
        """Return the statements of the record, with their blocks."""
        top: list[IscStatement] = []
        above = [top]
        current: IscStatement | None = None
        for offset, token in self.tokens:
            if token == b"{":
                current = current if current is not None else IscStatement(offset)
                current.block = []
                above[-1].append(current)
                above.append(current.block)
                current = None
            elif token in b"};":
                if current is not None:
                    above[-1].append(current)
                current = None
                if token == b"}" and len(above) > 1:
                    above.pop()
            else:
                current = current if current is not None else IscStatement(offset)
                current.words.append(token)
        return top


def content_of(token: bytes) -> bytes:
    """Return the bytes that a quoted string, or groups of hex digits, write."""
    if token.startswith(b'"'):
        inner = token[1:].removesuffix(b'"')
        return _ESCAPE.sub(_escaped, inner) if b"\\" in inner else inner
    if _HEX_GROUPS.fullmatch(token):
        return bytes(int(one, 16) for one in token.split(b":"))
    return token


def _escaped(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8) & 0xFF]) if found[1] else found[2]
