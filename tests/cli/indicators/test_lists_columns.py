"""`quetsach indicators columns` and `--columns`: shown, saved, and read by ever after."""

from pathlib import Path

from tests.cli.running import quetsach_here
from tests.sweeping.evidence import write

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
    assert "ds.csv (mapped, Chỉ báo): 2 rows, 2 taken, 0 refused" in checked.stdout.decode()


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
