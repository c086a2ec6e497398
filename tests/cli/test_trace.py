"""`quetsach trace` as people run it, and its answer in words."""

from pathlib import Path
from typing import Any

import pytest

from quetsach.api.traces import trace, trace_request
from quetsach.cli.trace import outcome_word, trace_text
from quetsach.notices.model import TraceOutcome
from quetsach.sweeping.world import GatheredTraceContext
from quetsach.texts import Language, use_language
from tests.api.test_traces import NOTICES, WORLD
from tests.cli.running import environment, quetsach, quetsach_here
from tests.oracles.notice_world import ListWorld


def answered(tmp_path: Path, world: ListWorld = WORLD, text: str = NOTICES) -> dict[str, Any]:
    path = tmp_path / "notice.csv"
    path.write_text(text, encoding="utf-8")
    request = trace_request(notices=[str(path)], evidence=["logs"])
    return trace(request, world_factory=lambda *_asked: GatheredTraceContext(world))


def test_the_text_names_the_machine_the_reason_and_the_account(tmp_path: Path) -> None:
    use_language("en")
    text = " ".join(trace_text(answered(tmp_path)).split())
    assert "PC-VT-07 [10.0.0.5], certain" in text
    assert "by the DHCP record of that time" in text
    assert "notice.csv: 4 = machine found 1" in text
    assert "its time cannot be read" in text


def test_the_text_says_how_to_know_next_time_with_lines_to_copy(tmp_path: Path) -> None:
    use_language("en")
    text = trace_text(answered(tmp_path, ListWorld()))
    assert "/system logging add topics=firewall,info action=remote" in text
    assert "no log shows it" in text


def test_the_text_is_vietnamese(tmp_path: Path) -> None:
    use_language("vi")
    text = trace_text(answered(tmp_path))
    assert "tìm được máy" in text
    assert "không phải địa chỉ của đơn vị" in text
    for word in (" the ", " is ", " of ", " and "):
        assert word not in text


def test_every_outcome_has_its_words() -> None:
    use_language("vi")
    words = {outcome_word(one) for one in TraceOutcome}
    assert len(words) == len(TraceOutcome)
    assert not words & set(TraceOutcome)


def test_hostile_notices_cannot_drive_the_terminal(tmp_path: Path) -> None:
    use_language("en")
    hostile = (
        "timestamp,ip,port,infection\n"
        "2022-09-12 05:00:00,203.0.113.5,40112,\x1b[2J\u202evil\n"
        "\x1b]0;owned\x07,203.0.113.5,1,x\n"
    )
    text = trace_text(answered(tmp_path, text=hostile))
    assert not set("\x1b\x07\u202e") & set(text)


@pytest.mark.parametrize(
    ("content", "code"), [(None, "E250"), ("no table\n", "E251"), ("ip,timestamp\n", "E253")]
)
def test_what_cannot_be_traced_ends_with_2_and_says_what_to_do(
    tmp_path: Path, content: str | None, code: str
) -> None:
    path = tmp_path / "notice.csv"
    if content is not None:
        path.write_text(content)
    ended = quetsach_here("trace", path, "-e", tmp_path)
    assert ended.returncode == 2
    assert ended.stdout == b""
    assert ended.stderr.decode().startswith(f"{code} {path}: ")


def test_the_help_teaches_in_vietnamese() -> None:
    ended = quetsach("trace", "--help", env=environment(LANG="vi_VN.UTF-8"))
    text = ended.stdout.decode()
    assert ended.returncode == 0
    assert "Ví dụ: quetsach trace canhbao.csv" in text
    assert "--public CIDR" in text


def test_evidence_must_be_named(tmp_path: Path) -> None:
    assert quetsach_here("trace", tmp_path / "n.csv").returncode == 2


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_fits_a_terminal_of_80_columns_with_times_as_people_write_them(
    tmp_path: Path, language: Language
) -> None:
    use_language(language)
    text = trace_text(answered(tmp_path))
    # Lines to copy are not broken, and neither is a path.
    told = [one for one in text.splitlines() if not one.startswith("        ")]
    assert max(len(one) for one in told if str(tmp_path) not in one) <= 80
    shown = "12/9/2022 12:00:00" if language == "vi" else "12 Sep 2022 12:00:00"
    assert shown in text
    assert "2022-09-12T" not in text


RANGES = "unit,cidr\nTC01,203.0.113.0/28\n-,198.51.100.0/24\n"


def test_notices_are_allotted_by_ranges_without_evidence(tmp_path: Path) -> None:
    notices, ranges, out = tmp_path / "n.csv", tmp_path / "r.csv", tmp_path / "out"
    notices.write_text(
        "timestamp,ip,port\n2026-11-30 05:00:00Z,203.0.113.5,1\n"
        "2026-11-30 05:00:00Z,198.51.100.5,2\n"
    )
    ranges.write_text(RANGES)
    ended = quetsach_here("trace", notices, "--ranges", ranges, "-o", out)
    assert ended.returncode == 0, ended.stderr
    assert "TC01: 1" in ended.stdout.decode()
    assert (out / "notices-TC01.csv").read_text(encoding="utf-8-sig").count("203.0.113.5") == 1
    notices.write_text("timestamp,ip,port\n2026-11-30 05:00:00Z,192.0.2.5,1\n")
    assert quetsach_here("trace", notices, "--ranges", ranges, "--json").returncode == 3


@pytest.mark.parametrize("options", [[], ["--ranges", "r.csv", "-e", "."]])
def test_either_evidence_or_ranges_are_given(tmp_path: Path, options: list[str]) -> None:
    ended = quetsach_here("trace", tmp_path / "n.csv", *options)
    assert ended.returncode == 2
    assert "--ranges" in ended.stderr.decode()


@pytest.mark.parametrize("text", ["2026-11-30", "soon=p.txt"])
def test_prefixes_are_given_with_their_day(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.csv").write_text(RANGES)
    ended = quetsach_here(
        "trace", tmp_path / "n.csv", "--ranges", tmp_path / "r.csv", "--prefixes", text
    )
    assert ended.returncode == 2
    assert "--prefixes" in ended.stderr.decode()
