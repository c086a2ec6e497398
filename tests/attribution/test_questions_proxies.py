"""A proxy is what many use on a port where proxies listen."""

from quetsach.attribution.questions import find_proxies


def _inside(address: str) -> bool:
    return address.startswith("10.")


def test_only_what_many_inside_machines_use_is_a_proxy() -> None:
    many = [(f"10.0.0.{n}", "10.0.0.80") for n in range(1, 4)]
    few = [("10.0.0.1", "10.0.0.81"), ("10.0.0.2", "10.0.0.81")]
    outside = [(f"10.0.0.{n}", "203.0.113.80") for n in range(1, 9)]
    itself = [("10.0.0.82", "10.0.0.82")] * 3
    assert find_proxies([*many, *few, *outside, *itself], _inside) == {
        "10.0.0.80": ("10.0.0.1", "10.0.0.2", "10.0.0.3")
    }
