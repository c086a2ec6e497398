"""What is to be swept, and who was behind an address at its time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from quetsach.clocks import HERE
from quetsach.errors.exceptions import QuetsachError
from quetsach.evidence.beginnings import KnownText as KnownText
from quetsach.formats.table_maps import split_maps
from quetsach.indicators.allow.exam_marks import set_marks_aside
from quetsach.indicators.compiled.cache import list_cache_folder as list_cache_folder
from quetsach.indicators.compiled.cache import read_cached
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions, read_column_maps
from quetsach.scanning.declared_sources import DeclaredSource as DeclaredSource
from quetsach.scanning.declared_sources import declared_source as declared_source
from quetsach.scanning.declared_sources import read_declared
from quetsach.scanning.job import ReadOptions, moment_us, network_of, zone_of
from quetsach.sweeping.own_network import OwnTables as OwnTables
from quetsach.sweeping.own_network import read_knowledge
from quetsach.sweeping.sweep import Engine
from quetsach.sweeping.sweep import SweepRequest as SweepRequest
from quetsach.sweeping.sweep import sweep as sweep

if TYPE_CHECKING:
    from quetsach.blocklists.planted import PlantedContact
    from quetsach.signing.keys import SigningKey


MOST_REASON = 500
"""How many characters of a reason are kept."""


def sweep_request(
    *,
    evidence: Sequence[str],
    lists: Sequence[Path],
    out: Path | None = None,
    allow: Sequence[str | Path] = (),
    decisions: Path | None = None,
    zone: str | None = None,
    sources: Sequence[DeclaredSource] | Path = (),
    inside: Sequence[str] = (),
    accept_private: bool = False,
    mask_persons: bool = False,
    since: str | None = None,
    until: str | None = None,
    engine: Engine = "local",
    workers: int | None = None,
    columns: Sequence[Path] = (),
    sign: Path | None = None,
    passphrase: bytes | None = None,
    own: OwnTables | None = None,
    list_cache: Path | None = None,
    sha256: bool = False,
    earlier_texts: Sequence[KnownText] = (),
    accept_doubtful: str | None = None,
) -> SweepRequest:
    """Return what to sweep, with lists read and every value checked.

    Shapes: `columns` are column maps, or folders; `own` says where own tables and records lie,
    which are evidence too. A zone that is named is known. `sources` are a `sources.toml`, or of
    `declared_source`; `list_cache` of `list_cache_folder`; `earlier_texts` of `known_texts`.
    Doubtful indicators that nobody decided on accuse no device, but for a reason `accept_doubtful`.
    Errors: E202 for a list, E133, E218 for a column map; E230, E231 for the key `sign`; E267 for
    `sources`; E601 for a wrong value.
    """
    tables, used_zone = own or OwnTables(), HERE if zone is None else zone
    networks, knowledge = tuple(map(network_of, inside)), read_knowledge(tables)
    options = ReadOptions(
        zone=zone_of(used_zone).key,
        inside=knowledge.inside([str(one) for one in networks]),
        accept_private=accept_private,
        mask_persons=mask_persons,
        since_us=moment_us("--since", since, used_zone),
        until_us=moment_us("--until", until, used_zone),
        zone_declared=zone is not None,
        sources=read_declared(sources),
        hold_doubtful=accept_doubtful is None,
        accepted_doubtful=_reason(accept_doubtful),
    )
    of_lists, of_evidence = split_maps(columns)
    read = ListOptions(accept_private, networks, zone_of(used_zone), read_column_maps(of_lists))
    cached = read_cached(lists, read, list_cache)
    indicators = _indicators(cached.indicators, decisions, allow)
    return SweepRequest(
        *((*evidence, *tables.leases, *tables.nat), indicators, out or _free_folder(), options),
        *(engine, workers, _signing_key(sign, passphrase), knowledge),
        table_maps=tuple(of_evidence),
        list_cache_use=cached.use.value,
        sha256=sha256 or sign is not None,
        earlier_texts=earlier_texts,
    )


def _reason(text: str | None) -> str:
    reason = " ".join((text or "").split())[:MOST_REASON]
    if text is not None and not reason:
        raise QuetsachError("E601", "--accept-doubtful", reason=text)
    return reason


def with_planted(
    request: SweepRequest,
    key_file: Path | None,
    places: Sequence[str] = (),
    contacts: "Sequence[PlantedContact]" = (),
) -> SweepRequest:
    """Return the request with planted contacts looked for.

    They are known by the key in a file, as `contacts` that were made with it, or by their suffix.
    Errors: E601 for the file.
    """
    # Few sweeps look for anything planted.
    from quetsach.blocklists.planted import read_planted_key
    from quetsach.sweeping.planted_rows import PlantedSearch

    key = None if key_file is None else read_planted_key(key_file, places)
    return replace(request, planted=PlantedSearch(key, tuple(contacts)))


def _signing_key(path: Path | None, passphrase: bytes | None) -> "SigningKey | None":
    if path is None:
        return None
    from quetsach.api.signing import read_signing_key

    return read_signing_key(path, passphrase)


def _indicators(
    indicators: IndicatorSet,
    decisions: Path | None,
    allow: Sequence[str | Path],
) -> IndicatorSet:
    if decisions is not None:
        from quetsach.api.lists import decisions_in
        from quetsach.indicators.releases.decisions import apply_decisions

        indicators, _dropped = apply_decisions(indicators, decisions_in(decisions))
    if allow:
        from quetsach.indicators.allow.lists import allow_lists, tag_allow_classes

        indicators = tag_allow_classes(indicators, allow_lists(allow, usual=False))
    return set_marks_aside(indicators)


def _free_folder() -> Path:
    """Return a folder here that is not there yet, named after the time."""
    name = f"findings-{datetime.now():%Y%m%d-%H%M%S}"
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(path for path in map(Path, names) if not path.exists())
