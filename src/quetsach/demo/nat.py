"""The address translation of a unit's router: which port a connection gets outside."""

from quetsach.demo.traffic import Exchange


def nat_port(one: Exchange) -> int:
    """Return the port of a connection after the unit's address translation."""
    return 20_000 + one.serial * 7 % 40_000
