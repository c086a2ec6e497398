"""Entries sorted by what they are, and the lines that most forms begin with."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from quetsach.addresses import Network, bounds, parse_network
from quetsach.blocking.belt import host_of, parents
from quetsach.blocking.contract import About, Entry, Mode
from quetsach.blocking.safe_text import ascii_words
from quetsach.indicators.model import Kind, Rule


@dataclass
class Parts:
    """The entries of one file by kind; an address with a port stands under `ports` alone."""

    names: list[Entry] = field(default_factory=list)
    addresses: list[Entry] = field(default_factory=list)
    networks: list[Entry] = field(default_factory=list)
    ports: list[Entry] = field(default_factory=list)
    urls: list[Entry] = field(default_factory=list)
    hashes: list[Entry] = field(default_factory=list)


def parts_of(entries: Iterable[Entry]) -> Parts:
    """Return `entries` sorted by kind, in their order."""
    parts = Parts()
    place = {
        Kind.NAME: parts.names,
        Kind.ADDRESS: parts.addresses,
        Kind.NETWORK: parts.networks,
        Kind.URL: parts.urls,
        Kind.HASH: parts.hashes,
    }
    for one in entries:
        kind = one.indicator.kind
        ported = kind is Kind.ADDRESS and one.indicator.rule is Rule.IP_PORT
        (parts.ports if ported else place[kind]).append(one)
    return parts


def header(about: About, comment: str) -> list[str]:
    """Return the comment lines that tell what a file is; all of them ASCII without quotes."""
    kind = "BLOCK" if about.mode is Mode.BLOCK else "WATCH only, nothing is stopped"
    title = ascii_words(about.title)
    lines = [
        f"{about.mark}, list {about.list_id}{', ' + title if title else ''}",
        f"{kind}; made {stamp(about)}, expires {until(about)}",
        f"{about.taken} entries; {about.left_out} left out, see left-out.json",
        f"planted to prove it: {about.test_name} and {about.test_address}",
    ]
    return [f"{comment} {line}" for line in lines]


def empty(about: About, comment: str, file: str) -> dict[str, str]:
    """Return `file` without an entry, for whoever puts it in the place of the full one."""
    lines = [f"{comment} {about.mark}: emptied on purpose to undo {about.list_id}"]
    return {file: "\n".join(lines) + "\n"} if comment else {file: ""}


def stamp(about: About) -> str:
    """Return the moment of the release as ISO 8601."""
    return about.at.isoformat(timespec="seconds")


def until(about: About) -> str:
    """Return when the whole file is over, as ISO 8601."""
    return about.expires.isoformat(timespec="seconds")


def seconds_left(entry: Entry, about: About, *, most: int | None = None) -> int:
    """Return for how many seconds from the release `entry` stands, one at least."""
    left = max(1, (entry.until_us - about.at_us) // 1_000_000)
    return left if most is None else min(left, most)


def words(entry: Entry, about: About) -> str:
    """Return what a comment says of `entry`: the list, and the family or label."""
    return " ".join((about.list_id, ascii_words(entry.indicator.label))).strip()


def is_v6(entry: Entry) -> bool:
    """Return whether an address or network is IPv6."""
    return ":" in host_of(entry.indicator)


def without_covered(names: Sequence[Entry]) -> list[Entry]:
    """Return the names without those that lie below another one which covers what is below it."""
    wide = {one.indicator.key for one in names if one.indicator.rule is Rule.BELOW}
    return [one for one in names if not any(up in wide for up in parents(one.indicator.key))]


def without_nested(networks: Sequence[Entry]) -> Iterator[tuple[Network, int]]:
    """Return networks and until when each stands, none inside another; the longest time wins."""
    found: list[tuple[Network, int]] = []
    for one in networks:
        parsed = parse_network(one.indicator.key)
        if parsed is not None:
            found.append((parsed[0], one.until_us))
    found.sort(key=lambda one: (one[0].version, bounds(one[0])[0], one[0].prefixlen))
    kept: list[tuple[Network, int]] = []
    for network, until_us in found:
        if kept and kept[-1][0].version == network.version:
            last, last_until = kept[-1]
            if bounds(network)[1] <= bounds(last)[1]:
                kept[-1] = (last, max(until_us, last_until))
                continue
        kept.append((network, until_us))
    yield from kept


def port_parts(entry: Entry) -> tuple[str, int]:
    """Return address and port of an `ip:port` entry."""
    assert entry.indicator.port is not None
    return host_of(entry.indicator), entry.indicator.port


def chunks(lines: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Return `lines` in pieces of at most `size`; one empty piece when there are none."""
    if not lines:
        yield lines
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


def json_text(value: Any) -> str:
    """Return `value` as JSON in which signs that are not to be seen are written as escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return (
        "".join(
            sign if sign == "\n" or sign.isprintable() else json.dumps(sign)[1:-1] for sign in text
        )
        + "\n"
    )


def text_of(*groups: Iterable[str]) -> str:
    """Return lines as the text of a file."""
    return "".join(f"{line}\n" for group in groups for line in group)
