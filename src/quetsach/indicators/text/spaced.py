"""Values that blanks have torn apart: `update . bad [.] example`, `203.0.113.7 : 443`.

A shorter name blocks more than was asked for. So what stands before and behind a spaced dot is
read as one value where nothing else can be meant, and is a question for a person elsewhere.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

LABEL = "[^\\x00-,./:-@\\[-^`{-\\xbf\u2000-\u206f\u2190-\u21ff\u2500-\u25ff\u3000-\u303f]"
"""What a name may be made of: no ASCII sign but "-" and "_", no blank, no quote, dash or bullet."""

_DOT = r"(?: {0,3}(?<!\.)[.\u3002\uff61\u2024](?!\.) {0,3}| {1,3}(?:(?:dấu )?chấm|cham|dot) {1,3})"
# Every repetition is bounded or possessive, so that a hostile text costs no more than its length.
_CHAIN = re.compile(rf"(?<!{LABEL})(?<!\.){LABEL}++(?:{_DOT}{LABEL}++)+", re.IGNORECASE)
_PART = re.compile(rf"(?:{_DOT})?(?P<label>{LABEL}++)", re.IGNORECASE)
_HINT = re.compile(
    r" [.\u3002\uff61\u2024]|[.\u3002\uff61\u2024] |(?<= )(?:chấm|cham|dot)(?= )", re.IGNORECASE
)
_COMMON = frozenset(
    """
    com net org vn info biz xyz ru cn top site online io club icu cc tk pw example
    """.split()  # noqa: SIM905 - so many quoted words are not read better
)
_SHORT = frozenset(("etc", "vs", "vd", "vv", "v.v", "cf", "al", "ex", "inc", "ltd", "co", "p.s"))
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+-]{1,19}:/{2,3}$")
_CUE = re.compile(
    r"(?:tên miền|domain|host(?:name)?|url|địa chỉ(?: ip| web)?|trang(?: web)?|website|fqdn|ioc)$",
    re.IGNORECASE,
)
_MARK = re.compile(r"\W{0,3}(?:\w{1,3}[.)]|\d{1,4})")
_BEFORE = frozenset(":;,(|=\"'“‘«<[>→-–—•*+\t\n")
_BEHIND = frozenset(",;)|]\"'”’»>\t\n")
_REST = '[^\\s<>"`|\\[\\]{}\u2018-\u201f\u2026\u00ab\u00bb]'
_PORT_AND_PATH = re.compile(rf"(?::[0-9]{{1,5}}(?![0-9:]))?(?:/{_REST}*+)?")
_AROUND = " -*•\"'“("
_MOST_LABELS = 40


@dataclass(frozen=True)
class SpacedValue:
    """A value with blanks in it.

    Shapes: `start` and `end` are its span; `value` is it without the blanks; `asked` is whether
    a person must say where it begins and ends.
    """

    start: int
    end: int
    value: str
    asked: bool


@dataclass(frozen=True)
class _Piece:
    """Labels without a blank between them; `tear` is what parts them from the piece before."""

    start: int
    end: int
    labels: tuple[str, ...]
    tear: str

    @property
    def last(self) -> str:
        return self.labels[-1]

    @property
    def is_open(self) -> bool:
        """Whether a blank stands before the dot, as no sentence is written."""
        return self.tear.startswith(" ")


def spaced_values(text: str, is_ending: Callable[[str], bool]) -> Iterator[SpacedValue]:
    """Yield the values of `text`, which is refanged, that have blanks at their dots.

    Shapes: `is_ending` tells whether a label may end a name. Cost: linear.
    """
    if not _HINT.search(text):
        return
    for chain in _CHAIN.finditer(text):
        pieces = list(_pieces(text, *chain.span()))
        if len(pieces) < 2:
            continue
        if all(label.isdigit() for piece in pieces for label in piece.labels):
            yield from _address(text, pieces)
            continue
        for group, after_sentence in _sentences(text, pieces):
            yield from _name(text, group, is_ending, after_sentence)


def _pieces(text: str, start: int, end: int) -> Iterator[_Piece]:
    labels: list[str] = []
    first = last = start
    tear = ""
    for label in _PART.finditer(text, start, end):
        between = text[last : label.start("label")]
        if labels and between != ".":
            yield _Piece(first, last, tuple(labels), tear)
            labels, first, tear = [], label.start("label"), between
        labels.append(label["label"])
        last = label.end()
    yield _Piece(first, last, tuple(labels), tear)


def _sentences(text: str, pieces: Sequence[_Piece]) -> Iterator[tuple[list[_Piece], bool]]:
    """Yield the pieces that no end of a sentence parts, and whether one stands before them."""
    group: list[_Piece] = []
    broken = False
    for piece in pieces:
        if group and _ends_sentence(text, group, piece):
            yield group, broken
            group, broken = [], True
        group.append(piece)
    yield group, broken


def _ends_sentence(text: str, group: Sequence[_Piece], piece: _Piece) -> bool:
    before = group[-1]
    label, following = before.last, piece.labels[0]
    if _is_titled(following):
        return True
    if len(before.labels) == 4 and all(map(_is_octet, before.labels)):
        return True
    is_number = len(before.labels) == 1 and (label.isdigit() or len(label) == 1)
    if (
        is_number
        and len(group) == 1
        and piece.tear.strip() == "."
        and (not piece.is_open or not text[: before.start].strip())
    ):
        return True  # "1. evil.com", "a . evil.com": the mark of an item
    if piece.is_open and piece.tear.endswith(" "):
        return False
    if all(len(part) == 1 for part in before.labels) or ".".join(before.labels) in _SHORT:
        return True  # "e.g. evil.com"
    # "máy chủ. evil.com", "và .evil.com"
    if _is_titled(label):
        return True
    return not label.isascii() and "-" not in label


def _is_titled(label: str) -> bool:
    """Return whether a label is written as sentences begin: `Các`, not `KMS-1`."""
    return label[:1].isupper() and (not label[1:].isupper() or not label.isascii())


def _is_octet(label: str) -> bool:
    return label.isdigit() and len(label) <= 3 and int(label) <= 255


def _name(
    text: str, pieces: list[_Piece], is_ending: Callable[[str], bool], after_sentence: bool
) -> Iterator[SpacedValue]:
    while pieces and not is_ending(pieces[-1].last):
        pieces = pieces[:-1]
    if len(pieces) < 2:
        return
    start, end = pieces[0].start, pieces[-1].end
    end = _PORT_AND_PATH.match(text, end).end()  # type: ignore[union-attr]  # it may be empty
    scheme = _SCHEME.search(text, max(0, start - 24), start)
    begin = scheme.start() if scheme else start
    tears = pieces[1:]
    is_lead = scheme is not None or after_sentence or _is_anchored(text, start)
    is_tail = _is_closed(text, end)
    is_words = all(len(piece.labels) == 1 for piece in pieces)
    alone = is_lead and is_tail and not text[:begin].strip(_AROUND)
    if is_words and not _is_meant(pieces, alone=alone):
        return
    whole = (
        is_lead
        and not (is_words and not all(piece.tear.endswith(" ") for piece in tears))
        and all(piece.is_open for piece in tears)
        and (is_tail or len(pieces[-1].labels) > 1)
        and not (len(pieces[0].labels) > 1 and is_ending(pieces[0].last))
        and not any(_is_titled(piece.labels[0]) for piece in pieces)
        and sum(len(piece.labels) for piece in pieces) <= _MOST_LABELS
    )
    value = text[begin:start] + ".".join(label for piece in pieces for label in piece.labels)
    yield SpacedValue(begin, end, value + text[pieces[-1].end : end], not whole)


def _is_meant(pieces: Sequence[_Piece], *, alone: bool) -> bool:
    """Return whether single words between spaced dots are labels of a name at all."""
    common = pieces[-1].last.lower() in _COMMON
    if any(not piece.is_open or not piece.tear.endswith(" ") for piece in pieces[1:]):
        # "Website .vn", "evil. com": only where nothing else is in the cell.
        return alone and common and not _is_titled(pieces[0].labels[0])
    if any(piece.tear.strip() != "." for piece in pieces[1:]):
        return alone and common  # "chấm" is an everyday word
    return common or (alone and len(pieces) > 2)


def _address(text: str, pieces: list[_Piece]) -> Iterator[SpacedValue]:
    numbers = [label for piece in pieces for label in piece.labels]
    start, end = pieces[0].start, pieces[-1].end
    if len(numbers) > 4 and len(pieces[-1].labels) == 4:
        return  # "10. 203.0.113.7": the number of an item
    if len(numbers) != 4 or not all(map(_is_octet, numbers)):
        return
    is_open = any(piece.is_open for piece in pieces[1:])
    if not is_open and not any(len(number) == 3 for number in numbers):
        return  # "1. 2. 3. 4"
    end = _PORT_AND_PATH.match(text, end).end()  # type: ignore[union-attr]  # it may be empty
    alone = is_alone(text, start, end)
    value = ".".join(numbers) + text[pieces[-1].end : end]
    yield SpacedValue(start, end, value, not alone)


def is_alone(text: str, start: int, end: int) -> bool:
    """Return whether a value is all that a cell or an item holds."""
    return not text[:start].strip(_AROUND) and _is_closed(text, end)


def _is_anchored(text: str, start: int) -> bool:
    """Return whether a value begins at `start`, and no sentence goes on there."""
    before = text[max(0, start - 40) : start].rstrip(" ")
    if not before or before[-1] in _BEFORE or _CUE.search(before):
        return True
    return start <= 8 and _MARK.fullmatch(before) is not None


def _is_closed(text: str, end: int) -> bool:
    """Return whether nothing goes on behind `end`."""
    behind = text[end : end + 8].lstrip(" .")
    return not behind or behind[0] in _BEHIND


# What a blank has cut off behind a value.

_PREFIX = re.compile(r"(?: {1,3}/ {0,2}|/ {1,2})(?P<bits>[0-9]{1,3})(?![\w./])")
_PATH = re.compile(r" {1,3}/(?=[\w%~?.-])")
_PATH_OF_URL = re.compile(r"(?: {1,3}/ {0,2}(?=[\w%~?.-])|(?<=/) {1,2}(?=[\w%~-]{1,60}[/=?&.]\w))")
_COLON = re.compile(
    r"(?: {1,2}[\[({]?:[\])}]? {0,2}|[\[({]?:[\])}]? {1,2})(?P<port>[0-9]{1,5})(?![\w:]|\.[0-9])"
)
_CALLED = re.compile(
    r"(?: {0,2},)? {1,2}\(?(?:(?:tcp|udp)[ /])?(?:cổng|port)(?: (?:tcp|udp|dịch vụ|kết nối|số))?"
    r"[ :]{1,3}(?P<port>[0-9]{1,5})(?![\w:]|\.[0-9])(?:/(?:tcp|udp))?\)?",
    re.IGNORECASE,
)
_MORE = re.compile(r" {0,2}(?:[,;/&-]|và|hoặc|and|or) {0,2}[0-9]{1,5}(?![0-9.])", re.IGNORECASE)
_WORD_BEHIND = re.compile(r" {0,2}/?([\w%~?.-]{1,80})")


@dataclass(frozen=True)
class TornTail:
    """What belongs to the value before it: a port, the bits of a network, or a path.

    Shapes: `end` is where it ends; `value` is what the value becomes with it, "" where a person
    must look; `word` is where a path begins that may be a value of its own.
    """

    end: int
    add: str
    word: int = -1


def torn_tail(text: str, end: int, *, is_address: bool, is_url: bool) -> TornTail | None:
    """Return what blanks have cut off behind the value that ends at `end`, or None.

    Shapes: `is_address` is of an address without port; `add` "" asks a person.
    """
    if is_address:
        called = _CALLED.match(text, end)
        # "203.0.113.7 port 80 - bad.example - GET /": a report tells of one connection.
        if called is not None and ("cổng" in called[0].lower() or _is_closed(text, called.end())):
            several = _MORE.match(text, called.end()) or _is_no_port(called["port"])
            return TornTail(called.end(), "" if several else f":{called['port']}")
        colon = _COLON.match(text, end)
        if colon is not None and not _is_no_port(colon["port"]):
            return TornTail(
                colon.end(), f":{colon['port']}" if _is_closed(text, colon.end()) else ""
            )
        bits = _PREFIX.match(text, end)
        if bits is not None:
            return TornTail(bits.end(), f"/{bits['bits']}" if _is_closed(text, bits.end()) else "")
    path = (_PATH_OF_URL if is_url else _PATH).match(text, end)
    if path is not None:
        return TornTail(path.end(), "", path.end())
    return None


def _is_no_port(digits: str) -> bool:
    return not 0 < int(digits) < 65536


_TORN_WORD = re.compile(r"(?:\A|(?<=[\s(:;,|]))(?P<word>[a-z0-9][a-z0-9-]{0,61})- {1,2}$")
_HEX_BEHIND = re.compile(r" {1,2}[0-9a-f]{0,4}:?[0-9a-f]{1,4}(?![\w.])", re.IGNORECASE)


def is_torn_word(text: str, start: int) -> bool:
    """Return whether a word with a dash at its end stands before `start`: `kms- bad.example`."""
    torn = _TORN_WORD.search(text, max(0, start - 66), start)
    return torn is not None and not (len(torn["word"]) < 3 and not text[: torn.start()].strip())


def is_torn_v6(text: str, start: int, end: int) -> bool:
    """Return whether an IPv6 address that ends in `::` goes on behind a blank."""
    return text.endswith(":", start, end) and _HEX_BEHIND.match(text, end) is not None
