"""The pairs, tallies and period of events in columns are those of the events one by one."""

import random
from typing import Any, cast

import pytest

from quetsach.formats.shared.event_columns import columns_of
from quetsach.scanning.activity import TrafficPairs
from quetsach.scanning.column_traffic import add_columns
from quetsach.schema import Event

CHOICES: dict[str, tuple[Any, ...]] = {
    "@timestamp": (None, 5, 9, 2),
    "event.dataset": ("zeek.dns", "zeek.conn", "suricata.dns"),
    "event.type": ("info", "protocol", "denied"),
    "event.timezone": (None, "Asia/Ho_Chi_Minh"),
    "source.ip": (None, "10.0.0.1", "10.0.0.2", "2001:db8::1"),
    "destination.ip": (None, "10.0.0.53", "8.8.8.8", "192.0.2.7"),
    "destination.port": (None, 53, 443, 853, 3128, 5353),
    "dns.question.name": (None, "DNS.Google.", "x.dns.google", "dns.google.example", "ｄns.google"),
    "tls.client.server_name": (None, "mozilla.cloudflare-dns.com", "good.example"),
    "host.ip": (None, None, "10.0.0.9"),
    "host.name": (None, "may-01"),
}


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("most", [3, 1000])
def test_columns_tell_what_the_events_tell(number: int, most: int) -> None:
    rng = random.Random(number)
    names = [name for name in CHOICES if name == "event.dataset" or rng.random() < 0.8]
    drawn = [{name: rng.choice(CHOICES[name]) for name in names} for _ in range(60)]
    events = [{name: one for name, one in row.items() if one is not None} for row in drawn]
    one_by_one, at_once = TrafficPairs(most=most), TrafficPairs(most=most)
    for place in range(0, 60, 20):
        part = events[place : place + 20]
        one_by_one.add((0, cast("Event", event)) for event in part)
        columns = columns_of([(0, b"")] * 20, part)
        assert columns is not None
        add_columns(at_once, columns)
    assert at_once == one_by_one
