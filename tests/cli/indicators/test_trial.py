"""`quetsach indicators try`: the sentence that a person reads before a set goes live."""

import json
from pathlib import Path

from tests.cli.running import names_in, quetsach_here
from tests.sweeping.evidence import HEADER, conn, write


def test_the_answer_names_devices_units_and_the_row_that_does_it(tmp_path: Path) -> None:
    for unit, number in (("xa-a", 1), ("xa-b", 2)):
        lines = conn(number, f"10.0.{number}.5", "198.51.100.9")
        write(tmp_path / "logs" / unit / "conn.log", HEADER + lines)
    listed = write(tmp_path / "new.txt", "bad.example\n198.51.100.9\n")
    before = names_in(tmp_path)
    run = quetsach_here(
        "indicators", "try", listed, "-e", tmp_path / "logs", "--previous", listed, cwd=tmp_path
    )
    assert run.returncode == 2, "a list is no release"
    run = quetsach_here("indicators", "try", listed, "-e", tmp_path / "logs", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (1, b"")
    shown = run.stdout.decode()
    assert "2 devices in 2 units would be reported." in shown
    assert (
        "WARNING: 2 of them (100 %) because of this one row, 2 because of it alone: 198.51.100.9"
        in shown
    )
    assert "(new.txt, row 2)" in shown
    assert "1 indicators matched nothing." in shown
    assert names_in(tmp_path) == before


def test_json_has_every_figure_and_unread_evidence_ends_as_partial(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    write(logs / "conn.log", HEADER + conn(1, "10.0.0.5", "198.51.100.9"))
    write(logs / "broken.gz", b"\x1f\x8b\x08\x00rest")
    listed = write(tmp_path / "new.txt", "198.51.100.9\n")
    run = quetsach_here("indicators", "try", listed, "-e", logs, "--json", "--allow", "none")
    assert run.returncode == 3
    answer = json.loads(run.stdout)
    assert (answer["devices"], answer["without_unit"], answer["previous"]) == (1, 1, None)
    assert answer["rows"][0]["key"] == "198.51.100.9"
    assert answer["summary"]["unread"]
    shown = quetsach_here("indicators", "try", listed, "-e", logs).stdout.decode()
    assert "The unit of 1 devices is unknown" in shown
    assert "Not all was read" in shown


def test_lines_that_only_mention_an_indicator_are_told(tmp_path: Path) -> None:
    log = write(tmp_path / "gw.log", "gw7 ~ 10.0.0.5 > 198.51.100.9 deny\n" * 2)
    listed = write(tmp_path / "new.txt", "198.51.100.9\n")
    run = quetsach_here("indicators", "try", listed, "-e", log)
    assert run.returncode == 3
    assert "2 lines only mention an indicator" in run.stdout.decode()
