"""`quetsach indicators fetch`: what it prints, how it ends, and that no secret shows."""

import json
from pathlib import Path

from tests.cli.running import environment, names_in, quetsach, quetsach_here
from tests.indicators.fetch.servers import COLLECTION, Said, serving, taxii_server
from tests.indicators.fetch.test_taxii import indicators

PATH = f"/trustgroup1/collections/{COLLECTION}/"


def test_a_collection_is_fetched_and_read_like_any_other_list(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("mat khau\n")
    (tmp_path / "secret.txt").chmod(0o600)
    who = ("--user", "unit", "--password-file", tmp_path / "secret.txt")
    target = tmp_path / "list.json"
    with taxii_server(tmp_path, indicators(130)) as address:
        run = quetsach("indicators", "fetch", address + PATH, "-o", target, *who)
        again = quetsach_here("indicators", "fetch", address + PATH, "-o", target, *who)
        assert (run.returncode, run.stderr) == (0, b"")
        shown = run.stdout.decode()
        assert "130 objects (stix)" in shown
        assert "--added-after 2022-09-12T00:02:09.000000Z" in shown
        assert again.returncode == 2
        assert b"E601" in again.stderr
        after = ("--added-after", "2022-09-12T00:02:09.000000Z")
        other = tmp_path / "more.json"
        nothing = quetsach_here("indicators", "fetch", address + PATH, "-o", other, *who, *after)
        assert (nothing.returncode, other.exists()) == (0, False)
        assert "Nothing new" in nothing.stdout.decode()
    checked = quetsach_here("indicators", "check", target)
    assert "130 rows, 130 accepted, 0 refused" in checked.stdout.decode()
    assert checked.returncode == 0


def test_secrets_come_from_the_environment_and_never_show(tmp_path: Path) -> None:
    env = environment(QUETSACH_TOKEN="hidden-token")
    with serving(lambda _asked: Said(b'{"message": "no"}', status=403)) as server:
        words = ("indicators", "fetch", server.address, "-o", tmp_path / "l", "--from", "misp")
        run = quetsach(*words, env=env)
        assert server.asked[0].headers["authorization"] == "hidden-token"
    assert run.returncode == 2
    assert b"E215" in run.stderr
    assert b"hidden-token" not in run.stdout + run.stderr
    assert names_in(tmp_path) == []


def test_the_answer_is_also_given_as_json(tmp_path: Path) -> None:
    with taxii_server(tmp_path, indicators(2)) as address:
        env = environment(QUETSACH_USER="unit", QUETSACH_PASSWORD="mat khau")
        words = ("indicators", "fetch", address + PATH, "-o", tmp_path / "l.json", "--json")
        run = quetsach(*words, env=env)
    said = json.loads(run.stdout)
    assert (said["count"], said["form"]) == (2, "stix")
    assert said["continue_after"] == "2022-09-12T00:00:01.000000Z"


def test_a_missing_secret_and_an_unsafe_address_are_told_with_their_codes(tmp_path: Path) -> None:
    target = ("-o", tmp_path / "l")
    gone = tmp_path / "gone.txt"
    run = quetsach_here(
        "indicators", "fetch", "https://taxii.example/", *target, "--password-file", gone
    )
    assert (run.returncode, b"E601" in run.stderr) == (2, True)
    run = quetsach_here("indicators", "fetch", "http://taxii.example/", *target)
    assert (run.returncode, b"E214" in run.stderr) == (2, True)
