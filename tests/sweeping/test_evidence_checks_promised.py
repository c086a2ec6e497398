"""What is named as leases or translations and holds none is told of, whatever way it was named."""

from pathlib import Path

import pytest

from quetsach.api import inventory, problems
from tests.sweeping.evidence import HEADER, conn, swept, write

LOG = HEADER + conn(1, "10.0.0.5", "203.0.113.77")
ARP = "# 2022-09-12T07:00:00+07:00\n10.0.0.5 dev eth0 lladdr 00:17:a4:00:00:05 REACHABLE\n"
TRACKED = (
    "[1662940801.000001]\t    [NEW] tcp      6 120 SYN_SENT src=10.0.0.5 dst=203.0.113.77 "
    "sport=50000 dport=443 [UNREPLIED] src=203.0.113.77 dst=198.51.100.5 sport=443 dport=40112\n"
)
RULES = (
    "Mạng nội bộ;Mạng công cộng;Cổng bắt đầu;Số cổng mỗi thuê bao\n"
    "100.64.0.0/26;198.51.100.0/30;1024;1008\n"
)


def unread(tmp_path: Path, *, leases: tuple[str, ...] = (), nat: tuple[str, ...] = ()) -> list[str]:
    log = write(tmp_path / "conn.log", LOG)
    summary = swept(tmp_path, log, own=inventory.OwnTables(leases=leases, nat=nat))
    assert problems.exit_code(summary) == (3 if summary["unread"] else 1)
    return [f"{one['code']} {Path(one['path']).name}" for one in summary["unread"]]


@pytest.mark.parametrize(
    ("text", "codes"),
    [(ARP, []), (LOG, ["E120 x"]), ("a letter\n", ["E120 x"]), ("", ["E103 x"])],
    ids=["neighbours", "a log of connections", "a text", "empty"],
)
def test_a_file_of_leases_holds_leases(tmp_path: Path, text: str, codes: list[str]) -> None:
    named = write(tmp_path / "own" / "x", text.replace("203.0.113.77", "192.0.2.1"))
    assert unread(tmp_path, leases=(str(named),)) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [(TRACKED, []), (RULES, []), (ARP, ["E121 x"]), ("a letter\n", ["E121 x"])],
    ids=["conntrack", "rules", "neighbours", "a text"],
)
def test_a_file_of_translations_holds_some(tmp_path: Path, text: str, codes: list[str]) -> None:
    named = write(tmp_path / "own" / "x", text)
    assert unread(tmp_path, nat=(str(named),)) == codes


def test_a_folder_keeps_its_promise_by_one_of_its_files(tmp_path: Path) -> None:
    write(tmp_path / "own" / "read-me.txt", "a letter\n")
    assert unread(tmp_path, leases=(str(tmp_path / "own"),)) == ["E120 own"]
    write(tmp_path / "own" / "neigh.txt", ARP)
    (tmp_path / "findings").rename(tmp_path / "before")
    assert unread(tmp_path, leases=(str(tmp_path / "own"),)) == []


def test_the_copy_of_a_lease_file_is_one_as_well(tmp_path: Path) -> None:
    names = [write(tmp_path / name, ARP) for name in ("a", "b")]
    assert unread(tmp_path, leases=tuple(map(str, names))) == []


def test_a_file_that_is_evidence_besides_is_judged_the_same(tmp_path: Path) -> None:
    named = write(tmp_path / "conn.log", LOG)
    assert unread(tmp_path, leases=(str(named),)) == ["E120 conn.log"]
