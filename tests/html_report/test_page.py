import copy
import json
from itertools import pairwise
from typing import Any

import pytest

from quetsach.html_report.page import CONTENT_POLICY, render
from quetsach.texts import Language, language
from tests.html_report import example
from tests.html_report.reading import read

CASES = {
    "week": example.findings,
    "nothing found": example.nothing_found,
    "nothing looked at": example.nothing_looked_at,
}
HOSTILE = "\"><script>alert(1)</script><img src=x onerror=a>\u202egpj.exe\x00{{ 7*7 }}'&amp;"


def shown(found: example.Findings, used: Language = "vi") -> str:
    return render(*found, used, example.ZONE).html


def spoiled(value: Any) -> Any:
    """Return `value` with hostile text behind each free text (times, numbers, keys stay)."""
    if isinstance(value, dict):
        return {key: one if key in CLOSED else spoiled(one) for key, one in value.items()}
    if isinstance(value, list):
        return [spoiled(one) for one in value]
    return value + HOSTILE if isinstance(value, str) else value


CLOSED = frozenset({"first_seen", "last_seen", "first", "last", "hours", "alive"})


@pytest.mark.parametrize("used", ["vi", "en"])
@pytest.mark.parametrize("case", CASES)
def test_page_is_well_formed(case: str, used: Language) -> None:
    assert read(shown(CASES[case](), used)).faults == []


@pytest.mark.parametrize("case", CASES)
def test_page_reaches_for_nothing_outside_itself(case: str) -> None:
    source = shown(CASES[case]())
    page = read(source)
    links = [
        value
        for _tag, attributes in page.tags
        for name, value in attributes.items()
        if name in ("src", "href", "xlink:href", "action", "srcset", "data", "poster")
    ]
    assert links
    assert all(one.startswith(("#", "data:")) for one in links)
    assert not {"script", "link", "iframe", "object", "base", "form"} & {t for t, _a in page.tags}
    assert "@import" not in source
    assert source.count("url(") == source.count("url(#no-log)")


@pytest.mark.parametrize("case", CASES)
def test_each_inner_link_has_its_target_and_each_id_is_unique(case: str) -> None:
    tags = read(shown(CASES[case]())).tags
    ids = [attributes["id"] for _tag, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for tag, a in tags if tag == "a"}
    named = {one for _t, a in tags for one in a.get("aria-labelledby", "").split()}
    assert targets | named <= set(ids)


def test_policy_forbids_every_load_and_script() -> None:
    policies = [
        attributes["content"]
        for tag, attributes in read(shown(example.findings())).tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies == [CONTENT_POLICY]
    assert CONTENT_POLICY == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@pytest.mark.asvs("V1.2.1")
@pytest.mark.parametrize("used", ["vi", "en"])
def test_hostile_text_in_every_field_stays_text(used: Language) -> None:
    found = example.Findings(*(spoiled(one) for one in example.findings()))
    source = shown(found, used)
    page = read(source)
    assert page.faults == []
    assert not {"script", "img"} & {tag for tag, _attributes in page.tags}
    assert not [name for _tag, a in page.tags for name in a if name.startswith("on")]
    assert "\u202e" not in source
    assert "\x00" not in source
    assert "‹U+202E›gpj.exe‹U+0000›{{ 7*7 }}" in page.text


def test_very_long_text_is_cut_and_says_so() -> None:
    found = example.findings()
    found.devices["devices"][0]["findings"][0]["indicator"] = "x" * 10_240
    text = read(shown(found)).text
    assert "x" * 501 not in text
    assert "còn 9.740 ký tự" in text


@pytest.mark.parametrize("used", ["vi", "en"])
def test_same_findings_give_the_same_page(used: Language) -> None:
    again = json.loads(json.dumps(example.findings()._asdict(), sort_keys=True))
    assert shown(example.findings(), used) == shown(example.Findings(**again), used)


def test_findings_are_not_changed() -> None:
    found = example.findings()
    before = copy.deepcopy(found)
    shown(found)
    assert found == before


def test_caller_keeps_its_language() -> None:
    before = language()
    shown(example.findings(), "en")
    assert language() == before


@pytest.mark.parametrize("used", ["vi", "en"])
def test_page_names_its_language_and_steps_down_its_headings(used: Language) -> None:
    tags = read(shown(example.findings(), used)).tags
    assert dict(tags)["html"]["lang"] == used
    levels = [int(tag[1]) for tag, _a in tags if tag in ("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_each_header_cell_has_its_scope_and_each_plot_its_words() -> None:
    tags = read(shown(example.findings())).tags
    assert all(a.get("scope") in ("col", "row") for tag, a in tags if tag == "th")
    plots = [a for tag, a in tags if tag == "svg" and a.get("role") == "img"]
    assert len(plots) == 5
    assert all(a["aria-labelledby"] for a in plots)
    others = [a for tag, a in tags if tag == "svg" and a.get("role") != "img"]
    assert all(a["aria-hidden"] == "true" for a in others)
