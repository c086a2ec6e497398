"""A list pushed into running programs: they use it, or the old one is back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from quetsach.blocklists.contract import Mode
from quetsach.blocklists.convert import ConvertedRelease
from quetsach.blocklists.sensors.pushing import PushState, push
from quetsach.blocklists.sensors.resolvers import serial_of
from quetsach.blocklists.sensors.settings import SensorKind, SensorTarget
from quetsach.formats.registry import by_name
from quetsach.schema import Event
from tests.blocklists.asking import ask
from tests.blocklists.making import indicators, make
from tests.blocklists.resolving import dnsmasq, free_port, running, upstream, write
from tests.blocklists.sensors.running import EMPTY, bind_with_zone, unbound_with_zone
from tests.formats.golden import read
from tests.sweeping.evidence import swept

FOUR = ("a.bad.example", "b.bad.example", "c.bad.example", "203.0.113.9")


def watch_zone(*values: str) -> ConvertedRelease:
    return make("rpz", indicators(*values), Mode.WATCH)


@pytest.fixture(params=["unbound", "bind"])
def resolver(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[SensorTarget, int, Path]]:
    if request.param == "bind":
        with bind_with_zone(tmp_path) as running:
            yield running
    else:
        with upstream(tmp_path) as truth, unbound_with_zone(tmp_path, truth) as running:
            yield running


def test_a_resolver_logs_who_asks_for_a_listed_name_and_keeps_its_list_when_a_new_one_fails(
    resolver: tuple[SensorTarget, int, Path],
) -> None:
    sensor, port, log = resolver
    loaded = push(sensor, watch_zone(*FOUR))
    assert (loaded.state, loaded.before) == (PushState.LOADED, 0), loaded.detail
    assert ask(port, "www.a.bad.example").addresses == ("198.51.100.9",)
    assert ask(port, "quiet.bad.example").addresses == ("198.51.100.9",)
    again = push(sensor, watch_zone(*FOUR, "d.bad.example"))
    assert again.state is PushState.LOADED, again.detail
    assert again.before == loaded.entries

    release = watch_zone(*FOUR, "e.bad.example")
    (name,) = release.files
    broken = replace(release, files={name: release.files[name] + "broken ((( line\n"})
    before, serial = sensor.path.read_bytes(), serial_of(sensor)
    failed = push(sensor, broken, patience_s=0.2)
    assert failed.state is PushState.FAILED
    assert failed.detail
    assert (sensor.path.read_bytes(), serial_of(sensor)) == (before, serial)
    ask(port, "d.bad.example")

    dialect = by_name(str(sensor.kind))
    rows = [dict(event) for _, event in read(dialect, log.read_bytes()).events]
    met = {one["dns.question.name"] for one in _zone_lines(rows)}
    assert met == {"www.a.bad.example", "d.bad.example"}
    assert {(one["source.ip"], one["event.type"]) for one in _zone_lines(rows)} == {
        ("127.0.0.1", "protocol")
    }
    listed = "".join(f"{name}\n" for name in (*FOUR, "d.bad.example"))
    summary = swept(log.parent, log, listed=listed)
    # The questions stand in the log, too: what the zone says of them is not added.
    assert (summary["sightings"], summary["confirming"]) == (2, 2)


def _zone_lines(rows: list[Event]) -> list[Event]:
    return [one for one in rows if one["event.dataset"].endswith(".rpz")]


def test_what_dnsmasq_holds_back_is_one_sighting_a_question(tmp_path: Path) -> None:
    path = write(make("dnsmasq", indicators(*FOUR), Mode.BLOCK), tmp_path)
    log, port = tmp_path / "dnsmasq.log", free_port()
    with upstream(tmp_path) as truth:
        extra = [f"--log-facility={log}", "--log-queries=extra"]
        with running([*dnsmasq(path, port, truth), *extra], port):
            assert ask(port, "www.a.bad.example").addresses == ()
            assert ask(port, "quiet.bad.example").addresses == ("198.51.100.9",)
    summary = swept(tmp_path, log, listed="".join(f"{name}\n" for name in FOUR))
    assert (summary["sightings"], summary["confirming"]) == (1, 1)


def test_a_list_that_lost_more_than_half_is_refused_unless_somebody_wants_it(
    tmp_path: Path,
) -> None:
    sensor = SensorTarget("ids", SensorKind.ZEEK, tmp_path / "intel.dat", "zeek")
    full, short = (make("zeek", indicators(*FOUR[:count])) for count in (4, 1))
    assert push(sensor, full).state is PushState.MOVED
    refused = push(sensor, short)
    assert refused.state is PushState.REFUSED
    assert not refused.is_in_use
    assert "b.bad.example" in sensor.path.read_text()
    assert push(sensor, short, accept_less=True).state is PushState.MOVED
    rows = [line.split("\t") for line in sensor.path.read_text().splitlines()]
    assert {row[-1] for row in rows if row[0] == "b.bad.example"} == {"T"}
    assert {row[-1] for row in rows if row[0] == "a.bad.example"} == {"F"}


def test_a_resolver_that_does_not_run_gets_nothing(tmp_path: Path) -> None:
    zone = tmp_path / "quetsach.rpz"
    zone.write_text(EMPTY)
    control = (str(tmp_path / "no-such-program"),)
    sensor = SensorTarget("dns1", SensorKind.UNBOUND, zone, "rpz", "rpz.local", control)
    result = push(sensor, watch_zone(*FOUR))
    assert result.state is PushState.FAILED
    assert "no-such-program" in result.detail
    assert zone.read_text() == EMPTY


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    sensor = SensorTarget("ids", SensorKind.ZEEK, tmp_path / "no" / "intel.dat", "zeek")
    result = push(sensor, make("zeek", indicators(*FOUR)))
    assert result.state is PushState.FAILED
    assert "E247" in result.detail or "intel.dat" in result.detail
