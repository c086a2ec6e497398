"""`quetsach indicators convert`: what is printed, what is written, and what is told beside."""

import json
from pathlib import Path

from tests.cli.conftest import HOSTILE
from tests.cli.running import environment, quetsach, quetsach_here
from tests.sweeping.evidence import write

LIST = (
    "bad.example\n203.0.113.77\nhttps://hacked.example/a\n"
    "44d88612fea8a8f36de82e1278abb02f\n203.0.113.78:443\n"
)


def test_plain_prints_one_indicator_a_line(tmp_path: Path) -> None:
    run = quetsach_here(
        "indicators", "convert", write(tmp_path / "list.txt", LIST), "--to", "plain"
    )
    assert run.returncode == 0
    assert sorted(run.stdout.decode().splitlines()) == sorted(LIST.splitlines())


def test_devices_only_watch_unless_it_is_said_otherwise(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", LIST)
    watching = quetsach_here("indicators", "convert", listed, "--to", "rpz")
    assert watching.returncode == 3, "the form cannot say all of it"
    assert b"bad.example CNAME rpz-passthru." in watching.stdout
    assert b"WATCH ONLY" in watching.stderr
    blocking = quetsach_here("indicators", "convert", listed, "--to", "rpz", "--mode", "block")
    assert b"bad.example CNAME .\n" in blocking.stdout
    refused = quetsach_here("indicators", "convert", listed, "--to", "hosts")
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"E241" in refused.stderr
    assert b"--mode block" in refused.stderr
    assert b"unbound" in refused.stderr


def test_what_is_left_out_is_told_with_its_reason(tmp_path: Path) -> None:
    belt = write(tmp_path / "belt.txt", "bad.example\n")
    listed = write(tmp_path / "list.txt", LIST + "good.example\n")
    run = quetsach_here("indicators", "convert", listed, "--to", "unbound", "--belt", belt)
    told = run.stderr.decode()
    assert "Left out: 5" in told
    assert "on the never-block list" in told
    assert "44d88612fea8a8f36de82e1278abb02f" in told
    assert b"bad.example" not in run.stdout.replace(b"hacked.example", b"")


def test_without_a_belt_it_says_so(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", LIST)
    told = quetsach_here("indicators", "convert", listed, "--to", "rpz").stderr.decode()
    assert "No --belt was given" in told


def test_a_folder_holds_the_files_the_readme_and_the_way_back(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", LIST)
    out = tmp_path / "out"
    run = quetsach_here(
        "indicators", "convert", listed, "--to", "nftables", "-o", out, "--campaign", "Đợt 1"
    )
    assert run.stdout == b""
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert names == {"quetsach.nft", "undo/undo.nft", "keys.tsv", "README.txt", "left-out.json"}
    side = json.loads((out / "left-out.json").read_text())
    assert side["title"] == "Đợt 1"
    assert side["taken"] == 2
    write(listed, LIST + "203.0.113.99\n")
    again = quetsach_here("indicators", "convert", listed, "--to", "nftables", "-o", out)
    assert "1 added, 0 removed, 2 unchanged" in again.stderr.decode()
    assert (out / "changes.txt").read_text() == "+ 203.0.113.99\n"
    assert "add element" in (out / "quetsach-delta.nft").read_text()


def test_a_form_of_several_files_asks_for_a_folder(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", LIST)
    run = quetsach_here("indicators", "convert", listed, "--to", "fortigate", "-o", "-")
    assert (run.returncode, run.stdout) == (2, b"")
    assert b"E248" in run.stderr


def test_json_is_what_the_side_file_says(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", LIST)
    run = quetsach_here("indicators", "convert", listed, "--to", "fortigate", "--json")
    said = json.loads(run.stdout)
    assert said["form"] == "fortigate"
    assert [one["why"] for one in said["left_out"]] == ["port", "kind"]


def test_wrong_paths_belts_and_values_are_coded_errors(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", LIST)
    torn = write(tmp_path / "belt.txt", "not a name\n")
    for code, words in (
        ("E202", ("missing.txt", "--to", "rpz")),
        ("E242", (listed, "--to", "rpz", "--belt", torn)),
        ("E242", (listed, "--to", "rpz", "--belt", tmp_path / "none")),
        ("E243", (listed, "--to", "rpz", "--name", "A B")),
        ("E246", (write(tmp_path / "x", "com.vn\n"), "--to", "rpz")),
        ("E249", (listed, "--to", "rpz", "--previous", tmp_path / "none")),
        ("E601", (listed, "--to", "rpz", "--at", "soon")),
    ):
        run = quetsach_here("indicators", "convert", *words)
        assert (run.returncode, run.stdout) == (2, b""), words
        assert run.stderr.decode().startswith(code), run.stderr
        assert b"Traceback" not in run.stderr


def test_rows_that_were_refused_are_told_here_too(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", "bad.example\ncom.vn\n")
    run = quetsach_here("indicators", "convert", listed, "--to", "plain")
    assert run.returncode == 3
    assert b"Refused: 1 row of the lists" in run.stderr


def test_hostile_words_do_not_reach_the_terminal(tmp_path: Path) -> None:
    listed = write(
        tmp_path / "list.txt", f"http://bad.example/{HOSTILE} # {HOSTILE}\ngood.example\n"
    )
    for form in ("rpz", "plain", "csv", "stix", "misp"):
        run = quetsach_here("indicators", "convert", listed, "--to", form, "--campaign", HOSTILE)
        for sign in HOSTILE:
            if not sign.isprintable():
                assert sign.encode() not in run.stdout + run.stderr, (form, sign)


def test_vietnamese_comes_first(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", LIST)
    env = environment(LANG="vi_VN.UTF-8")
    run = quetsach("indicators", "convert", listed, "--to", "rpz", env=env)
    assert "CHỈ THEO DÕI" in run.stderr.decode()


def test_decisions_column_maps_and_own_networks_hold_here_as_in_a_sweep(tmp_path: Path) -> None:
    listed = write(
        tmp_path / "list.csv",
        "Đối tượng;Cổng\nbad.example;\nwatched.example;\ndropped.example;\n203.0.113.9;443\n",
    )
    saved = tmp_path / "map.toml"
    assert quetsach_here("indicators", "columns", listed, "--save", saved).returncode == 0
    decisions = tmp_path / "d.jsonl"
    for key, verdict in (("watched.example", "--watch"), ("dropped.example", "--drop")):
        quetsach_here(
            "indicators", "decide", key, verdict, "--reason", "x", "--until", "2099-01-01",
            "--decisions", decisions,
        )  # fmt: skip
    given = ("indicators", "convert", listed, "--decisions", decisions, "--columns", saved)
    watching = quetsach_here(*given, "--to", "rpz").stdout.decode()
    assert "\nwatched.example CNAME rpz-passthru." in watching
    assert "dropped.example" not in watching
    blocking = quetsach_here(*given, "--to", "rpz", "--mode", "block")
    assert "\nbad.example CNAME ." in blocking.stdout.decode()
    assert "watched.example" not in blocking.stdout.decode()
    assert "a person decided only to watch it" in blocking.stderr.decode()
    own = quetsach_here(*given, "--to", "plain", "--inside", "203.0.113.0/24")
    assert own.stdout.decode().split() == ["bad.example", "watched.example"]


def test_everybodys_services_are_not_blocked_unless_a_person_says_so(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", "facebook.com\nbad.example\n")
    words = ("indicators", "convert", listed, "--to", "hosts", "--mode", "block")
    run = quetsach_here(*words)
    assert b"0.0.0.0 bad.example\n" in run.stdout
    assert b"0.0.0.0 facebook.com\n" not in run.stdout
    assert b"facebook.com (" in run.stderr, "it is named, with its classes"
    assert b"0.0.0.0 facebook.com\n" in quetsach_here(*words, "--take", "facebook.com").stdout
    assert b"0.0.0.0 facebook.com\n" in quetsach_here(*words, "--allow", "none").stdout
