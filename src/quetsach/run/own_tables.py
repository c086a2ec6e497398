"""What was read of the office's own tables, for the manifest: counts, and every flaw by its row."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from quetsach.inventory.lookup import Inventory
from quetsach.inventory.plan import NetworkPlan
from quetsach.inventory.problems import FLAW_WORDS, InventoryProblem
from quetsach.run.knowledge import Knowledge
from quetsach.texts import _

MOST_FLAWS = 1000
"""How many flaws are named; all are counted."""


def own_tables_json(knowledge: Knowledge) -> dict[str, Any]:
    """Return what the manifest keeps of inventory, network plan and decisions."""
    inventory, plan = knowledge.inventory, knowledge.plan
    return {
        "machines": len(inventory.machines) if inventory is not None else None,
        "networks": len(plan.networks) if plan is not None else None,
        "unit_networks": _unit_networks(plan) if plan is not None else {},
        "unit_machines": _unit_machines(inventory, plan) if inventory is not None else {},
        "publics": [str(one) for one in knowledge.all_publics()],
        "port_rules": len(knowledge.rules),
        "overrides": len(knowledge.overrides.all) if knowledge.overrides is not None else None,
        "left_out": [
            {"path": one.path, "sheet": one.sheet, "heading": one.heading, "values": one.count}
            for one in (inventory.left_out if inventory is not None else ())
        ],
        **_flaws(knowledge.flaws()),
    }


def _unit_networks(plan: NetworkPlan) -> dict[str, str]:
    """Return whose each network is, by the unit's name; one that two units claim is nobody's."""
    claims: dict[str, set[str]] = {}
    for one in plan.networks:
        if one.unit:
            claims.setdefault(str(one.network), set()).add(plan.name_of(one.unit))
    return {text: next(iter(found)) for text, found in claims.items() if len(found) == 1}


def _unit_machines(inventory: Inventory, plan: NetworkPlan | None) -> dict[str, int]:
    units = (one.unit for one in inventory.machines if one.unit)
    return dict(Counter(unit if plan is None else plan.name_of(unit) for unit in units))


def _flaws(flaws: Iterable[InventoryProblem]) -> dict[str, Any]:
    found = list(flaws)
    return {
        "flaws": len(found),
        "flaw_rows": [
            {
                "path": one.row.path,
                "sheet": one.row.sheet,
                "row": one.row.number,
                "flaw": str(one.reason),
                "what": _(FLAW_WORDS[one.reason]),
                "excerpt": one.excerpt,
                "other_row": one.other.number if one.other is not None else None,
            }
            for one in found[:MOST_FLAWS]
        ],
    }
