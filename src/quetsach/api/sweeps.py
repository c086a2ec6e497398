"""What is to be swept, and who was behind an address at its time."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from quetsach.api.here import HERE
from quetsach.indicators.allow import allow_lists, tagged
from quetsach.indicators.column_map import read_column_maps
from quetsach.indicators.decisions import decided
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.pipeline.job import Options
from quetsach.run.attribute import AttributeRequest, Question
from quetsach.run.attribute import attribute as asked
from quetsach.run.decisions import decisions_in
from quetsach.run.key_files import read_signing_key
from quetsach.run.knowledge import OwnTables, read_knowledge
from quetsach.run.sweep import Engine, SweepRequest
from quetsach.run.typed import moment_us, network_of, zone_of


def sweep_request(
    *,
    evidence: Sequence[str],
    lists: Sequence[Path],
    out: Path | None = None,
    allow: Sequence[str | Path] = (),
    decisions: Path | None = None,
    zone: str = HERE,
    inside: Sequence[str] = (),
    accept_private: bool = False,
    since: str | None = None,
    until: str | None = None,
    engine: Engine = "local",
    workers: int | None = None,
    columns: Sequence[Path] = (),
    sign: Path | None = None,
    passphrase: bytes | None = None,
    own: OwnTables | None = None,
) -> SweepRequest:
    """Return what to sweep, with lists read and every value checked.

    Shapes: `columns` are saved column maps, or folders of them; `own` says where the office's own
    tables and lease and translation records lie, which are read as evidence besides.
    Errors: E202 for a list that cannot be read; E218 for a column map; E230, E231 for the private
    key `sign`; E601 for a wrong value.
    """
    key = None if sign is None else read_signing_key(sign, passphrase)
    tables = OwnTables() if own is None else own
    networks = tuple(network_of(one) for one in inside)
    knowledge = read_knowledge(tables)
    options = Options(
        zone=zone_of(zone).key,
        inside=knowledge.inside([str(one) for one in networks]),
        accept_private=accept_private,
        since_us=moment_us("--since", since, zone),
        until_us=moment_us("--until", until, zone),
    )
    maps = read_column_maps(columns)
    indicators = read_lists(
        lists,
        ListOptions(
            accept_private=accept_private, own=networks, zone=zone_of(zone), column_maps=maps
        ),
    )
    indicators, _dropped = decided(indicators, decisions_in(decisions))
    if allow:
        indicators = tagged(indicators, allow_lists(allow, usual=False))
    target = out if out is not None else _free_folder()
    return SweepRequest(
        (*evidence, *tables.leases, *tables.nat),
        indicators,
        target,
        options,
        engine,
        workers,
        key,
        knowledge,
    )


def attribute(
    questions: Sequence[Question],
    *,
    evidence: Sequence[str],
    own: OwnTables | None = None,
    zone: str = HERE,
    inside: Sequence[str] = (),
    workers: int | None = None,
) -> list[dict[str, Any]]:
    """Return who was behind each address at its time, with grade, rivals and steps.

    Shapes: see run/attribute.py. Errors: E262 to E266 for the own tables; E601 for a wrong value.
    """
    tables = OwnTables() if own is None else own
    networks = [str(network_of(one)) for one in inside]
    knowledge = read_knowledge(tables)
    options = Options(zone=zone_of(zone).key, inside=knowledge.inside(networks))
    return asked(
        AttributeRequest(
            questions=questions,
            evidence=(*evidence, *tables.leases, *tables.nat),
            options=options,
            knowledge=knowledge,
            workers=workers,
        )
    )


def _free_folder() -> Path:
    """Return a folder here that is not there yet, named after the time."""
    name = f"findings-{datetime.now():%Y%m%d-%H%M%S}"
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(path for path in map(Path, names) if not path.exists())
