"""Facts beside the sightings: leases, who asks whom, and the period of the lines."""

from typing import Any, cast

import pytest

from quetsach.pipeline import facts as facts_module
from quetsach.pipeline.facts import Facts, LeaseFact
from quetsach.schema import Event


def _facts(*events: dict[str, Any]) -> Facts:
    found = Facts()
    found.add([(place, cast("Event", one)) for place, one in enumerate(events)], 3)
    return found


def _ask(client: str, server: str, port: int | None = 53) -> dict[str, Any]:
    event = {"event.dataset": "zeek.dns", "source.ip": client, "destination.ip": server}
    return event if port is None else {**event, "destination.port": port}


def test_a_lease_keeps_who_when_how_long_and_where_it_stands() -> None:
    lease = {"host.ip": "10.0.0.5", "@timestamp": 7, "host.mac": "00-17-A4-B2-C3-D4"}
    more = {"host.name": "PC-1", "quetsach.lease.seconds": 60, "quetsach.lease.act": "released"}
    assert _facts({}, {**lease, **more}).leases == {
        LeaseFact("10.0.0.5", 7, "00-17-A4-B2-C3-D4", "PC-1", 60, True, 3, 1)
    }
    assert _facts(lease).leases == {
        LeaseFact("10.0.0.5", 7, "00-17-A4-B2-C3-D4", "", 0, False, 3, 0)
    }


def test_a_lease_without_time_or_machine_names_nobody() -> None:
    found = _facts(
        {"host.ip": "10.0.0.5", "host.name": "PC-1"}, {"host.ip": "10.0.0.5", "@timestamp": 7}
    )
    assert found.leases == set()


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


def test_what_goes_beyond_the_bound_is_said_to_be_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts_module, "MOST_FACTS", 2)
    leases = [{"host.ip": f"10.0.0.{n}", "@timestamp": n, "host.name": "x"} for n in range(3)]
    assert not _facts(*leases[:2]).cut
    assert (len(_facts(*leases).leases), _facts(*leases).cut) == (2, True)
    asks = [_ask(f"10.0.0.{n}", "10.0.0.53") for n in range(3)]
    assert (len(_facts(*asks).asks), _facts(*asks).cut) == (2, True)
