"""Compiles a set of indicators into a file, and holds such a file against the options in use."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from pathlib import Path

from quetsach.addresses import (
    Address,
    AddressScope,
    Network,
    bounds,
    overlaps,
    parse_address,
    parse_network,
    special_spans,
    standing,
)
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.compiled.list_file import (
    CompiledContent,
    CompiledList,
    CompiledWith,
    write_compiled,
)
from quetsach.indicators.indicator_columns import IndicatorColumns
from quetsach.indicators.indicator_set import indicator_table
from quetsach.indicators.lookup import host_of
from quetsach.indicators.model import IndicatorKind, IndicatorSet
from quetsach.indicators.options import ListOptions, RefusalReason

_KINDS_OF_ADDRESSES = (IndicatorKind.ADDRESS, IndicatorKind.NETWORK, IndicatorKind.URL)
_BY_OPTION = {RefusalReason.PRIVATE, RefusalReason.RESERVED, RefusalReason.OWN_RANGE}


def made_with(options: ListOptions) -> CompiledWith:
    """Return of `options` what a compiled list depends on."""
    own = tuple(sorted(map(str, options.own)))
    return CompiledWith(accept_private=options.accept_private, own=own, zone=str(options.zone))


def compile_set(path: Path, indicator_set: IndicatorSet, options: ListOptions) -> None:
    """Write `indicator_set`, which was read with `options`, to the file at `path`.

    Errors: OSError; ValueError for a key that cannot be stored.
    """
    from quetsach.indicators.column_building import build_columns
    from quetsach.indicators.column_details import add_details

    table = indicator_table(indicator_set)
    columns = build_columns([]) if table.columns is None else table.columns
    beside = [indicator for kind in IndicatorKind for indicator in table.beside(kind).values()]
    if beside:
        columns = add_details(columns, beside)
    if len(columns) != len(table):
        raise ValueError("what was dropped of a list is not compiled")
    content = CompiledContent(
        columns,
        indicator_set.digest,
        indicator_set.readings,
        indicator_set.refusals,
        made_with(options),
    )
    write_compiled(path, content)


def check_options(compiled: CompiledList, options: ListOptions, name: str) -> None:
    """Raise E273 where the lists, read with `options`, could give other indicators than these.

    What a person accepts or refuses by an option is not accepted or refused by another's.
    """
    before, now = compiled.made_with, made_with(options)
    if options.take_unmarked or options.path_hosts:
        raise QuetsachError("E273", name, option="take-in")
    if before.zone != now.zone and _has_dates(compiled.columns):
        raise QuetsachError("E273", name, option=f"--zone {before.zone}")
    if (before.accept_private, before.own) == (now.accept_private, now.own):
        return
    words = ["--accept-private"] if before.accept_private else []
    option = " ".join([*words, *(f"--inside {network}" for network in before.own)])
    was_refused = any(refusal.reason in _BY_OPTION for refusal in compiled.refusals)
    counted = sum(reading.refused for reading in compiled.readings)
    if was_refused or counted > len(compiled.refusals):
        raise QuetsachError("E273", name, option=option or "-")
    is_barred = any(_is_barred(span, options) for span in _spans(compiled.columns))
    if is_barred or _holds_barred(compiled.columns.arrays.numbers, options):
        raise QuetsachError("E273", name, option=option or "-")


def _has_dates(columns: IndicatorColumns) -> bool:
    claims = map(columns.claim, range(len(columns.arrays.claim_starts) - 1))
    return any(
        moment is not None
        for claim in claims
        for moment in (claim.valid_from_us, claim.valid_until_us, claim.last_seen_us)
    )


def _spans(columns: IndicatorColumns) -> Iterator[Address | Network]:
    """Yield every address and network that is no simple value."""
    for kind in _KINDS_OF_ADDRESSES:
        for place in columns.detailed_places(kind):
            indicator = columns.indicator(place)
            network = parse_network(indicator.key) if kind is IndicatorKind.NETWORK else None
            span = network[0] if network else parse_address(host_of(indicator))
            if span is not None:
                yield span


def _holds_barred(numbers: memoryview, options: ListOptions) -> bool:
    in_order = sorted(numbers)
    barred = [bounds(network) for network in options.own if network.version == 4]
    barred += [] if options.accept_private else special_spans(4)
    return any(
        bisect_left(in_order, first) != bisect_right(in_order, last) for first, last in barred
    )


def _is_barred(span: Address | Network, options: ListOptions) -> bool:
    is_special = standing(span) in (AddressScope.PRIVATE, AddressScope.RESERVED)
    return (is_special and not options.accept_private) or overlaps(span, options.own)
