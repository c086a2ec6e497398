"""From "I have cleaned" to quiet, asked again or released; each told to the technician once."""

import json
from pathlib import Path

import pytest

from quetsach_public.block_page import status as standing_module
from quetsach_public.block_page.forms import PressRate
from quetsach_public.block_page.releasing import ReleaseMethod
from quetsach_public.block_page.status import AddressHistory, BlockPageEvent, BlockPageNotes
from tests.public.block_page.making import PC, Office


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
    assert "cannot release single machines" in page
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
    ("way", "file"), [(ReleaseMethod.RPZ, "released.rpz"), (ReleaseMethod.NFTABLES, "released.nft")]
)
def test_a_release_begins_by_the_technicians_word_and_ends_when_it_was_said(
    tmp_path: Path, way: ReleaseMethod, file: str
) -> None:
    office = Office(tmp_path, way=way)
    named = {ReleaseMethod.RPZ: "32.20.1.168.192.rpz-client-ip", ReleaseMethod.NFTABLES: PC}[way]
    assert named not in (tmp_path / file).read_text()
    office.press()
    office.clock.at += 600
    office.app.tidy()
    assert office.phase() == "quiet"
    assert named not in (tmp_path / file).read_text()
    (tmp_path / "release.txt").write_text(f"nobody\n ::ffff:{PC} \n")
    office.app.tidy()
    assert not (tmp_path / "release.txt").exists()
    assert office.phase() == "released"
    assert named in (tmp_path / file).read_text()
    assert office.form() == "", "nothing is left to press"
    assert office.phase() == "released"
    office.clock.at += 4 * 3600
    office.app.tidy()
    assert office.phase() == "held"
    assert named not in (tmp_path / file).read_text()
    assert [what for _, what, _ in office.notes()] == ["said-clean", "quiet", "released"]


def test_a_press_right_after_a_release_ends_it_at_the_resolver(tmp_path: Path) -> None:
    office = Office(tmp_path, way=ReleaseMethod.RPZ)
    office.app.standing.release([PC], office.clock())
    office.clock.at += 4 * 3600
    office.press()
    assert "32.20.1.168.192" not in (tmp_path / "released.rpz").read_text()


def test_where_nothing_can_be_released_the_technicians_word_changes_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.app.standing.release([PC], office.clock())
    assert office.phase() == "held"
    assert office.notes() == []


def test_a_restart_forgets_no_release_and_lets_who_waited_wait_anew(tmp_path: Path) -> None:
    office = Office(tmp_path, way=ReleaseMethod.RPZ)
    office.app.standing.release([PC], office.clock())
    office.clock.at += 600
    office.press("192.168.1.21")
    office.clock.at += 590
    again = Office(tmp_path, way=ReleaseMethod.RPZ)
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


def test_who_waits_or_is_released_is_pushed_out_by_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing_module, "MOST", 3)
    office = Office(tmp_path, way=ReleaseMethod.RPZ)
    office.press("10.0.0.1")
    office.clock.at += 600
    office.app.tidy()
    office.app.standing.release(["10.0.0.2"], office.clock())
    office.press("10.0.0.3")
    for last in range(10, 20):
        office.ask(remote=f"10.0.0.{last}")
    assert [office.phase(f"10.0.0.{one}") for one in (1, 2, 3)] == ["quiet", "released", "waiting"]
    office.press("10.0.0.4")
    office.press("10.0.0.5")
    phases = [office.phase(f"10.0.0.{one}") for one in range(1, 6)]
    assert phases == ["held", "released", "waiting", "waiting", "held"]
    assert len(json.loads((tmp_path / "held.json").read_text())) == 3


def test_an_address_presses_three_times_an_hour(tmp_path: Path) -> None:
    office = Office(tmp_path)
    for _ in range(9):
        office.press()
        office.clock.at += 60
        office.ask()
    assert [what for _, what, _ in office.notes()] == ["said-clean", "asked-again"] * 3
    office.clock.at += 3600
    office.press()
    assert office.phase() == "waiting"


def test_a_machine_with_all_addresses_of_an_ipv6_network_presses_for_some() -> None:
    pace = PressRate()
    assert sum(pace.take(f"2001:db8::{one:x}", 0) for one in range(100)) == 60
    assert pace.take("2001:db8:0:1::1", 0)
    pace.tidy(3600)
    assert pace.take("2001:db8::1", 3600)


def test_the_lines_of_an_address_are_bounded_but_not_releases(tmp_path: Path) -> None:
    notes = BlockPageNotes(tmp_path / "notes.tsv")
    for _ in range(50):
        notes.tell(BlockPageEvent.SAID_CLEAN, PC, AddressHistory(), 1_790_000_000)
    notes.tell(BlockPageEvent.SAID_CLEAN, "192.168.1.21", AddressHistory(), 1_790_000_000)
    notes.tell(BlockPageEvent.RELEASED, PC, AddressHistory(), 1_790_000_000)
    notes.tell(BlockPageEvent.QUIET, PC, AddressHistory(), 1_790_000_000 + 24 * 3600)
    lines = (tmp_path / "notes.tsv").read_text().splitlines()
    told = [line.split("\t")[2] for line in lines[1:]]
    assert told == ["said-clean"] * 20 + ["and-so-on", "said-clean", "released", "quiet"]


def test_the_script_hears_what_the_page_says(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.press()
    said = json.loads(office.ask("/.quetsach/en/cho.json").body)
    assert said["phase"] == "waiting"
    assert said["said"] in office.ask("/.quetsach/en/cho").text


def test_after_a_restart_a_case_of_before_hides_no_call_that_was_forgotten(tmp_path: Path) -> None:
    office = Office(tmp_path)
    quiet_until = office.clock.at
    office.clock.at += 60
    office.ask()
    again = Office(tmp_path)
    again.clock.at = office.clock.at
    again.app.standing.take_up(again.clock())
    again.app.standing.set_handled({PC: quiet_until})
    assert again.phase() == "held"
    again.app.standing.set_handled({PC: again.clock.at + 1})
    assert again.phase() == "handled"


def test_a_case_of_before_hides_no_call_that_others_pushed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing_module, "MOST", 3)
    office = Office(tmp_path)
    office.clock.at += 60
    quiet_until = office.clock.at
    office.app.standing.set_handled({PC: quiet_until, "10.0.0.99": quiet_until})
    assert office.phase() == "handled"
    office.clock.at += 60
    office.ask()
    for last in range(10, 13):
        office.ask(remote=f"10.0.0.{last}")
    assert office.phase() == "held"


def test_the_end_of_a_release_forgets_no_call_of_before(tmp_path: Path) -> None:
    office = Office(tmp_path, way=ReleaseMethod.RPZ)
    quiet_until = office.clock.at
    office.clock.at += 60
    office.ask()
    office.app.standing.release([PC], office.clock())
    office.app.standing.set_handled({PC: quiet_until})
    assert office.phase() == "released"
    office.clock.at += 4 * 3600
    office.app.tidy()
    phase, history = office.app.standing.stand(PC, office.clock())
    assert (phase, history.name, history.pressed_at) == ("held", "bad.example", 0)
