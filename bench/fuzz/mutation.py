"""Damaged copies of a sample: bytes, numbers, fields, lines, values of JSON, tags of XML.

Each copy follows from the generator it is given. What is packed is damaged in `packed_mutation`.
"""

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

from bench.fuzz.edges import DEEP, SIGNS, TEXTS, VALUES

Mutate: TypeAlias = Callable[[bytes, Sequence[bytes], Random], bytes]
"""From a sample, the others it may be spliced with, and a generator to a damaged copy."""

MOST_BYTES = 1 << 20
"""A copy is cut here; in bytes."""

_FIELD = re.compile(rb"[^\s,;|=\"'<>{}\[\]()]+")
_NUMBER = re.compile(rb"\d+")
_TAG = re.compile(rb"<[^<>]{1,300}>")
_BYTES = (0, 1, 0x7F, 0x80, 0xFE, 0xFF, 0x20, 0x0A)


def mutated_bytes(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Return `content` with some bytes changed, cut out, repeated or spliced in."""
    changed = bytearray(content or b"\0")
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        _change_bytes(changed, others, chance)
        if not changed:
            changed = bytearray(1)
    return bytes(changed[:MOST_BYTES])


def _change_bytes(changed: bytearray, others: Sequence[bytes], chance: Random) -> None:
    place = chance.randrange(len(changed))
    end = place + int(chance.expovariate(1 / 20)) + 1
    match chance.randrange(11):
        case 0:
            del changed[place:end]
        case 1:
            changed[place:place] = changed[place:end]
        case 2:
            changed[place] = chance.choice(_BYTES)
        case 3:
            length = chance.choice((1, 2, 4, 8))
            most = (1 << 8 * length) - 1
            number = chance.choice(
                (0, 1, most, most >> 1, (most >> 1) + 1, len(changed), end - place)
            )
            order = chance.choice(("big", "little"))
            changed[place : place + length] = (number & most).to_bytes(length, order)  # type: ignore[arg-type]
        case 4:
            del changed[place:]
        case 5:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            changed[place:end] = other[start : start + end - place]
        case 6:
            other = chance.choice(others)
            changed[place:] = other[chance.randrange(len(other) + 1) :]
        case 7:
            changed[place:place] = changed[place:end] * chance.choice((2, 10, 200))
        case 8:
            for offset in range(place, min(end, len(changed))):
                changed[offset] = chance.randrange(256)
        case _:
            changed[place] ^= 1 << chance.randrange(8)


def mutated_text(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Return `content` with some of its fields, numbers and lines changed."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        content = _changed_text(content or b" ", others, chance)
    return content[:MOST_BYTES]


def _changed_text(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    match chance.randrange(12):
        case 0 | 1 | 2:
            start, end = _near(_FIELD, content, chance)
            return content[:start] + chance.choice(chance.choice(TEXTS)) + content[end:]
        case 3 | 4:
            start, end = _near(_NUMBER, content, chance)
            return content[:start] + chance.choice(TEXTS[0]) + content[end:]
        case 5:
            start, end = _near(_FIELD, content, chance)
            other = chance.choice(others)
            first, last = _near(_FIELD, other, chance)
            return content[:start] + other[first:last] + content[end:]
        case 6:
            place = chance.randrange(len(content) + 1)
            return content[:place] + chance.choice(SIGNS) + content[place:]
        case 7:
            start, end = _near(_FIELD, content, chance)
            return content[:start] + content[end + chance.randrange(2) :]
        case 8:
            return _changed_lines(content, others, chance)
        case 9:
            if not chance.randrange(50):
                place = chance.randrange(len(content) + 1)
                return content[:place] + chance.choice(DEEP) + content[place:]
            return content[: chance.randrange(len(content) + 1)]
        case _:
            return mutated_bytes(content, others, chance)


def _near(pattern: re.Pattern[bytes], content: bytes, chance: Random) -> tuple[int, int]:
    """Return where the first match behind a place by chance stands; that place where none is."""
    place = chance.randrange(len(content) + 1)
    match = pattern.search(content, place, place + 500) or pattern.search(content, 0, 500)
    return (place, place) if match is None else match.span()


def _changed_lines(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    lines = content.split(b"\n")
    place = chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, lines[chance.randrange(len(lines))])
        case 2:
            lines[place] = chance.choice(chance.choice(others).split(b"\n"))
        case 3:
            other = chance.randrange(len(lines))
            lines[place], lines[other] = lines[other], lines[place]
        case _:
            cells = re.split(rb"([\t,;|])", lines[place])
            chance.shuffle(cells)
            lines[place] = b"".join(cells)
    return b"\n".join(lines)


def mutated_json(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Return `content` with a value of it replaced, dropped, nested or doubled; else as text."""
    try:
        document = json.loads(content) if chance.randrange(4) else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict | list) or not document:
        return mutated_text(content, others, chance)
    for _ in range(chance.choice((1, 1, 2, 4))):
        _change_value(document, chance)
    try:
        return json.dumps(document, ensure_ascii=bool(chance.randrange(2))).encode(
            "utf-8", "surrogatepass"
        )
    except (ValueError, RecursionError):
        return mutated_text(content, others, chance)


def _change_value(document: "dict[str, object] | list[object]", chance: Random) -> None:
    node: object = document
    while isinstance(node, dict | list) and node:
        key = chance.choice(list(node)) if isinstance(node, dict) else chance.randrange(len(node))
        below = node[key]  # type: ignore[index,call-overload]
        if isinstance(below, dict | list) and below and chance.randrange(5):
            node = below
            continue
        _put(node, key, below, chance)
        return


def _put(node: object, key: object, below: object, chance: Random) -> None:
    values: list[object] = [*VALUES, [below], {"a": below}, [], {}]
    match chance.randrange(6):
        case 0:
            del node[key]  # type: ignore[attr-defined]
        case 1 if isinstance(below, str):
            text = chance.choice(chance.choice(TEXTS)).decode("utf-8", "replace")
            node[key] = chance.choice((text, below + text, below[: len(below) // 2]))  # type: ignore[index]
        case 2 if isinstance(below, int | float) and not isinstance(below, bool):
            node[key] = chance.choice((-below, below * 10**9, below + 1, str(below)))  # type: ignore[index]
        case 3 if isinstance(node, list) and len(node) < 1000:
            node.append(below)
        case 4 if isinstance(node, dict):
            node[chance.choice((*node, "", "id", "type", "\ud800"))] = below
        case _:
            node[key] = chance.choice(values)  # type: ignore[index]


def mutated_xml(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Return `content` with a tag dropped, doubled, moved or spliced; else as text."""
    tags = [match.span() for match in _TAG.finditer(content)]
    if len(tags) < 2 or not chance.randrange(3):
        return mutated_text(content, others, chance)
    start, end = chance.choice(tags)
    first, last = sorted(chance.sample(range(len(tags)), 2))
    part = content[tags[first][0] : tags[last][1]]
    match chance.randrange(6):
        case 0:
            return content[:start] + content[end:]
        case 1:
            return content[:start] + part[:100_000] + content[start:]
        case 2:
            return content[: tags[first][0]] + content[tags[last][1] :]
        case 3:
            tag = mutated_text(content[start:end], others, chance)
            return content[:start] + tag + content[end:]
        case 4:
            inside = chance.choice(chance.choice(TEXTS))
            return content[:end] + inside + content[end:]
        case _:
            entity = b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d SYSTEM "file:///dev/null">]>'
            return (
                content[:end] + chance.choice((entity, b"&b;", b"<!--", b"<?a?>")) + content[end:]
            )


def mutated_any(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Return a damaged copy, in the way that the beginning of `content` suggests."""
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return mutated_json(content, others, chance)
    if start[:1] == b"<":
        return mutated_xml(content, others, chance)
    is_text = not re.search(rb"[\0-\x08\x0e-\x1a\x7f]", content[:2000])
    return (mutated_text if is_text else mutated_bytes)(content, others, chance)
