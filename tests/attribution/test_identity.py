"""Which device it is: the inventory's machine where it can be, and never two machines as one."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.addresses import parse_network
from quetsach.attribution import identity
from quetsach.attribution.identity import Identities
from quetsach.attribution.model import Certainty
from quetsach.inventory.lookup import Inventory
from quetsach.inventory.model import InventoryMachine, PlannedNetwork, SourceRow
from quetsach.inventory.plan import NetworkPlan

A, B, C = "00-17-A4-00-00-0A", "00-17-A4-00-00-0B", "00-17-A4-00-00-0C"
R1, R2 = "02-00-00-00-00-01", "02-00-00-00-00-02"
DUID_A = "000300010017a400000a"
ROW = SourceRow("kiem-ke.xlsx", "Máy", 7)


def network(text: str, unit: str) -> PlannedNetwork:
    found = parse_network(text)
    assert found is not None
    return PlannedNetwork(found[0], unit)


def inventory(*machines: InventoryMachine, plan: NetworkPlan | None = None) -> Inventory:
    return Inventory(machines, plan)


FIRST = InventoryMachine(
    "TS-01", "PC-KT-01", (A,), ("10.0.0.5",), unit="Xã A", shared=True, row=ROW
)


def test_a_hardware_address_of_the_inventory_is_certain_whatever_address_it_has() -> None:
    identities = Identities(inventory(FIRST))
    for address in ("10.0.0.5", "10.0.0.99", "2001:db8::1", ""):
        found = identities.of(A, "", "PC-KT-01", address)
        assert (found.device, found.grade, found.machine, found.row) == (
            "TS-01",
            Certainty.CERTAIN,
            FIRST,
            ROW,
        )
        assert found.because == identity.BY_MAC
        assert found.shared


def test_a_renamed_machine_of_the_inventory_keeps_its_key() -> None:
    found = Identities(inventory(FIRST)).of(A, "", "NEW-NAME-1")
    assert (found.device, found.grade) == ("TS-01", Certainty.CERTAIN)


def test_one_hardware_address_on_two_machines_is_ambiguous_and_names_both() -> None:
    second = InventoryMachine("TS-02", "PC-KT-02", (A,))
    identities = Identities(inventory(FIRST, second))
    found = identities.of(A, "", "")
    assert (found.device, found.grade) == ("TS-01", Certainty.AMBIGUOUS)
    assert [one.device for one in found.rivals] == ["TS-02"]
    named = identities.of(A, "", "pc-kt-02.office.example")
    assert (named.device, named.grade) == ("TS-02", Certainty.LIKELY)
    assert [one.device for one in named.rivals] == ["TS-01"]


def test_a_name_that_belongs_to_another_machine_makes_it_a_rival() -> None:
    second = InventoryMachine("TS-02", "PC-KT-02", (B,), unit="Xã A")
    found = Identities(inventory(FIRST, second)).of(A, "", "PC-KT-02")
    assert (found.device, found.grade) == ("TS-01", Certainty.LIKELY)
    assert [(one.device, one.reason) for one in found.rivals] == [("TS-02", identity.SAME_NAME)]


def test_a_fixed_address_of_another_machine_makes_it_a_rival() -> None:
    second = InventoryMachine("TS-02", "PC-KT-02", (B,), ("10.0.0.6",), unit="Xã A")
    found = Identities(inventory(FIRST, second)).of(A, "", "PC-KT-01", "10.0.0.6")
    assert (found.device, found.grade) == ("TS-01", Certainty.LIKELY)
    assert [one.device for one in found.rivals] == ["TS-02"]


def test_the_same_fixed_address_in_another_unit_is_no_doubt() -> None:
    elsewhere = InventoryMachine("TS-02", "PC-KT-02", (B,), ("10.0.0.5",), unit="Xã B")
    found = Identities(inventory(FIRST, elsewhere)).of(A, "", "PC-KT-01", "10.0.0.5")
    assert (found.grade, found.rivals) == (Certainty.CERTAIN, ())


def test_a_random_hardware_address_finds_its_machine_by_identifier_or_name() -> None:
    identities = Identities(inventory(FIRST))
    for client_id, name, because in (
        (DUID_A, "", identity.BY_MAC_INSIDE),
        ("", "pc-kt-01", identity.BY_NAME),
    ):
        found = identities.of(R1, client_id, name)
        assert (found.device, found.grade, found.randomised) == ("TS-01", Certainty.LIKELY, True)
        assert found.because == because


def test_a_client_identifier_of_the_inventory_finds_its_machine() -> None:
    machine = InventoryMachine("TS-09", client_ids=("0004" + "ab" * 16,))
    found = Identities(inventory(machine)).of("", "0004" + "AB" * 16, "")
    assert (found.device, found.because) == ("TS-09", identity.BY_CLIENT_ID)


def test_a_random_address_tied_to_a_card_of_the_inventory_is_its_machine() -> None:
    facts = [(A, "0004" + "ab" * 16, ""), (R1, "0004" + "ab" * 16, "")]
    found = Identities(inventory(FIRST), facts).of(R1, "", "")
    assert (found.device, found.grade) == ("TS-01", Certainty.LIKELY)
    assert found.because == identity.BY_OTHER_MAC


def test_a_copied_identifier_names_nobody_without_the_name() -> None:
    facts = [(A, DUID_A, "PC-KT-01"), (B, DUID_A, "PC-KT-02")]
    identities = Identities(inventory(FIRST), facts)
    other = identities.of(B, DUID_A, "PC-KT-02")
    assert (other.device, other.grade) == (f"PC-KT-02 ({B})", Certainty.LIKELY)
    assert [one.device for one in other.rivals] == ["TS-01"]
    second_card = identities.of(B, DUID_A, "PC-KT-01")
    assert (second_card.device, second_card.grade) == ("TS-01", Certainty.LIKELY)


def test_a_name_never_makes_another_card_the_machine_of_the_inventory() -> None:
    found = Identities(inventory(FIRST)).of(B, "", "PC-KT-01")
    assert (found.device, found.grade) == (f"PC-KT-01 ({B})", Certainty.LIKELY)
    assert [one.device for one in found.rivals] == ["TS-01"]


def test_a_name_that_thousands_have_finds_no_machine() -> None:
    machine = InventoryMachine("TS-03", "DESKTOP", ("00-17-A4-00-00-0D",))
    found = Identities(inventory(machine)).of(R1, "", "DESKTOP")
    assert (found.machine, found.rivals) == (None, ())


def test_a_name_of_several_units_is_told_apart_by_the_plan() -> None:
    machines = [
        InventoryMachine(f"SRV-01 ({unit})", "SRV-01", (), unit=unit) for unit in ("Xã A", "Xã B")
    ]
    plan = NetworkPlan([network("10.1.0.0/16", "Xã A"), network("10.2.0.0/16", "Xã B")])
    identities = Identities(inventory(*machines, plan=plan))
    near = identities.of("", "", "SRV-01", "10.2.0.9")
    assert (near.device, near.grade) == ("SRV-01 (Xã B)", Certainty.LIKELY)
    nowhere = identities.of("", "", "SRV-01", "10.3.0.9")
    assert (nowhere.grade, len(nowhere.rivals)) == (Certainty.AMBIGUOUS, 1)


def test_an_address_alone_is_the_machine_that_the_inventory_gives_it_to() -> None:
    found = Identities(inventory(FIRST)).of("", "", "", "10.0.0.5")
    assert (found.device, found.grade, found.because) == (
        "TS-01",
        Certainty.LIKELY,
        identity.BY_ADDRESS,
    )
    assert Identities(inventory(FIRST)).of(B, "", "", "10.0.0.5").device == B


def test_an_eui64_address_finds_its_machine() -> None:
    found = Identities(inventory(FIRST)).of("", "", "", "2001:db8::217:a4ff:fe00:a")
    assert (found.device, found.because) == ("TS-01", identity.FROM_EUI64)


def test_without_an_inventory_the_key_is_name_and_hardware_address() -> None:
    facts = [(A, "", "OLD-1"), (A, "", "PC-KT-01")]
    identities = Identities(None, facts)
    for name in ("OLD-1", "PC-KT-01", ""):
        found = identities.of(A, "", name)
        assert (found.device, found.grade) == (f"PC-KT-01 ({A})", Certainty.CERTAIN)
    assert identities.of(B, "", "PC-2").device == f"PC-2 ({B})"
    assert identities.of(C, "", "").device == C


def test_random_addresses_of_one_device_have_one_key_and_say_so() -> None:
    facts = [(R1, DUID_A, "LAPTOP-9QK1ZZZZ"), (R2, DUID_A, "LAPTOP-9QK1ZZZZ")]
    identities = Identities(None, facts)
    one, two = (identities.of(mac, "", "") for mac in (R1, R2))
    assert one == two
    assert (one.device, one.grade) == (f"LAPTOP-9QK1ZZZZ ({R1})", Certainty.LIKELY)
    by_name = Identities(None, [(mac, "", "LAPTOP-9QK1ZZZZ") for mac in (R1, R2)]).of(R2, "", "")
    assert by_name.because == identity.OWN_TIED_BY_NAME


@pytest.mark.parametrize(
    ("client_id", "name", "address", "device", "because"),
    [
        ("010017a400000a", "", "", A, identity.FROM_CLIENT_ID),
        ("aabbcc", "", "", "aabbcc", identity.OWN_CLIENT_ID),
        ("", "PC-KT-09", "", "PC-KT-09", identity.OWN_NAME),
        ("", "", "10.0.0.7", "10.0.0.7", identity.OWN_ADDRESS),
    ],
)
def test_less_is_known_by_what_there_is(
    client_id: str, name: str, address: str, device: str, because: str
) -> None:
    found = Identities(None).of("", client_id, name, address)
    assert (found.device, found.grade, found.because) == (device, Certainty.LIKELY, because)


def test_nothing_at_all_is_unknown() -> None:
    found = Identities(None).of("", "", "")
    assert (found.device, found.grade) == ("", Certainty.UNKNOWN)


def test_a_name_without_hardware_address_is_the_one_device_that_had_it() -> None:
    one = Identities(None, [(A, "", "PC-KT-09")]).of("", "", "PC-KT-09")
    assert (one.device, one.grade) == (f"PC-KT-09 ({A})", Certainty.LIKELY)
    two = Identities(None, [(A, "", "PC-KT-09"), (B, "", "PC-KT-09")]).of("", "", "PC-KT-09")
    assert (two.device, two.grade) == ("PC-KT-09", Certainty.AMBIGUOUS)
    assert len(two.rivals) == 2


CLUE = st.tuples(
    st.sampled_from(["", A, B, C, R1, R2]),
    st.sampled_from(["", DUID_A, "0004" + "ab" * 16]),
    st.sampled_from(["", "PC-KT-01", "PC-KT-02", "iPhone"]),
)
MACHINES = st.lists(
    st.builds(
        InventoryMachine,
        key=st.just("?"),
        name=st.sampled_from(["", "PC-KT-01", "PC-KT-02"]),
        macs=st.sampled_from([(), (A,), (B,), (A, B)]),
        addresses=st.sampled_from([(), ("10.0.0.5",)]),
        unit=st.sampled_from(["", "Xã A", "Xã B"]),
    ),
    max_size=4,
)


@given(MACHINES, st.lists(CLUE, max_size=6), CLUE, st.sampled_from(["", "10.0.0.5", "10.0.0.6"]))
def test_certain_never_has_a_rival_and_two_cards_without_inventory_are_two_devices(
    machines: list[InventoryMachine],
    facts: list[tuple[str, str, str]],
    asked: tuple[str, str, str],
    at: str,
) -> None:
    keyed = [
        InventoryMachine(f"TS-{n}", one.name, one.macs, one.addresses, unit=one.unit)
        for n, one in enumerate(machines)
    ]
    identities = Identities(Inventory(keyed), facts)
    found = identities.of(*asked, at)
    assert found == identities.of(*asked, at)
    assert found.grade is not Certainty.CERTAIN or found.rivals == ()
    assert found.device not in [one.device for one in found.rivals]
    listed = {mac for one in keyed for mac in one.macs}
    own = [identities.of(mac, "", "").device for mac in (A, B, C) if mac not in listed]
    assert all(one != other for one, other in itertools.combinations(own, 2))
