"""A text is read as a sweep of the whole reads it, however it grows."""

import random
from pathlib import Path

import pytest

from quetsach.scanning.heads import FileSetAside
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.plan import PlannedFile
from quetsach.watch import chunks, streams, texts
from quetsach.watch.state import StreamState
from quetsach.watch.streams import first_line_of, form_of, grows_by_lines, plan_of
from tests.formats.golden import SAMPLES
from tests.watch.conftest import Start
from tests.watch.watched import clients, lines


def test_a_line_without_end_waits_and_is_read_once(tmp_path: Path, start: Start) -> None:
    log, text = tmp_path / "eve.json", lines(0, 6)
    watched = start(log)
    for part in (text[:900], text[900:901], text[901:]):
        watched.write(log, part)
        watched.go(2)
    assert watched.clients() == clients(0, 6)
    [stream] = watched.streams()
    assert (stream.cursor, stream.lines, stream.open_line) == (len(text), 6, {})


def test_a_last_line_without_end_is_read_at_rest_and_again_when_it_goes_on(
    tmp_path: Path, start: Start
) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 2)[:-1])
    watched.go(2)
    assert watched.clients() == clients(0, 1)
    watched.go(2, wait_s=20)
    assert watched.clients() == clients(0, 2)
    assert watched.streams()[0].open_line
    watched.write(log, b"\n" + lines(2, 3))
    watched.go(2)
    assert watched.clients() == clients(0, 3)
    assert len(watched.state.run("SELECT 1 FROM sighting")) == 3
    assert watched.streams()[0].counts["lines"] == 3
    watched.stop()
    watched.start()
    watched.write(log, lines(3, 4))
    watched.go(2)
    assert watched.clients() == clients(0, 4)


def test_a_form_that_becomes_clear_later_is_read_from_the_beginning(
    tmp_path: Path, start: Start
) -> None:
    log = tmp_path / "dns.log"
    watched = start(log)
    watched.write(log, b"a note of its keeper about bad.example\n")
    watched.go(2)
    [(form,)] = watched.state.run("SELECT form FROM stream")
    assert len(watched.clients()) == 1
    watched.write(log, lines(0, 40))
    watched.go(2)
    assert watched.streams()[0].form.split()[0] != form.split()[0]
    assert watched.clients()[-40:] == clients(0, 40)
    kept = len(watched.clients())
    assert len(watched.state.run("SELECT 1 FROM sighting")) == kept
    assert watched.streams()[0].counts["lines"] == 41


def test_a_header_in_the_middle_holds_after_a_restart(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "conn.log"
    watched = start(log)
    head = b"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
    names = (b"ts\tuid\tid.orig_h\tid.resp_h\tquery", b"ts\tuid\tid.resp_h\tid.orig_h\tquery")
    first, second = (head + b"#path\tdns\n#fields\t" + name + b"\n" for name in names)
    watched.write(log, first + b"1662940800.0\tC1\t10.0.0.1\t10.0.0.53\tbad.example\n" + second)
    watched.go(2)
    watched.stop()
    watched.start()
    watched.write(log, b"1662940801.0\tC2\t10.0.0.53\t10.0.0.2\tbad.example\n")
    watched.go(2)
    assert watched.clients() == ["10.0.0.1", "10.0.0.2"]


def test_a_line_that_is_too_long_is_counted_and_what_follows_is_read(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "LONGEST_LINE", 3000)
    monkeypatch.setattr(chunks, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(texts, "CHUNK_BYTES", 1000)
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 1) + b"{" + b"x" * 9000)
    watched.go(3)
    watched.write(log, b"}\n" + lines(1, 3))
    watched.go(3)
    assert watched.clients() == clients(0, 3)
    assert watched.streams()[0].counts["rejects"] == 1
    assert ("E107", str(log)) in watched.problems()


def test_a_text_is_known_by_its_first_line_and_its_form() -> None:
    assert first_line_of(b"one\ntwo") == first_line_of(b"one\nother")
    assert first_line_of(b"one") == b""
    assert first_line_of(b"x" * 5000) == first_line_of(b"x" * 4096)


def test_what_grows_by_lines_and_what_does_not(tools: WorkerTools, tmp_path: Path) -> None:
    def planned(name: str, content: bytes) -> object:
        path = tmp_path / name
        path.write_bytes(content)
        return plan_of(path, str(path), len(content), tools)

    eve = planned("eve.json", lines(0, 3))
    lease = b"lease 10.0.0.9 {\n  starts 1 2022/09/12 00:00:00;\n  ends 1 2022/09/12 08:00:00;\n}\n"
    leases = planned("dhcpd.leases", lease)
    assert isinstance(eve, PlannedFile)
    assert isinstance(leases, PlannedFile)
    assert (grows_by_lines(eve), grows_by_lines(leases)) == (True, False)
    assert form_of(eve).startswith("suricata-eve ")
    assert isinstance(planned("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(40)), FileSetAside)


@pytest.mark.parametrize("kind", ["zeek-tsv", "dnsmasq"])
def test_a_sample_that_grows_at_random_gives_what_it_gives_whole(
    tmp_path: Path, start: Start, kind: str
) -> None:
    sample = min(path for path in (SAMPLES / kind).iterdir() if path.suffix != ".json")
    text, rng = sample.read_bytes(), random.Random(kind)
    whole, grown = tmp_path / "whole.log", tmp_path / "grown.log"
    watched = start(whole, grown)
    watched.write(whole, text)
    for place in range(0, len(text), len(text) // 5 + 1):
        part = text[place : place + len(text) // 5 + 1]
        cut = rng.randrange(len(part) + 1)
        for some in (part[:cut], part[cut:]):
            watched.write(grown, some)
            watched.go(1)
    watched.go(2, to_end=True)
    once, again = watched.streams()
    assert (once.counts, once.chain) == (again.counts, again.chain)
    assert {once.state, again.state} <= {StreamState.READING, StreamState.RESTING}
    assert len(once.headers) < streams.MOST_HEADERS
