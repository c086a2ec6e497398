"""The sender of a message is an address; nobody takes all connections."""

import pytest

from quetsach.watch.listening.peers import NOBODY, ConnectionLimits, sender_of


@pytest.mark.parametrize(
    ("peer", "sender"),
    [
        (("10.0.0.5", 514), "10.0.0.5"),
        (("::ffff:10.0.0.5", 514, 0, 0), "10.0.0.5"),
        (("fe80::1%eth0", 514, 0, 2), "fe80::1"),
        (("2001:DB8:0::5", 514, 0, 0), "2001:db8::5"),
        ("", NOBODY),
        (b"", NOBODY),
        (None, NOBODY),
    ],
)
def test_the_sender_is_an_address(peer: object, sender: str) -> None:
    assert sender_of(peer) == sender


def test_one_address_does_not_take_all_connections() -> None:
    admission = ConnectionLimits(most=4, most_of_one=2)
    assert [admission.take("10.0.0.5") for _ in range(3)] == [True, True, False]
    assert admission.take("10.0.0.6")
    assert [admission.take(NOBODY) for _ in range(3)] == [True, False, False]
    admission.leave("10.0.0.5")
    assert admission.take("10.0.0.5")
    assert not admission.take("10.0.0.7")
