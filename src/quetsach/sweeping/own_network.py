"""The own network of an office: inventory, network plan, overrides, public addresses, rules."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quetsach.addresses import Network
from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import codec_of, unpacked
from quetsach.errors.exceptions import Problem
from quetsach.evidence.find import EvidenceFile, find_evidence
from quetsach.formats.contract import HEAD_BYTES
from quetsach.inventory.model import FLAW_WORDS, InventoryProblem, NetworkRole
from quetsach.scanning.job import INSIDE, network_of
from quetsach.texts import _

if TYPE_CHECKING:
    from quetsach.attribution.overrides import Overrides
    from quetsach.attribution.port_blocks import PortBlockRule
    from quetsach.inventory.lookup import Inventory
    from quetsach.inventory.plan import NetworkPlan

MOST_BYTES = 16 * 1024 * 1024
"""No table of rules is longer; what is longer is a log."""


@dataclass(frozen=True)
class PortRules:
    """The rules that were found, the files that hold them, and what was wrong with their rows."""

    rules: "tuple[PortBlockRule, ...]" = ()
    files: frozenset[Path] = frozenset()
    problems: tuple[Problem, ...] = ()


def rules_in(named: Sequence[str]) -> PortRules:
    """Return the rules of the tables among the files that `named` names; other files are passed by.

    Errors: none are raised; a file that cannot be read is reported where evidence is planned.
    """
    from quetsach.attribution.port_blocks import read_block_rules

    rules: list[PortBlockRule] = []
    files: set[Path] = set()
    problems: list[Problem] = []
    for file in find_evidence(named)[0]:
        if not _is_table(_first(file, HEAD_BYTES)):
            continue
        found, wrong = read_block_rules(_first(file, MOST_BYTES), file.shown)
        files.add(file.location.resolve())
        rules += found
        problems += wrong
    return PortRules(tuple(dict.fromkeys(rules)), frozenset(files), tuple(problems))


def _is_table(head: bytes) -> bool:
    from quetsach.attribution.port_blocks import read_block_rules

    rules, problems = read_block_rules(head, "")
    return bool(rules) or all(one.code != "E260" for one in problems)


def _first(file: EvidenceFile, limit: int) -> bytes:
    """Return the first unpacked bytes of a file, as far as they are sound."""
    head = b""
    try:
        for piece in _pieces(file):
            head += piece
            if len(head) >= limit:
                break
    except (OSError, DamagedDataError):
        return head[:limit]
    return head[:limit]


def _pieces(file: EvidenceFile) -> Iterator[bytes]:
    with file.location.open("rb") as opened:
        codec = codec_of(opened.read(HEAD_BYTES))
        opened.seek(0)
        yield from unpacked(opened, codec)


@dataclass(frozen=True)
class OwnTables:
    """Where the office's own tables and records lie, as they were named.

    Shapes: `leases` and `nat` are evidence of a kind that was promised; `public` are addresses or
    networks as text.
    """

    leases: Sequence[str] = ()
    nat: Sequence[str] = ()
    inventory: Sequence[Path] = ()
    plan: Sequence[Path] = ()
    public: Sequence[str] = ()
    overrides: Path | None = None


@dataclass(frozen=True)
class OwnNetwork:
    """The office's own tables, read; whatever was not given is None or empty.

    Shapes: `rule_files` are the tables that `rules` were read from, by their real paths; `own` says
    how all of it was named.
    """

    inventory: "Inventory | None" = None
    plan: "NetworkPlan | None" = None
    overrides: "Overrides | None" = None
    publics: tuple[Network, ...] = ()
    rules: "tuple[PortBlockRule, ...]" = ()
    rule_files: frozenset[Path] = frozenset()
    own: OwnTables = field(default_factory=OwnTables)
    problems: tuple[Problem, ...] = ()

    def duty(self, address: str) -> NetworkRole | None:
        """Return what the machine with this address does for others, if a table says so."""
        if self.plan is not None:
            found = self.plan.duty_of(address)
            if found is not None:
                return found
        if self.inventory is None:
            return None
        machines = self.inventory.by_address(address)
        return machines[0].duty if machines else None

    def unit_of(self, address: str) -> str:
        """Return the name of the unit that has this address, "" where no table says so."""
        if self.plan is None:
            return ""
        return self.plan.name_of(self.plan.unit_of(address))

    def flaws(self) -> tuple[InventoryProblem, ...]:
        """Return what is wrong in the tables, each once."""
        named = self.inventory.problems if self.inventory is not None else ()
        planned = self.plan.problems if self.plan is not None else ()
        return tuple(dict.fromkeys((*named, *planned)))

    def inside(self, named: Sequence[str]) -> tuple[str, ...]:
        """Return the own networks: those that were named, else the usual and the plan's of IPv6.

        Machines have global addresses with IPv6, and only a plan says which are ours. A global
        network of IPv4 may be that of a router that translates, and no machine.
        """
        if named:
            return tuple(named)
        planned = self.plan.networks if self.plan is not None else ()
        machines = (
            str(one.network)
            for one in planned
            if one.network.version == 6 and not one.public and one.duty is None
        )
        return tuple(dict.fromkeys((*INSIDE, *machines)))

    def all_publics(self) -> tuple[Network, ...]:
        """Return all own public addresses, named or from the network plan."""
        planned = [one.network for one in self.plan.publics()] if self.plan is not None else []
        return tuple(dict.fromkeys((*self.publics, *planned)))


def read_knowledge(own: OwnTables) -> OwnNetwork:
    """Return the tables of `own`, read; what in them cannot be used is among the problems.

    Errors: E101 for decisions that are not there; E261 for a row of port block rules; E262 to E266
    for a table that cannot be read; E601 for a public address.
    """
    inventory, plan = _tables(own)
    blocks = rules_in(own.nat) if own.nat else PortRules()
    gone = own.overrides is not None and not own.overrides.exists()
    unread = [*(inventory.unread if inventory else ()), *(plan.unread if plan else ())]
    return OwnNetwork(
        inventory=inventory,
        plan=plan,
        overrides=None if own.overrides is None else _overrides(own.overrides),
        rules=blocks.rules,
        rule_files=blocks.files,
        own=own,
        problems=(
            *dict.fromkeys(unread),
            *blocks.problems,
            *((Problem("E101", str(own.overrides)),) if gone else ()),
        ),
        publics=tuple(network_of(one, "--public") for one in own.public),
    )


def _tables(own: OwnTables) -> "tuple[Inventory | None, NetworkPlan | None]":
    if not own.inventory and not own.plan:
        return None, None
    from quetsach.inventory.read import read_inventory, read_plan

    inventory = read_inventory(*own.inventory) if own.inventory else None
    # An inventory may hold the network plan on a sheet of its own.
    return inventory, read_plan(*own.plan) if own.plan else inventory.plan if inventory else None


def _overrides(path: Path) -> "Overrides":
    from quetsach.attribution.overrides import read_overrides

    return read_overrides(path)


MOST_FLAWS = 1000
"""How many flaws are named; all are counted."""


def own_tables_json(knowledge: OwnNetwork) -> dict[str, Any]:
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


def _unit_networks(plan: "NetworkPlan") -> dict[str, str]:
    """Return whose each network is, by the unit's name; one with two owners has none."""
    claims: dict[str, set[str]] = {}
    for one in plan.networks:
        if one.unit:
            claims.setdefault(str(one.network), set()).add(plan.name_of(one.unit))
    return {text: next(iter(found)) for text, found in claims.items() if len(found) == 1}


def _unit_machines(inventory: "Inventory", plan: "NetworkPlan | None") -> dict[str, int]:
    units = (one.unit for one in inventory.machines if one.unit)
    return dict(Counter(unit if plan is None else plan.name_of(unit) for unit in units))


def _flaws(flaws: Iterable[InventoryProblem]) -> dict[str, Any]:
    problems = list(flaws)
    return {
        "flaws": len(problems),
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
            for one in problems[:MOST_FLAWS]
        ],
    }
