"""Allow-lists: what is known to be used by everybody is tagged with its class, never dropped."""

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
from msgspec import structs

from quetsach.addresses import Address, Network, bounds, parse_address, parse_network
from quetsach.errors import QuetsachError
from quetsach.hostnames import parse_name
from quetsach.indicators.decode import decode
from quetsach.indicators.forms.plain import plain_rows
from quetsach.indicators.model import Indicator, IndicatorSet, Kind, Rule
from quetsach.indicators.options import ListOptions
from quetsach.indicators.parse_value import parse_value
from quetsach.indicators.read import files_of, read_raw
from quetsach.texts import _
from quetsach.urls import parse_url

# Source: the names of the lists of MISP/misp-warninglists; the first that fits decides.
_CLASSES = (
    ("sinkhole", r"sinkhole"),
    ("resolver", r"public dns|dns resolver|resolvers"),
    ("dynamic-dns", r"dynamic dns|ddns"),
    ("parking", r"parking|parked"),
    ("cdn", r"akamai|cloudflare|fastly|cloudfront|incapsula|stackpath|\bcdn\b"),
    ("cloud", r"amazon|\baws\b|azure|cloud|\bgcp\b|\bovh\b|digitalocean|linode"),
    ("top-sites", r"alexa|tranco|umbrella|majestic|\btop ?[0-9]+|top .*(site|domain)s"),
    ("url-shortener", r"shortener"),
    ("scanner", r"scanning|scanner|shodan|censys"),
    ("crawler", r"bot ip|googlebot|bingbot|crawler"),
    ("certificate", r"\bcrl\b|\bocsp\b"),
    ("own-address-service", r"know external ip|my ip"),
    ("private-range", r"rfc ?[0-9]+|multicast|link local"),
    ("university", r"university"),
    ("vendor", r"microsoft|windows|apple|google|office"),
)
_BY_NAME = ("hostname", "string", "cidr")

_Span = tuple[int, int]


class _WarningList(msgspec.Struct):
    """What we read of a MISP warning list; its other keys are left alone."""

    name: str
    list: list[str]
    type: str = "string"


@dataclass(frozen=True)
class AllowLists:
    """What stands on the allow-lists, by class.

    Shapes: `below` are names that stand for all names under them, `exact` for themselves;
    `above` are all parents of both; `spans` are (first, last) address per class and IP version,
    in order and without overlap. `left_out` are lists of a kind that says nothing of hosts.
    """

    below: dict[str, set[str]] = field(default_factory=dict)
    exact: dict[str, set[str]] = field(default_factory=dict)
    above: dict[str, set[str]] = field(default_factory=dict)
    spans: dict[tuple[str, int], list[_Span]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def read_allow(paths: Sequence[Path]) -> AllowLists:
    """Return what the allow-lists under `paths` hold: MISP warning lists, or plain lists.

    The class of a plain list is the stem of its file name; that of a warning list follows from
    what it is called. Errors: QuetsachError E202 for a file that cannot be read.
    """
    lists = AllowLists()
    left_out: list[str] = []
    for path in paths:
        for one in files_of(path) if path.is_dir() else [path]:
            raw = read_raw(one)
            if one.suffix.lower() == ".json":
                _add_warning_list(raw, one, lists, left_out)
            else:
                _add_plain(raw, one, lists)
    merged = {key: _merged(spans) for key, spans in lists.spans.items()}
    return replace(lists, spans=merged, left_out=tuple(left_out))


def class_of(list_name: str) -> str:
    """Return the class of a warning list that is called `list_name`."""
    lowered = list_name.lower()
    for found, pattern in _CLASSES:
        if re.search(pattern, lowered):
            return found
    return re.sub(r"[^a-z0-9]+", "-", lowered).strip("-") or "other"


def tagged(indicator_set: IndicatorSet, allow: AllowLists) -> IndicatorSet:
    """Return the set with, on each indicator, the classes of allow-lists that it stands on."""
    indicators = []
    for one in indicator_set.indicators:
        classes = tuple(sorted(_classes(one, allow)))
        indicators.append(structs.replace(one, allow_classes=classes) if classes else one)
    return replace(indicator_set, indicators=tuple(indicators))


def _classes(indicator: Indicator, allow: AllowLists) -> set[str]:
    if indicator.kind is Kind.HASH:
        return set()
    if indicator.kind is Kind.NAME:
        wide = indicator.rule is Rule.BELOW
        return _name_classes(indicator.key, allow) | (
            allow.above.get(indicator.key, set()) if wide else set()
        )
    if indicator.kind is Kind.NETWORK:
        network = parse_network(indicator.key)
        return set() if network is None else _span_classes(network[0], allow)
    url = parse_url(indicator.key)
    if url is None:
        return set()
    return (
        _name_classes(url.host, allow) if url.address is None else _span_classes(url.address, allow)
    )


def _name_classes(name: str, allow: AllowLists) -> set[str]:
    found = set(allow.exact.get(name, ()))
    for suffix in (name, *_parents(name)):
        found |= allow.below.get(suffix, set())
    return found


def _span_classes(span: Address | Network, allow: AllowLists) -> set[str]:
    low, high = bounds(span)
    found = set()
    for (of_class, version), spans in allow.spans.items():
        if version == span.version:
            place = bisect_right(spans, high, key=lambda one: one[0])
            if place and spans[place - 1][1] >= low:
                found.add(of_class)
    return found


def _merged(spans: Iterable[_Span]) -> list[_Span]:
    merged: list[_Span] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.partition(".")[2]
        yield name


def _add_warning_list(raw: bytes, path: Path, lists: AllowLists, left_out: list[str]) -> None:
    try:
        warning = msgspec.json.decode(raw, type=_WarningList)
    except msgspec.MsgspecError as err:
        reason = _("it is no warning list of MISP")
        raise QuetsachError("E202", str(path), reason=reason) from err
    # Pieces of text and patterns would tag half the world; they are made for mail addresses.
    if warning.type not in _BY_NAME:
        left_out.append(path.name)
        return
    of_class = class_of(warning.name)
    for entry in warning.list:
        below = warning.type == "hostname" or entry.startswith(".")
        _add_entry(entry, of_class, lists, below=below)


def _add_plain(raw: bytes, path: Path, lists: AllowLists) -> None:
    text = decode(raw)
    if text is None:
        raise QuetsachError("E202", str(path), reason=_("it is not a text file"))
    of_class = os.fsencode(path.stem).decode("utf-8", "replace").lower()
    options = ListOptions(accept_private=True)
    for row in plain_rows(iter(text.split("\n"))):
        for value in parse_value(row.value, options).values:
            _add_entry(value.key, of_class, lists, below=True)


def _add_entry(entry: str, of_class: str, lists: AllowLists, *, below: bool) -> None:
    address = parse_address(entry)
    network = parse_network(entry) if address is None and "/" in entry else None
    span = address if network is None else network[0]
    if span is not None:
        lists.spans.setdefault((of_class, span.version), []).append(bounds(span))
        return
    name = parse_name(entry.strip().strip("."))
    if name is None:
        return
    (lists.below if below else lists.exact).setdefault(name.ascii, set()).add(of_class)
    for parent in _parents(name.ascii):
        lists.above.setdefault(parent, set()).add(of_class)
