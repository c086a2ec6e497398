"""The device behind a sighting, step by step, and who is not blamed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from typing import Any

import pyarrow as pa
import pytest

from quetsach.attribution.devices import Attributor
from quetsach.attribution.identity import Identities
from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.model import (
    Certainty,
    InsideEndpoint,
    OutsideEndpoint,
    RecordPlace,
    StepKind,
)
from quetsach.attribution.questions import (
    MissingEvidence,
    NetworkContext,
    Resolver,
    SightingEnds,
    SightingRole,
)
from quetsach.inventory.lookup import Inventory
from quetsach.inventory.model import InventoryMachine, NetworkRole
from quetsach.schema import LEASE

MAC = "00-17-A4-00-00-0A"
OTHER = "00-17-A4-00-00-0B"
HOUR = 3_600_000_000
INSIDE = (ip_network("10.0.0.0/8"), ip_network("100.64.0.0/10"), ip_network("fc00::/7"))
RESOLVER = Resolver("10.0.0.1", ("10.0.0.5", "10.0.0.6"), ("192.0.2.53",))


def _lease(address: str, mac: str, name: str, **more: Any) -> dict[str, Any]:
    row = dict.fromkeys(LEASE.names)
    known = {"address": address, "when_us": 0, "act": "given", "mac": mac, "host_name": name}
    return {**row, **known, "seconds": 3600, "rough": False, "file": 0, "offset": 7, **more}


LEASES = [
    _lease("10.0.0.7", MAC, "PC-07"),
    _lease("10.0.0.8", OTHER, "PC-08", act="seen"),
    _lease("198.51.100.9", OTHER, "PC-08"),
]
INVENTORY = Inventory(
    [InventoryMachine(key="TS-0042", name="PC-07", macs=(MAC,), room="P.203", unit="Văn phòng")]
)


@dataclass(frozen=True)
class Doors:
    """Translations as a plain list: (public, port) and the chain behind it."""

    rows: Sequence[tuple[str, int, tuple[InsideEndpoint, ...]]] = field(default_factory=tuple)

    def chains(
        self, seen: OutsideEndpoint, *, slack_us: int = 0
    ) -> list[tuple[InsideEndpoint, ...]]:
        assert slack_us >= 0
        return [
            chain
            for public, port, chain in self.rows
            if (public, port) == (seen.address, seen.port)
        ]


def _inner(address: str, grade: Certainty = Certainty.CERTAIN) -> InsideEndpoint:
    return InsideEndpoint(address, 51544, grade, RecordPlace("nat.log", 3), 0, HOUR)


def _attributor(**more: Any) -> Attributor:
    around = {
        "resolvers": {"10.0.0.1": RESOLVER},
        "proxies": {"10.0.0.2": ("10.0.0.5", "10.0.0.6", "10.0.0.7")},
        "publics": (ip_network("198.51.100.0/24"),),
        "duty": {"10.0.0.3": NetworkRole.GATEWAY, "10.0.0.4": NetworkRole.PROXY}.get,
        **more.pop("around", {}),
    }
    return Attributor(
        LeaseHistory(pa.Table.from_pylist(LEASES, schema=LEASE), ["dhcp.log"]),
        NetworkContext(INSIDE, **around),  # type: ignore[arg-type]  # made of parts
        lambda address: address == "10.9.9.9",
        names=Identities(more.pop("inventory", None), ()),
        **more,
    )


def _seen(source: str | None, destination: str | None, **rest: object) -> SightingEnds:
    known = {"direction": "outbound", "field": "destination.ip", "when_us": 1, **rest}
    return SightingEnds(source, destination, **known)  # type: ignore[arg-type]  # made of parts


@pytest.mark.parametrize(
    ("seen", "device", "grade", "role"),
    [
        (_seen("10.0.0.5", "203.0.113.7"), "10.0.0.5", Certainty.LIKELY, SightingRole.CLIENT),
        (
            _seen("10.0.0.7", "203.0.113.7"),
            f"PC-07 ({MAC})",
            Certainty.CERTAIN,
            SightingRole.CLIENT,
        ),
        (_seen("fd00::5", "2001:db8::7"), "fd00::5", Certainty.LIKELY, SightingRole.CLIENT),
        (
            _seen("203.0.113.7", "10.0.0.5", direction="inbound"),
            "10.0.0.5",
            Certainty.LIKELY,
            SightingRole.TARGET,
        ),
        # A server behind a translation, and a name that a stranger writes into a request.
        (
            _seen("203.0.113.7", "198.51.100.1", direction="inbound", destination_nat="10.0.0.5"),
            "10.0.0.5",
            Certainty.LIKELY,
            SightingRole.TARGET,
        ),
        (
            _seen("192.0.2.66", "10.0.0.5", field="url.domain"),
            "10.0.0.5",
            Certainty.LIKELY,
            SightingRole.TARGET,
        ),
        (
            _seen("10.0.0.1", None, field="dns.question.name"),
            "10.0.0.1",
            Certainty.LIKELY,
            SightingRole.RESOLVER,
        ),
        (_seen("10.0.0.1", "203.0.113.7"), "10.0.0.1", Certainty.LIKELY, SightingRole.CLIENT),
        (_seen("10.0.0.2", "203.0.113.7"), "10.0.0.2", Certainty.LIKELY, SightingRole.PROXY),
        (_seen("10.0.0.3", "203.0.113.7"), "10.0.0.3", Certainty.LIKELY, SightingRole.GATEWAY),
        (_seen("100.64.1.9", "203.0.113.7"), "100.64.1.9", Certainty.LIKELY, SightingRole.GATEWAY),
        (_seen("192.0.2.5", "203.0.113.7"), "", Certainty.UNKNOWN, SightingRole.NOBODY),
        (_seen("198.51.100.5", "203.0.113.7"), "", Certainty.UNKNOWN, SightingRole.NOBODY),
        (_seen("10.9.9.9", "10.0.0.5"), "", Certainty.UNKNOWN, SightingRole.NOBODY),
        (
            _seen("198.51.100.5", "10.0.0.5", field="file.hash.sha256"),
            "10.0.0.5",
            Certainty.LIKELY,
            SightingRole.CLIENT,
        ),
        (_seen(None, "203.0.113.7"), "", Certainty.UNKNOWN, SightingRole.NOBODY),
        (_seen("no address", "203.0.113.7"), "", Certainty.UNKNOWN, SightingRole.NOBODY),
    ],
)
def test_the_right_one_is_named(
    seen: SightingEnds, device: str, grade: Certainty, role: SightingRole
) -> None:
    found = _attributor().attribute(seen)
    assert (found.device, found.grade, found.role) == (device, grade, role)


@pytest.mark.parametrize(
    ("seen", "lack"),
    [
        (_seen(None, "203.0.113.7"), MissingEvidence.NO_ADDRESS),
        (_seen("192.0.2.5", "203.0.113.7"), MissingEvidence.OUTSIDE),
        (_seen("198.51.100.5", "203.0.113.7", source_port=4), MissingEvidence.NO_TRANSLATION),
        (_seen("100.64.1.9", "203.0.113.7"), MissingEvidence.NO_TRANSLATION),
        (_seen("10.0.0.2", "203.0.113.7"), MissingEvidence.NO_CLIENT_LOG),
        (_seen("10.0.0.5", "203.0.113.7"), MissingEvidence.NONE),
    ],
)
def test_what_is_missing_is_named(seen: SightingEnds, lack: MissingEvidence) -> None:
    assert _attributor().attribute(seen).lack is lack


def test_a_public_address_leads_through_translation_and_lease_to_the_machine() -> None:
    doors = Doors([("198.51.100.5", 40112, (_inner("10.0.0.7"),))])
    found = _attributor(translations=doors, inventory=INVENTORY).attribute(
        _seen("198.51.100.5", "203.0.113.7", source_port=40112)
    )
    assert (found.device, found.grade, found.way) == ("TS-0042", Certainty.CERTAIN, "nat+lease")
    assert found.machine is not None
    assert found.machine.room == "P.203"
    kinds = [step.kind for step in found.steps]
    assert kinds == [StepKind.TRANSLATION, StepKind.LEASE, StepKind.INVENTORY]
    assert [step.place for step in found.steps[:2]] == [
        RecordPlace("nat.log", 3),
        RecordPlace("dhcp.log", 7),
    ]


def test_a_chain_is_no_surer_than_its_weakest_step() -> None:
    doors = Doors([("198.51.100.5", 4, (_inner("10.0.0.7", Certainty.LIKELY),))])
    seen = _seen("198.51.100.5", "203.0.113.7", source_port=4)
    assert _attributor(translations=doors).attribute(seen).grade is Certainty.LIKELY


def test_two_translations_that_fit_are_rivals_and_settle_nothing() -> None:
    rows = [("198.51.100.5", 4, (_inner(one),)) for one in ("10.0.0.7", "10.0.0.5")]
    found = _attributor(translations=Doors(rows)).attribute(
        _seen("198.51.100.5", "203.0.113.7", source_port=4)
    )
    assert found.grade is Certainty.AMBIGUOUS
    assert [one.device for one in found.rivals] == ["10.0.0.5"]


def test_a_machine_with_a_public_address_of_its_own_is_named_by_its_lease() -> None:
    found = _attributor().attribute(_seen("198.51.100.9", "203.0.113.7"))
    assert found.device == f"PC-08 ({OTHER})"


@pytest.mark.parametrize(
    ("proxy", "grade"),
    [("10.0.0.4", Certainty.CERTAIN), ("10.0.0.2", Certainty.LIKELY)],
)
def test_what_a_proxy_passed_on_names_its_client_and_never_the_proxy(
    proxy: str, grade: Certainty
) -> None:
    seen = _seen(proxy, "203.0.113.7", forwarded="10.0.0.7")
    found = _attributor().attribute(seen)
    assert (found.device, found.role, found.way) == (
        f"PC-07 ({MAC})",
        SightingRole.CLIENT,
        "proxy+lease",
    )
    assert found.grade is grade


def test_a_forged_header_blames_nobody_else_and_does_not_clear_who_wrote_it() -> None:
    seen = _seen("10.0.0.5", "203.0.113.7", forwarded="10.0.0.7")
    found = _attributor().attribute(seen)
    assert (found.device, found.grade) == ("10.0.0.5", Certainty.AMBIGUOUS)
    assert [one.device for one in found.rivals] == [f"PC-07 ({MAC})"]


def test_a_proxy_that_passes_on_for_another_proxy_blames_neither() -> None:
    seen = _seen("10.0.0.4", "203.0.113.7", forwarded="10.0.0.2")
    assert _attributor().attribute(seen).role is SightingRole.PROXY


@pytest.mark.parametrize(
    ("role", "field"), [("proxies", "destination.ip"), ("resolvers", "dns.question.name")]
)
def test_machines_that_agree_to_ask_an_infected_one_do_not_clear_it(role: str, field: str) -> None:
    clients = ("10.0.0.5", "10.0.0.6", "10.0.0.8")
    made = {"proxies": clients, "resolvers": Resolver("10.0.0.7", clients, ("192.0.2.53",))}
    found = _attributor(around={role: {"10.0.0.7": made[role]}}).attribute(
        _seen("10.0.0.7", "203.0.113.7", field=field)
    )
    assert (found.device, found.role) == (f"PC-07 ({MAC})", SightingRole.CLIENT)
    assert found.grade is Certainty.AMBIGUOUS
    assert [one.device for one in found.rivals] == ["10.0.0.5", "10.0.0.6", f"PC-08 ({OTHER})"]
    traced, duty = _attributor(around={role: {"10.0.0.7": made[role]}}).device_at("10.0.0.7", 1, 0)
    assert (traced.grade, duty) == (Certainty.AMBIGUOUS, NetworkRole.ORDINARY)


def test_a_proxy_that_no_lease_speaks_of_stays_one() -> None:
    assert _attributor().device_at("10.0.0.2", 1, 0)[1] is NetworkRole.PROXY


def test_a_forwarded_address_from_outside_is_not_believed() -> None:
    seen = _seen("10.0.0.5", "203.0.113.7", forwarded="192.0.2.99")
    assert _attributor().attribute(seen).device == "10.0.0.5"


def test_without_an_inventory_no_step_speaks_of_one() -> None:
    found = _attributor().attribute(_seen("10.0.0.7", "203.0.113.7"))
    assert StepKind.INVENTORY not in {step.kind for step in found.steps}


def test_the_inventory_is_named_only_where_the_machine_stands_in_it() -> None:
    other = Inventory((InventoryMachine("TS-0001", macs=("00-17-A4-99-99-99",)),))
    found = _attributor(inventory=other).attribute(_seen("10.0.0.7", "203.0.113.7"))
    assert found.machine is None
    assert [step.kind for step in found.steps] == [StepKind.LEASE, StepKind.IDENTITY]


@pytest.mark.parametrize(
    ("seen", "device", "role"),
    [
        # A question has no address; the name is enough. At home it has another one.
        (_seen(None, None, field="dns.question.name"), "PC-31", SightingRole.CLIENT),
        (_seen("192.168.99.4", "203.0.113.7"), "PC-31", SightingRole.CLIENT),
        (_seen("10.0.0.5", "203.0.113.7"), "PC-31", SightingRole.CLIENT),
        (_seen("10.0.0.4", "203.0.113.7"), "PC-31", SightingRole.PROXY),
        # Its log of another machine's contact names that one by its address.
        (
            _seen("10.0.0.7", "203.0.113.7", host_end="destination"),
            f"PC-07 ({MAC})",
            SightingRole.CLIENT,
        ),
        (
            _seen("203.0.113.7", "10.0.0.5", direction="inbound", host_end="destination"),
            "PC-31",
            SightingRole.TARGET,
        ),
    ],
)
def test_a_machine_that_wrote_the_record_names_itself(
    seen: SightingEnds, device: str, role: SightingRole
) -> None:
    own = replace(seen, host="PC-31", host_end=seen.host_end or "source")
    attribution = _attributor().attribute(own)
    assert (attribution.device, attribution.role) == (device, role)
