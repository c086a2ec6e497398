"""Entries by kind, the entries that verify a file, escaped text, and common header lines."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from quetsach.addresses import Network, bounds, parse_network
from quetsach.blocklists.contract import BlockEntry, Files, Mode, Output, ReleaseSummary, Render
from quetsach.blocklists.never_block import host_of, parents
from quetsach.indicators.model import Claim, Indicator, IndicatorKind, MatchRule

TEST_LABEL = "planted to prove that this file works"


def planted_name_of(list_id: str) -> str:
    """Return the test name that is treated like a listed one; it does not exist (RFC 2606)."""
    return f"block-test-{list_id[-8:]}.quetsach.example"


def loaded_name_of(list_id: str) -> str:
    """Return the name that answers with the test address where this release is loaded."""
    return f"loaded-{list_id[-8:]}.quetsach.example"


def planted_address_of(list_id: str) -> str:
    """Return an address of the documentation range (RFC 5737), another one for most releases."""
    return f"192.0.2.{1 + int(list_id[-8:], 16) % 254}"


def verification_entries(output: Output, about: ReleaseSummary) -> list[BlockEntry]:
    """Return the entries that verify the file, of the kinds that the form supports."""
    if output.exchange:
        return []
    until_us = round(about.expires.timestamp() * 1_000_000)
    claim = Claim(label=TEST_LABEL)
    proofs = []
    if IndicatorKind.NAME in output.covers:
        rule = MatchRule.EXACT if output.exact else MatchRule.BELOW
        name = Indicator(about.test_name, about.test_name, IndicatorKind.NAME, rule, claim=claim)
        proofs.append(BlockEntry(name, until_us, about.at_us))
    if IndicatorKind.ADDRESS in output.covers:
        address = about.test_address
        two = Indicator(address, address, IndicatorKind.ADDRESS, MatchRule.EXACT, claim=claim)
        proofs.append(BlockEntry(two, until_us, about.at_us))
    return proofs


# Text from outside for device files is escaped: it cannot end a comment or a quoted string.

LONGEST_COMMENT = 60
"""How much of a label goes into a comment, in characters."""

_UNSAFE = re.compile(r"[^A-Za-z0-9 _-]+")

# Source: WHATWG URL standard, path percent-encode set; what remains is what a browser sends as it
# is. Quotes, `$` and `;` go too: no form needs them, and a shell would read them.
_KEPT_IN_URLS = "/?&=%+@:,~!*()[]-._"


def ascii_words(text: str) -> str:
    """Return `text` as ASCII letters, digits, blanks, `_` and `-`, cut to a comment's length.

    Letters lose their Vietnamese marks and no dot is left, so that a comment never holds a name
    or an address either.
    """
    turned = text.translate({ord("đ"): "d", ord("Đ"): "D"})
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", turned) if not unicodedata.combining(sign)
    )
    return " ".join(_UNSAFE.sub(" ", bare).split())[:LONGEST_COMMENT].strip()


def safe_url(key: str) -> str:
    """Return a URL in which every byte a device could misread is percent-encoded."""
    return quote(key, safe=_KEPT_IN_URLS)


@dataclass
class EntriesByKind:
    """The entries of one file by kind; an address with a port is only in `ports`."""

    names: list[BlockEntry] = field(default_factory=list)
    addresses: list[BlockEntry] = field(default_factory=list)
    networks: list[BlockEntry] = field(default_factory=list)
    ports: list[BlockEntry] = field(default_factory=list)
    urls: list[BlockEntry] = field(default_factory=list)
    hashes: list[BlockEntry] = field(default_factory=list)


def parts_of(entries: Iterable[BlockEntry]) -> EntriesByKind:
    """Return `entries` sorted by kind, in their order."""
    parts = EntriesByKind()
    place = {
        IndicatorKind.NAME: parts.names,
        IndicatorKind.ADDRESS: parts.addresses,
        IndicatorKind.NETWORK: parts.networks,
        IndicatorKind.URL: parts.urls,
        IndicatorKind.HASH: parts.hashes,
    }
    for block in entries:
        kind = block.indicator.kind
        ported = kind is IndicatorKind.ADDRESS and block.indicator.rule is MatchRule.IP_PORT
        (parts.ports if ported else place[kind]).append(block)
    return parts


def header(about: ReleaseSummary, comment: str) -> list[str]:
    """Return the comment lines that describe a file; all of them ASCII without quotes."""
    kind = "BLOCK" if about.mode is Mode.BLOCK else "WATCH only, nothing is stopped"
    title = ascii_words(about.title)
    lines = [
        f"{about.mark}, list {about.list_id}{', ' + title if title else ''}",
        f"{kind}; made {stamp(about)}, expires {until(about)}",
        f"{about.taken} entries; {about.left_out} left out, see left-out.json",
        f"planted to prove it: {about.test_name} and {about.test_address}",
    ]
    return [f"{comment} {line}" for line in lines]


def emptied(suffix: str, comment: str = "#") -> Render:
    """Return the writer of an empty `NAME<suffix>`, which replaces the full file to undo it."""

    def undo(_entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
        line = f"{comment} {about.mark}: emptied on purpose to undo {about.list_id}\n"
        return {about.name + suffix: line}

    return undo


def without_lines(render: Render) -> Render:
    """Return the writer of the files of `render` without a line, to undo what has no comments."""
    return lambda entries, about: dict.fromkeys(render(entries, about), "")


def stamp(about: ReleaseSummary) -> str:
    """Return the moment of the release as ISO 8601."""
    return about.at.isoformat(timespec="seconds")


def until(about: ReleaseSummary) -> str:
    """Return when the whole file is over, as ISO 8601."""
    return about.expires.isoformat(timespec="seconds")


def seconds_left(block: BlockEntry, about: ReleaseSummary, *, most: int | None = None) -> int:
    """Return for how many seconds from the release `block` is valid, one at least."""
    seconds = max(1, (block.until_us - about.at_us) // 1_000_000)
    return seconds if most is None else min(seconds, most)


def words(block: BlockEntry, about: ReleaseSummary) -> str:
    """Return the comment on `block`: the list, and the family or label."""
    return " ".join((about.list_id, ascii_words(block.indicator.label))).strip()


def is_v6(block: BlockEntry) -> bool:
    """Return whether an address or network is IPv6."""
    return ":" in host_of(block.indicator)


def without_covered(names: Sequence[BlockEntry]) -> list[BlockEntry]:
    """Return the names without those that another name covers."""
    wide = {block.indicator.key for block in names if block.indicator.rule is MatchRule.BELOW}
    return [block for block in names if not any(up in wide for up in parents(block.indicator.key))]


def without_nested(networks: Sequence[BlockEntry]) -> Iterator[tuple[Network, int]]:
    """Return networks with their end times, none inside another; the latest end wins."""
    parsed: list[tuple[Network, int]] = []
    for block in networks:
        network_and_host = parse_network(block.indicator.key)
        if network_and_host is not None:
            parsed.append((network_and_host[0], block.until_us))
    parsed.sort(key=lambda pair: (pair[0].version, bounds(pair[0])[0], pair[0].prefixlen))
    kept: list[tuple[Network, int]] = []
    for network, until_us in parsed:
        if kept and kept[-1][0].version == network.version:
            last, last_until = kept[-1]
            if bounds(network)[1] <= bounds(last)[1]:
                kept[-1] = (last, max(until_us, last_until))
                continue
        kept.append((network, until_us))
    yield from kept


def port_parts(block: BlockEntry) -> tuple[str, int]:
    """Return address and port of an `ip:port` entry."""
    assert block.indicator.port is not None
    return host_of(block.indicator), block.indicator.port


def chunks(lines: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Return `lines` in pieces of at most `size`; one empty piece when there are none."""
    if not lines:
        yield lines
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


def json_text(document: Any) -> str:
    """Return `document` as JSON with invisible characters escaped."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return (
        "".join(
            sign if sign == "\n" or sign.isprintable() else json.dumps(sign)[1:-1] for sign in text
        )
        + "\n"
    )


def text_of(*groups: Iterable[str]) -> str:
    """Return lines as the text of a file."""
    return "".join(f"{line}\n" for group in groups for line in group)
