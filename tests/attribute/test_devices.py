"""The device behind a sighting, and who is not blamed."""

from ipaddress import ip_network

import pytest

from quetsach.attribute.devices import Attributor, Role, Seen
from quetsach.attribute.leases import Certainty, Lease, LeaseHistory
from quetsach.attribute.resolvers import Resolver

MAC = "00-17-A4-00-00-0A"
RESOLVER = Resolver("10.0.0.1", ("10.0.0.5", "10.0.0.6"), ("192.0.2.53",))
ATTRIBUTOR = Attributor(
    LeaseHistory([Lease("10.0.0.7", 0, MAC, "PC-07", 3600, False)]),
    {"10.0.0.1": RESOLVER},
    (ip_network("10.0.0.0/8"), ip_network("fc00::/7")),
    lambda address: address == "10.9.9.9",
)


def _seen(source: str | None, destination: str | None, **rest: object) -> Seen:
    known = {"direction": "outbound", "field": "destination.ip", "when_us": 1, **rest}
    return Seen(source, destination, **known)  # type: ignore[arg-type]  # made of parts


@pytest.mark.parametrize(
    ("seen", "device", "grade", "role"),
    [
        (_seen("10.0.0.5", "203.0.113.7"), "10.0.0.5", Certainty.LIKELY, Role.CLIENT),
        (_seen("10.0.0.7", "203.0.113.7"), f"PC-07 ({MAC})", Certainty.CERTAIN, Role.CLIENT),
        (_seen("fd00::5", "2001:db8::7"), "fd00::5", Certainty.LIKELY, Role.CLIENT),
        (
            _seen("203.0.113.7", "10.0.0.5", direction="inbound"),
            "10.0.0.5",
            Certainty.LIKELY,
            Role.TARGET,
        ),
        (
            _seen("10.0.0.1", None, field="dns.question.name"),
            "10.0.0.1",
            Certainty.LIKELY,
            Role.RESOLVER,
        ),
        (_seen("10.0.0.1", "203.0.113.7"), "10.0.0.1", Certainty.LIKELY, Role.CLIENT),
        (_seen("198.51.100.5", "203.0.113.7"), "", Certainty.UNKNOWN, Role.NOBODY),
        (_seen("10.9.9.9", "10.0.0.5"), "", Certainty.UNKNOWN, Role.NOBODY),
        (
            _seen("198.51.100.5", "10.0.0.5", field="file.hash.sha256"),
            "10.0.0.5",
            Certainty.LIKELY,
            Role.CLIENT,
        ),
        (_seen(None, "203.0.113.7"), "", Certainty.UNKNOWN, Role.NOBODY),
        (_seen("no address", "203.0.113.7"), "", Certainty.UNKNOWN, Role.NOBODY),
    ],
)
def test_the_right_one_is_named(seen: Seen, device: str, grade: Certainty, role: Role) -> None:
    found = ATTRIBUTOR.attribute(seen)
    assert (found.device, found.grade, found.role) == (device, grade, role)
