"""The units that sweeps knew from inventory and network plan, as their manifests keep them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quetsach.addresses import Network, parse_network
from quetsach.errors import QuetsachError
from quetsach.findings.folder import MANIFEST, Findings
from quetsach.indicators.prefixes import PrefixTable


@dataclass(frozen=True)
class PlannedUnits:
    """Units by network (None where no sweep had a plan), and how many machines each has."""

    table: PrefixTable[str] | None = None
    machines: Mapping[str, int] = field(default_factory=dict)


def planned_units(folders: Iterable[Findings]) -> PlannedUnits:
    """Return what the sweeps knew together; the last of `folders` says whose a network is now.

    Errors: E305 for a manifest in which this stands in no form that is known.
    """
    networks: dict[Network, str] = {}
    machines: dict[str, int] = {}
    for one in folders:
        tables = one.manifest.get("own_tables")
        known = tables if isinstance(tables, dict) else {}
        networks.update(_networks(known.get("unit_networks", {}), one))
        machines.update(_machines(known.get("unit_machines", {}), one))
    if not networks:
        return PlannedUnits()
    return PlannedUnits(PrefixTable(networks.items()), machines)


def _networks(found: Any, findings: Findings) -> dict[Network, str]:
    if not isinstance(found, dict):
        raise _damaged(findings, "unit_networks")
    read = {parse_network(text): unit for text, unit in found.items()}
    networks = {one[0]: unit for one, unit in read.items() if one and isinstance(unit, str)}
    if len(networks) != len(found):
        raise _damaged(findings, "unit_networks")
    return networks


def _machines(found: Any, findings: Findings) -> dict[str, int]:
    if not isinstance(found, dict) or not all(type(one) is int for one in found.values()):
        raise _damaged(findings, "unit_machines")
    return found


def _damaged(findings: Findings, what: str) -> QuetsachError:
    return QuetsachError("E305", str(findings.folder / MANIFEST), reason=what)
