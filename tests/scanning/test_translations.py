"""The second pass: only what may answer, whole or cut, at every piece size, by either sieve."""

import random
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.clocks import MICROSECONDS
from quetsach.evidence.find import find_evidence
from quetsach.scanning.plan import make_plan, splits_of
from quetsach.scanning.translations import PublicEndpoints, scan_translations, translation_search
from tests.sweeping.evidence import write

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START_S = 1_788_225_322


def nat_line(second: int, inside: str, port: int, public: str = "198.51.100.5") -> str:
    """Return the line with which conntrack tells a new translation to `port` of `public`."""
    there = f"src={inside} dst=203.0.113.77 sport=51544 dport=443"
    back = f"src=203.0.113.77 dst={public} sport=443 dport={port}"
    head = f"[{START_S + second}.000000]\t    [NEW] tcp      6 120 SYN_SENT"
    return f"{head} {there} [UNREPLIED] {back}\n"


def rows(
    log: Path, endpoints: PublicEndpoints, piece: int = 1 << 20, sieve: str = "auto"
) -> list[dict[str, Any]]:
    """Return the rows that a log gives for `endpoints`."""
    plan = make_plan(*find_evidence([str(log)]), ZONE)
    assert plan.files[0].layout.translates
    search = translation_search(endpoints, ZONE, sieve)  # type: ignore[arg-type]  # one of three
    return [
        row
        for split in splits_of(0, plan.files[0], piece)
        for batch in scan_translations(split, search)
        for row in batch.to_pylist()
    ]


def test_a_row_tells_both_sides_when_and_where_it_stands(tmp_path: Path) -> None:
    log = write(tmp_path / "nat.log", nat_line(0, "10.0.0.4", 1) + nat_line(9, "10.0.0.5", 40112))
    (row,) = rows(log, PublicEndpoints({"198.51.100.5": frozenset({40112})}))
    assert (row["inside_ip"], row["inside_port"]) == ("10.0.0.5", 51544)
    assert (row["public_ip"], row["public_port"]) == ("198.51.100.5", 40112)
    assert (row["remote_ip"], row["remote_port"]) == ("203.0.113.77", 443)
    assert row["start_us"] == (START_S + 9) * MICROSECONDS
    assert row["offset"] == len(nat_line(0, "10.0.0.4", 1))


@pytest.mark.parametrize("sieve", ["auto", "python"])
def test_the_pass_gives_what_reading_every_line_gives(tmp_path: Path, sieve: str) -> None:
    rng = random.Random(7)
    ports = [rng.randrange(1024, 1100) for _ in range(400)]
    publics = [rng.choice(["198.51.100.5", "198.51.100.6"]) for _ in ports]
    lines = [
        nat_line(number, f"10.0.0.{number % 200}", port, public)
        for number, (port, public) in enumerate(zip(ports, publics, strict=True))
    ]
    log = write(tmp_path / "nat.log", "".join(lines))
    wanted = PublicEndpoints({"198.51.100.5": frozenset(range(1030, 1060))})
    told = [
        f"10.0.0.{number % 200}"
        for number, (port, public) in enumerate(zip(ports, publics, strict=True))
        if public == "198.51.100.5" and port in range(1030, 1060)
    ]
    assert told
    for piece in (1 << 20, 997, 5000):
        assert [row["inside_ip"] for row in rows(log, wanted, piece, sieve)] == told


def test_without_a_port_every_translation_of_the_address_may_answer(tmp_path: Path) -> None:
    log = write(tmp_path / "nat.log", nat_line(0, "10.0.0.4", 1) + nat_line(9, "10.0.0.5", 2))
    assert len(rows(log, PublicEndpoints({"198.51.100.5": frozenset()}))) == 2
    assert not rows(log, PublicEndpoints({"198.51.100.99": frozenset()}))


def test_a_table_that_breaks_off_gives_what_stands_before(tmp_path: Path) -> None:
    whole = "".join(nat_line(number, "10.0.0.5", 40112) for number in range(50))
    log = write(tmp_path / "nat.log", whole[: len(whole) // 2])
    found = rows(log, PublicEndpoints({"198.51.100.5": frozenset({40112})}))
    assert len(found) == whole[: len(whole) // 2].count("\n")


@pytest.mark.parametrize(
    ("port", "last", "takes"),
    [
        (40112, None, True),
        (40113, None, False),
        (40000, 40200, True),
        (1, 2, False),
        (None, None, True),
    ],
)
def test_a_block_of_ports_answers_for_each_of_them(
    port: int | None, last: int | None, takes: bool
) -> None:
    wanted = PublicEndpoints({"198.51.100.5": frozenset({40112})})
    assert wanted.takes("198.51.100.5", port, last) is takes
