"""A page of large findings stays small, and says what it leaves out and where the rest is."""

from functools import cache
from typing import Any

from quetsach.html_report.cards import FIRST_FINDINGS
from quetsach.html_report.limits import (
    FINDING_BYTES,
    MOST_BYTES,
    MOST_ROWS,
    PageLimits,
    are_large,
)
from quetsach.html_report.page import ReportPage, render
from tests.html_report import example
from tests.html_report.reading import read

MANY = 3000


def _large() -> example.Findings:
    """Return the example with thousands of devices, sources, indicators and unread files."""
    devices, coverage, rejects, manifest = example.findings()
    one = devices["devices"][0]
    long = [f"host-{number}.bad.example" for number in range(MANY)]
    finding = one["findings"][0]
    all_findings = [finding | {"indicator": name, "key": name} for name in long]
    devices["devices"] = [
        *[one | {"findings": all_findings, "indicators": long, "addresses": long}] * 10,
        *[one | {"device": f"PC-{number}"} for number in range(MANY)],
    ]
    devices["not_blamed"] = devices["not_blamed"] * MANY
    coverage["sources"] = coverage["sources"] * MANY
    manifest["evidence"] = manifest["evidence"] * MANY
    manifest["summary"]["indicators_hit"] = long
    manifest["summary"]["unread"] = manifest["summary"]["unread"] * MANY
    manifest["summary"]["as_text"] = long
    return devices, coverage, rejects, manifest


@cache
def _large_page() -> ReportPage:
    return _page(_large())


def _page(found: Any) -> ReportPage:
    return render(*found, "en", example.ZONE, "devices.csv")


def test_a_page_of_large_findings_is_cut_and_says_so() -> None:
    page = _large_page()
    assert page.is_cut
    assert len(page.html.encode()) <= MOST_BYTES
    words = " ".join(read(page.html).words)
    assert "3,010 devices need to be handled." in words
    indicators = f"{MANY - MOST_ROWS:,}. All of them are in manifest.json."
    for text in (indicators, "All of them are in devices.csv.", "in coverage.json."):
        assert text in words
    # Said before the first card as well, and nowhere that none is left out.
    assert words.count("All of them are in devices.csv.") == 3
    assert "none is left out" not in words
    assert read(page.html).faults == []


def test_each_anchor_that_a_step_leads_to_is_there() -> None:
    source = _large_page().html
    assert all(f'id="device-{number}"' in source for number in range(1, 12))


def test_a_page_of_usual_findings_is_whole() -> None:
    page = _page(example.findings())
    assert not page.is_cut
    assert "Not shown here" not in page.html


def test_rows_are_cut_only_where_limits_are_tight() -> None:
    rows = list(range(MOST_ROWS + 5))
    roomy, tight = PageLimits("devices.csv"), PageLimits.tight("devices.csv")
    assert roomy.rows("hits", rows) == rows
    assert tight.rows("hits", rows) == rows[:MOST_ROWS]
    assert (roomy.left_out["hits"], tight.left_out["hits"]) == (0, 5)


def test_many_devices_are_large() -> None:
    devices, coverage, rejects, manifest = example.findings()
    found = {"devices": devices, "coverage": coverage, "rejects": rejects, "manifest": manifest}
    assert not are_large(found)
    devices["devices"] = devices["devices"] * 1001
    assert are_large(found)


def test_a_card_with_many_indicators_shows_the_first_and_says_where_the_rest_is() -> None:
    devices, *others = example.findings()
    model = devices["devices"][0]
    every = [model["findings"][0] | {"indicator": f"n{one}.example"} for one in range(450)]
    devices["devices"] = [model | {"device": f"PC-{one}", "findings": every} for one in range(12)]
    page = _page((devices, *others))
    assert page.is_cut
    text = read("").section(page.html, "devices")
    assert f"n{FIRST_FINDINGS - 1}.example" in text
    assert f"n{FIRST_FINDINGS}.example" not in text
    assert text.count("Not shown here: 430. All of them are in devices.json.") == 12


def test_no_indicator_takes_less_of_the_page_than_is_reckoned() -> None:
    sizes = []
    for count in (100, 101):
        devices, *others = example.findings()
        device = devices["devices"][0]
        least = device["findings"][0] | {"indicator": "a.vn", "label": "", "list": "l", "row": 1}
        least |= {"sightings": 1, "connections": 0, "ports": [], "allow": []}
        least |= {"first_seen": None, "last_seen": None, "samples": least["samples"][:1]}
        device["findings"] = [least] * count
        html = render(devices, *others, "en", example.ZONE, "devices.csv").html
        sizes.append(len(html.encode()))
    assert sizes[1] - sizes[0] >= FINDING_BYTES
