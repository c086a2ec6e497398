"""SQLite files of known programs are read; a hostile schema can do nothing but be refused."""

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.captures import sqlite_logs
from quetsach.captures.contract import UnreadReason
from quetsach.captures.sqlite_logs import SqliteLogs
from tests.captures.files import events_of

DECODER = SqliteLogs()
WHEN_S = 1_788_225_322
WHEN_US = WHEN_S * 1_000_000

PIHOLE = (
    "CREATE TABLE query_storage (id INTEGER PRIMARY KEY, timestamp INTEGER, type INTEGER, "
    "status INTEGER, domain INTEGER, client INTEGER, reply_type INTEGER)",
    "CREATE TABLE domain_by_id (id INTEGER PRIMARY KEY, domain TEXT)",
    "CREATE TABLE client_by_id (id INTEGER PRIMARY KEY, ip TEXT, name TEXT)",
    "CREATE VIEW queries AS SELECT id, timestamp, type, status, CASE typeof(domain) WHEN 'integer' "
    "THEN (SELECT domain FROM domain_by_id d WHERE d.id = q.domain) ELSE domain END domain, "
    "CASE typeof(client) WHEN 'integer' THEN (SELECT ip FROM client_by_id c WHERE c.id = q.client) "
    "ELSE client END client, reply_type FROM query_storage q",
    "CREATE TABLE network (id INTEGER PRIMARY KEY, hwaddr TEXT, interface TEXT)",
    "CREATE TABLE network_addresses (network_id INTEGER, ip TEXT, lastSeen INTEGER, name TEXT)",
    "INSERT INTO domain_by_id VALUES (1, 'bad.example')",
    "INSERT INTO client_by_id VALUES (1, '10.20.3.41', 'pc-vt-07')",
    f"INSERT INTO query_storage VALUES (1, {WHEN_S}.5, 1, 2, 1, 1, 4)",
    f"INSERT INTO query_storage VALUES (2, {WHEN_S}, 16, 1, 'held.example', '10.20.3.42', 2)",
    f"INSERT INTO query_storage VALUES (3, {WHEN_S}, 165, 3, NULL, 1, 4)",
    "INSERT INTO network VALUES (1, '00:17:a4:b2:c3:d4', 'eth0'), (2, 'ip-10.0.0.9', 'eth0')",
    f"INSERT INTO network_addresses VALUES (1, '10.20.3.41', {WHEN_S}, 'pc-vt-07')",
    f"INSERT INTO network_addresses VALUES (2, '10.0.0.9', {WHEN_S}, NULL)",
)
OLD_PIHOLE = (
    "CREATE TABLE queries (id INTEGER PRIMARY KEY, timestamp INTEGER, type INTEGER, "
    "status INTEGER, domain TEXT, client TEXT, forward TEXT)",
    f"INSERT INTO queries VALUES (1, {WHEN_S}, 165, 3, 'bad.example', 'fd00::41', NULL)",
)
URL = "https://user@bad.example:8443/x?y=1"
FIREFOX = (
    "CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT, title TEXT)",
    "CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, place_id INTEGER, visit_date INTEGER)",
    f"INSERT INTO moz_places VALUES (1, '{URL}', 't'), (2, 'about:blank', '')",
    f"INSERT INTO moz_historyvisits VALUES (1, 1, {WHEN_US}), (2, 2, {WHEN_US})",
)
CHROME_US = WHEN_US + 11_644_473_600_000_000
CHROME = (
    "CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT)",
    "CREATE TABLE visits (id INTEGER PRIMARY KEY, url INTEGER, visit_time INTEGER)",
    "CREATE TABLE downloads (id INTEGER PRIMARY KEY, start_time INTEGER)",
    "CREATE TABLE downloads_url_chains (id INTEGER, chain_index INTEGER, url TEXT)",
    f"INSERT INTO urls VALUES (1, '{URL}')",
    f"INSERT INTO visits VALUES (1, 1, {CHROME_US})",
    f"INSERT INTO downloads VALUES (1, {CHROME_US})",
    "INSERT INTO downloads_url_chains VALUES (1, 0, 'http://bad.example/a.exe')",
)
SAFARI = (
    "CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT)",
    "CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER, visit_time REAL)",
    f"INSERT INTO history_items VALUES (1, '{URL}')",
    f"INSERT INTO history_visits VALUES (1, 1, {WHEN_S - 978_307_200}.0)",
)


def made(statements: Sequence[str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        with closing(sqlite3.connect(path)) as base:
            for statement in statements:
                base.execute(statement)
            base.commit()
        return path.read_bytes()


def test_what_pihole_was_asked_and_who_its_neighbours_are() -> None:
    content = made(PIHOLE)
    assert DECODER.recognise(content, "pihole-FTL.db")
    (asked, held, neighbour), unread = events_of(DECODER, content)
    assert asked == {
        "@timestamp": WHEN_US + 500_000,
        "event.dataset": "pihole.dns",
        "event.type": "protocol",
        "network.application": "dns",
        "source.ip": "10.20.3.41",
        "dns.question.name": "bad.example",
        "dns.question.type": "A",
        "dns.response_code": "NOERROR",
    }
    assert (held["event.type"], held["dns.question.type"]) == ("denied", "HTTPS")
    assert neighbour == {
        "@timestamp": WHEN_US,
        "event.dataset": "pihole.neighbours",
        "event.type": "info",
        "host.ip": "10.20.3.41",
        "host.mac": "00:17:a4:b2:c3:d4",
        "host.name": "pc-vt-07",
        "quetsach.lease.act": "seen",
    }
    assert unread == {}


def test_an_older_pihole_kept_texts_and_no_reply() -> None:
    (asked,), _ = events_of(DECODER, made(OLD_PIHOLE))
    assert (asked["source.ip"], asked["dns.question.type"]) == ("fd00::41", "TYPE65")
    assert "dns.response_code" not in asked


@pytest.mark.parametrize(
    "statements", [FIREFOX, CHROME, SAFARI], ids=["firefox", "chrome", "safari"]
)
def test_a_visit_has_its_time_and_its_page(statements: Sequence[str]) -> None:
    events, unread = events_of(DECODER, made(statements))
    assert events[0] == {
        "@timestamp": WHEN_US,
        "event.dataset": "browser.history",
        "event.type": "protocol",
        "event.action": "visited",
        "url.full": URL,
        "url.domain": "bad.example",
    }
    assert [event["event.action"] for event in events[1:]] == (
        ["downloaded"] if statements is CHROME else []
    )
    assert unread == {}


def test_a_file_of_another_program_is_told() -> None:
    content = made(("CREATE TABLE notes (id INTEGER, text TEXT)",))
    assert events_of(DECODER, content) == ([], {UnreadReason.NO_KNOWN_TABLE: 1})


HOSTILE = {
    "function": "SELECT 1 id, 1 timestamp, 1 type, 1 status, hex(randomblob(9)) domain, 'x' client",
    "pragma": "SELECT name domain, 1 timestamp, 1 type, 1 status, 'x' client "
    "FROM pragma_database_list",
    "load": "SELECT load_extension('x') domain, 1 timestamp, 1 type, 1 status, 'x' client",
}


@pytest.mark.parametrize("view", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_view_that_does_more_than_read_is_refused(view: str) -> None:
    content = made((f"CREATE VIEW queries AS {view}",))
    events, unread = events_of(DECODER, content)
    assert events == []
    assert set(unread) <= {UnreadReason.DAMAGED, UnreadReason.NO_KNOWN_TABLE}
    assert unread


def test_a_view_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_logs, "MOST_SECONDS", 0.05)
    many = ", ".join(f"t t{n}" for n in range(12))
    content = made(
        (
            "CREATE TABLE t (x INTEGER)",
            *["INSERT INTO t VALUES (1)"] * 40,
            "CREATE VIEW queries AS SELECT 1 timestamp, 1 type, 1 status, 'a' domain, 'b' client "
            f"FROM {many} WHERE t0.x + t11.x = 3",
        )
    )
    assert events_of(DECODER, content) == ([], {UnreadReason.TOO_SLOW: 1})


def test_nothing_is_written_beside_the_file(tmp_path: Path) -> None:
    from quetsach.captures.contract import CaptureSource, LineSink

    path = tmp_path / "pihole-FTL.db"
    path.write_bytes(made(OLD_PIHOLE))
    path.chmod(0o400)
    with (tmp_path / "out").open("wb") as out:
        DECODER.decode(CaptureSource(path, path.name), LineSink(out, 1 << 20))
    assert {each.name for each in tmp_path.iterdir()} == {"pihole-FTL.db", "out"}


WHOLE = made(PIHOLE)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), max_size=6
    )
)
def test_damaged_copies_never_raise(flips: list[tuple[float, bytes]]) -> None:
    damaged = bytearray(WHOLE)
    for place, written in flips:
        start = int(place * len(damaged))
        damaged[start : start + len(written)] = written
    found: list[dict[str, Any]] = events_of(DECODER, bytes(damaged))[0]
    assert all("event.dataset" in event for event in found)


@pytest.mark.parametrize("cut", [100, 4_096, 5_000])
def test_a_file_cut_off_is_told(cut: int) -> None:
    _events, unread = events_of(DECODER, WHOLE[:cut])
    assert set(unread) <= {UnreadReason.DAMAGED, UnreadReason.NO_KNOWN_TABLE}
    assert unread


@cache
def pages_ahead() -> tuple[bytes, bytes]:
    """Return a history whose newest visit is in its pages written ahead alone, and these."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.sqlite"
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            base.execute("PRAGMA journal_mode = WAL")
            for statement in FIREFOX[:2]:
                base.execute(statement)
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            for statement in FIREFOX[2:]:
                base.execute(statement)
            return path.read_bytes(), path.with_name("places.sqlite-wal").read_bytes()


def test_pages_written_ahead_are_read_with_their_file() -> None:
    file, pages = pages_ahead()
    assert events_of(DECODER, file, name="p.sqlite") == ([], {})
    events, unread = events_of(
        DECODER, file, b"x", pages, name="p.sqlite", names=("q.sqlite-wal", "p.sqlite-wal")
    )
    assert unread == {}
    assert [event["url.full"] for event in events] == [URL]


def test_pages_written_ahead_are_told_by_themselves() -> None:
    file, pages = pages_ahead()
    name = "p.sqlite-wal"
    assert DECODER.recognise(pages[:64], name)
    assert events_of(DECODER, pages, name=name) == ([], {UnreadReason.NO_DATABASE: 2})
    events, unread = events_of(DECODER, pages, file, name=name, names=("p.sqlite",))
    assert ([event["event.dataset"] for event in events], unread) == (["sqlite.ahead"], {})
    index = b"\x18\xe2\x2d\x00" + bytes(60)
    assert DECODER.recognise(index, "p.sqlite-shm")
    assert len(events_of(DECODER, index)[0]) == 1


def test_damaged_pages_written_ahead_never_raise() -> None:
    file, pages = pages_ahead()
    for place in range(0, len(pages), 97):
        hurt = bytearray(pages[: len(pages) - place % 700])
        hurt[place % len(hurt)] ^= 0x55
        events, _unread = events_of(DECODER, file, bytes(hurt), name="p", names=("p-wal",))
        assert {event["event.dataset"] for event in events} <= {"browser.history", "pihole.dns"}


def test_pages_that_sqlite_leaves_out_are_counted() -> None:
    file, pages = pages_ahead()
    frames = (len(pages) - 32) // (4096 + 24)
    hurt = bytearray(pages)
    hurt[-100] ^= 0x55
    for changed, lost in ((hurt, 1), (pages[:24] + bytes(8) + pages[32:], frames)):
        _, unread = events_of(DECODER, file, bytes(changed), name="p", names=("p-wal",))
        assert unread == {UnreadReason.DAMAGED: lost}
