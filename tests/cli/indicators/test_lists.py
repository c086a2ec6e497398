"""`quetsach indicators check`: what was taken, what was refused and why."""

import json
from pathlib import Path

from tests.cli.conftest import HOSTILE
from tests.cli.running import quetsach_here
from tests.sweeping.evidence import write


def test_a_good_list_is_no_failure(listed: Path) -> None:
    run = quetsach_here("indicators", "check", listed)
    assert (run.returncode, run.stderr) == (0, b"")
    assert "1 row, 1 accepted, 0 refused" in run.stdout.decode()


def test_refused_rows_are_named_with_their_reason(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", "bad.example\ncom.vn\n10.0.0.1\n")
    run = quetsach_here("indicators", "check", listed)
    assert run.returncode == 3
    shown = run.stdout.decode()
    assert "3 rows, 1 accepted, 2 refused" in shown
    assert "row 2: com.vn: " in shown
    assert "row 3: 10.0.0.1: " in shown
    assert (
        quetsach_here("indicators", "check", listed, "--accept-private").stdout.count(b"  row") == 1
    )


def test_a_list_without_a_valid_row_is_a_failure(tmp_path: Path) -> None:
    assert quetsach_here("indicators", "check", write(tmp_path / "l", "com.vn\n")).returncode == 2


def test_all_refused_rows_stand_in_the_json_and_the_first_on_the_screen(tmp_path: Path) -> None:
    rows = "".join(f"10.0.0.{n}\n" for n in range(50))
    listed = write(tmp_path / "list.txt", "bad.example\n" + rows)
    run = quetsach_here("indicators", "check", listed, "--json")
    (one,) = json.loads(run.stdout)["lists"]
    assert one["refusals"] == {"private": [[n + 2, f"10.0.0.{n}"] for n in range(50)]}
    shown = quetsach_here("indicators", "check", listed).stdout.decode()
    assert shown.count("10.0.0.") == 20
    assert "30 more" in shown


def test_a_hostile_row_does_not_drive_the_terminal(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", f"bad.example\nx{HOSTILE}y\n")
    shown = quetsach_here("indicators", "check", listed).stdout.decode()
    assert "1 refused" in shown
    assert all(sign.isprintable() or sign == "\n" for sign in shown)


def test_a_list_that_was_not_read_is_named_and_never_passes_as_checked(tmp_path: Path) -> None:
    broken = write(tmp_path / "broken.json", '{"type": "bundle", "objects": [{"type": "indic')
    good = write(tmp_path / "good.txt", "bad.example\n")
    run = quetsach_here("indicators", "check", broken, good)
    assert run.returncode == 3
    assert "E210 broken.json" in run.stdout.decode()
    assert quetsach_here("indicators", "check", broken).returncode == 2
    said = json.loads(quetsach_here("indicators", "check", broken, good, "--json").stdout)
    assert said["lists"][0]["reading"]["problems"][0]["code"] == "E210"


def test_well_known_services_are_asked_about_with_a_proposal_until_decided(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", "8.8.8.8\nbad.example\n")
    run = quetsach_here("indicators", "check", listed)
    assert run.returncode == 3
    shown = run.stdout.decode()
    assert "To be decided by a person: 1" in shown
    assert "8.8.8.8 (list.txt, row 1): public resolvers" in shown
    assert "proposed: drop" in shown
    assert quetsach_here("indicators", "check", listed, "--allow", "none").returncode == 0
    decisions = tmp_path / "d.jsonl"
    quetsach_here(
        "indicators", "decide", "8.8.8.8", "--keep", "--reason", "ours", "--until", "2099-01-01",
        "--decisions", decisions,
    )  # fmt: skip
    run = quetsach_here("indicators", "check", listed, "--decisions", decisions)
    assert run.returncode == 0
    assert "8.8.8.8: keep, until 2099-01-01T23:59:59+07:00: ours" in run.stdout.decode()


def test_own_networks_and_contradictions_are_told(tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", "indicator,family\n203.0.113.7,Mirai\n198.51.100.7,Mirai\n")
    second = write(tmp_path / "b.csv", "indicator,family\n198.51.100.7,Emotet\n")
    run = quetsach_here("indicators", "check", first, second, "--inside", "203.0.113.0/24")
    shown = run.stdout.decode()
    assert run.returncode == 3
    assert "row 2: 203.0.113.7 [203.0.113.7,Mirai]: an address of your own network" in shown
    assert (
        "different families: 1\n    198.51.100.7: Mirai / Emotet (a.csv, row 3; b.csv, row 2)"
        in shown
    )


def test_a_row_of_several_values_says_which_of_them_was_refused_and_what_to_do(
    tmp_path: Path,
) -> None:
    listed = write(
        tmp_path / "list.md",
        "| IP | Note |\n|---|---|\n| 203.0.113.7, 192.168.7.7, 203.0.113.4444 | scan |\n",
    )
    shown = quetsach_here("indicators", "check", listed).stdout.decode()
    around = "[203.0.113.7, 192.168.7.7, 203.0.113.4444 | scan]"
    assert f"192.168.7.7 {around}: an address in a private range" in shown
    assert f"203.0.113.4444 {around}: it looks like an indicator" in shown
    assert "Add those that are indicators to a list of your own" in shown
    assert "Indicators: addresses 1" in shown


TABLE = "STT;Chỉ báo;Loại;Mã độc\n1;bad.example;domain;Emotet\n2;c2.example;domain;Qakbot\n"


def test_the_guess_is_shown_with_first_rows_and_saved(tmp_path: Path) -> None:
    listed, saved = write(tmp_path / "ds.csv", TABLE), tmp_path / "a.toml"
    run = quetsach_here("indicators", "columns", listed, "--sender", "Cục A", "--save", saved)
    assert (run.returncode, run.stderr) == (0, b"")
    shown = run.stdout.decode()
    assert "sender: Cục A" in shown
    assert [line.split() for line in shown.splitlines() if "bad.example" in line] == [
        ["Chỉ", "báo", "indicator", "(name)", "bad.example", "c2.example"]
    ]
    assert 'sender = "Cục A"' in saved.read_text(encoding="utf-8")
    checked = quetsach_here("indicators", "check", listed, "--columns", saved)
    assert checked.returncode == 0
    assert "ds.csv (mapped, Chỉ báo): 2 rows, 2 accepted, 0 refused" in checked.stdout.decode()


def test_a_map_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    listed, saved = write(tmp_path / "ds.csv", TABLE), write(tmp_path / "a.toml", "mine")
    run = quetsach_here("indicators", "columns", listed, "--save", saved)
    assert run.returncode == 2
    assert b"E218" in run.stderr
    assert saved.read_text() == "mine"


def test_a_map_that_knows_no_list_makes_a_check_partial(tmp_path: Path) -> None:
    listed, saved = write(tmp_path / "ds.csv", TABLE), tmp_path / "a.toml"
    quetsach_here("indicators", "columns", listed, "--save", saved)
    other = write(tmp_path / "other.csv", "bad.example,x\nc2.example,y\n")
    run = quetsach_here("indicators", "check", other, "--columns", saved)
    assert run.returncode == 3
    assert "E217 ds: " in run.stdout.decode()


def test_an_unsound_map_stops_before_anything_is_read(tmp_path: Path) -> None:
    listed, wrong = write(tmp_path / "ds.csv", TABLE), write(tmp_path / "a.toml", "sender =")
    run = quetsach_here("indicators", "check", listed, "--columns", wrong)
    assert (run.returncode, run.stdout) == (2, b"")
    assert b"E218" in run.stderr


def test_a_sweep_reads_lists_by_the_map(tmp_path: Path) -> None:
    wrong = "Máy chủ,Dự phòng\nwww.example,bad.example\n"
    saved = write(
        tmp_path / "a.toml",
        'sender = "A"\n[recognise]\nheadings = ["Máy chủ", "Dự phòng"]\n'
        '[[value]]\ncolumn = "Dự phòng"\n',
    )
    head = "#separator \\x09\n#path\tdns\n#fields\tts\tuid\tid.orig_h\tquery\n"
    rows = (
        f"166298400{n}.0\tC{n}\t10.0.0.5\t{name}.example\n" for n, name in enumerate(["www", "bad"])
    )
    log = write(tmp_path / "logs/dns.log", head + "".join(rows))
    listed = write(tmp_path / "ds.csv", wrong)
    run = quetsach_here(
        *("sweep", log, "-i", listed, "--columns", saved),
        *("-o", tmp_path / "f", "--json"),
    )
    assert b"bad.example" in run.stdout
    assert b"www.example" not in run.stdout


def test_markings_are_counted_and_one_that_cannot_be_read_is_strict(tmp_path: Path) -> None:
    text = "indicator,TLP\nbad.example,PINK\nbad2.example,RED\nbad3.example,\n"
    shown = quetsach_here("indicators", "check", write(tmp_path / "l.csv", text)).stdout.decode()
    assert "Marked: TLP:AMBER+STRICT 1, TLP:RED 1 (" in shown
