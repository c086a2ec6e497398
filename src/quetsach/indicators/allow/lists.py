"""Allow-lists: an indicator that is in general use is tagged with its class, never dropped."""

import os
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from msgspec import structs

from quetsach.addresses import bounds, parse_address, parse_network
from quetsach.decoding import decode
from quetsach.errors.exceptions import QuetsachError
from quetsach.hostnames import parse_name, suffix_section
from quetsach.indicators.allow.classes import (
    AllowMatch,
    AllowMatchKind,
    Span,
    SpanTable,
    class_of,
    span_of,
)
from quetsach.indicators.allow.warning_lists import CORE_LISTS, core_rows, misp_lists
from quetsach.indicators.formats.plain import plain_rows
from quetsach.indicators.indicator_set import IndicatorTable, indicator_table
from quetsach.indicators.model import Indicator, IndicatorKind, IndicatorSet, MatchRule
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import files_of, read_raw
from quetsach.indicators.values import parse_value
from quetsach.texts import _
from quetsach.urls import parse_url

_BY_NAME = ("hostname", "string", "cidr")
_SIGNS = " .*"
_LET_OUT = ("dynamic-dns", "shared-platform")
FEW = 16
"""Up to so many names or addresses are searched individually, without an index."""

Place = tuple[str, IndicatorKind]
"""Key and kind, which identify an indicator in a set."""


class _WarningList(msgspec.Struct):
    """The keys read from a MISP warning list; all others are ignored."""

    name: str
    list: list[str]
    type: str = "string"


@dataclass(frozen=True)
class AllowList:
    """One allow-list.

    Shapes: `below` are names that include all their subdomains, `exact` names and hashes
    for themselves; all are canonical.
    """

    name: str
    of_class: str
    exact: Sequence[str] = ()
    below: Sequence[str] = ()
    spans: Sequence[Span] = ()


@dataclass(frozen=True)
class AllowLists:
    """Allow-lists as they were read; `left_out` are lists of other kinds than hosts."""

    lists: tuple[AllowList, ...] = ()
    left_out: tuple[str, ...] = ()


def read_allow(paths: Sequence[Path]) -> AllowLists:
    """Return what the allow-lists under `paths` hold: MISP warning lists, or plain lists.

    The class of a plain list is the stem of its file name; that of a warning list follows from
    what it is called. Errors: QuetsachError E202 for a file that cannot be read.
    """
    lists: list[AllowList] = []
    left_out: list[str] = []
    for path in paths:
        if path == CORE_LISTS:
            lists += _core_lists()
            continue
        for file in files_of(path) if path.is_dir() else [path]:
            raw = read_raw(file)
            allow_list = (
                _warning(raw, file) if file.suffix.lower() == ".json" else _plain(raw, file)
            )
            if allow_list is None:
                # The lists of the package are all called list.json, in a folder each.
                left_out.append(file.parent.name if file.name == "list.json" else file.name)
            else:
                lists.append(allow_list)
    return AllowLists(tuple(lists), tuple(left_out))


def allow_lists(sources: Sequence[str | Path], *, usual: bool) -> AllowLists:
    """Return the allow-lists that were asked for: paths, `misp`, or `none`.

    `usual` is whether MISP's are included unless `none` is given. Errors: E202.
    """
    words = {str(source) for source in sources}
    paths = [Path(source) for source in sources if str(source) not in ("misp", "none")]
    if "misp" in words or (usual and "none" not in words):
        paths.append(misp_lists())
    return read_allow(paths)


def find_allow_matches(
    indicator_set: IndicatorSet, allow: AllowLists
) -> dict[Place, tuple[AllowMatch, ...]]:
    """Return the indicators on allow-lists, with the lists and how each matches.

    Cost: one pass over the lists; the names of the set are kept in memory.
    """
    matches: dict[Place, list[AllowMatch]] = {}
    table = indicator_table(indicator_set)
    names = _Names(table, frozenset().union(*(one.below for one in allow.lists)))
    for allow_list in allow.lists:
        for place, touch in names.on(allow_list):
            matches.setdefault(place, []).append(
                AllowMatch(allow_list.of_class, allow_list.name, touch)
            )
    for place, allow_list in _on_spans(table, allow.lists):
        # A network may hold one listed address among thousands of others.
        touch = AllowMatchKind.ABOVE if place[1] is IndicatorKind.NETWORK else AllowMatchKind.ITSELF
        matches.setdefault(place, []).append(
            AllowMatch(allow_list.of_class, allow_list.name, touch)
        )
    return {place: tuple(sorted(set(met))) for place, met in matches.items()}


def tag_allow_classes(indicator_set: IndicatorSet, allow: AllowLists) -> IndicatorSet:
    """Return the set, each indicator with the classes of the allow-lists that contain it.

    An indicator that a person decided to keep stays unchanged.
    """
    return tag_matches(indicator_set, find_allow_matches(indicator_set, allow))


def tag_matches(
    indicator_set: IndicatorSet, met: dict[Place, tuple[AllowMatch, ...]]
) -> IndicatorSet:
    """Return the set with the classes of these matches on its indicators."""
    table = indicator_table(indicator_set)
    tagged: list[Indicator] = []
    for (key, kind), on in met.items():
        indicator = table.get(kind, key)
        if indicator is not None and on and indicator.decided != "keep":
            classes = {*indicator.allow_classes, *(meeting.of_class for meeting in on)}
            tagged.append(structs.replace(indicator, allow_classes=tuple(sorted(classes))))
    return replace(indicator_set, indicators=table.changed(tagged))


class _Names:
    """The names and hashes of a set, indexed so that one pass over an allow-list suffices.

    Those that are simple values stay texts: a list of a million has hardly any others.
    """

    def __init__(self, table: IndicatorTable, listed: Set[str]) -> None:
        """Take the set; `listed` are the entries of all lists that include what is below them."""
        self._names = frozenset(table.simple_keys(IndicatorKind.NAME))
        self._hashes = frozenset(table.simple_keys(IndicatorKind.HASH))
        self._others: dict[str, list[Place]] = {}
        wide: set[str] = set()
        for indicator in table.of_several():
            text = text_of(indicator)
            if text:
                self._others.setdefault(text, []).append((indicator.key, indicator.kind))
                if indicator.kind is IndicatorKind.NAME and indicator.rule is MatchRule.BELOW:
                    wide.add(text)
        self._texts = self._names.union(self._hashes, self._others)
        self._wide = self._names.union(wide)
        self._below: dict[str, list[str]] = {}
        for text in self._texts:
            for suffix in (text, *parents_of(text)):
                if suffix in listed:
                    self._below.setdefault(suffix, []).append(text)

    def on(self, allow_list: AllowList) -> Iterator[tuple[Place, AllowMatchKind]]:
        """Return the indicators of the set that the list contains."""
        if not self._texts:
            return
        for text in self._texts.intersection(allow_list.exact):
            yield from ((place, AllowMatchKind.ITSELF) for place in self._places(text))
        for listed in allow_list.below:
            for text in self._below.get(listed, ()):
                touch = relation(text, listed, allow_list.of_class)
                yield from ((place, touch) for place in self._places(text))
        if self._wide:
            names = self._above(allow_list)
            yield from (((name, IndicatorKind.NAME), AllowMatchKind.ABOVE) for name in names)

    def _places(self, text: str) -> Iterator[Place]:
        if text in self._names:
            yield text, IndicatorKind.NAME
        if text in self._hashes:
            yield text, IndicatorKind.HASH
        yield from self._others.get(text, ())

    def _above(self, allow_list: AllowList) -> set[str]:
        names: set[str] = set()
        for entries in (allow_list.exact, allow_list.below):
            if len(self._wide) <= FEW:
                names.update(_with_some_below(self._wide, entries))
                continue
            rest = entries
            while rest:
                rest = [up for name in rest if "." in (up := name.partition(".")[2])]
                names |= self._wide.intersection(rest)
        return names


def _with_some_below(names: Iterable[str], entries: Sequence[str]) -> Iterator[str]:
    """Yield those of a few names that have an entry below them.

    One search in all entries as one text is far faster than splitting each.
    """
    whole = "\n".join((*entries, ""))
    for name in names:
        end = f".{name}"
        has_end = "." in name and f"{end}\n" in whole
        if has_end and any(listed.endswith(end) for listed in entries):
            yield name


def relation(text: str, listed: str, of_class: str) -> AllowMatchKind:
    """Return how the name `text` relates to `listed`, itself or a name above it, of a list."""
    if text == listed:
        return AllowMatchKind.ITSELF
    if of_class in _LET_OUT:
        return AllowMatchKind.CUSTOMER
    while len(text) > len(listed):
        text = text.partition(".")[2]
        if suffix_section(text) == "private":
            return AllowMatchKind.CUSTOMER
    return AllowMatchKind.BELOW


def text_of(indicator: Indicator) -> str:
    """Return the name or hash of an indicator as a list would write it, or ""."""
    if indicator.kind in (IndicatorKind.NAME, IndicatorKind.HASH):
        return indicator.key
    url = parse_url(indicator.key) if indicator.kind is IndicatorKind.URL else None
    return "" if url is None or url.address is not None else url.host


def span_of_indicator(indicator: Indicator) -> Span | None:
    """Return the addresses that an indicator means, None for what has none."""
    if indicator.kind is IndicatorKind.NETWORK:
        network = parse_network(indicator.key)
        return None if network is None else (network[0].version, *bounds(network[0]))
    if indicator.kind is IndicatorKind.URL:
        url = parse_url(indicator.key) if indicator.key[:1] in "[0123456789" else None
        address = None if url is None else url.address
    elif indicator.kind is IndicatorKind.ADDRESS:
        bare = indicator.key if indicator.port is None else indicator.key.rpartition(":")[0]
        address = parse_address(bare.strip("[]"))
    else:
        return None
    return None if address is None else (address.version, int(address), int(address))


def _on_spans(
    indicators: IndicatorTable, lists: Sequence[AllowList]
) -> Iterator[tuple[Place, AllowList]]:
    addresses = indicators.simple_keys(IndicatorKind.ADDRESS)
    spans: list[tuple[Place, Span]] = [
        ((key, IndicatorKind.ADDRESS), span)
        for key in addresses
        if (span := span_of(key)) is not None
    ]
    spans += [
        ((indicator.key, indicator.kind), span)
        for indicator in indicators.of_several()
        if (span := span_of_indicator(indicator)) is not None
    ]
    if not spans:
        return
    # Building a table takes longer than searching all lists for a few.
    table = SpanTable([allow_list.spans for allow_list in lists]) if len(spans) > FEW else None
    for place, span in spans:
        numbers = _touching(span, lists) if table is None else table.touching(span)
        for number in numbers:
            yield place, lists[number]


def _touching(span: Span, lists: Sequence[AllowList]) -> Iterator[int]:
    version, first, last = span
    for number, allow_list in enumerate(lists):
        if any(low <= last and first <= high and v == version for v, low, high in allow_list.spans):
            yield number


def parents_of(name: str) -> Iterator[str]:
    """Yield the names above `name`, the nearest first."""
    while "." in name:
        name = name.partition(".")[2]
        yield name


def _core_lists() -> Iterator[AllowList]:
    for row in core_rows():
        warning_list = _warning(row, CORE_LISTS)
        assert warning_list is not None, "it was written without those that are not read"
        yield warning_list


def is_read(kind: str) -> bool:
    """Return whether warning lists of a kind, as MISP names it, are read."""
    # Substrings and patterns would tag too much; they are meant for mail addresses.
    return kind in _BY_NAME


def _warning(raw: bytes, path: Path) -> AllowList | None:
    try:
        warning = msgspec.json.decode(raw, type=_WarningList)
    except (msgspec.MsgspecError, ValueError, RecursionError) as err:
        reason = _("it is not a MISP warning list")
        raise QuetsachError("E202", str(path), reason=reason) from err
    if not is_read(warning.type):
        return None
    of_class = class_of(warning.name)
    if warning.type == "cidr":
        spans, names = _parted(warning.list)
    else:
        spans, names = [], warning.list
    wide, exact = (names, []) if warning.type == "hostname" else _wide(names)
    return AllowList(warning.name, of_class, _canonical(exact), _canonical(wide), spans)


def _wide(names: list[str]) -> tuple[list[str], list[str]]:
    """Return the names marked as covering all below them, and the rest."""
    whole = "\n".join(("", *names))
    if not any(sign in whole for sign in ("\n.", "\n*")):  # a list of a million has none
        return [], names
    marked = [name for name in names if name.startswith((".", "*"))]
    return marked, [name for name in names if not name.startswith((".", "*"))]


def _parted(entries: Iterable[str]) -> tuple[list[Span], list[str]]:
    """Return the addresses and networks among `entries`, and the rest."""
    spans, rest = [], []
    for listed in entries:
        span = span_of(listed)
        if span is None:
            rest.append(listed)
        else:
            spans.append(span)
    return spans, rest


def _canonical(names: Sequence[str]) -> Sequence[str]:
    """Return names in canonical form; fast for a list that already is."""
    whole = "\n".join(names)
    if whole.isascii() and whole.islower() and not any(sign in whole for sign in " *"):
        edged = whole.startswith(".") or "\n." in whole or ".\n" in whole or whole.endswith(".")
        return [name.strip(".") for name in names] if edged else names
    return [name if name.isascii() and name.islower() else _name(name) for name in _stripped(names)]


def _stripped(names: Iterable[str]) -> Iterator[str]:
    return (name.strip(_SIGNS) for name in names)


def _name(text: str) -> str:
    if text.isascii():
        return text.lower()
    name = parse_name(text)
    return "" if name is None else name.ascii


def _plain(raw: bytes, path: Path) -> AllowList:
    text = decode(raw)
    if text is None:
        raise QuetsachError("E202", str(path), reason=_("it is not a text file"))
    stem = os.fsencode(path.stem).decode("utf-8", "replace").lower()
    options = ListOptions(accept_private=True)
    keys = [
        parsed.key
        for row in plain_rows(iter(text.split("\n")))
        for parsed in parse_value(row.value, options).values
    ]
    spans, names = _parted(keys)
    return AllowList(path.name, stem, below=names, spans=spans)
