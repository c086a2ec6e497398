"""Who held an address at a time: right, or in doubt with the reason; never a guess."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from quetsach.api.inventory import OwnTables
from quetsach.api.who import WhoAnswers, WhoQuestion, who, who_question
from quetsach.demo.district import build_district
from quetsach.errors.exceptions import QuetsachError
from tests.scanning.test_translations import START_S, nat_line
from tests.sweeping.evidence import write

TIME = f"{START_S + 1}"
LEASE = "{end} 00:17:a4:00:00:{mac} {address} {name} 01:00:17:a4:00:00:{mac}\n"


def lease(address: str, name: str, mac: str = "0a", end: int = START_S + 3600) -> str:
    return LEASE.format(end=end, mac=mac, address=address, name=name)


def ask(address: str, time: str = TIME, **more: Any) -> dict[str, Any]:
    (answer,) = who([who_question(address, time)], **more).answers
    return answer


def test_an_inside_address_leads_to_the_machine_that_held_it(tmp_path: Path) -> None:
    leases = write(tmp_path / "dnsmasq-2026-09-01T0815.leases", lease("10.0.0.5", "PC-07"))
    answer = ask("10.0.0.5", evidence=[str(leases)])
    assert answer["device"] == "PC-07 (00-17-A4-00-00-0A)"
    assert [step["kind"] for step in answer["steps"]] == ["lease", "identity"]
    assert answer["logs"] == [str(leases)]


def test_a_public_address_with_its_port_leads_through_the_translation(tmp_path: Path) -> None:
    log = write(tmp_path / "nat.log", nat_line(0, "10.0.0.5", 40112))
    leases = write(tmp_path / "dnsmasq-2026-09-01T0815.leases", lease("10.0.0.5", "PC-07"))
    own = OwnTables(public=["198.51.100.5"])
    both = [who_question(f"198.51.100.5:{port}", TIME) for port in (40112, 7)]
    first, other = who(both, evidence=[str(log), str(leases)], own=own).answers
    assert (first["device"], first["inside_address"]) == ("PC-07 (00-17-A4-00-00-0A)", "10.0.0.5")
    assert first["steps"][0]["kind"] == "translation"
    assert first["logs"] == [str(log), str(leases)]
    assert (other["device"], other["inside_address"], other["grade"]) == (None, None, "unknown")
    assert other["notes"]


def test_a_translation_without_lease_gives_the_inside_address_and_no_machine(
    tmp_path: Path,
) -> None:
    log = write(tmp_path / "nat.log", nat_line(0, "10.0.0.5", 40112))
    answers = who(
        [who_question("198.51.100.5:40112", TIME)],
        evidence=[str(log)],
        own=OwnTables(public=["198.51.100.5"]),
    )
    (answer,) = answers.answers
    assert (answer["device"], answer["inside_address"]) == (None, "10.0.0.5")
    assert answers.exit_code == 1


def test_an_address_without_any_record_is_nobody(tmp_path: Path) -> None:
    leases = write(tmp_path / "dnsmasq-2026-09-01T0815.leases", lease("10.0.0.5", "PC-07"))
    answers = who([who_question("10.0.0.6", TIME)], evidence=[str(leases)])
    (answer,) = answers.answers
    assert (answer["device"], answer["grade"], answer["rivals"]) == (None, "unknown", [])
    assert "DHCP" in answer["missing"]
    assert answers.exit_code == 0


def test_an_address_that_is_not_ours_is_said_to_be_none(tmp_path: Path) -> None:
    leases = write(tmp_path / "dnsmasq-2026-09-01T0815.leases", lease("10.0.0.5", "PC-07"))
    own = OwnTables(public=["198.51.100.5"])
    answer = ask("203.0.113.9:443", evidence=[str(leases)], own=own)
    assert (answer["device"], answer["grade"]) == (None, "unknown")
    assert "203.0.113.9" in " ".join(answer["notes"])


def test_a_time_without_zone_is_never_certain_and_says_so(tmp_path: Path) -> None:
    leases = write(tmp_path / "dnsmasq-2026-09-01T0815.leases", lease("10.0.0.5", "PC-07"))
    local = (datetime(1970, 1, 1) + timedelta(seconds=START_S + 1 + 7 * 3600)).isoformat(" ")
    guessed, named = (
        ask("10.0.0.5", local, evidence=[str(leases)]),
        who_question("10.0.0.5", local, zone="Asia/Ho_Chi_Minh"),
    )
    assert guessed["zone_assumed"] == "Asia/Ho_Chi_Minh"
    assert guessed["grade"] != "certain"
    assert any("Asia/Ho_Chi_Minh" in note for note in guessed["notes"])
    assert named.zone_assumed == ""
    assert named.from_us == who_question("10.0.0.5", TIME).from_us


def test_a_minute_in_which_the_address_changed_hands_is_in_doubt(tmp_path: Path) -> None:
    text = (
        "lease 10.0.0.5 {\n  starts 2 2026/09/01 01:00:00;\n  ends 2 2026/09/01 01:20:30;\n"
        "  binding state free;\n  hardware ethernet 00:17:a4:00:00:0a;\n"
        '  client-hostname "PC-A";\n}\n'
        "lease 10.0.0.5 {\n  starts 2 2026/09/01 01:20:31;\n  ends 2 2026/09/01 05:00:00;\n"
        "  binding state active;\n  hardware ethernet 00:17:a4:00:00:0b;\n"
        '  client-hostname "PC-B";\n}\n'
    )
    leases = write(tmp_path / "dhcpd.leases", text)
    answer = ask("10.0.0.5", "2026-09-01T01:20Z", evidence=[str(leases)])
    names = {answer["device"], *(rival["device"] for rival in answer["rivals"])}
    assert {name.split()[0] for name in names if name} == {"PC-A", "PC-B"}
    assert answer["grade"] == "ambiguous"
    later = ask("10.0.0.5", "2026-09-01T03:00:00Z", evidence=[str(leases)])
    assert later["device"].startswith("PC-B")


@pytest.mark.parametrize(
    ("address", "time", "option"),
    [
        ("10.0.0.5", "2026-09-01", "TIME"),
        ("10.0.0.5", "yesterday", "TIME"),
        ("10.0.0.5", "", "TIME"),
        ("10.0.0", TIME, "ADDRESS"),
        ("PC-07", TIME, "ADDRESS"),
        ("", TIME, "ADDRESS"),
        ("10.0.0.5:0", TIME, "ADDRESS"),
        ("10.0.0.5:65536", TIME, "ADDRESS"),
        ("10.0.0.5:٤٤٣", TIME, "ADDRESS"),
        ("[2001:db8::1", TIME, "ADDRESS"),
        ("[2001:db8::1]443", TIME, "ADDRESS"),
    ],
)
def test_what_is_no_address_or_moment_is_refused(address: str, time: str, option: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        who_question(address, time)
    assert (caught.value.problem.code, caught.value.problem.where) == ("E601", option)


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("10.0.0.5", "10.0.0.5", None),
        (" 10.0.0.5:443 ", "10.0.0.5", 443),
        ("2001:DB8::0:1", "2001:db8::1", None),
        ("[2001:db8::1]:443", "2001:db8::1", 443),
        ("[2001:db8::1]", "2001:db8::1", None),
    ],
)
def test_an_address_is_read_with_its_port(text: str, address: str, port: int | None) -> None:
    question = who_question(text, TIME)
    assert (question.address, question.port) == (address, port)


def test_what_was_not_read_is_said(tmp_path: Path) -> None:
    leases = write(tmp_path / "dnsmasq-2026-09-01T0815.leases", lease("10.0.0.5", "PC-07"))
    missing = str(tmp_path / "not-there")
    answers = who([who_question("10.0.0.5", TIME)], evidence=[str(leases), missing])
    assert answers.exit_code == 3
    assert [problem["path"] for problem in answers.unread_json()] == [missing]


def test_the_truth_of_a_district_is_named_or_left_in_doubt(tmp_path: Path) -> None:
    build_district(tmp_path / "demo", 2022)
    truth = json.loads((tmp_path / "demo" / "truth.json").read_text("utf-8"))
    expected = list(_held(truth))
    by_folder: dict[str, list[tuple[WhoQuestion, str]]] = {}
    for folder, question, mac in expected:
        by_folder.setdefault(folder, []).append((question, mac))
    named = 0
    for folder, asked in by_folder.items():
        answers = who(
            [question for question, _mac in asked],
            evidence=[str(tmp_path / "demo" / "evidence" / folder)],
        )
        named += _named_rightly(answers, [mac for _question, mac in asked])
    assert len(expected) > 50
    assert named > len(expected) // 2


def _held(truth: dict[str, Any]) -> Iterator[tuple[str, WhoQuestion, str]]:
    for machine in truth["infected"]:
        for span in machine["held"]:
            if span["start"]:
                start = datetime.fromisoformat(span["start"])
                time = (start + timedelta(hours=2)).isoformat()
                yield machine["folder"], who_question(span["address"], time), machine["mac"]


def _named_rightly(answers: WhoAnswers, macs: list[str]) -> int:
    """Return how many are named; each name that is sure must be the right one."""
    rightly = 0
    for answer, mac in zip(answers.answers, macs, strict=True):
        if answer["device"] is None:
            continue
        is_right = mac in answer["device"]
        assert is_right or answer["grade"] not in ("certain", "likely"), answer
        rightly += is_right
    return rightly
