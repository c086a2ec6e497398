"""What an office knows of its own network: inventory, network plan, decisions, public addresses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quetsach.addresses import Network
from quetsach.attribute.overrides import Overrides, read_overrides
from quetsach.attribute.port_blocks import BlockRule
from quetsach.errors import Problem
from quetsach.inventory.lookup import Inventory
from quetsach.inventory.model import Duty
from quetsach.inventory.plan import NetworkPlan
from quetsach.inventory.problems import InventoryProblem
from quetsach.inventory.read import read_inventory, read_plan
from quetsach.pipeline.job import INSIDE
from quetsach.run.port_rules import rules_in
from quetsach.run.typed import network_of


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
class Knowledge:
    """The office's own tables, read; whatever was not given is None or empty.

    Shapes: `rule_files` are the tables that `rules` were read from, by their real paths; `own` says
    how all of it was named.
    """

    inventory: Inventory | None = None
    plan: NetworkPlan | None = None
    overrides: Overrides | None = None
    publics: tuple[Network, ...] = ()
    rules: tuple[BlockRule, ...] = ()
    rule_files: frozenset[Path] = frozenset()
    own: OwnTables = field(default_factory=OwnTables)
    problems: tuple[Problem, ...] = ()

    def duty(self, address: str) -> Duty | None:
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


def read_knowledge(own: OwnTables) -> Knowledge:
    """Return the tables of `own`, read; what in them cannot be used is among the problems.

    Errors: E101 for decisions that are not there; E261 for a row of port block rules; E262 to E266
    for a table that cannot be read; E601 for a public address.
    """
    inventory = read_inventory(*own.inventory) if own.inventory else None
    # An inventory may hold the network plan on a sheet of its own.
    plan = read_plan(*own.plan) if own.plan else inventory.plan if inventory else None
    blocks = rules_in(own.nat)
    gone = own.overrides is not None and not own.overrides.exists()
    unread = [*(inventory.unread if inventory else ()), *(plan.unread if plan else ())]
    return Knowledge(
        inventory=inventory,
        plan=plan,
        overrides=read_overrides(own.overrides) if own.overrides is not None else None,
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
