"""What a sieve is: whole lines in; line count, candidate lines and a tally per hour out."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple, Protocol


@dataclass(frozen=True)
class SieveKeys:
    """What the sieve looks for.

    Shapes: `names` are canonical host names as bytes (lower case, `xn--`, no trailing dot), each
    met by itself and by all names below it; `addresses` are IPv4 addresses as integers;
    `networks` are (first address, prefix length) with no host bits set; `inside` are the networks
    of the organisation itself, whose addresses are tallied as alive, never looked for;
    `addresses6` and `networks6` are the same for IPv6; `hashes` are 32, 40 or 64 hex digits in
    lower case. A name with an empty label is never met; host bits of a network are dropped.
    Errors: ValueError from a sieve for an address or prefix length out of range.
    """

    names: Collection[bytes] = frozenset()
    addresses: Collection[int] = frozenset()
    networks: frozenset[tuple[int, int]] = frozenset()
    inside: tuple[tuple[int, int], ...] = ()
    # A name with letters outside ASCII can be written in a log in either form. When set, every
    # dotted token with a byte of 0x80 or above makes its line a candidate.
    any_unicode_name: bool = False
    # IPv6 and hashes are only looked for when there is such a key, as each costs some speed.
    addresses6: frozenset[int] = frozenset()
    networks6: frozenset[tuple[int, int]] = frozenset()
    hashes: Collection[bytes] = frozenset()
    # Fingerprints of TLS: digests with a colon between each two bytes, and JA4, which has `_`.
    prints: frozenset[bytes] = frozenset()


@dataclass(frozen=True)
class LineClock:
    """Where a line of this layout carries its hour.

    `needle` is searched in the first 512 bytes of the line, the first one found counts; an empty
    one means the line's start. After it come either epoch seconds (`epoch`: all digits up to the
    first other byte; 1 to 12 digits are seconds; 13, 16 and 19 are milli-, micro- and nanoseconds;
    any other count is unread) or `length` bytes that name the hour, copied as they are; a line
    that ends before them is unread.
    `client` is what stands before the client's address, within the first 2,048 bytes of the line;
    it ends with a byte that no name or address holds. Where it is empty, the client's address is
    the first of the line; where the line does not hold it, the line tells of nobody alive.
    `day_first` is for who reads those bytes: 02/09/2026 is 2 September, not 9 February.
    """

    needle: bytes = b""
    epoch: bool = False
    length: int = 0
    client: bytes = b""
    day_first: bool = False


@dataclass(frozen=True)
class HourCounts:
    """The lines of one hour: `key` is the epoch hour in ASCII digits, or the bytes copied.

    `key` is b"" for lines whose hour could not be read. `first` and `last` are the offsets, in
    the block, of the first and last such line. `alive` are the inside IPv4 addresses that are the
    first IPv4 address of a line, or the first behind `LineClock.client`: packed, four bytes each
    (the least first), rising, each once; see address_sets.py.
    """

    key: bytes
    lines: int
    first: int
    last: int
    alive: bytes


@dataclass(frozen=True)
class SieveResult:
    """What the sieve found in one block; offsets count from the block's start.

    Shapes: `candidates` and `marked` are (start, end) of lines without their newline, rising.
    `marked` lines contain the requested marker.
    """

    lines: int
    candidates: list[tuple[int, int]] = field(default_factory=list)
    marked: list[tuple[int, int]] = field(default_factory=list)
    hours: list[HourCounts] = field(default_factory=list)


@dataclass(frozen=True)
class LineSigns:
    """By which signs the lines of a split are read from a place on.

    `header` begins the lines that may change this; `marker` stands in lines that are chosen, and
    b"" means every line that is not empty.
    """

    clock: LineClock | None = None
    header: bytes | None = None
    marker: bytes | None = None


@dataclass(frozen=True)
class LineChoice:
    """Which lines are chosen beside those with a key or the marker.

    `head_lines` are the first of the text; a line that holds a byte at a multiple of
    `sample_bytes` in the evidence is a sample, and none is where it is 0.
    """

    head_lines: int = 0
    sample_bytes: int = 0


class KeyKind(IntEnum):
    """Of which kind a key is: the upper half of its number.

    The lower 32 bits are its place among the keys of its kind, sorted, each once: names and prints
    as bytes, empty ones left out; networks by first address without host bits, then length; hashes
    by what their digits stand for. A number is that of a key only with the same list.
    `UNICODE_NAME` stands for `SieveKeys.any_unicode_name`, with 0.
    """

    NAME = 0
    ADDRESS = 1
    NETWORK = 2
    ADDRESS6 = 3
    NETWORK6 = 4
    HASH = 5
    PRINT = 6
    UNICODE_NAME = 7


MOST_TOKENS = 1 << 20


@dataclass(frozen=True)
class TokenWants:
    """Which outside tokens are kept: names and addresses, `hashes` or not, up to `most` in all.

    Names have room for 64 bytes for each of `most`.
    """

    hashes: bool = False
    most: int = MOST_TOKENS


@dataclass(frozen=True)
class SplitWants:
    """What a reader gives beside the chosen lines: the keys of each candidate, and the tokens."""

    keys: bool = False
    tokens: TokenWants | None = None


NOTHING_MORE = SplitWants()


@dataclass(frozen=True)
class OutsideTokens:
    """The distinct tokens of a text that no inside network holds, in any way that a sieve reads it.

    Whatever key a sieve meets in a line, a token of the line covers it: a name that is it or ends
    with it behind a dot, an address that is it or lies in it, a hash that is it. Fingerprints of
    TLS are not kept. And a key that is such a token is met in the line, be it by a sieve that looks
    for names, too. A name of more than 255 bytes is kept from the first dot on that leaves fewer.
    Shapes: `names` in lower case and `hashes` stand one a line, sorted; `addresses` are packed as
    in `HourCounts`; `addresses6` have 16 bytes each, the greatest first, rising. Where it is not
    `is_complete`, there were too many, and some are left out.
    """

    names: bytes = b""
    addresses: bytes = b""
    addresses6: bytes = b""
    hashes: bytes = b""
    is_complete: bool = True


@dataclass(frozen=True)
class SplitHour:
    """The lines of one hour in a split: as `HourCounts`, with its first and last line.

    Shapes: `first` and `last` are the line's offset in the evidence, and the line.
    """

    key: bytes
    lines: int
    first: tuple[int, bytes]
    last: tuple[int, bytes]
    alive: bytes


class PartHour(NamedTuple):
    """The lines of one hour in a part of a split: `first` is the first of them."""

    key: bytes
    lines: int
    first: bytes


@dataclass(frozen=True)
class SplitPart:
    """What the next lines of a split gave.

    Shapes: `chosen` are lines with their offsets, rising, without newline; `candidates` are the
    offsets of those that the sieve let through, and `heads` of those among the first of the text.
    `marks` by the offset of a candidate say where its last byte stands in the text; see digests.py.
    `header` is the line that comes next, where it may change the form of the lines. `too_long` is
    a line that came last, left out of `lines`: its offset, and how it begins. Where `is_full`, the
    tallies are to be taken, as they begin to take much memory. `keys` by the offset of a candidate
    are the numbers of the keys that it holds, rising, if they are wanted; see `KeyKind`.
    """

    lines: int
    chosen: list[tuple[int, bytes]]
    candidates: set[int]
    heads: list[int]
    marks: dict[int, str] = field(default_factory=dict)
    header: bytes | None = None
    too_long: tuple[int, bytes] | None = None
    is_full: bool = False
    keys: dict[int, tuple[int, ...]] = field(default_factory=dict)


class Sieve(Protocol):
    """Anything that can look through a block of whole lines for the keys it was built with."""

    name: str

    def scan(
        self, block: bytes | bytearray | memoryview, clock: LineClock | None, marker: bytes | None
    ) -> SieveResult:
        """Return the tally of `block`, which ends at a line's end or at the end of the evidence.

        A line is what comes between newlines (0x0A); an empty last piece is no line. `hours` is
        sorted by key; with no clock it is one tally with key b""; a block of no lines has none.
        An empty marker marks nothing. The candidates are exactly the lines that hold a name,
        address, network or hash of its keys as a token (and those that `any_unicode_name` adds):

        - a name token is the longest run of letters, digits, `-`, `_`, `.` and bytes >= 0x80,
          without the dots at its ends, that still has a dot and is not all digits and dots; upper
          case counts as lower; it and each part of it after a dot are looked up;
        - an address token is the longest run of digits and dots inside such a run, bordered by
          neither a letter nor `_`, without the dots at its ends; four numbers of 0 to 255 are
          an address, and so are the first four of five (`address.port`, as tcpdump writes it);
        - an IPv6 token is the longest run of hex digits, `:` and `.`; a group glued to a letter,
          `_` or a byte >= 0x80 is cut off at its colon, then dots at the end and one lone colon at
          each end; what is left is looked up with and without its last group, which may be a
          port. An address within ::ffff:0:0/96 is met only as the IPv4 that it ends with;
        - a line that holds a code is looked at decoded as well: `(3)` and `(12)` stand for a dot,
          as Windows writes the lengths of labels; `%2e`, `\\x2e` and `\\u002e` for their byte, a
          newline for a blank; a dot behind one or two backslashes for the dot;
        - where a name is looked for, the names of DNS in a line are looked at that stand in it as
          they go over the wire: in the line decoded, and in its tokens of base64 or hex. Such a
          token is a run of 24 letters, digits, `+`, `/`, `-` and `_` or more, of which 131,072
          are read; `\\/` is `/`, another backslash and what is behind it part tokens; one of hex
          digits, behind `0x` or not, is hex, every other base64 of either alphabet. Such a name
          is labels of ASCII letters, digits, `-` and `_`, each behind its length, up to an empty
          one; behind a label, a pointer of two bytes goes on elsewhere in the token. It has two
          labels to 127 and is not all digits; of a token 256 names are read;
        - a hash token is the longest run of letters and digits, all of them hex digits, 32, 40 or
          64 in number; upper case counts as lower;
        - a fingerprint is such a digest of 16, 20 or 32 bytes with a colon between each two, or a
          JA4: three runs of letters and digits, of 10, 12 and 12, joined by `_`; it is bordered by
          no letter, digit or `_`.
        """
        ...
