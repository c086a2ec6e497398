"""From "I have cleaned" to quiet, asked again or released; each told to the technician once."""

import json
from pathlib import Path

import pytest

from quetsach_public.held import standing as standing_module
from quetsach_public.held.releasing import Way
from tests.public.held.making import PC, Office


def test_a_machine_that_keeps_quiet_is_said_to_be_quiet_and_no_more(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.ask()
    assert office.phase() == "held"
    office.press()
    assert office.phase() == "waiting"
    office.clock.at += 599
    assert office.phase() == "waiting"
    office.clock.at += 1
    assert office.phase() == "quiet"
    page = office.ask("/.quetsach/en/cho").text
    assert "no proof" in page
    assert "cannot be opened for single machines" in page
    assert office.notes() == [[PC, "said-clean", "bad.example"], [PC, "quiet", "bad.example"]]


def test_a_machine_that_calls_again_is_told_so_and_can_start_anew(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.press()
    office.clock.at += 60
    office.ask("/gate.php", "POST")
    office.clock.at += 60
    office.ask("/gate.php", "POST")
    assert office.phase() == "asked"
    assert "hidden" not in office.ask("/.quetsach/en/cho").text.partition('id="again"')[2][:10]
    office.clock.at += 3600
    assert office.phase() == "asked", "no wait makes it quiet"
    office.press()
    assert office.phase() == "waiting"
    assert [what for _, what, _ in office.notes()] == ["said-clean", "asked-again", "said-clean"]


def test_a_quiet_machine_that_calls_later_is_told_to_the_technician(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.press()
    office.clock.at += 700
    office.app.standing.tidy(office.clock())
    office.clock.at += 7000
    office.ask()
    assert office.phase() == "asked"
    assert [what for _, what, _ in office.notes()] == ["said-clean", "quiet", "asked-again"]


def test_a_second_press_while_it_waits_changes_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.press()
    office.clock.at += 500
    office.press()
    office.clock.at += 100
    assert office.phase() == "quiet"
    assert len(office.notes()) == 2


@pytest.mark.parametrize(
    ("way", "file"), [(Way.RPZ, "released.rpz"), (Way.NFTABLES, "released.nft")]
)
def test_a_release_begins_after_the_wait_and_ends_when_it_was_said(
    tmp_path: Path, way: Way, file: str
) -> None:
    office = Office(tmp_path, way=way)
    named = {Way.RPZ: "32.20.1.168.192.rpz-client-ip", Way.NFTABLES: PC}[way]
    assert named not in (tmp_path / file).read_text()
    office.press()
    office.clock.at += 600
    assert named not in (tmp_path / file).read_text()
    office.app.standing.tidy(office.clock())
    assert office.phase() == "released"
    assert named in (tmp_path / file).read_text()
    office.clock.at += 4 * 3600
    office.app.standing.tidy(office.clock())
    assert office.phase() == "held"
    assert named not in (tmp_path / file).read_text()


def test_a_restart_forgets_no_release_and_lets_who_waited_wait_anew(tmp_path: Path) -> None:
    office = Office(tmp_path, way=Way.RPZ)
    office.press()
    office.clock.at += 600
    office.phase()
    office.press("192.168.1.21")
    office.clock.at += 590
    again = Office(tmp_path, way=Way.RPZ)
    again.clock.at = office.clock.at
    again.app.standing.take_up(again.clock())
    again.clock.at += 20
    assert again.phase() == "released"
    assert again.phase("192.168.1.21") == "waiting"
    assert "32.20.1.168.192" in (tmp_path / "released.rpz").read_text()


@pytest.mark.parametrize(
    "kept", ["", "[]", '{"x": {}}', '{"10.0.0.1": {"y": 1}}', '{"10.0.0.1": 3}']
)
def test_a_damaged_file_of_before_is_no_reason_not_to_start(tmp_path: Path, kept: str) -> None:
    (tmp_path / "held.json").write_text(kept)
    assert Office(tmp_path).phase() == "held"


def test_the_addresses_that_are_held_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing_module, "MOST", 5)
    office = Office(tmp_path)
    for last in range(1, 9):
        office.press(f"10.0.0.{last}")
    assert office.phase("10.0.0.3") == "held"
    assert office.phase("10.0.0.8") == "waiting"
    assert len(json.loads((tmp_path / "held.json").read_text())) == 5


def test_the_script_hears_what_the_page_says(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.press()
    said = json.loads(office.ask("/.quetsach/en/cho.json").body)
    assert said["phase"] == "waiting"
    assert said["said"] in office.ask("/.quetsach/en/cho").text
