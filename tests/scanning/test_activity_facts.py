"""Facts beside the sightings: who asks whom, and the period of the lines."""

from typing import Any, cast

from quetsach.scanning.activity import MOST_FACTS, TrafficPairs
from quetsach.schema import Event


def _facts(*events: dict[str, Any], most: int = MOST_FACTS) -> TrafficPairs:
    found = TrafficPairs(most=most)
    found.add([(place, cast("Event", one)) for place, one in enumerate(events)])
    return found


def _ask(client: str, server: str, port: int | None = 53) -> dict[str, Any]:
    event = {"event.dataset": "zeek.dns", "source.ip": client, "destination.ip": server}
    return event if port is None else {**event, "destination.port": port}


def test_only_questions_to_port_53_tell_a_name_server() -> None:
    found = _facts(
        _ask("10.0.0.5", "10.0.0.53"),
        _ask("10.0.0.6", "10.0.0.53", None),
        _ask("10.0.0.5", "224.0.0.252", 5355),
        {**_ask("10.0.0.5", "10.0.0.9"), "event.dataset": "zeek.conn"},
    )
    assert found.asks == {("10.0.0.5", "10.0.0.53"), ("10.0.0.6", "10.0.0.53")}


def test_the_period_goes_from_the_earliest_to_the_latest_line() -> None:
    found = _facts({"@timestamp": 9}, {"@timestamp": 0}, {}, {"@timestamp": 5})
    assert (found.first_us, found.last_us) == (0, 9)


def test_what_goes_beyond_the_bound_is_said_to_be_cut() -> None:
    asks = [_ask(f"10.0.0.{n}", "10.0.0.53") for n in range(3)]
    assert not _facts(*asks[:2], most=2).cut
    found = _facts(*asks, most=2)
    assert (len(found.asks), found.cut) == (2, True)


def test_connections_to_a_proxys_port_tell_who_uses_it() -> None:
    web = {"event.dataset": "zeek.conn", "source.ip": "10.0.0.5", "destination.ip": "10.0.0.80"}
    found = _facts({**web, "destination.port": 3128}, {**web, "destination.port": 443})
    assert found.relays == {("10.0.0.5", "10.0.0.80")}
    assert not found.asks
