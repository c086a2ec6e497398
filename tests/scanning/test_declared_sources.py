"""What a person declares of sources: read strictly, matched by path, never passed over."""

from dataclasses import asdict
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.scanning.declared_sources import (
    DeclaredSource,
    checked,
    declared_source,
    patterns_unmet,
    read_sources,
    source_for,
    zone_called,
)

GOOD = """\
# Of the firewall, by its administrator.
[[source]]
path = ["fw/*.log", "**/asa-2026*"]
name = "Firewall"
zone = "+07:00"
clock_offset = "-1h 02m 03s"
inside = ["10.20.0.0/16", "2001:db8::/48"]

[[source]]
path = "*.txt"
zone = "UTC"
year = 2025

[[source]]
path = "arp.csv"
taken = 2026-09-01T08:15:00+07:00
"""


def _read(tmp_path: Path, text: str) -> tuple[DeclaredSource, ...]:
    path = tmp_path / "sources.toml"
    path.write_bytes(text.encode())
    return read_sources(path)


def test_every_key_of_a_file_is_read_with_its_place(tmp_path: Path) -> None:
    firewall, texts, listing = _read(tmp_path, GOOD)
    assert (firewall.name, firewall.zone, firewall.offset_us) == (
        "Firewall",
        "+07:00",
        3_723_000_000,
    )
    assert [str(one) for one in firewall.networks()] == ["10.20.0.0/16", "2001:db8::/48"]
    assert firewall.place.endswith("sources.toml:2 [[source]] 1")
    assert texts.place.endswith("sources.toml:9 [[source]] 2")
    assert (texts.year, listing.taken) == (2025, "2026-09-01T08:15:00+07:00")
    assert listing.taken_us(UTC) == 1_788_225_300_000_000


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "[[source]]"),
        ("source = 3", "[[source]]"),
        ('[[source]]\npath = "a"\nzon = "UTC"', "zon; các khóa là path, name, zone"),
        ('[[source]]\nzone = "UTC"', "path"),
        ("[[source]]\npath = []", "path"),
        ('[[source]]\npath = "a"\nzone = "Asia/Hanoi"', "Asia/Hanoi"),
        ('[[source]]\npath = "a"\nzone = "+7"', "+7"),
        ('[[source]]\npath = "a"\nzone = "Etc/GMT+7"', "Etc/GMT+7"),
        ('[[source]]\npath = "a"\nzone = "../../etc/passwd"', "passwd"),
        ('[[source]]\npath = "a"\nzone = "localtime"', "localtime"),
        ('[[source]]\npath = "a[bc"', "a[bc"),
        ('[[source]]\npath = "a**"', "a**"),
        ('[[source]]\npath = "/"', "/"),
        ('[[source]]\npath = ""', "''"),
        ('[[source]]\npath = "a"\nclock_offset = "soon"', "soon"),
        ('[[source]]\npath = "a"\nclock_offset = nan', "nan"),
        ('[[source]]\npath = "a"\nclock_offset = 1e12', "1000000000000"),
        ('[[source]]\npath = "a"\nyear = 26', "26"),
        ('[[source]]\npath = "a"\nyear = true', "year"),
        ('[[source]]\npath = "a"\nyear = 2025\ntaken = 2025-01-01', "taken"),
        ('[[source]]\npath = "a"\ntaken = "01/09/2026"', "01/09/2026"),
        ('[[source]]\npath = "a"\ninside = "ten"', "ten"),
        ('[[source]]\npath = "a"\n[other]\nb = 1', "other"),
        ('[[source]]\npath = "a', "Unterminated"),
        ("\x00\xff", ""),
        ("[" * 5000, ""),
        ("a = " + "9" * 5000, ""),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(
    tmp_path: Path, text: str, word: str
) -> None:
    with pytest.raises(QuetsachError) as refused:
        _read(tmp_path, text)
    problem = refused.value.problem
    assert problem.code == "E267"
    assert "sources.toml" in problem.where
    assert word in f"{problem.facts['reason']}"


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    for name in ("gone.toml", "bytes.toml"):
        with pytest.raises(QuetsachError, match="E267"):
            read_sources(tmp_path / name)


@pytest.mark.parametrize(
    ("pattern", "shown", "meets"),
    [
        ("fw.log", "logs/fw.log", True),
        ("fw.log", "logs/fw.log.1", False),
        ("fw/*.log", "logs/fw/a.log", True),
        ("fw/*.log", "logs/fw/b/a.log", False),
        ("fw/**/*.log", "logs/fw/b/c/a.log", True),
        ("fw/**", "logs/fw/b/c/a.log", True),
        ("fw/**", "logs/fwd/a.log", False),
        ("**", "a.log", True),
        ("/logs/*.log", "/logs/a.log", True),
        ("/logs/*.log", "/data/logs/a.log", False),
        ("/logs/*.log", "logs/a.log", False),
        ("unit.zip/**", "in/unit.zip!logs/a.log", True),
        ("unit.zip!logs/*", "in/unit.zip!logs/a.log", True),
        ("logs/a.log", "in/unit.zip!logs/a.log", True),
        ("./logs/a.log", "logs/a.log", True),
        ("FW.log", "fw.log", False),
        ("a?.log", "ab.log", True),
        ("a[0-9].log", "a7.log", True),
        ("logs", "logs/fw.log", False),
    ],
)
def test_a_pattern_meets_the_path_or_its_ending_parts(
    pattern: str, shown: str, meets: bool
) -> None:
    assert DeclaredSource((pattern,)).meets(shown) is meets


def test_the_first_source_that_meets_a_file_holds() -> None:
    one, other = declared_source({"path": "fw.log"}), declared_source({"path": "*.log"})
    assert source_for("logs/fw.log", [one, other]) is one
    assert source_for("logs/a.log", [one, other]) is other
    assert source_for("logs/a.txt", [one, other]) is None


def test_a_pattern_of_a_file_that_meets_nothing_is_told() -> None:
    declared = [declared_source({"path": ["a", "b"]}, "here"), declared_source({"path": "c"})]
    assert list(patterns_unmet(declared, ["logs/a"])) == [Problem("E131", "here: b")]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (90, 90),
        (-1.5, -1.5),
        ("1h 02m 03s", 3723),
        ("-7h", -25_200),
        ("2d1h", 176_400),
        ("30s", 30),
    ],
)
def test_an_offset_is_seconds_or_a_span(written: Any, seconds: float) -> None:
    assert declared_source({"path": "a", "clock_offset": written}).clock_offset_s == seconds


def test_what_a_program_declares_is_checked_and_can_be_kept_as_json() -> None:
    source = checked(DeclaredSource(("a",), zone="+05:30", inside=("10.1.2.3/8",), year=2024))
    assert source.inside == ("10.0.0.0/8",)
    assert DeclaredSource(**asdict(source)) == source
    with pytest.raises(QuetsachError, match="E267"):
        checked(DeclaredSource(("a",), zone="Hanoi"))


def test_zones_are_names_or_offsets() -> None:
    assert zone_called("+05:30").utcoffset(None) == timedelta(hours=5, minutes=30)
    assert str(zone_called("Asia/Ho_Chi_Minh")) == "Asia/Ho_Chi_Minh"
    with pytest.raises(ValueError, match="Hanoi"):
        zone_called("Hanoi")


def test_the_example_of_the_docs_is_understood(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/time.md").read_text("utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    assert len(_read(tmp_path, example)) == example.count("[[source]]") >= 3
