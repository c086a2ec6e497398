"""A resolver is asked by many and itself asks on; nobody else is taken for one."""

from quetsach.attribution.questions import find_resolvers


def _inside(address: str) -> bool:
    return address.startswith("10.")


def test_an_address_asked_by_many_that_asks_on_is_a_resolver() -> None:
    asks = [("10.0.0.5", "10.0.0.1"), ("10.0.0.6", "10.0.0.1"), ("10.0.0.1", "192.0.2.53")]
    found = find_resolvers(asks, _inside)
    assert list(found) == ["10.0.0.1"]
    assert found["10.0.0.1"].clients == ("10.0.0.5", "10.0.0.6")
    assert found["10.0.0.1"].servers == ("192.0.2.53",)


def test_a_client_of_an_outside_server_is_no_resolver() -> None:
    assert find_resolvers([("10.0.0.5", "192.0.2.53"), ("10.0.0.6", "192.0.2.53")], _inside) == {}


def test_one_client_is_not_many() -> None:
    assert find_resolvers([("10.0.0.5", "10.0.0.1"), ("10.0.0.1", "192.0.2.53")], _inside) == {}


def test_a_server_that_never_asks_on_is_not_excused() -> None:
    assert find_resolvers([("10.0.0.5", "10.0.0.1"), ("10.0.0.6", "10.0.0.1")], _inside) == {}
