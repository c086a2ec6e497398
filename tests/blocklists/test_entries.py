"""What is planted exists nowhere, differs from release to release, and stands in every file."""

from ipaddress import ip_address, ip_network

from hypothesis import given
from hypothesis import strategies as st

from quetsach.blocklists.entries import loaded_name_of, planted, planted_address_of, planted_name_of
from quetsach.blocklists.outputs.registry import OUTPUTS
from quetsach.indicators.model import IndicatorKind
from tests.blocklists.making import make, mixed


@given(st.integers(0, 16**12 - 1))
def test_names_and_addresses_are_of_the_ranges_for_documentation(number: int) -> None:
    list_id = f"qs-{number:012x}"
    assert planted_name_of(list_id).endswith(".example")
    assert loaded_name_of(list_id).endswith(".example")
    address = ip_address(planted_address_of(list_id))
    assert address in list(ip_network("192.0.2.0/24").hosts())


def test_each_form_is_planted_with_the_kinds_that_it_can_say() -> None:
    for one in OUTPUTS:
        made = make(one.name, mixed())
        kinds = {entry.indicator.kind for entry in planted(one, made.about)}
        able = {IndicatorKind.NAME, IndicatorKind.ADDRESS} & set(one.covers)
        assert kinds == (set() if one.exchange else able)
