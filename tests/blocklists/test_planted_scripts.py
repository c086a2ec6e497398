"""The folder of a PC that plants holds its names and the scripts of `collect`."""

from datetime import date
from pathlib import Path

from quetsach.blocklists.planted import PlantedKey, planted_on
from quetsach.blocklists.planted_scripts import planted_files, script_bytes

KEY = PlantedKey(b"k" * 32, ("Phòng VP",))
COLLECT = Path(__file__).parents[2] / "collect"


def test_the_names_are_those_of_working_days_and_no_place_is_told() -> None:
    files = dict(planted_files(KEY, "Phòng VP", date(2026, 11, 28), 10))
    lines = files["planted-names.txt"].decode("ascii").split("\r\n")
    days = [line[:10] for line in lines[1:-1]]
    assert days == [f"2026-{day}" for day in ("11-30", "12-01", "12-02", "12-03", "12-04", "12-07")]
    assert planted_on(KEY, date(2026, 11, 30), "Phòng VP").name in lines[1]
    assert all(b"k" * 32 not in content for content in files.values())


def test_the_usual_file_reaches_over_a_year() -> None:
    files = dict(planted_files(KEY, "Phòng VP", date(2026, 11, 30)))
    assert b"\n2028-01-03 " in files["planted-names.txt"]


def test_scripts_come_byte_for_byte() -> None:
    files = dict(planted_files(KEY, "VP", date(2026, 11, 30), 1))
    assert set(files) == {
        *("planted-names.txt", "quetsach-planted.cmd", "quetsach-planted.sh"),
        *("quetsach-collect.cmd", "quetsach-collect.ps1", "quetsach-collect.sh"),
    }
    for name in files.keys() - {"planted-names.txt"}:
        assert script_bytes(name) == (COLLECT / name).read_bytes()
