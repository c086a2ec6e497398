"""`quetsach watch run` prints a line for each sighting, and where it goes on."""

import io
import json
import os
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quetsach.api.ledger import import_ledger
from quetsach.api.watches import WatchTotals
from quetsach.blocklists.planted import planted_between, read_planted_key
from quetsach.cli.watch import run
from quetsach.findings.shape import examine_findings
from quetsach.texts import use_language
from quetsach.watch import pushing, running
from quetsach.watch.keeping import RoundFigures
from tests.cli.running import quetsach_here
from tests.watch.fake_portal import TOKEN, FakePortal
from tests.watch.fake_portal import running as answering
from tests.watch.watched import eve, lines


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    whole_round = running._Running.round

    def one_round(self: running._Running) -> bool:
        self._rounds_left = 0
        whole_round(self)
        return False

    monkeypatch.setattr(running._Running, "round", one_round)


def test_each_sighting_is_a_line_and_is_printed_once(tmp_path: Path) -> None:
    log, listed = tmp_path / "eve.json", tmp_path / "list.txt"
    listed.write_text("bad.example\n", encoding="ascii")
    log.write_bytes(lines(0, 2))
    words = ("watch", "run", log, "-i", listed, "--state", tmp_path / "state", "--once")
    first = quetsach_here(*words, "--zone", "Asia/Ho_Chi_Minh")
    told = first.stdout.decode().splitlines()
    assert (first.returncode, len(told)) == (1, 2)
    assert "30/11 08:00:00" in told[0]
    assert all(word in told[0] for word in ("10.2.0.1", "bad.example", "eve.json:0"))
    said = first.stderr.decode()
    assert "2 sightings in 2 lines of 1 file." in said
    assert str(tmp_path / "state") in said
    with log.open("ab") as file:
        file.write(lines(2, 3))
    again = quetsach_here(*words, "--json", "--quiet")
    [row] = [json.loads(line) for line in again.stdout.splitlines()]
    assert (row["source.ip"], row["quetsach.device.role"]) == ("10.2.0.3", "client")
    assert again.stderr == b""
    none = quetsach_here(*words)
    assert (none.returncode, none.stdout) == (0, b"")
    assert "0 sightings in 0 lines" in none.stderr.decode()


def test_a_watch_alone_proves_its_source_by_what_is_planted(tmp_path: Path) -> None:
    log, listed, key = tmp_path / "eve.json", tmp_path / "list.txt", tmp_path / "planted.key"
    listed.write_text("bad.example\n", encoding="ascii")
    use_language("en")
    assert quetsach_here("planted", "key", key, "--place", "VP", "--place", "MC").returncode == 0
    today = planted_between(
        read_planted_key(key), *[datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()] * 2
    )
    seen = next(iter(today))
    log.write_bytes(lines(0, 1) + eve(5, seen.name, "10.3.3.3"))
    words = ("watch", "run", log, "-i", listed, "--state", tmp_path / "state", "--planted-key", key)
    told = quetsach_here(*words, "--once")
    assert (told.returncode, len(told.stdout.splitlines())) == (1, 1)
    assert b"for 1 indicator." in told.stderr
    status = quetsach_here("watch", "status", "--state", tmp_path / "state", "--json").stdout
    standing = json.loads(status)
    assert (standing["indicators"], standing["sightings"]) == (1, 1)
    assert [(one["place"], one["seen_us"] is not None) for one in standing["planted"]] == [
        ("VP", True),
        ("MC", False),
    ]
    portal = ("--portal", "https://portal.example", "--token-file", key)
    assert b"--planted-key" in quetsach_here(*words, *portal).stderr


def test_without_anything_to_follow_it_says_so(tmp_path: Path) -> None:
    told = quetsach_here("watch", "run", "-i", tmp_path / "list.txt")
    assert (told.returncode, b"--listen" in told.stderr) == (2, True)
    words = ("watch", "run", "-i", tmp_path / "list.txt", "--listen")
    assert b"E507" in quetsach_here(*words, "10.0.0.5:514").stderr
    assert b"--once" in quetsach_here(*words, "udp://127.0.0.1:0", "--once").stderr


def test_figures_name_what_is_silent() -> None:
    totals = WatchTotals(0.0, RoundFigures(lines=1200), lag=5, rate=20.4, silent=("a\x1b[1m.log",))
    line = run.figures_line(totals, ZoneInfo("UTC"))
    assert "1,200" in line or "1.200" in line
    assert "\x1b" not in line
    assert "a" in line


def test_what_cannot_be_followed_is_refused(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("bad.example\n", encoding="ascii")
    for path, code in (("s3://bucket/logs", b"E111"), ("-", b"E113")):
        told = quetsach_here("watch", "run", path, "-i", listed, "--state", tmp_path / "state")
        assert (told.returncode, code in told.stderr) == (2, True)


def test_what_is_missing_or_cannot_be_read_is_said_and_is_no_zero(tmp_path: Path) -> None:
    listed, odd, packed = (tmp_path / name for name in ("list.txt", "eve.json", "logs.zip"))
    listed.write_text("bad.example\n", encoding="ascii")
    odd.write_bytes(lines(0, 2) + b'{"timestamp":\n')
    packed.write_bytes(b"PK\x03\x04cut off")
    os.utime(packed, (0, 0))
    for path, words in (
        (tmp_path / "none.json", "Nothing is there: "),
        (odd, "1 line could not be read"),
        (packed, "E116"),
    ):
        state = tmp_path / f"state-{path.name}"
        told = quetsach_here("watch", "run", path, "-i", listed, "--state", state, "--once")
        assert (told.returncode, words in told.stderr.decode()) == (3, True), path.name
        assert "waited for" not in told.stderr.decode()


def test_nothing_is_followed_before_it_can_be_and_what_is_gone_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("# none\n", encoding="ascii")
    told = quetsach_here("watch", "run", tmp_path, "-i", listed, "--state", tmp_path / "state")
    assert told.returncode == 2
    assert b"Following" not in told.stderr
    use_language("en")
    screen = run._Screen(ZoneInfo("Asia/Ho_Chi_Minh"), as_json=False, is_quiet=False)
    screen.ears().figures(WatchTotals(0.0, missing=("eve.json",)))
    assert "Not there, waited for: eve.json" in capsys.readouterr().err


def test_a_portal_gives_the_list_and_gets_what_was_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "SOONEST_S", 0.01)
    log, token = tmp_path / "eve.json", tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    token.chmod(0o600)
    log.write_bytes(lines(0, 2) + eve(7, "x.planted.quetsach.example"))
    state = tmp_path / "state"
    words = ("watch", "run", log, "--state", state, "--once", "--zone", "Asia/Ho_Chi_Minh")
    none = quetsach_here(*words, "--portal", "https://portal.example")
    assert (none.returncode, b"--token-file" in none.stderr) == (2, True)
    with answering(FakePortal(listed=b"bad.example\n", too_soon=[1])) as portal:
        told = quetsach_here(*words, "--portal", portal.address, "--token-file", token)
    assert (told.returncode, len(told.stdout.splitlines())) == (1, 2)
    (packed,) = portal.folders.values()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path / "got")
    assert examine_findings(tmp_path / "got").manifest.summary.sightings == 2
    assert portal.too_soon == []
    assert all(beat["list"]["release"] for beat in portal.beats)
    # The last one tells what came of it.
    last = portal.beats[-1]
    assert (last["sightings"], last["outbox"]["waiting"]) == (2, 0)
    assert not list((state / "outbox").iterdir())


def test_folders_are_sealed_without_a_portal(tmp_path: Path) -> None:
    log, listed, sealed = (tmp_path / name for name in ("eve.json", "list.txt", "sealed"))
    listed.write_text("bad.example\n", encoding="ascii")
    words = ("watch", "run", log, "-i", listed, "--state", tmp_path / "state", "--once")
    for number in range(2):
        with log.open("ab") as file:
            file.write(lines(3 * number, 3 * number + 3))
        told = quetsach_here(*words, "--seal", sealed)
        assert b"(3 " in told.stderr
    ledger = import_ledger(sorted(sealed.iterdir()))
    assert (ledger.lines, len(ledger.numbers), len(ledger.streams)) == (6, 6, 1)
