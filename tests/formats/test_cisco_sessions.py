"""Who logged in over a VPN or to the firewall itself: the client, and never the server asked."""

import pytest

from quetsach.formats.cisco_messages import read, split
from quetsach.formats.cisco_sessions import is_untagged, tells_of_a_login


def told(text: str) -> dict[str, object]:
    message = split(text)
    record = {} if message is None else read(message) or {}
    return {
        field: content
        for field, content in record.items()
        if field.startswith(("source.", "destination.")) or field == "event.outcome"
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "%ASA-4-722051: Group <G> User <nt> IP <192.0.2.7> IPv4 Address <10.20.9.7> "
            "IPv6 address <::> assigned to session",
            {"source.ip": "192.0.2.7", "source.nat.ip": "10.20.9.7"},
        ),
        (
            "Group <G> User <nt> IP <192.0.2.7> SVC closing connection: DPD failure.",
            {"source.ip": "192.0.2.7"},
        ),
        (
            "%ASA-6-605004: Login denied from 203.0.113.9/32597 to outside:198.51.100.5/ssh for "
            'user "root"',
            {
                "source.ip": "203.0.113.9",
                "source.port": 32597,
                "destination.ip": "198.51.100.5",
                "destination.port": 22,
                "event.outcome": "failure",
            },
        ),
        (
            "%ASA-6-113005: AAA user authentication Rejected : reason = Unspecified : "
            "server = 10.20.1.9 : user = nt : user IP = 203.0.113.9",
            {"source.ip": "203.0.113.9", "event.outcome": "failure"},
        ),
        (
            "%ASA-6-113004: AAA user authentication Successful : server = 10.20.1.9 : user = nt",
            {"destination.ip": "10.20.1.9"},
        ),
        (
            "%ASA-4-113019: Group = G, Username = nt, IP = 2001:db8::7, Session disconnected.",
            {"source.ip": "2001:db8::7"},
        ),
        ("%ASA-6-611101: User authentication succeeded: IP address: 10.20.1.7, Uname: nt",
         {"source.ip": "10.20.1.7"}),
        ("%ASA-5-713041: IP = 192.0.2.1, IKE Initiator: New Phase 1, Intf inside", {}),
        ("%FTD-4-750003 Local:198.51.100.5:500 Remote:192.0.2.1:500 Username:x Negotiation "
         "aborted due to ERROR: Failed", {}),
        (
            "%ASA-5-750002: Local:198.51.100.5:500 Remote:192.0.2.1:500 Username:Unknown IKEv2 "
            "Received a IKE_INIT_SA request",
            {
                "source.ip": "192.0.2.1",
                "source.port": 500,
                "destination.ip": "198.51.100.5",
                "destination.port": 500,
            },
        ),
        ("%ASA-5-611103: User logged out: Uname: nt", {}),
    ],
)  # fmt: skip
def test_who_came_in(text: str, expected: dict[str, object]) -> None:
    assert told(text) == expected


def test_classes_and_messages_without_their_number() -> None:
    assert tells_of_a_login("722051")
    assert not tells_of_a_login("302013")
    assert not is_untagged("Group of files <x>")
