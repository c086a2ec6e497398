"""`quetsach push`: what is said of each sighting, how it ends, and where keys come from."""

import json
import os
from pathlib import Path

from quetsach.api.pushing import KINDS
from quetsach.cli import push
from tests.cli.running import quetsach
from tests.exports.findings_made import made
from tests.indicators.fetch.servers import Asked, Said, serving
from tests.pushes.doubles import KEY, ElasticDouble, MispDouble


def key_file(tmp_path: Path, text: str = KEY, mode: int = 0o600) -> Path:
    path = tmp_path / "key"
    path.write_text(f"{text}\n")
    path.chmod(mode)
    return path


def test_the_command_knows_every_kind() -> None:
    assert tuple(KINDS) == push.KINDS


def test_it_says_what_was_sent_and_takes_it_back(tmp_path: Path) -> None:
    double = MispDouble({"7": ("domain", "bad.example")})
    words = ("push", made(tmp_path), "--to", "misp", "--key-file", key_file(tmp_path))
    words += ("--as", "So A")
    ledgers = ("--ledgers", tmp_path / "ledgers")
    with serving(double) as server:
        run = quetsach(*words, server.address, *ledgers)
        assert (run.returncode, run.stdout) == (0, b"")
        assert b"1 sighting sent" in run.stderr
        assert b"2 left out: the marking" in run.stderr
        again = quetsach(*words, server.address, *ledgers, "--json")
        facts = json.loads(again.stdout)
        assert (facts["done"], facts["before"], facts["unknown"]) == (0, 1, 0)
        assert len(double.sightings) == 1
        show = quetsach(*words, server.address, *ledgers, "--withdraw", "--dry-run")
        assert (len(show.stdout.split()), len(double.sightings)) == (1, 1)
        back = quetsach(*words, server.address, *ledgers, "--withdraw")
    assert b"1 sighting taken back" in back.stderr
    assert double.sightings == {}


def test_a_dry_run_shows_each_message_and_asks_nobody(tmp_path: Path) -> None:
    words = ("push", made(tmp_path), "--to", "misp", "--for", "owner", "--dry-run")
    words += ("--as", "So A")
    run = quetsach(*words, "https://192.0.2.1/", "--ledgers", tmp_path / "ledgers")
    assert run.returncode == 0
    assert {json.loads(line)["value"] for line in run.stdout.splitlines()} == {
        "bad.example",
        "red.example",
        "192.0.2.77|443",
    }
    assert not (tmp_path / "ledgers").exists()


def test_it_ends_with_3_where_a_part_was_sent_and_with_2_where_nothing_was(tmp_path: Path) -> None:
    double = ElasticDouble()
    words = ("push", made(tmp_path), "--to", "elastic", "--key-file", key_file(tmp_path))
    words += ("--ledgers", tmp_path / "ledgers", "--limit", "1")

    def refusing(asked: Asked) -> Said:
        double.refuses = frozenset(
            json.loads(line)["create"]["_id"] for line in asked.body.splitlines()[:1]
        )
        return double(asked)

    with serving(refusing) as server:
        run = quetsach(*words, f"{server.address}/quetsach")
        assert run.returncode == 3
        assert b"E514" in run.stderr
        assert b"document_parsing_exception" in run.stderr
    with serving(lambda _asked: Said(b"", 503)) as server:
        run = quetsach(*words, f"{server.address}/quetsach")
        assert run.returncode == 2
        assert b"HTTP 503" in run.stderr


def test_two_servers_are_told_and_one_that_fails_keeps_no_other_waiting(tmp_path: Path) -> None:
    double = ElasticDouble()
    words = ("push", made(tmp_path), "--to", "elastic", "--key-file", key_file(tmp_path))
    words += ("--ledgers", tmp_path / "ledgers", "--limit", "1")
    with serving(lambda _asked: Said(b"", 403)) as closed, serving(double) as server:
        run = quetsach(*words, f"{closed.address}/quetsach", f"{server.address}/quetsach")
    assert run.returncode == 3
    assert len(double.documents) == 4


def test_a_key_comes_from_a_file_of_ones_own_or_the_environment(tmp_path: Path) -> None:
    double = MispDouble({"7": ("domain", "bad.example")})
    words = ("push", made(tmp_path), "--to", "misp", "--ledgers", tmp_path / "ledgers")
    words += ("--as", "So A")
    with serving(double) as server:
        opened = key_file(tmp_path, mode=0o644)
        run = quetsach(*words, server.address, "--key-file", opened)
        assert run.returncode == 2
        assert b"chmod 600" in run.stderr
        assert server.asked == []
        environment = os.environ | {"QUETSACH_PUSH_KEY": KEY}
        assert quetsach(*words, server.address, env=environment).returncode == 0
    assert len(double.sightings) == 1


def test_misp_is_told_of_nothing_until_the_office_has_a_name(tmp_path: Path) -> None:
    double = MispDouble({"7": ("domain", "bad.example")})
    words = ("push", made(tmp_path), "--to", "misp", "--ledgers", tmp_path / "ledgers")
    environment = os.environ | {"QUETSACH_PUSH_KEY": KEY}
    with serving(double) as server:
        run = quetsach(*words, server.address, env=environment)
        assert (run.returncode, server.asked) == (2, [])
    assert b"E601 --as" in run.stderr
    assert b"--as 'So A'" in run.stderr
