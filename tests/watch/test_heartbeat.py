"""A heartbeat tells each source as its user named it, in the words of the contract."""

import json
from pathlib import Path

import msgspec

from quetsach.watch.heartbeat import heartbeat_of, moment
from tests.watch.conftest import Start
from tests.watch.watched import lines


def test_what_a_watch_says_of_itself(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 4))
    watched.go(2)
    watched.state.set({"folder": str(tmp_path), "indicators": "3"})
    watched.write(log, lines(4, 5))
    follow = [str(log), "/not/there"]
    message = heartbeat_of(watched.state, "pc-1", follow, int(watched.now_s * 1e6))
    assert len(msgspec.json.encode(message)) < 4096
    assert (message["sightings"], message["list"]["indicators"]) == (4, 3)
    source, missing = message["sources"]
    assert (source["source"], source["kind"], source["form"]) == (
        str(log),
        "file",
        "suricata-eve",
    )
    assert (source["lines"], source["bytes"]) == (4, len(lines(0, 4)))
    assert source["lag_bytes"] == len(lines(4, 5))
    assert source["last_event_at"] == "2026-11-30T01:00:03.000003+00:00"
    assert (missing["lines"], missing["file"], missing["last_read_at"]) == (0, None, None)


def test_odd_moments_are_none() -> None:
    assert moment(None) is moment(0) is moment(1 << 62) is None


def test_a_listener_tells_what_it_received_and_lost(tmp_path: Path, start: Start) -> None:
    watched = start(tmp_path / "eve.json")
    kept = {
        "source": "udp://127.0.0.1:5514",
        "spool": "udp-1",
        "received": 12,
        "let_go": 1,
        "last_us": 5_000_000,
        "dropped": {"kernel": 3, "spool": 2, "length": 0},
    }
    watched.state.set({"listeners": json.dumps([kept])})
    own = watched.folder / "spool" / "udp-1" / "a.log"
    assert watched.watch._source_of(str(own)) == str(own.parent)
    message = heartbeat_of(watched.state, "pc-1", [str(watched.folder / "spool")], 9_000_000)
    (source,) = message["sources"]
    assert (source["source"], source["kind"]) == ("udp://127.0.0.1:5514", "listener")
    assert (source["received"], source["dropped"]) == (12, {"kernel": 3, "spool": 3, "length": 0})
