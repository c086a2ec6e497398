"""`quetsach verdict`: 80 columns in both languages, exit codes, JSON, nothing foreign gets out."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import HOSTILE
from tests.cli.running import environment, quetsach, quetsach_here
from tests.sweeping.evidence import write
from tests.verdicts.cases import day
from tests.verdicts.folders import Log, Seen, findings

SEPTEMBER = [day(one) for one in range(1, 24)]


@pytest.fixture
def swept(tmp_path: Path) -> Path:
    logs = [
        Log("dns.log", SEPTEMBER, alive=[("10.0.0.5", "pc-1"), ("10.0.0.6", "pc-2")]),
        Log("web.log", SEPTEMBER[:10], dataset="squid.access", alive=[("10.0.0.7", "pc-3")]),
    ]
    seen = [
        Seen(f"{day(5)} 10:15"),
        Seen(f"{day(5)} 11:15", device="pc-2", address="10.0.0.6"),
        Seen(f"{day(12)} 11:15", device="pc-2", address="10.0.0.6"),
        Seen(f"{day(3)} 11:15", device="pc-3", address="10.0.0.7", log=1),
        Seen(f"{day(4)} 09:15", device="pc-4", address="10.0.0.8"),
    ]
    return findings(tmp_path / "findings", logs, seen)


@pytest.fixture
def handled(tmp_path: Path) -> Path:
    rows = [f"pc-{one},2022-09-06 14:00" for one in (1, 2, 3)]
    return write(tmp_path / "handled.csv", "\n".join(["device,time", *rows]))


def test_each_state_is_told_with_its_reason(swept: Path, handled: Path) -> None:
    run = quetsach_here("verdict", swept, "--handled", handled, "--as-of", day(24))
    shown = run.stdout.decode()
    assert (run.returncode, run.stderr) == (1, b"")
    heads = ["RECURRED: 1", "INFECTED: 1", "QUIET, NOT PROVEN CLEAN: 1", "VERIFIED CLEAN: 1"]
    assert [one for one in shown.splitlines() if one in heads] == heads
    assert "missing: no web log from 11 to 23 September 2022: 3 of 7 days are" in shown
    assert "check again on: 13 September 2022, 6 October 2022" in shown


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_fits_a_terminal_of_80_columns(swept: Path, handled: Path, language: str) -> None:
    run = quetsach_here(
        "--lang", language, "verdict", swept, "--handled", handled, "--as-of", day(24)
    )
    lines = run.stdout.decode().splitlines()
    assert max(map(len, lines)) <= 80
    assert ("ĐÃ XÁC MINH SẠCH: 1" in lines) == (language == "vi")


def test_vietnamese_stands_first(swept: Path) -> None:
    env = environment(LANG="vi_VN.UTF-8")
    shown = quetsach("verdict", swept, "--as-of", day(24), env=env).stdout.decode()
    assert "còn thiếu: từ đó chưa ai xử lý" in shown
    assert "September" not in shown


def test_json_says_the_same_and_more(swept: Path, handled: Path) -> None:
    run = quetsach_here("verdict", swept, "--handled", handled, "--as-of", day(24), "--json")
    told = json.loads(run.stdout)
    assert {one["device"]: one["state"] for one in told["devices"]} == {
        "pc-1": "verified-clean",
        "pc-2": "recurred",
        "pc-3": "quiet-not-proven",
        "pc-4": "quiet-not-proven" if told["devices"][3]["alive"] else "infected",
    }
    assert set(told) == {
        *("format", "as_of", "zone", "complete", "thresholds", "devices", "units", "problems"),
    }
    assert told["thresholds"]["covered_days"] == 7
    assert told["units"][0]["infected"] == 2


def test_thresholds_of_a_campaign_are_asked_for(swept: Path, handled: Path) -> None:
    run = quetsach_here(
        *("verdict", swept, "--handled", handled, "--as-of", day(24)),
        *("--days", "20", "--alive", "2", "--json"),
    )
    states = {one["device"]: one["state"] for one in json.loads(run.stdout)["devices"]}
    assert states["pc-1"] == "handled"


def test_failures_are_told_in_one_line(tmp_path: Path, swept: Path) -> None:
    for arguments in (
        (tmp_path / "nothing",),
        (swept, "--handled", tmp_path / "nothing"),
        (swept, "--days", "0"),
        (swept, "--as-of", "tomorrow"),
    ):
        run = quetsach_here("verdict", *arguments)
        assert run.returncode == 2
        assert run.stderr.startswith(b"E3")
        assert run.stdout == b""


def test_foreign_names_cannot_drive_the_terminal(tmp_path: Path) -> None:
    seen = [Seen(f"{day(5)} 10:15", device=f"pc{HOSTILE}", more={"threat.indicator.name": HOSTILE})]
    folder = findings(tmp_path / "f", [Log(f"dns{HOSTILE}.log", SEPTEMBER)], seen)
    table = write(tmp_path / "handled.csv", f"device,time\nno{HOSTILE},2022-09-06\n")
    for more in ([], ["--json"]):
        run = quetsach_here("verdict", folder, "--handled", table, "--as-of", day(24), *more)
        assert run.returncode == 3
        assert not set(run.stdout.decode()) & set("\x1b\x07\u202e")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    rows = ["10.0.0.0/24,Office A", *(f"10.1.{one}.0/24,Office {one:03}" for one in range(70))]
    return write(tmp_path / "units.csv", "\n".join(["subnet,unit", *rows]))


def test_units_that_were_not_examined_are_one_line_before_the_result(
    swept: Path, plan: Path
) -> None:
    words = ("verdict", swept, "--units", plan, "--as-of", day(24))
    lines = quetsach_here(*words).stdout.decode().splitlines()
    assert "Office 007" not in "\n".join(lines)
    (place,) = (number for number, line in enumerate(lines) if "70 units not examined" in line)
    first = next(number for number, line in enumerate(lines) if line.startswith("INFECTED: "))
    assert place < first < 12
    assert lines[1].startswith("  Office A: ")


def test_units_that_were_not_examined_are_named_where_all_is_asked_for(
    swept: Path, plan: Path
) -> None:
    words = ("verdict", swept, "--units", plan, "--as-of", day(24))
    assert quetsach_here(*words, "-v").stdout.decode().count("Not examined") == 70
    units = json.loads(quetsach_here(*words, "--json").stdout)["units"]
    assert len(units) == 71


def test_a_single_unit_that_was_not_examined_is_named(swept: Path, tmp_path: Path) -> None:
    table = write(tmp_path / "u.csv", "subnet,unit\n10.0.0.0/24,Office A\n10.1.0.0/24,Office B\n")
    shown = quetsach_here("verdict", swept, "--units", table, "--as-of", day(24)).stdout.decode()
    assert "Office B: Not examined" in shown
