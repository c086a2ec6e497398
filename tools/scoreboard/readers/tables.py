"""Pairs of tables: what network devices and machines print, and the rows that others read in it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from quetsach.addresses import canonical_address
from tools.scoreboard.judge import normal_fields
from tools.scoreboard.pairs import Expectation, Pair

_LEASES = {
    "host.ip": ("ip_address", "address", "host", "destination", "ip", "IP_address"),
    "host.mac": ("mac_address", "hwaddress", "HW_address"),
    "host.name": ("hostname", "host_name"),
}
_TRANSLATIONS = {
    "source.ip": ("inside_local_ip",),
    "source.port": ("inside_local_port",),
    "source.nat.ip": ("inside_global_ip",),
    "source.nat.port": ("inside_global_port",),
    "destination.ip": ("outside_global_ip",),
    "destination.port": ("outside_global_port",),
}
_CONNECTIONS = {
    "source.ip": ("local_address",),
    "source.port": ("local_port",),
    "destination.ip": ("foreign_address", "peer_address"),
    "destination.port": ("foreign_port", "peer_port"),
}
_NAMES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "arp-table": _LEASES,
    "dhcp-leases": _LEASES,
    "nat-table": _TRANSLATIONS,
    "linux-host": _CONNECTIONS,
    "windows-host": _CONNECTIONS,
}


def read_ntc(folder: Path) -> Iterator[Pair]:
    """Yield the pairs of tables of network devices below `folder`."""
    for path in sorted((folder / "ntc").glob("*.yml")):
        rows = yaml.safe_load(path.read_text(encoding="utf-8")).get("parsed_sample")
        yield from _pair("ntc", path, rows, _evidence(folder, f"{path.stem}.raw"))


def read_jc(folder: Path) -> Iterator[Pair]:
    """Yield the pairs of outputs of programs below `folder`."""
    for path in sorted((folder / "jc").glob("*.json")):
        rows = json.loads(path.read_text(encoding="utf-8"))
        found = _evidence(folder, f"{path.stem}.out") or _evidence(folder, path.stem)
        yield from _pair("jc", path, rows if isinstance(rows, list) else [], found)


def _evidence(folder: Path, name: str) -> Path | None:
    """Return the file of evidence with this name."""
    return next(iter(sorted((folder.parent / "evidence").rglob(name))), None)


def _pair(
    source: str, path: Path, rows: Sequence[Mapping[str, Any]], found: Path | None
) -> Iterator[Pair]:
    if found is None:
        return
    kind = next(part for part in found.parts[found.parts.index("evidence") + 1 :])
    names = _NAMES.get(kind)
    expected = tuple(_expectations(rows, names)) if names is not None else ()
    if expected:
        yield Pair(source, kind, path.stem, found.read_bytes(), expected, path, alone=True)


def _expectations(
    rows: Iterable[Mapping[str, Any]], names: Mapping[str, Sequence[str]]
) -> Iterator[Expectation]:
    for row in rows:
        told = {
            field: next((row[key] for key in keys if row.get(key)), None)
            for field, keys in names.items()
        }
        fields = normal_fields(told)
        if _is_whole(names, fields, row):
            yield Expectation(fields)


def _is_whole(
    names: Mapping[str, Sequence[str]], fields: Mapping[str, object], row: Mapping[str, Any]
) -> bool:
    """Return whether a row ties two things together, as it must."""
    if names is _LEASES:
        return {"host.ip", "host.mac"} <= fields.keys()
    if names is _CONNECTIONS:
        peer = canonical_address(str(row.get("foreign_address") or row.get("peer_address") or ""))
        ends = {"source.ip", "destination.ip", "destination.port"} <= fields.keys()
        return ends and peer is not None and not peer.startswith(("127.", "::1"))
    return "source.ip" in fields
