"""Two servers of different software give an address at once: both machines stay in doubt."""

import json
from pathlib import Path

import pytest

from quetsach.api import inventory
from quetsach.sandbox import shut_in
from quetsach.sandbox.shut_in import KernelProtection
from quetsach.texts import use_language
from tests.captures.packets import datagrams, needs_kernel, pcap, question
from tests.cli.running import quetsach_here
from tests.sweeping.evidence import HEADER, conn, swept, write

ISC = """authoring-byte-order little-endian;
lease 10.0.0.5 {
  starts 1 2022/09/11 23:00:00;
  ends 1 2022/09/12 09:00:00;
  cltt 1 2022/09/11 23:00:00;
  binding state active;
  hardware ethernet 00:17:a4:00:00:03;
}
"""
WINDOWS = (
    "\t\tMicrosoft DHCP Service Activity Log\r\n\r\n"
    "ID,Date,Time,Description,IP Address,Host Name,MAC Address,\r\n"
    "10,09/12/22,06:30:00,Assign,10.0.0.5,,0017A4000004,\r\n"
)
SYSLOG = "Sep 12 06:00:00 gw dhcpd: DHCPACK on 10.0.0.9 to 00:17:a4:00:00:09 via eth0\n"


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def found(tmp_path: Path, *texts: str) -> tuple[str, list[str], list[str]]:
    """Return the grade of the one device, its rivals, and the kinds of notes on records."""
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    names = [write(tmp_path / f"{count}.log", text) for count, text in enumerate(texts)]
    summary = swept(tmp_path, log, own=inventory.OwnTables(leases=tuple(map(str, names))))
    (device,) = json.loads((tmp_path / "findings" / "devices.json").read_bytes())["devices"]
    return device["grade"], device["rivals"], [one["kind"] for one in summary["record_notes"]]


def test_two_kinds_of_servers_that_overlap_leave_both_in_doubt(tmp_path: Path) -> None:
    told = found(tmp_path, ISC, WINDOWS)
    assert told == ("ambiguous", ["00-17-A4-00-00-03"], ["two-servers"])


def test_one_kind_may_be_one_server_that_gave_the_address_on(tmp_path: Path) -> None:
    other = ISC.replace("00:03", "00:04").replace("2022/09/11 23:00", "2022/09/11 23:30")
    assert found(tmp_path, ISC, other) == ("likely", ["00-17-A4-00-00-03"], [])


def test_where_a_record_names_its_server_nothing_is_made_up(tmp_path: Path) -> None:
    assert found(tmp_path, ISC, WINDOWS, SYSLOG)[2] == []


def test_the_chain_is_plain_and_in_the_language_of_the_reader(tmp_path: Path) -> None:
    found(tmp_path, ISC, WINDOWS)
    findings = tmp_path / "findings"
    (device,) = json.loads((findings / "devices.json").read_bytes())["devices"]
    number = device["samples"][0]
    english = quetsach_here("--lang", "en", "why", findings, number).stdout.decode()
    assert "another DHCP server gave the address to it at the same time" in english
    assert "from 12 Sep 2022 06:30 to 13 Sep 2022 06:30" in english
    assert "Assign,10.0.0.5,,0017A4000004,\n" in english
    vietnamese = quetsach_here("--lang", "vi", "why", findings, number).stdout.decode()
    assert "một máy chủ DHCP khác cấp địa chỉ này cho nó" in vietnamese


def test_a_sure_sighting_has_no_rivals_of_another(tmp_path: Path) -> None:
    # At 05:00 nobody is known to have it; at 07:00 the later lease has it for sure.
    lines = conn(1, "10.0.0.5", "203.0.113.77") + conn(-9000, "10.0.0.5", "203.0.113.77")
    log = write(tmp_path / "conn.log", HEADER + lines)
    early = ISC.replace("00:03", "00:04").replace("11 23:00", "11 20:00")
    leases = write(tmp_path / "a.log", early.replace("12 09:00", "11 21:00") + ISC)
    swept(tmp_path, log, own=inventory.OwnTables(leases=(str(leases),)))
    devices = json.loads((tmp_path / "findings" / "devices.json").read_bytes())["devices"]
    chains = [
        quetsach_here("--lang", "en", "why", tmp_path / "findings", number).stdout.decode()
        for device in devices
        for number in device["samples"]
    ]
    assert [("certain; it" in one, "could also be" in one) for one in chains] in (
        [(False, True), (True, False)],
        [(True, False), (False, True)],
    )


@needs_kernel
@pytest.mark.parametrize(
    ("kernel", "missing"),
    [
        (KernelProtection(7, calls=True), []),
        (KernelProtection(0, calls=False), ["Landlock", "seccomp"]),
        (KernelProtection(0, calls=True), ["Landlock"]),
    ],
)
def test_readers_that_nothing_held_back_are_told_once(
    kernel: KernelProtection, missing: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shut_in, "offered", lambda: kernel)
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    asked = datagrams([(True, question("bad.example"))])
    (evidence / "a.pcap").write_bytes(pcap(asked))
    write(tmp_path / "list.txt", "bad.example\n")
    words = ("sweep", evidence, "-i", tmp_path / "list.txt")
    for lang, text in (("en", "without confinement"), ("vi", "mà không cách ly")):
        run = quetsach_here("--lang", lang, *words, "-o", tmp_path / lang)
        page = (tmp_path / lang / "report.html").read_text("utf-8")
        assert (run.stdout.decode().count(text), page.count(text)) == (bool(missing),) * 2
    coverage = json.loads((tmp_path / "vi/coverage.json").read_text("utf-8"))
    assert coverage.get("unconfined_readers", []) == missing


def test_logs_alone_need_no_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shut_in, "offered", lambda: KernelProtection(0, calls=False))
    write(tmp_path / "evidence/conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    write(tmp_path / "list.txt", "203.0.113.77\n")
    words = ("sweep", tmp_path / "evidence", "-i", tmp_path / "list.txt", "-o", tmp_path / "out")
    assert quetsach_here(*words).returncode == 1
    assert "unconfined" not in (tmp_path / "out/coverage.json").read_text("utf-8")
