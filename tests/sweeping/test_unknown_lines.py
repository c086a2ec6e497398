"""A line of unknown form blames nobody and counts for nothing; it is shown, to be looked at."""

import random
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from quetsach.api import findings as api_findings
from quetsach.api import problems
from quetsach.findings.alive import read_alive
from quetsach.formats.registry import FALL_BACK, all_formats
from tests.formats.golden import samples
from tests.sweeping.evidence import HEADER, conn, swept, write

INBOUND = "<134>1 gw scan SRC=203.0.113.77 DST=10.20.3.41 DPT=22 blocked"
UNKNOWN = [
    INBOUND,
    "Sep  1 08:15:22 10.20.1.1 gw: 10.20.3.41 > 203.0.113.77 allowed",
    "10.20.3.41|203.0.113.77|443|ok",
    "client 10.20.3.41 (00:17:a4:b2:c3:d4) host=PC-KETOAN-03 asked bad.example",
    "1788225322 10.20.3.41 forwarded bad.example to 10.20.1.53",
    "2026-09-01 01:15:22 UTC fd00:db8::41 -> [2001:db8:bad::77]:443",
]
LISTED = "203.0.113.77\nbad.example\n2001:db8:bad::77\n"


def _rows(tmp_path: Path) -> list[dict[str, Any]]:
    rows = pq.read_table(tmp_path / "findings" / "sightings.parquet").to_pylist()
    return [row for row in rows if row["event.dataset"] == "text"]


def _blames_nobody(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert row["quetsach.device"] is row["network.direction"] is row["source.ip"] is None
        assert row["destination.ip"] is row["quetsach.device.address"] is None
        assert (row["quetsach.device.role"], row["quetsach.device.lack"]) == (
            "nobody",
            "unknown-form",
        )
        assert row["quetsach.grade"] == "mentioned"


def test_lines_of_unknown_form_name_no_device_and_are_counted_and_shown(tmp_path: Path) -> None:
    log = write(tmp_path / "strange.log", "\n".join(UNKNOWN) + "\n")
    leases = write(
        tmp_path / "dnsmasq.leases", "1788311722 00:17:a4:b2:c3:d4 10.20.3.41 PC-KETOAN-03 *\n"
    )
    summary = swept(tmp_path, log, leases, listed=LISTED)
    assert (summary["devices"], summary["not_blamed"], summary["indicators_hit"]) == ([], [], [])
    assert (summary["unattributed"], summary["sightings"]) == (0, 0)
    assert summary["lines_to_look_at"] == len(UNKNOWN)
    assert [one["code"] for one in summary["unread"]] == ["E125"]
    assert problems.exit_code(summary) == 3
    rows = _rows(tmp_path)
    _blames_nobody(rows)
    # What a person needs is there: the raw line, where it stands, and the indicator.
    assert {row["event.original"] for row in rows} == set(UNKNOWN)
    assert {row["threat.indicator.name"] for row in rows} == set(LISTED.split())
    findings = api_findings.read_folder(tmp_path / "findings")
    assert findings.devices["unattributed"]["groups"] == []
    look = findings.devices["lines_to_look_at"]
    assert (look["lines"], look["sightings"]) == (len(UNKNOWN), len(rows))
    assert set(look["indicators"]) == set(LISTED.split())
    assert [one["line"] for one in look["listed"]] == UNKNOWN
    assert {one["sighting"] for one in look["listed"]} <= {r["quetsach.sighting.id"] for r in rows}
    assert list(look["help"]) == ["unknown-form"]
    assert findings.manifest["met"] == []
    assert not list(read_alive(tmp_path / "findings") or ())


def test_the_report_shows_them_and_counts_no_device(tmp_path: Path) -> None:
    swept(tmp_path, write(tmp_path / "strange.log", f"{INBOUND}\n" * 3))
    page = (tmp_path / "findings" / "report.html").read_text(encoding="utf-8")
    (answer,) = re.findall(r"<h1>(.*?)</h1>", page)
    assert not re.search(r"\d", answer)
    _before, _, listed = page.partition('<section id="look-at">')
    (sample, *_others) = _rows(tmp_path)
    section = listed.partition("</section>")[0]
    assert sample["quetsach.sighting.id"] in section
    assert INBOUND.replace("<", "&lt;").replace(">", "&gt;") in section


def test_a_line_of_unknown_form_adds_nothing_to_the_device_that_a_known_line_names(
    tmp_path: Path,
) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    alone = swept(tmp_path, log, out=tmp_path / "alone")
    strange = write(tmp_path / "strange.log", "10.0.0.5 met 203.0.113.77\n" * 40)
    both = swept(tmp_path, log, strange)
    assert both["devices"] == alone["devices"]
    assert both["indicators_hit"] == alone["indicators_hit"]
    assert both["sightings"] == alone["sightings"]
    assert (both["unattributed"], both["lines_to_look_at"]) == (0, 40)


NAMED = [
    (form, sample)
    for form in all_formats()
    if form.name != FALL_BACK
    for sample in samples(form)
    if form.layout(sample.read_bytes()).record is None
]


@pytest.mark.parametrize(
    "sample", [one for _, one in NAMED], ids=[f"{form.name}-{one.stem}" for form, one in NAMED]
)
def test_a_damaged_line_that_its_format_does_not_know_blames_nobody(
    sample: Path, tmp_path: Path
) -> None:
    """Lines of each form behind a strange head, cut and glued: what is text blames nobody."""
    chance = random.Random(sample.name)
    lines = sample.read_text(encoding="utf-8", errors="replace").splitlines()[:40]
    odd = []
    for line in lines:
        start = chance.randrange(1 + len(line) // 2)
        odd.append(f"gw7 ~ {line[start:]} {chance.choice(UNKNOWN)}")
    summary = swept(tmp_path, write(tmp_path / "odd.log", "\n".join(odd) + "\n"), listed=LISTED)
    _blames_nobody(_rows(tmp_path))
    rows = pq.read_table(tmp_path / "findings" / "sightings.parquet").to_pylist()
    mentions = [row for row in rows if row["quetsach.grade"] == "mentioned"]
    assert {row["quetsach.device"] for row in mentions} <= {None}
    assert summary["lines_to_look_at"] == len({row["log.offset"] for row in mentions})
    assert summary["sightings"] == len(rows) - len(mentions)
    # A cut line whose form is still known may name its device; what is read as text never does.
    if any(row["event.dataset"] == "text" for row in rows):
        assert summary["as_text"]
        assert problems.exit_code(summary) == 3
    if len(mentions) == len(rows):
        assert (summary["devices"], summary["not_blamed"], summary["unattributed"]) == ([], [], 0)
